"""Questions about the last answer itself: "what did you base that on?", "show me source 2". Answered from the record.

The quotations are shown again as they were; a document that was changed or taken away since then is said to be.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.answers import Answer, Citation, Claim, ClaimRole, SupportLabel
from bot.domain.messages import History
from bot.domain.text import fold

ASKING = r"(?:show|open|give|see|read|quote|what (?:is|does|says?)|whats|where (?:is|does))"
NUMBERED = re.compile(
    rf"(?:{ASKING}\b.{{0,40}}?)?(?:sources?|citations?|references?|footnotes?|quotations?|quotes?|number|no\.?|\[)\s*"
    r"(?:for |of |number |no\.? ?)?\[?(?P<number>\d{1,2})\]?(?: (?:say|mean|about|please|again|in full))*[\s?.!]*"
)
SOURCES = r"(?:sources?|citations?|references?|evidence|quotes?|quotations?)"
BASIS = re.compile(
    r"(?:and |but |ok,? )?"
    r"(?:what (?:did|do) you base (?:that|this|it|your answer) on|what(?:'s| is) (?:that|this|it) based on"
    r"|based on what|where (?:did|do) you (?:get|have|take) (?:that|this|it)(?: from)?"
    r"|where (?:is|does) (?:that|this|it)(?: come)? from"
    rf"|(?:show|give|list|quote)(?: me)? (?:the|your|all|its|all the)? ?{SOURCES}"
    rf"|(?:what|which) (?:are|is|were) (?:the|your) {SOURCES}|sources?|references?|how do you know(?: that| this)?"
    r"|says who|who says (?:that|so)"
    r"|are you (?:really |quite )?(?:sure|certain)(?: (?:about|of) (?:that|this|it))?"
    r"|is (?:that|this|it) (?:really |actually )?(?:true|right|correct|so|certain))[\s?.!]*"
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
    """The quotations as claims of a new answer, numbered from 1. `present`: does the library still hold the passage?"""
    claims = []
    numbered = []
    for number, citation in enumerate((c for c in citations if present.get(c.passage, False)), 1):
        numbered.append(replace(citation, number=number))
        role = ClaimRole.BOTTOM_LINE if number == 1 else ClaimRole.FINDING
        text = f"“{citation.quote}”"
        claims.append(Claim(text=text, role=role, support=SupportLabel.SUPPORTED, citations=(number,)))
    return tuple(claims), tuple(numbered)
