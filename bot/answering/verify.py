"""The gate: does a passage carry a claim? Deterministic rules, cheapest first; the first that fails gives the reason.

Order: quotation literally in its passage, content, numbers with units, drugs and diseases, negation and opposites,
strength, population. Fuzzy similarity alone would let one-token edits of a dose pass, so each of these must agree
exactly.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.checks import CHECKS, Compared, unknown
from bot.answering.language import content, every_word, split_sentences
from bot.domain.answers import SupportLabel, Verdict
from bot.domain.glossary import Glossary
from bot.domain.text import DASHES, fold

COVERAGE = 0.6
"""Share of a claim's content words that its passages must hold. Below it nothing says that they speak of one thing."""
SHORTEST_QUOTE = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """A passage as the gate sees it.

    `text` is for reading, one statement a line; `source` its literal characters where they differ from `text`.
    `context` is what its place says (title, headings): it may name the subject of a claim.
    """

    id: str
    text: str
    context: str = ""
    source: str = ""


def squeeze(text: str) -> str:
    """Literal comparison: white space and hyphens don't count, everything else does."""
    return re.sub(r"[\s-]+", "", DASHES.sub("-", fold(text)))


def quotation_stands(quote: str, passage: str) -> bool:
    """Is each part of the quotation, between `…`, literally in the passage?"""
    source = squeeze(passage)
    filled = [part for part in map(squeeze, quote.split("…")) if part]
    if sum(map(len, filled)) < SHORTEST_QUOTE:
        # Too short to mean anything inside other words; a whole short item of a list is fine.
        whole_lines = {squeeze(line) for line in passage.splitlines()}
        return bool(filled) and all(part in whole_lines for part in filled)
    return all(part in source for part in filled)


def verify_claim(
    claim: str, evidence: Sequence[Evidence], glossary: Glossary, quotations: Sequence[str] = ()
) -> Verdict:
    """Judge one claim against the passages that it cites.

    SUPPORTED only when every rule agrees; CONTRADICTED when a passage says otherwise in the same place;
    NOT_ENOUGH_INFORMATION for the rest. Reasons are sentences for a reader.
    """
    if not evidence:
        return unknown("It cites no passage.")
    whole = "\n".join(passage.text for passage in evidence)
    for quote in quotations:
        if not any(quotation_stands(quote, p.source or p.text) for p in evidence):
            return unknown(f"The quotation “{quote[:80]}” isn't in the cited passage.")
    context = " . ".join(passage.context for passage in evidence)
    wanted = set(content(claim, glossary))
    if not wanted:
        return unknown("The claim says nothing that could be checked.")
    aligned = _align(wanted, split_sentences(whole), glossary)
    held = {*content(aligned, glossary), *every_word(aligned), *content(context, glossary), *every_word(context)}
    covered = len(wanted & held) / len(wanted)
    if covered < COVERAGE:
        return unknown(f"The passage holds only {covered:.0%} of what the claim says.")
    compared = Compared(claim=claim, aligned=aligned, whole=whole, context=context, glossary=glossary)
    for check in CHECKS:
        if objection := check(compared):
            return objection
    return Verdict(support=SupportLabel.SUPPORTED, reasons=("The passage says so.",))


def _align(wanted: set[str], sentences: list[str], glossary: Glossary) -> str:
    """The sentences that the claim rests on: best first, then each that adds content, four at the most."""
    missing = set(wanted)
    stems = {sentence: set(content(sentence, glossary)) for sentence in sentences}
    chosen: list[str] = []
    while missing and len(chosen) < 4 and stems:
        best = max(stems, key=lambda sentence: (len(missing & stems[sentence]), len(wanted & stems[sentence])))
        if chosen and len(missing & stems[best]) < 1:
            break
        chosen.append(best)
        missing -= stems.pop(best)
    return "\n".join(sentence for sentence in sentences if sentence in chosen)
