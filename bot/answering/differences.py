"""Where sources differ, both sides are said, never one silently and never an average, whoever wrote the draft."""

from collections.abc import Sequence
from dataclasses import replace

from bot.answering.candidates import Candidate
from bot.answering.contradictions import Difference, Evidence
from bot.answering.quantities import DOSE_UNITS, read_quantities
from bot.answering.question import ParsedQuestion
from bot.answering.rank import Ranked
from bot.domain.answers import ClaimRole, Draft, DraftClaim, DraftDisagreement, DraftSide, Quotation
from bot.domain.glossary import Glossary

MOST_DISAGREEMENTS = 2


def note_differences(draft: Draft, question: ParsedQuestion, ranked: Sequence[Ranked], glossary: Glossary) -> Draft:
    """Add the other side, in its own words, where the evidence has one that the draft left out; name all sides.

    Where a comparison was asked for and nothing disagrees, what each document says is added, and nothing is named.
    """
    if not draft.claims or not ranked:
        return draft
    evidence = Evidence(question=question, ranked=ranked, glossary=glossary)
    found: list[Difference] = []
    paths = {item.candidate.retrieved.passage.id: item.candidate.document for item in ranked}
    named = [{paths.get(side.passage, "") for side in each.sides} for each in draft.disagreements]
    for difference in evidence.differences():
        known = any(len(difference.documents & other) > 1 for other in (*named, *(other.documents for other in found)))
        known = known or any(_is_about(difference, other) for other in found)
        if len(difference.documents) > 1 and not known and len(found) < MOST_DISAGREEMENTS:
            found.append(difference)
    sides = [side for difference in found for side in difference.sides] if found else evidence.each_says()
    role = ClaimRole.DISAGREEMENT if found else ClaimRole.FINDING
    fresh = {side.quotation: side for side in sides if _said(side, draft) is None}
    added = (DraftClaim(text=side.text, role=role, quotations=(side.quotation,)) for side in fresh.values())
    drafted = tuple(_drafted(difference, draft) for difference in found)
    return replace(draft, claims=(*draft.claims, *added), disagreements=(*draft.disagreements, *drafted))


def _is_about(difference: Difference, other: Difference) -> bool:
    """Do two share a side and a subject? A curator's topic (`dose of rituximab`) names more than the subject."""
    same = difference.subject.casefold() in other.subject.casefold()
    return bool(difference.subject) and same and bool(difference.documents & other.documents)


def _said(side: Candidate, draft: Draft) -> Quotation | None:
    """The quotation by which a claim of the draft says what this side says, its amounts and shares included."""
    numbers = _telling(side.body)
    for claim in draft.claims:
        for quotation in claim.quotations:
            if quotation.passage != side.retrieved.passage.id:
                continue
            overlap = any(o.start < s.end and s.start < o.end for o in quotation.spans for s in side.quotation.spans)
            same = quotation.quote == side.quotation.quote
            if (same or overlap) and numbers <= _telling(claim.text):
                return quotation
    return None


def _telling(text: str) -> set[tuple[object, ...]]:
    return {
        q.key for q in read_quantities(text) if DOSE_UNITS.match(q.unit) or q.unit == "%" or q.relation == "fraction"
    }


def _drafted(difference: Difference, draft: Draft) -> DraftDisagreement:
    quotations = [_said(side, draft) or side.quotation for side in difference.sides]
    return DraftDisagreement(
        matter=difference.matter,
        subject=difference.subject,
        sides=tuple(DraftSide(passage=quotation.passage, quote=quotation.quote) for quotation in quotations),
        reasons=difference.reasons,
    )
