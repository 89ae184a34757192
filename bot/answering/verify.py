"""The gate: does a passage carry a claim? Deterministic rules, cheapest first; the first that fails gives the reason.

Order: quotation literally in its passage, content, numbers with units, drugs and diseases, negation and opposites,
strength, population. Fuzzy similarity alone would let one-token edits of a dose pass, so each of these must agree
exactly.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.language import (
    HEDGES,
    STRONG,
    UNIVERSAL,
    content,
    every_word,
    opposed,
    read_polarity,
    split_sentences,
    stem,
)
from bot.answering.quantities import Quantity, read_frequencies, read_quantities
from bot.domain.answers import SupportLabel, Verdict
from bot.domain.glossary import Glossary, Term, TermKind
from bot.domain.text import DASHES, fold, words

COVERAGE = 0.6
"""Share of a claim's content words that its passages must hold. Below it nothing says that they speak of one thing."""
SHORTEST_QUOTE = 12
NAMED = {TermKind.DRUG, TermKind.DRUG_CLASS, TermKind.DISEASE, TermKind.ANTIBODY}
CHILDREN = frozenset("child children childhood pediatric paediatric juvenile adolescent infant girl boy".split())
ADULTS = frozenset("adult adults adulthood elderly".split())


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
        return _unknown("It cites no passage.")
    whole = "\n".join(passage.text for passage in evidence)
    for quote in quotations:
        if not any(quotation_stands(quote, p.source or p.text) for p in evidence):
            return _unknown(f"The quotation “{quote[:80]}” isn't in the cited passage.")
    context = " . ".join(passage.context for passage in evidence)
    wanted = set(content(claim, glossary))
    if not wanted:
        return _unknown("The claim says nothing that could be checked.")
    aligned = _align(wanted, split_sentences(whole), glossary)
    held = {*content(aligned, glossary), *every_word(aligned), *content(context, glossary), *every_word(context)}
    covered = len(wanted & held) / len(wanted)
    if covered < COVERAGE:
        return _unknown(f"The passage holds only {covered:.0%} of what the claim says.")
    for check in (_numbers, _frequencies, _names, _negation, _strength, _population):
        verdict = check(claim, aligned, whole, context, glossary)
        if verdict is not None:
            return verdict
    return Verdict(support=SupportLabel.SUPPORTED, reasons=("The passage says so.",))


def _unknown(reason: str) -> Verdict:
    return Verdict(support=SupportLabel.NOT_ENOUGH_INFORMATION, reasons=(reason,))


def _contradicted(reason: str) -> Verdict:
    return Verdict(support=SupportLabel.CONTRADICTED, reasons=(reason,))


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


def _show(quantity: Quantity) -> str:
    return quantity.written


def _numbers(claim: str, aligned: str, whole: str, context: str, glossary: Glossary) -> Verdict | None:
    mine = read_quantities(claim)
    if not mine:
        return None
    here = read_quantities(aligned)
    elsewhere = read_quantities(context)
    for quantity in mine:
        if any(_same(quantity, other) for other in (*here, *elsewhere)):
            owner = _owner(quantity, claim, aligned, context, glossary)
            if owner is None:
                continue
            return _contradicted(f"In the passage {_show(quantity)} belongs to {owner.name}.")
        rivals = [other for other in here if other.unit == quantity.unit]
        if rivals and len(quantity.unit) > 0:
            return _contradicted(f"The passage says {_show(rivals[0])}, the claim {_show(quantity)}.")
        close = [other for other in here if set(other.values) & set(quantity.values)]
        if close:
            return _contradicted(f"The passage says {_show(close[0])}, the claim {_show(quantity)}.")
        return _unknown(f"The passage doesn't state {_show(quantity)} there.")
    return None


def _owner(quantity: Quantity, claim: str, aligned: str, context: str, glossary: Glossary) -> Term | None:
    """Another drug that the number belongs to in the passage; None when it may be the claim's."""
    claimed = {term.id for term in glossary.terms_in(claim) if term.kind is TermKind.DRUG}
    current = [term for term in glossary.terms_in(context) if term.kind is TermKind.DRUG]
    stranger: Term | None = None
    for line in aligned.splitlines():
        current = [term for term in glossary.terms_in(line) if term.kind is TermKind.DRUG] or current
        if not any(_same(quantity, other) for other in read_quantities(line)):
            continue
        if not claimed or not current or claimed & {term.id for term in current}:
            return None
        stranger = current[0]
    return stranger


def _same(quantity: Quantity, other: Quantity) -> bool:
    if quantity.key == other.key:
        return True
    if quantity.values != other.values or (quantity.unit and other.unit and quantity.unit != other.unit):
        return False
    counts = {quantity.unit, other.unit}
    # "24 of 25 patients" and "24/25", "n=11" and "11 patients": a bare count may name what it counts.
    return (
        quantity.relation == other.relation
        and "" in counts
        and not any("/" in u or u in {"%", "mg", "g", "kg", "ml"} for u in counts)
    )


def _frequencies(claim: str, aligned: str, whole: str, context: str, glossary: Glossary) -> Verdict | None:
    here = read_frequencies(aligned)
    for frequency in read_frequencies(claim):
        if frequency not in here:
            if here:
                return _contradicted(f"The passage says “{here[0]}”, the claim “{frequency}”.")
            return _unknown(f"The passage doesn't say “{frequency}”.")
    return None


def _names(claim: str, aligned: str, whole: str, context: str, glossary: Glossary) -> Verdict | None:
    near = {term.id: term for term in glossary.terms_in(f"{aligned} . {context}")}
    above = {ancestor.id for term in near.values() for ancestor in glossary.ancestors(term)}
    for term in glossary.terms_in(claim):
        if term.kind not in NAMED or term.id in near or term.id in above:
            continue
        rivals = [other for other in near.values() if other.kind is term.kind and other.id not in _ids(claim, glossary)]
        if rivals and term.kind in {TermKind.DRUG, TermKind.ANTIBODY}:
            return _contradicted(f"The passage is about {rivals[0].name}, the claim about {term.name}.")
        return _unknown(f"The passage doesn't mention {term.name} there.")
    return None


def _ids(text: str, glossary: Glossary) -> set[str]:
    return {term.id for term in glossary.terms_in(text)}


def _negation(claim: str, aligned: str, whole: str, context: str, glossary: Glossary) -> Verdict | None:
    mine, theirs, place = read_polarity(claim), read_polarity(aligned), read_polarity(context)
    denied = (mine.negated - mine.affirmed) & (theirs.affirmed - theirs.negated)
    asserted = (mine.affirmed - mine.negated) & (theirs.negated - theirs.affirmed - place.affirmed)
    if denied:
        return _contradicted(f"The claim denies what the passage says (“{sorted(denied)[0]}”).")
    if asserted:
        return _contradicted(f"The passage denies what the claim says (“{sorted(asserted)[0]}”).")
    pair = opposed(mine.affirmed | mine.negated, theirs.affirmed | theirs.negated)
    if pair:
        return _contradicted(f"The claim says “{pair[0]}”, the passage “{pair[1]}”.")
    return None


def _strength(claim: str, aligned: str, whole: str, context: str, glossary: Glossary) -> Verdict | None:
    mine, theirs = set(words(claim)), set(words(aligned))
    if (mine & STRONG) - theirs and theirs & HEDGES and not mine & HEDGES:
        strong, hedge = sorted((mine & STRONG) - theirs)[0], sorted(theirs & HEDGES)[0]
        return _unknown(f"The claim says “{strong}”, the passage only “{hedge}”.")
    if (mine & UNIVERSAL) - theirs and not theirs & UNIVERSAL:
        return _unknown(f"The claim says “{sorted(mine & UNIVERSAL)[0]}”, the passage doesn't.")
    return None


def _population(claim: str, aligned: str, whole: str, context: str, glossary: Glossary) -> Verdict | None:
    mine, theirs = set(words(claim)), set(words(f"{whole} {context}"))
    for who, name in ((CHILDREN, "children"), (ADULTS, "adults")):
        if mine & who and not theirs & who and not {stem(w) for w in mine & who} & {stem(w) for w in theirs}:
            return _unknown(f"The passage doesn't speak of {name}.")
    return None


def missing_terms(question_terms: Sequence[Term], text: str, glossary: Glossary) -> tuple[Term, ...]:
    """The terms that a text names neither themselves nor by a member or class of theirs."""
    there = glossary.terms_in(text)
    ids = {term.id for term in there} | {above.id for term in there for above in glossary.ancestors(term)}
    return tuple(
        term for term in question_terms if term.id not in ids and not {a.id for a in glossary.ancestors(term)} & ids
    )
