"""Is the evidence enough? Being on topic is easy to tell; holding the answer is what is asked here.

Fails closed: a drug, disease or dose that was asked for and that no statement names means that we don't know.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.answering.question import Aspect, ParsedQuestion, states_dose
from bot.answering.rank import Informativeness, Ranked
from bot.answering.verify import NAMED
from bot.domain.glossary import Glossary, Term, TermKind

NEAR_BEST = 0.62
"""Statements with this share of the best score count as evidence."""


class Sufficiency(StrEnum):
    """What the evidence allows."""

    SUFFICIENT = "sufficient"
    PARTIAL = "partial"
    INSUFFICIENT = "insufficient"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, kw_only=True, slots=True)
class Assessment:
    """The judgement, how sure it is (0 to 1), and what isn't covered. `no_dose` names drugs without a stated dose."""

    sufficiency: Sufficiency
    confidence: float
    missing: tuple[str, ...] = ()
    no_dose: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Calibration:
    """Weights of a logistic model of "the best statement answers the question"."""

    bias: float = -5.2
    similarity: float = 5.5
    coverage: float = 5.0
    aspect: float = 0.8
    threshold: float = 0.5
    on_topic: float = 0.28
    """Cosine below which the best passage is about something else."""


def assess(
    question: ParsedQuestion,
    ranked: Sequence[Ranked],
    glossary: Glossary,
    weight: Informativeness,
    calibration: Calibration | None = None,
) -> Assessment:
    """Judge the ranked statements for this question."""
    calibration = calibration or Calibration()
    if not ranked:
        return Assessment(sufficiency=Sufficiency.OUT_OF_SCOPE, confidence=0.0)
    best = ranked[0]
    confidence = _confidence(best, calibration)
    near = [item for item in ranked if item.score >= best.score * NEAR_BEST]
    dense = max(item.candidate.retrieved.dense for item in ranked)
    if dense < calibration.on_topic and not any(term.kind in NAMED for term in question.terms):
        return Assessment(sufficiency=Sufficiency.OUT_OF_SCOPE, confidence=confidence)
    named = [term for term in question.terms if term.kind in NAMED]
    missing = [term for term in named if not any(_names(term, item, glossary) for item in near)]
    if missing and len(missing) == len([t for t in named if not _everywhere(t, ranked, glossary)]):
        return Assessment(
            sufficiency=Sufficiency.INSUFFICIENT, confidence=confidence, missing=tuple(t.name for t in missing)
        )
    no_dose = _without_dose(question, near, glossary)
    drugs = [term for term in named if term.kind is TermKind.DRUG]
    if no_dose and len(no_dose) == len(drugs):
        return Assessment(
            sufficiency=Sufficiency.INSUFFICIENT, confidence=confidence, no_dose=tuple(t.name for t in no_dose)
        )
    if confidence < calibration.threshold:
        return Assessment(sufficiency=Sufficiency.INSUFFICIENT, confidence=confidence)
    gaps = tuple(t.name for t in missing)
    if gaps or no_dose:
        return Assessment(
            sufficiency=Sufficiency.PARTIAL,
            confidence=confidence,
            missing=gaps,
            no_dose=tuple(t.name for t in no_dose),
        )
    return Assessment(sufficiency=Sufficiency.SUFFICIENT, confidence=confidence)


def _confidence(best: Ranked, c: Calibration) -> float:
    z = c.bias + c.similarity * best.candidate.similarity + c.coverage * best.coverage + c.aspect * best.aspect
    return 1 / (1 + math.exp(-z))


def _names(term: Term, item: Ranked, glossary: Glossary) -> bool:
    """Does the statement, its headings or its document's title name the term, a member or a synonym of it?"""
    there = glossary.terms_in(f"{item.candidate.body} . {item.candidate.context}")
    return any(term.id == t.id or any(above.id == term.id for above in glossary.ancestors(t)) for t in there)


def _everywhere(term: Term, ranked: Sequence[Ranked], glossary: Glossary) -> bool:
    """A term that nearly all evidence names (the library's own subject) doesn't tell what was asked."""
    return sum(_names(term, item, glossary) for item in ranked[:20]) >= 0.7 * min(20, len(ranked))


def _without_dose(question: ParsedQuestion, near: Sequence[Ranked], glossary: Glossary) -> tuple[Term, ...]:
    if not question.wants(Aspect.DOSE):
        return ()
    drugs = [term for term in question.terms if term.kind is TermKind.DRUG]
    dosed = [item for item in near if states_dose(item.candidate.body)]
    return tuple(drug for drug in drugs if not any(_names(drug, item, glossary) for item in dosed))
