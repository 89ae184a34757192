"""`make bench`: how red flags and identifiers are found, what one question costs, and what a failing model can spoil.

Retrieval and follow-ups need public data and have commands of their own; so have the gate (`fabricated_edits`) and
attacks on the rules (`red_team`). `red_flags` and `identifiers` run by themselves, too.
"""

import sys

from tests.benchmarks import conversations, identifiers, questions, red_flags

red_flags.main()
print()
identifiers.main()
print()
questions.main()
print()
sys.exit(conversations.main([]))
