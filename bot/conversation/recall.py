"""Questions about the last answer itself: "what did you base that on?", "show me source 2". Answered from the record.

The quotations are shown again as they were; a document that was changed or taken away since then is said to be.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.answers import Answer, Citation, Claim, ClaimRole, SupportLabel
from bot.domain.messages import History
from bot.domain.text import fold

NUMBERED = re.compile(
    r"(?:(?:show|open|give|see|read|quote|what (?:is|does|says?)|whats|where (?:is|does))\b.{0,40}?)?"
    r"(?:sources?|citations?|references?|footnotes?|quotations?|quotes?|number|no\.?|\[)\s*(?:for |of |number |no\.? ?)?\[?(?P<number>\d{1,2})\]?"
    r"(?: (?:say|mean|about|please|again|in full))*[\s?.!]*"
)
BASIS = re.compile(
    r"(?:and |but |ok,? )?(?:what (?:did|do) you base (?:that|this|it|your answer) on|what(?:'s| is) (?:that|this|it) based on|based on what"
    r"|where (?:did|do) you (?:get|have|take) (?:that|this|it)(?: from)?|where (?:is|does) (?:that|this|it)(?: come)? from"
    r"|(?:show|give|list|quote)(?: me)? (?:the|your|all|its|all the)? ?(?:sources?|citations?|references?|evidence|quotes?|quotations?)"
    r"|(?:what|which) (?:are|is|were) (?:the|your) (?:sources?|references?|citations?)|sources?|references?|how do you know(?: that| this)?|says who"
    r"|who says (?:that|so))[\s?.!]*"
)


def recall(message: str, history: History) -> tuple[Citation, ...] | None:
    """The citations that a message asks to see again; None where it asks something else.

    An empty tuple means that it asks for a source which the last answer doesn't have.
    """
    last = next((turn.outcome for turn in reversed(history.turns) if isinstance(turn.outcome, Answer)), None)
    if last is None:
        return None
    folded = fold(message)
    if BASIS.fullmatch(folded):
        return last.citations
    if match := NUMBERED.fullmatch(folded):
        return tuple(citation for citation in last.citations if citation.number == int(match["number"]))
    return None


def retell(
    citations: Sequence[Citation], present: Mapping[str, bool]
) -> tuple[tuple[Claim, ...], tuple[Citation, ...]]:
    """The quotations as claims of a new answer, numbered from 1. `present`: does the passage still stand in the library?"""
    claims = []
    numbered = []
    for number, citation in enumerate((c for c in citations if present.get(c.passage, False)), 1):
        numbered.append(replace(citation, number=number))
        role = ClaimRole.BOTTOM_LINE if number == 1 else ClaimRole.FINDING
        text = f"“{citation.quote}”"
        claims.append(Claim(text=text, role=role, support=SupportLabel.SUPPORTED, citations=(number,)))
    return tuple(claims), tuple(numbered)
