"""Where sources differ, both sides are said, never one silently and never an average.

Deterministic: one drug with different doses or schedules, or a question between two things of which different
documents favour different ones.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.answering.candidates import Candidate
from bot.answering.language import content
from bot.answering.question import DOSE_UNITS, Aspect, ParsedQuestion, states_dose
from bot.answering.quantities import read_frequencies, read_quantities
from bot.answering.rank import Ranked
from bot.domain.answers import ClaimRole, Draft, DraftClaim
from bot.domain.glossary import Glossary, Term, TermKind

REACH = 0.6
"""A side's statement must score this share of the best one."""


def note_differences(draft: Draft, question: ParsedQuestion, ranked: Sequence[Ranked], glossary: Glossary) -> Draft:
    """Add the other side where the evidence has one that the draft left out, and say between what they differ."""
    if not draft.claims or not ranked:
        return draft
    sides = _dose_sides(question, ranked, glossary) or _choice_sides(question, ranked, glossary)
    if not sides:
        return draft
    said = {quotation.quote for claim in draft.claims for quotation in claim.quotations}
    added = tuple(
        DraftClaim(text=c.text, role=ClaimRole.DISAGREEMENT, quotations=(c.quotation,))
        for _, c in sides
        if c.quotation.quote not in said
    )
    return replace(draft, claims=(*draft.claims, *added), differ=" / ".join(name for name, _ in sides))


def _near(ranked: Sequence[Ranked]) -> list[Candidate]:
    return [item.candidate for item in ranked if item.score >= ranked[0].score * REACH]


def _drugs(candidate: Candidate, glossary: Glossary) -> list[Term]:
    own = [t for t in glossary.terms_in(candidate.text) if t.kind is TermKind.DRUG]
    return own or [t for t in glossary.terms_in(candidate.context) if t.kind is TermKind.DRUG]


def _dose_sides(question: ParsedQuestion, ranked: Sequence[Ranked], glossary: Glossary) -> list[tuple[str, Candidate]]:
    """One statement a document for the asked drug, when the stated doses or schedules aren't the same."""
    if not question.wants(Aspect.DOSE):
        return []
    asked = {term.id for term in question.terms if term.kind is TermKind.DRUG}
    found: dict[tuple[object, ...], tuple[str, Candidate]] = {}
    documents: set[str] = set()
    for candidate in _near(ranked):
        drugs = _drugs(candidate, glossary)
        if candidate.is_list or not states_dose(candidate.body) or not drugs or drugs[0].id not in asked:
            continue
        amounts = [q for q in read_quantities(candidate.body) if DOSE_UNITS.match(q.unit)]
        schedule = tuple(sorted(read_frequencies(candidate.body)))
        key = (drugs[0].id, tuple(sorted(str(q.key) for q in amounts)), schedule)
        if key not in found and candidate.document not in documents:
            documents.add(candidate.document)
            found[key] = (amounts[0].written, candidate)
    return list(found.values()) if len(found) > 1 else []


def _choice_sides(
    question: ParsedQuestion, ranked: Sequence[Ranked], glossary: Glossary
) -> list[tuple[str, Candidate]]:
    """For `A or B`: the best statement on each side, when they stand in different documents."""
    if len(question.alternatives) != 2:
        return []
    wanted = [set(content(side, glossary)) for side in question.alternatives]
    mine, theirs = wanted[0] - wanted[1], wanted[1] - wanted[0]
    if not mine or not theirs:
        return []
    sides = []
    for own, other in ((mine, theirs), (theirs, mine)):
        fits = [
            c
            for c in _near(ranked)
            if own & set(content(c.body, glossary)) and not other & set(content(c.body, glossary))
        ]
        if not fits:
            return []
        sides.append(fits[0])
    if sides[0].document == sides[1].document:
        return []
    return [(side, candidate) for side, candidate in zip(question.alternatives, sides, strict=True)]
