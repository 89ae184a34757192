"""Disagreements that a curator has written down: which of them a question touches, and who says what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.answering.attribution import is_reported, speaks_of_the_matter, takes_a_position, weighs_sources
from bot.answering.candidates import Candidate
from bot.answering.language import content
from bot.answering.matching import RELATED
from bot.answering.quantities import read_quantities
from bot.answering.question import Aspect, ParsedQuestion, parse_question
from bot.answering.rank import Ranked
from bot.answering.reading import known
from bot.answering.statements import fulfilled
from bot.domain.documents import CuratedDocument, RetrievedPassage
from bot.domain.glossary import Glossary, Term, TermKind

SUBJECTS = frozenset(TermKind) - {TermKind.DISEASE, TermKind.CONCEPT, TermKind.PROCEDURE}
ENOUGH = 0.5
"""Share of a topic's further words that a question or statement must have where nothing else tells."""
REPORTED, WEIGHING, REPEATED = 0.8, 0.6, 0.5
"""What a statement counts that only tells what another source says, sets sources against each other, or has no number
that the other side doesn't have, beside one that says its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stated:
    """A curated disagreement with the statement of each document that stands for it."""

    topic: str
    sides: tuple[Candidate, ...]
    reasons: tuple[str, ...]


def touches(question: ParsedQuestion, topic: str, glossary: Glossary) -> bool:
    """Is the topic what the question asks about: the same things by name, and the same kind of statement?"""
    wanted = parse_question(topic, glossary)
    if not all(_names(question.terms, term, glossary) for term in _subjects(wanted)):
        return False
    if wanted.aspects:
        return bool(wanted.aspects & question.aspects)
    return _share(wanted, question.text, glossary) >= ENOUGH


def concerned(question: ParsedQuestion, found: Sequence[RetrievedPassage], glossary: Glossary) -> tuple[str, ...]:
    """Ids of the documents that are known to contradict each other here, as soon as one of them was found."""
    documents = {item.document.id: item.document for item in found}
    touched = ((document.id, conflict) for document in documents.values() for conflict in document.conflicts_with)
    named = (name for own, c in touched if touches(question, c.topic, glossary) for name in (own, c.document))
    return tuple(dict.fromkeys(named))


def find_stated(
    question: ParsedQuestion, cited: Iterable[CuratedDocument], ranked: Sequence[Ranked], glossary: Glossary
) -> tuple[Stated, ...]:
    """The curated disagreements of the documents that the answer cites, as far as the question touches them."""
    by_document: dict[str, list[Ranked]] = {}
    for item in ranked:
        by_document.setdefault(item.candidate.retrieved.document.id, []).append(item)
    sides: dict[str, dict[str, Candidate]] = {}
    reasons: dict[str, dict[str, None]] = {}
    for document in cited:
        for conflict in document.conflicts_with:
            if not touches(question, conflict.topic, glossary):
                continue
            reasons.setdefault(conflict.topic, {})[conflict.reason] = None
            chosen = sides.setdefault(conflict.topic, {})
            for name in (document.id, conflict.document):
                if name not in chosen:
                    others = [item.candidate for other in chosen for item in by_document[other]]
                    spokesman = _spokesman(by_document.get(name, ()), others, conflict.topic, glossary)
                    chosen.update({name: spokesman} if spokesman else {})
    return tuple(
        Stated(topic=topic, sides=tuple(chosen.values()), reasons=tuple(filter(None, reasons[topic])))
        for topic, chosen in sides.items()
        if len(chosen) > 1
    )


def _subjects(wanted: ParsedQuestion) -> tuple[Term, ...]:
    return tuple(term for term in wanted.terms if term.kind in SUBJECTS)


def _names(terms: Iterable[Term], wanted: Term, glossary: Glossary) -> bool:
    """Is the wanted thing among these, itself, as a member of it, or as its class?"""
    above = {term.id for term in glossary.ancestors(wanted)}
    return any(
        term.id == wanted.id or term.id in above or wanted.id in {a.id for a in glossary.ancestors(term)}
        for term in terms
    )


def _share(wanted: ParsedQuestion, text: str, glossary: Glossary) -> float:
    items = [item for item in content(wanted.text, glossary) if not item.startswith("§")]
    held = known(text, glossary)
    return sum(held.credit(item) >= RELATED for item in items) / (len(items) or 1)


def _spokesman(
    items: Iterable[Ranked], others: Sequence[Candidate], topic: str, glossary: Glossary
) -> Candidate | None:
    """The statement of one document that says most about the topic, and what the others don't say; None without any."""
    wanted = parse_question(topic, glossary)
    said = {q.key for other in others if takes_a_position(other) for q in read_quantities(other.body)}
    scored = [
        (item.score * fit, item.candidate)
        for item in items
        if (fit := _fit(item.candidate, wanted, said, glossary)) > 0
    ]
    return max(scored, key=lambda pair: (pair[0], -pair[1].order))[1] if scored else None


def _fit(candidate: Candidate, wanted: ParsedQuestion, said: set[tuple[object, ...]], glossary: Glossary) -> float:
    """How well a statement speaks for its document on a topic; 0 where it doesn't."""
    if candidate.is_list or not speaks_of_the_matter(candidate):
        return 0.0
    subjects = _subjects(wanted)
    around = glossary.terms_in(f"{candidate.text} . {candidate.context}")
    if not all(_names(around, term, glossary) for term in subjects):
        return 0.0
    kind = fulfilled(wanted.aspects, candidate.body)
    if not kind and wanted.aspects and Aspect.CHOICE not in wanted.aspects:
        return 0.0
    own = glossary.terms_in(candidate.text)
    named = sum(_names(own, term, glossary) for term in subjects) / (len(subjects) or 1)
    fit = (1 + kind + named + _share(wanted, candidate.body, glossary)) / 4
    numbers = {quantity.key for quantity in read_quantities(candidate.body)}
    fit *= REPEATED if numbers and numbers <= said else 1.0
    fit *= REPORTED if is_reported(candidate) else 1.0
    return fit * (WEIGHING if weighs_sources(candidate) else 1.0)
