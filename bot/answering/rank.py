"""How well a statement answers a question: one number from meaning, words, place and kind.

The weights were set on development questions; none of them knows a word of a question or document.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.answering.candidates import Candidate
from bot.answering.language import content, every_word
from bot.answering.matching import ALIKE, Vocabulary
from bot.answering.question import REQUIRED, Aspect, ParsedQuestion, fulfilled
from bot.domain.documents import PassageKind
from bot.domain.glossary import Glossary, TermKind
from bot.domain.text import fold, words

Informativeness = Callable[[str], float]
"""A stem's or term's weight: rare ones count more. Zero or more."""

SIMILARITY, COVERAGE, PASSAGE, ASPECT = 0.38, 0.36, 0.12, 0.14
SUMMARY = re.compile(r"(summary|abstract|overview|key (points|messages)|bottom line|in brief|conclusions?)\b")
RESERVATIONS = re.compile(r"\b(limits?|limitations?|caveats?|differ|disagree|controvers\w+|caution)\b")
ABSENCE = re.compile(
    r"\b(no|not|neither|none)\b.*\b(recorded|stated|held|contained|given|known|available|reported) (in|by) (this|these|the) (\w+ )?"
    r"(documents?|library|text|excerpt|abstract|page)"
)
BACKGROUND, MISSED_SUBJECT = 0.35, 0.2
DRUGS = {TermKind.DRUG, TermKind.DRUG_CLASS}
SUBJECT_KINDS = {TermKind.DRUG, TermKind.DRUG_CLASS, TermKind.ANTIBODY, TermKind.MEASURE}
LEAST_NEWS = 0.3
"""Share of a statement's content words that the question must not have said already."""
IN_CONTEXT = 0.75
"""A question's word in the headings above a statement counts this much of one in the statement itself."""
IN_PASSAGE = 0.3
"""And this much when it only stands elsewhere in the same passage."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranked:
    """A candidate with its score in [0, 1] and what the score is made of."""

    candidate: Candidate
    score: float
    coverage: float
    aspect: float
    missing: tuple[str, ...]


def rank(
    question: ParsedQuestion, candidates: Sequence[Candidate], glossary: Glossary, weight: Informativeness
) -> tuple[Ranked, ...]:
    """Candidates, best first."""
    weights = weigh(question, weight)
    top = max((c.retrieved.score for c in candidates), default=1.0) or 1.0
    passages: dict[str, Vocabulary] = {}
    ranked = []
    for candidate in candidates:
        if not _sayable(candidate):
            continue
        passage = candidate.retrieved.passage
        if passage.id not in passages:
            passages[passage.id] = Vocabulary(known(passage.text, glossary))
        coverage, missing = _cover(weights, candidate, passages[passage.id], glossary)
        aspect = _suits(question, candidate)
        score = (
            SIMILARITY * _scaled(candidate.similarity)
            + COVERAGE * coverage
            + PASSAGE * candidate.retrieved.score / top
            + ASPECT * aspect
        )
        score *= _belongs(question, candidate, glossary) * _news(question, candidate, glossary)
        score *= _place(question, candidate)
        if candidate.is_list:
            score += _list_bonus(candidate, set(weights), glossary)
        ranked.append(Ranked(candidate=candidate, score=score, coverage=coverage, aspect=aspect, missing=missing))
    return tuple(sorted(ranked, key=lambda r: (-r.score, r.candidate.order)))


def weigh(question: ParsedQuestion, weight: Informativeness) -> dict[str, float]:
    """What each of the question's words counts; those of the story around it less."""
    return {item: weight(item) * (BACKGROUND if item in question.background else 1.0) for item in question.stems}


def _cover(
    weights: Mapping[str, float], candidate: Candidate, passage: Vocabulary, glossary: Glossary
) -> tuple[float, tuple[str, ...]]:
    """Share of the question's words that the statement and its place hold, by weight, and the words that are nowhere."""
    body = Vocabulary(known(candidate.body, glossary))
    context = Vocabulary(known(candidate.context, glossary))
    got = 0.0
    missing = []
    for item, value in weights.items():
        credit = max(
            body.credit(item), IN_CONTEXT * context.credit(item), IN_PASSAGE * passage.credit(item)
        )
        got += value * credit
        if not credit:
            missing.append(item)
    return got / (sum(weights.values()) or 1.0), tuple(missing)


def _suits(question: ParsedQuestion, candidate: Candidate) -> float:
    """Share of what the question wants that the statement can give; half where a wanted number is lacking."""
    wanted = question.aspects - {Aspect.PUBLICATION}
    suits = fulfilled(wanted, candidate.text)
    needed = wanted & REQUIRED
    if needed and not fulfilled(needed, candidate.body):
        suits *= 0.5
    return suits


def _belongs(question: ParsedQuestion, candidate: Candidate, glossary: Glossary) -> float:
    """A statement about another drug than the asked one doesn't answer; facts about a document only when asked for."""
    factor = 1.0
    metadata = candidate.retrieved.passage.kind is PassageKind.METADATA
    if metadata != question.wants(Aspect.PUBLICATION):
        factor *= 0.45 if metadata else 0.8
    subjects = [term for term in question.terms if term.kind in SUBJECT_KINDS]
    if not subjects:
        return factor
    ids = {term.id for term in subjects}
    above = {a.id: a for term in subjects for a in glossary.ancestors(term)}
    ids |= {term.id for term in above.values() if term.kind is TermKind.DRUG}
    own = family(candidate.body, glossary)
    if ids & own:
        missed = sum(not {s.id, *(a.id for a in glossary.ancestors(s) if a.kind is TermKind.DRUG)} & own for s in subjects)
        return factor * (1 - MISSED_SUBJECT * missed / len(subjects))
    kinds = {kind for term in subjects for kind in (DRUGS if term.kind in DRUGS else {term.kind})}
    named = [term for term in glossary.terms_in(candidate.body) if term.kind in kinds]
    strangers = any(term.id not in above for term in named)
    if ids & family(candidate.context, glossary):
        return factor * (0.9 if strangers else 0.97)
    if not strangers and (named or ids & family(candidate.retrieved.passage.text, glossary)):
        return factor * (0.88 if named else 0.93)
    if question.wants(Aspect.CHOICE):
        return factor * 0.82
    return factor * (0.55 if strangers else 0.8)


def _place(question: ParsedQuestion, candidate: Candidate) -> float:
    """A document's opening or summary says what it is about; its limits and what it lacks are seldom what was asked."""
    passage = candidate.retrieved.passage
    factor = 1.0
    heading = fold(passage.heading_path[-1]) if passage.heading_path else ""
    if SUMMARY.match(heading):
        factor *= 1.06
    elif RESERVATIONS.search(heading) and not question.wants(Aspect.LIMITS) and not question.compares:
        factor *= 0.88
    if ABSENCE.search(fold(candidate.body)):
        factor *= 0.75
    return factor * (0.97 if passage.kind is PassageKind.CAPTION else 1.0)


def _news(question: ParsedQuestion, candidate: Candidate, glossary: Glossary) -> float:
    """A statement that only repeats the question answers nothing."""
    said = set(content(candidate.body, glossary))
    asked = Vocabulary({*question.stems, *every_word(question.text)})
    fresh = sum(asked.credit(item) < ALIKE for item in said)
    return 1.0 if not said or fresh / len(said) >= LEAST_NEWS else 0.75


def _list_bonus(candidate: Candidate, wanted: set[str], glossary: Glossary) -> float:
    """A whole list answers when its introduction was asked for, a single item when the item was."""
    sentences = candidate.retrieved.passage.sentences
    asked_for = sum(bool(wanted & known(sentences[index].text, glossary)) for index in candidate.indices)
    if asked_for == 0:
        return 0.05
    return -0.08 if asked_for == 1 else 0.02


def _scaled(similarity: float) -> float:
    """Cosines of related sentences lie between 0.1 and 0.8 for this family of models."""
    return min(1.0, max(0.0, (similarity - 0.1) / 0.65))


@lru_cache(maxsize=8192)
def known(text: str, glossary: Glossary) -> frozenset[str]:
    """Content words of a text, the words inside its terms and the classes of what it names included."""
    return frozenset({*content(text, glossary), *every_word(text), *(f"§{term}" for term in family(text, glossary))})


@lru_cache(maxsize=8192)
def family(text: str, glossary: Glossary) -> frozenset[str]:
    """Ids of the terms that a text names and of their classes."""
    named = glossary.terms_in(text)
    return frozenset({term.id for term in named} | {a.id for term in named for a in glossary.ancestors(term)})


def _sayable(candidate: Candidate) -> bool:
    """Half sentences and questions are never said."""
    return not candidate.body.rstrip().endswith("?") and len(words(candidate.text)) >= 3
