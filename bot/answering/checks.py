"""The rules of the gate: each looks at one thing in which a claim may leave its passage, and says so in a sentence."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.answering.language import HEDGES, STRONG, UNIVERSAL, opposed, read_polarity, stem
from bot.answering.quantities import Quantity, read_frequencies, read_quantities
from bot.domain.answers import SupportLabel, Verdict
from bot.domain.glossary import DRUG_KINDS, Glossary, Term, TermKind
from bot.domain.text import words

NAMED = DRUG_KINDS | {TermKind.DISEASE, TermKind.ANTIBODY}
"""What a passage must name itself, or by a member, before a claim may."""
CHILDREN = frozenset("child children childhood pediatric paediatric juvenile adolescent infant girl boy".split())
ADULTS = frozenset("adult adults adulthood elderly".split())


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """A claim beside what it is held against.

    `aligned` are the sentences that it rests on, `whole` all of its passages, `context` their titles and headings.
    """

    claim: str
    aligned: str
    whole: str
    context: str
    glossary: Glossary


def unknown(reason: str) -> Verdict:
    """The passages don't carry the claim."""
    return Verdict(support=SupportLabel.NOT_ENOUGH_INFORMATION, reasons=(reason,))


def contradicted(reason: str) -> Verdict:
    """A passage says otherwise."""
    return Verdict(support=SupportLabel.CONTRADICTED, reasons=(reason,))


def _numbers(it: Compared) -> Verdict | None:
    mine = read_quantities(it.claim)
    if not mine:
        return None
    here = read_quantities(it.aligned)
    elsewhere = read_quantities(it.context)
    for quantity in mine:
        if any(_same(quantity, other) for other in (*here, *elsewhere)):
            if owner := _owner(quantity, it):
                return contradicted(f"In the passage {quantity.written} belongs to {owner.name}.")
            continue
        rivals = [other for other in here if quantity.unit and other.unit == quantity.unit]
        rivals += [other for other in here if set(other.values) & set(quantity.values)]
        if rivals:
            return contradicted(f"The passage says {rivals[0].written}, the claim {quantity.written}.")
        return unknown(f"The passage doesn't state {quantity.written} there.")
    return None


def _owner(quantity: Quantity, it: Compared) -> Term | None:
    """Another drug that the number belongs to in the passage; None when it may be the claim's."""
    claimed = {term.id for term in it.glossary.terms_in(it.claim) if term.kind is TermKind.DRUG}
    current = [term for term in it.glossary.terms_in(it.context) if term.kind is TermKind.DRUG]
    stranger: Term | None = None
    for line in it.aligned.splitlines():
        current = [term for term in it.glossary.terms_in(line) if term.kind is TermKind.DRUG] or current
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
    units = {quantity.unit, other.unit}
    # "24 of 25 patients" and "24/25", "n=11" and "11 patients": a bare count may name what it counts.
    return (
        quantity.relation == other.relation
        and "" in units
        and not any("/" in unit or unit in {"%", "mg", "g", "kg", "ml"} for unit in units)
    )


def _frequencies(it: Compared) -> Verdict | None:
    here = read_frequencies(it.aligned)
    for frequency in read_frequencies(it.claim):
        if frequency not in here:
            if here:
                return contradicted(f"The passage says “{here[0]}”, the claim “{frequency}”.")
            return unknown(f"The passage doesn't say “{frequency}”.")
    return None


def _names(it: Compared) -> Verdict | None:
    near = {term.id: term for term in it.glossary.terms_in(f"{it.aligned} . {it.context}")}
    above = {ancestor.id for term in near.values() for ancestor in it.glossary.ancestors(term)}
    mine = {term.id: term for term in it.glossary.terms_in(it.claim)}
    for term in mine.values():
        if term.kind not in NAMED or term.id in near or term.id in above:
            continue
        rivals = [other for other in near.values() if other.kind is term.kind and other.id not in mine]
        if rivals and term.kind in {TermKind.DRUG, TermKind.ANTIBODY}:
            return contradicted(f"The passage is about {rivals[0].name}, the claim about {term.name}.")
        return unknown(f"The passage doesn't mention {term.name} there.")
    return None


def _negation(it: Compared) -> Verdict | None:
    mine, theirs, place = read_polarity(it.claim), read_polarity(it.aligned), read_polarity(it.context)
    denied = (mine.negated - mine.affirmed) & (theirs.affirmed - theirs.negated)
    asserted = (mine.affirmed - mine.negated) & (theirs.negated - theirs.affirmed - place.affirmed)
    if denied:
        return contradicted(f"The claim denies what the passage says (“{min(denied)}”).")
    if asserted:
        return contradicted(f"The passage denies what the claim says (“{min(asserted)}”).")
    pair = opposed(mine.affirmed | mine.negated, theirs.affirmed | theirs.negated)
    if pair:
        return contradicted(f"The claim says “{pair[0]}”, the passage “{pair[1]}”.")
    return None


def _strength(it: Compared) -> Verdict | None:
    mine, theirs = set(words(it.claim)), set(words(it.aligned))
    added, hedges = (mine & STRONG) - theirs, theirs & HEDGES
    if added and hedges and not mine & HEDGES:
        return unknown(f"The claim says “{min(added)}”, the passage only “{min(hedges)}”.")
    if mine & UNIVERSAL and not theirs & UNIVERSAL:
        return unknown(f"The claim says “{min(mine & UNIVERSAL)}”, the passage doesn't.")
    return None


def _population(it: Compared) -> Verdict | None:
    mine, theirs = set(words(it.claim)), set(words(f"{it.whole} {it.context}"))
    for who, name in ((CHILDREN, "children"), (ADULTS, "adults")):
        if mine & who and not theirs & who and not {stem(w) for w in mine & who} & {stem(w) for w in theirs}:
            return unknown(f"The passage doesn't speak of {name}.")
    return None


CHECKS: tuple[Callable[[Compared], Verdict | None], ...] = (
    _numbers,
    _frequencies,
    _names,
    _negation,
    _strength,
    _population,
)
"""In the order of their weight; None means that the rule has nothing to object to."""
