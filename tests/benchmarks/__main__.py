"""`make bench`: what one question costs, and whether a failing language model ever costs a reply or says a wrong thing.

Retrieval and follow-ups need public data and have commands of their own; so have the gate (`fabricated_edits`) and
attacks on the rules (`red_team`).
"""

import sys

from tests.benchmarks import conversations, questions

questions.main()
print()
sys.exit(conversations.main([]))
