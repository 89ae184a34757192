"""The gate: does a passage carry a claim? Deterministic rules, cheapest first; the first that fails gives the reason.

Order: quotation literally in its passage, content, numbers with units, drugs and diseases, negation and opposites,
strength, population. Fuzzy similarity alone would let one-token edits of a dose pass, so each of these must agree
exactly.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.answering.alignment import Passages, align
from bot.answering.checks import CHECKS
from bot.answering.compared import Compared, unknown
from bot.answering.exactness import check_exactness, check_tail, is_quoting, words_in_row
from bot.answering.likelihood import check_likelihood
from bot.answering.speaking import check_speech
from bot.answering.tokens import Kind, read_tokens
from bot.domain.answers import SupportLabel, Verdict
from bot.domain.glossary import Glossary
from bot.domain.text import DASHES, fold, words

SHORTEST_QUOTE = 12
LONGEST_CLAIM = 5000
"""Characters. Comparing costs claim times passage, and nobody can check such a claim anyway."""
MOST_AMOUNTS = 60
"""Each is held against all of the passages."""


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


@lru_cache(maxsize=256)
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
    if len(claim) > LONGEST_CLAIM:
        return unknown(f"It has more than {LONGEST_CLAIM} characters, which is no single claim.")
    for quote in quotations:
        if not any(quotation_stands(quote, p.source or p.text) for p in evidence):
            return unknown(f"The quotation “{quote[:80]}” isn't in the cited passage.")
    if not read_tokens(_plain(claim), glossary):
        return unknown("The claim says nothing that could be checked.")
    sources = [f"{passage.text}\n{passage.context}" for passage in evidence]
    if objection := check_speech(_plain(claim), sources, glossary):
        return objection
    compared = compare_claim(claim, evidence, glossary)
    if sum(token.kind in {Kind.AMOUNT, Kind.SCHEDULE} for token in compared.claim) > MOST_AMOUNTS:
        return unknown(f"It has more than {MOST_AMOUNTS} numbers, which is no single claim.")
    for check in CHECKS:
        if objection := check(compared):
            return objection
    judge = check_exactness if compared.quoting else check_likelihood
    if objection := check_tail(compared) or judge(compared):
        return objection
    return Verdict(support=SupportLabel.SUPPORTED, reasons=("The passage says so.",))


def compare_claim(claim: str, evidence: Sequence[Evidence], glossary: Glossary) -> Compared:
    """The claim beside its passages, word by word; what their places say stands after them."""
    claim = _plain(claim)
    text = _plain("\n".join(passage.text for passage in evidence))
    contexts = tuple(passage.context for passage in evidence)
    source = f"{text} {' '.join(contexts)}"
    return Compared(
        alignment=align(read_tokens(claim, glossary), read_passages(text, tuple(dict.fromkeys(contexts)), glossary)),
        quoting=is_quoting(claim, source),
        said=frozenset(words(claim)),
        written=all_in(source),
    )


@lru_cache(maxsize=256)
def read_passages(text: str, contexts: tuple[str, ...], glossary: Glossary) -> Passages:
    """The tokens of passages and of their places, kept: many claims of one answer cite the same."""
    tokens = list(read_tokens(text, glossary))
    for context in contexts:
        first = tokens[-1].sentence + 2 if tokens else 0
        tokens += [token.in_sentence(first + token.sentence) for token in read_tokens(context, glossary)]
    return Passages(tokens, glossary)


@lru_cache(maxsize=256)
def all_in(source: str) -> frozenset[str]:
    """Every word of a text."""
    return frozenset(words_in_row(source).split())


def _plain(text: str) -> str:
    """Line ends that were written out, a backslash and an n, are line ends."""
    return text.replace("\\n", "\n")
