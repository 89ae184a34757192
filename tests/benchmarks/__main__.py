"""`make bench`: what one question costs.

Retrieval and follow-ups need public data and have commands of their own; so has the gate (`fabricated_edits`).
"""

from tests.benchmarks.questions import main

main()
