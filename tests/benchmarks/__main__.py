"""`make bench`: what one question costs. Retrieval and follow-ups need public data and have commands of their own."""

from tests.benchmarks.questions import main

main()
