"""From a drafted claim to its verdict: what it cites is looked up, each of its sentences goes through the gate.

Judges (a second language model, a checking model) come after the gate and can only lower what it says: published
judges are right in about three of four cases, so none may wave a claim through.
"""

import asyncio
import logging
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Protocol

from bot.answering.compared import unknown
from bot.answering.language import content, every_word, split_sentences
from bot.answering.sources import studied
from bot.answering.verify import Evidence, verify_claim
from bot.domain.answers import DraftClaim, SupportLabel, Verdict
from bot.domain.documents import RetrievedPassage
from bot.domain.glossary import Glossary
from bot.domain.text import fold

log = logging.getLogger(__name__)

Given = Mapping[str, RetrievedPassage]
"""The passages that a claim may cite, by their ids."""
LEAST_PART = 0.25
"""Share of a claim's content words that each of several cited passages must hold; one that says less is decoration."""

POINTER = re.compile(
    r"[a-z][a-z\d+.-]*://\S+|\b(?:mailto|tel|tg):\S+|[\w.+-]*@[\w.-]+|(?<![\w)\]%/.])/[a-z]\w+"
    r"|\b(?:[\w-]+\.)+[^\W\d_]{2,}\b(?:[/?#:]\S*)?"
)
"""What a messenger makes a link of: an address of the web or of mail, a @name, a /command."""
LONGEST_WORD = 60
"""Characters of a word; a longer one is none unless the passage has it."""


class Judge(Protocol):
    """Somebody who reads a claim beside its passages."""

    @property
    def prompts(self) -> Mapping[str, str]:
        """The digests of what it is told, by name."""
        ...

    async def objects(self, claim: str, passages: Sequence[str], user: str) -> str | None:
        """What the judge objects to, in a sentence; None where it doesn't. `user` pays for it. Never raises."""
        ...


def judge_claim(claim: DraftClaim, given: Given, glossary: Glossary) -> Verdict:
    """The gate's verdict on one claim: the worst of its sentences."""
    cited = list(dict.fromkeys(quotation.passage for quotation in claim.quotations))
    if not cited:
        return unknown("It cites no passage.")
    if strange := [passage for passage in cited if passage not in given]:
        return unknown(f"It cites {strange[0] or 'nothing'}, which isn't one of the given passages.")
    if any(not quotation.quote for quotation in claim.quotations):
        return unknown("It gives no quotation.")
    if lost := [quotation.quote for quotation in claim.quotations if not quotation.spans]:
        return unknown(f"The quotation “{lost[0][:80]}” isn't in the cited passage.")
    seen = [as_evidence(given[passage]) for passage in cited]
    if stranger := _points_elsewhere(claim.text, seen):
        return unknown(f"It holds “{stranger[:80]}”, which the passage doesn't.")
    quotes = [quotation.quote for quotation in claim.quotations]
    return _verify_whole(claim.text, tuple(seen), tuple(quotes), glossary)


@lru_cache(maxsize=1024)
def _verify_whole(claim: str, seen: tuple[Evidence, ...], quotes: tuple[str, ...], glossary: Glossary) -> Verdict:
    """The verdict on a claim and on each of its sentences, kept by all that it depends on."""
    verdict = verify_claim(claim, seen, glossary, quotes)
    if verdict.support is SupportLabel.SUPPORTED and len(seen) > 1:
        verdict = _each_has_a_part(claim, seen, glossary) or verdict
    sentences = split_sentences(claim)
    for sentence in sentences if len(sentences) > 1 else ():
        # A sentence that stands beside a true one isn't true for that.
        if verdict.support is not SupportLabel.SUPPORTED:
            break
        verdict = verify_claim(sentence, seen, glossary)
    return verdict


def _points_elsewhere(claim: str, seen: Sequence[Evidence]) -> str | None:
    """A link, a name to write to or an endless word of the claim that its passages don't hold."""
    said = fold(claim)
    suspects = (*_pointers(said), *(word for word in said.split() if len(word) > LONGEST_WORD))
    if not suspects:
        return None
    held = fold(" ".join(f"{p.text} {p.source} {p.context}" for p in seen))
    known = {*_pointers(held), *held.split()}
    return next((suspect for suspect in suspects if suspect not in known), None)


def _pointers(folded: str) -> list[str]:
    return [found.rstrip(".,;:!?)]}'\"") for found in POINTER.findall(folded)]


def _each_has_a_part(claim: str, seen: Sequence[Evidence], glossary: Glossary) -> Verdict | None:
    wanted = set(content(claim, glossary))
    for passage in seen:
        whole = f"{passage.text} . {passage.context}"
        held = {*content(whole, glossary), *every_word(whole)}
        if len(wanted & held) < LEAST_PART * len(wanted):
            return unknown("One of the cited passages doesn't speak of it.")
    return None


async def lower(
    judged: Sequence[tuple[DraftClaim, Verdict]], given: Given, judges: Sequence[Judge], user: str
) -> tuple[tuple[DraftClaim, Verdict], ...]:
    """Every supported claim past every judge; an objection makes it unsupported, praise changes nothing."""
    return tuple(await asyncio.gather(*(_lowered(claim, verdict, given, judges, user) for claim, verdict in judged)))


async def _lowered(
    claim: DraftClaim, verdict: Verdict, given: Given, judges: Sequence[Judge], user: str
) -> tuple[DraftClaim, Verdict]:
    if verdict.support is SupportLabel.SUPPORTED:
        cited = dict.fromkeys(quotation.passage for quotation in claim.quotations)
        passages = [given[passage].passage.text for passage in cited]
        for judge in judges:
            if objection := await judge.objects(claim.text, passages, user):
                return claim, unknown(objection)
    return claim, verdict


def as_evidence(item: RetrievedPassage) -> Evidence:
    """A passage as the gate sees it."""
    sentences = item.passage.sentences
    place = (item.document.title, *item.passage.heading_path)
    lines = (": ".join((*(lead.rstrip(": ") for lead in sentence.lead), sentence.text)) for sentence in sentences)
    return Evidence(
        id=item.passage.id,
        text="\n".join(lines),
        context=" . ".join(part for part in (*place, item.document.evidence, studied(item.document)) if part),
        source="\n".join(sentence.quote for sentence in sentences),
    )
