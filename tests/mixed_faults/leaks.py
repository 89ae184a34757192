"""Which wrong claims reached a reader: in a reply as it's shown, or as a claim that was told while it was written."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.channels.terminal import render_plain
from bot.domain.answers import Answer, Citation, Claim
from bot.domain.messages import Reply
from bot.domain.progress import ClaimPassed
from bot.prompts import Wording
from tests.mixed_faults.conversing import Turn
from tests.mixed_faults.plans import Mistake
from tests.scripted_provider import Harm

MOST = 0.8
"""Share of a claim's words that one of its quotations must hold for the claim to stand on it."""
IN_REPLY, ON_THE_WAY = "reply", "progress while it was written"
NO_CHANGE = re.compile(r"\b(?:whether|not only|(?:can|is|are|was|were|has|have|had) not['’]t)\b", re.IGNORECASE)
"""A negation that is added to one of these, or taken from it, leaves the sentence as true as it was."""


@dataclass(frozen=True, kw_only=True)
class Leak:
    """A mistake that was shown, and where. `harmless`: why it isn't wrong for all that; empty where it is."""

    mistake: Mistake
    turn: Turn
    where: str
    cited: tuple[str, ...] = ()
    harmless: str = ""


def flat(text: str) -> str:
    """The words alone, for finding one text in another."""
    return f" {' '.join(re.findall(r'[a-z0-9α-ω]+', text.lower()))} "


def find_leaks(turns: Sequence[Turn], mistakes: Iterable[Mistake], library: str, wording: Wording) -> Iterator[Leak]:
    """Every mistake of any turn in any reply; `library` is all that the documents say."""
    known = flat(library)
    wrong = {(mistake.harm, flat(mistake.line.text)): mistake for mistake in mistakes}
    for turn in turns:
        shown = flat(render_plain(turn.reply, wording)) if turn.reply else ""
        told = [flat(event.text) for _, event in turn.heard if isinstance(event, ClaimPassed)]
        for (harm, text), mistake in wrong.items():
            reason = _harmless(mistake, text in known)
            if harm is Harm.TEXT and text in shown:
                cited = tuple(_quotes(turn.reply, text))
                yield Leak(mistake=mistake, turn=turn, where=IN_REPLY, cited=cited, harmless=reason)
            elif harm is Harm.TEXT and text in told:
                yield Leak(mistake=mistake, turn=turn, where=ON_THE_WAY, harmless=reason)
            elif harm is Harm.CITATION and text in shown:
                for claim, citations in cited_claims(turn.reply):
                    if flat(claim.text) == text and not stands_on(claim, citations):
                        quotes = tuple(citation.quote for citation in citations)
                        yield Leak(mistake=mistake, turn=turn, where=IN_REPLY, cited=quotes)


def _harmless(mistake: Mistake, is_said: bool) -> str:
    if is_said:
        return "a document says these words"
    if "negation" in mistake.name and NO_CHANGE.search(f"{mistake.right} {mistake.line.text}"):
        return "a negation where it may change nothing"
    return ""


def _quotes(reply: Reply | None, text: str) -> Iterator[str]:
    for claim, citations in cited_claims(reply):
        if text in flat(claim.text):
            yield from (citation.quote for citation in citations)


def cited_claims(reply: Reply | None) -> Iterator[tuple[Claim, tuple[Citation, ...]]]:
    """Each claim with what it cites."""
    if reply is not None and isinstance(reply.outcome, Answer):
        by_number = {citation.number: citation for citation in reply.outcome.citations}
        for claim in reply.outcome.claims:
            yield claim, tuple(by_number[number] for number in claim.citations)


def stands_on(claim: Claim, citations: Sequence[Citation]) -> bool:
    """Does a quotation hold most words of the claim?"""
    said = set(flat(claim.text).split())
    return any(len(said & set(flat(c.quote).split())) >= MOST * len(said) for c in citations)
