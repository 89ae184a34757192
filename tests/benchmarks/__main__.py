"""`make bench`: how red flags are told, what one question costs, whether a failing model ever costs a reply.

Retrieval and follow-ups need public data and have commands of their own; so has the gate (`fabricated_edits`).
`python -m tests.benchmarks.red_flags` runs by itself, too.
"""

import sys

from tests.benchmarks import conversations, questions, red_flags

red_flags.main()
print()
questions.main()
print()
sys.exit(conversations.main([]))
