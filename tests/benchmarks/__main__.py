"""`make bench`: what one question costs, which identifiers are found, and what a failing language model can spoil.

Retrieval and follow-ups need public data and have commands of their own; so has the gate (`fabricated_edits`).
"""

import sys

from tests.benchmarks import conversations, identifiers, questions

questions.main()
print()
identifiers.main()
print()
sys.exit(conversations.main([]))
