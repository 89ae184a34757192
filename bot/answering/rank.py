"""How well a statement answers a question: one number from meaning, words, place and kind.

The weights were set on development questions; none of them knows a word of a question or document.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.answering.candidates import DANGLING, Candidate
from bot.answering.language import content
from bot.answering.question import REQUIRED, Aspect, ParsedQuestion, fulfilled
from bot.domain.documents import PassageKind
from bot.domain.glossary import Glossary
from bot.domain.text import words

Informativeness = Callable[[str], float]
"""A stem's or term's weight: rare ones count more. Zero or more."""

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
    weights = {item: weight(item) for item in question.stems}
    total = sum(weights.values()) or 1.0
    top = max((c.retrieved.score for c in candidates), default=1.0) or 1.0
    passages: dict[str, set[str]] = {}
    ranked = []
    for candidate in candidates:
        if not _sayable(candidate, question):
            continue
        passage_id = candidate.retrieved.passage.id
        if passage_id not in passages:
            passages[passage_id] = _known(candidate.retrieved.passage.text, glossary)
        body = _known(candidate.body, glossary)
        context = _known(candidate.context, glossary)
        got = 0.0
        missing = []
        for item, value in weights.items():
            if item in body:
                got += value
            elif item in context:
                got += value * IN_CONTEXT
            elif item in passages[passage_id]:
                got += value * IN_PASSAGE
            else:
                missing.append(item)
        coverage = got / total
        aspect = fulfilled(question.aspects, candidate.text)
        needed = question.aspects & REQUIRED
        if needed and not fulfilled(frozenset(needed), candidate.body):
            aspect *= 0.5
        score = (
            0.40 * _scaled(candidate.similarity)
            + 0.34 * coverage
            + 0.12 * candidate.retrieved.score / top
            + 0.14 * aspect
        )
        if DANGLING.match(candidate.body) and not candidate.retrieved.passage.sentences[candidate.indices[0]].lead:
            score *= 0.85
        if candidate.retrieved.passage.kind is PassageKind.CAPTION:
            score *= 0.95
        if candidate.is_list:
            score += _list_bonus(candidate, set(weights), glossary)
        ranked.append(
            Ranked(candidate=candidate, score=score, coverage=coverage, aspect=aspect, missing=tuple(missing))
        )
    return tuple(sorted(ranked, key=lambda r: (-r.score, r.candidate.order)))


def _list_bonus(candidate: Candidate, wanted: set[str], glossary: Glossary) -> float:
    """A whole list answers when its introduction was asked for, a single item when the item was."""
    sentences = candidate.retrieved.passage.sentences
    asked_for = sum(bool(wanted & _known(sentences[index].text, glossary)) for index in candidate.indices)
    if asked_for == 0:
        return 0.05
    return -0.08 if asked_for == 1 else 0.02


def _scaled(similarity: float) -> float:
    """Cosines of related sentences lie between 0.1 and 0.8 for this family of models."""
    return min(1.0, max(0.0, (similarity - 0.1) / 0.65))


def _known(text: str, glossary: Glossary) -> set[str]:
    found = set(content(text, glossary))
    for term in glossary.terms_in(text):
        found |= {f"§{above.id}" for above in glossary.ancestors(term)}
    return found


def _sayable(candidate: Candidate, question: ParsedQuestion) -> bool:
    """Half sentences, headings and questions are never said; facts about the document only when they are asked for."""
    metadata = candidate.retrieved.passage.kind is PassageKind.METADATA
    if metadata != question.wants(Aspect.PUBLICATION):
        return not metadata and not _only_about_documents(question)
    if candidate.body.rstrip().endswith("?"):
        return False
    return len(words(candidate.text)) >= 3


def _only_about_documents(question: ParsedQuestion) -> bool:
    return question.aspects == {Aspect.PUBLICATION}
