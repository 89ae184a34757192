"""A disagreement that a language model proposes counts only where the gate bears it out.

Its sides must stand in different documents, and none may say what another side's passage says as well.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import permutations

from bot.answering.judging import as_evidence
from bot.answering.question import Aspect, ParsedQuestion
from bot.answering.verify import verify_claim
from bot.domain.answers import (
    ClaimRole,
    Draft,
    DraftClaim,
    DraftDisagreement,
    DraftSide,
    Matter,
    SupportLabel,
)
from bot.domain.documents import RetrievedPassage
from bot.domain.glossary import DRUG_KINDS, Glossary

MATTERS = {Aspect.DOSE: Matter.DOSE, Aspect.SAFETY: Matter.SAFETY, Aspect.EFFICACY: Matter.EFFECT}


def name_proposed(
    draft: Draft, question: ParsedQuestion, given: Mapping[str, RetrievedPassage], glossary: Glossary
) -> Draft:
    """The draft with the disagreement of its claims of that role named, or with these as plain findings."""
    proposed = [claim for claim in draft.claims if claim.role is ClaimRole.DISAGREEMENT]
    if not proposed:
        return draft
    sides: dict[str, DraftClaim] = {}
    for claim in proposed:
        cited = [given[quotation.passage] for quotation in claim.quotations if quotation.passage in given]
        if cited:
            sides.setdefault(cited[0].document.path, claim)
    if len(sides) < 2 or not _differ(list(sides.values()), given, glossary):
        return replace(draft, claims=tuple(map(_as_finding, draft.claims)))
    named = DraftDisagreement(
        matter=next((matter for aspect, matter in MATTERS.items() if question.wants(aspect)), Matter.ANSWER),
        subject=_subject(question, list(sides.values()), glossary),
        sides=tuple(
            DraftSide(passage=claim.quotations[0].passage, quote=claim.quotations[0].quote) for claim in sides.values()
        ),
    )
    return replace(draft, disagreements=(*draft.disagreements, named))


def _differ(claims: list[DraftClaim], given: Mapping[str, RetrievedPassage], glossary: Glossary) -> bool:
    for claim, other in permutations(claims, 2):
        seen = [as_evidence(given[q.passage]) for q in other.quotations if q.passage in given]
        if verify_claim(claim.text, seen, glossary).support is SupportLabel.SUPPORTED:
            return False
    return True


def _as_finding(claim: DraftClaim) -> DraftClaim:
    return replace(claim, role=ClaimRole.FINDING) if claim.role is ClaimRole.DISAGREEMENT else claim


def _subject(question: ParsedQuestion, claims: list[DraftClaim], glossary: Glossary) -> str:
    """The drug that was asked about, or that all sides name; empty where there is none."""
    asked = [term.name for term in question.terms if term.kind in DRUG_KINDS and term.id not in question.failed]
    named = [{term.name for term in glossary.terms_in(claim.text) if term.kind in DRUG_KINDS} for claim in claims]
    return next(iter(asked or sorted(set.intersection(*named))), "")
