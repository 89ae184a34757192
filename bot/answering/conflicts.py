"""Disagreements that a curator has written down: which of them a question touches, and who says what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.answering.attribution import is_reported, speaks_of_the_matter, weighs_sources
from bot.answering.candidates import Candidate
from bot.answering.language import content, every_word
from bot.answering.matching import RELATED
from bot.answering.names import NAMED
from bot.answering.quantities import read_quantities
from bot.answering.question import Aspect, ParsedQuestion, parse_question
from bot.answering.rank import Ranked
from bot.answering.reading import Same, family, known
from bot.answering.situations import tried_and_named
from bot.answering.stances import PROCEEDS, RECOMMENDS
from bot.answering.statements import gives
from bot.domain.documents import Conflict, CuratedDocument, DocumentKind
from bot.domain.glossary import Glossary, Term, TermKind
from bot.domain.text import fold

SUBJECTS = frozenset(TermKind) - {TermKind.DISEASE}
EXACT = frozenset(
    {Aspect.DOSE, Aspect.DURATION, Aspect.AGE, Aspect.DATE, Aspect.PUBLICATION, Aspect.MECHANISM, Aspect.REASON}
)
"""Who asks for one of these wants nothing else."""
NARROWER = frozenset({TermKind.MANIFESTATION, TermKind.ANTIBODY})
ENOUGH = 0.5
"""Share of a topic's further words that a question or statement must have where nothing else tells."""
SECOND_HAND = frozenset({DocumentKind.REVIEW, DocumentKind.WEB_PAGE, DocumentKind.UNKNOWN})
REPORTED, WEIGHING, REPEATED = 0.5, 0.4, 0.2
"""What a statement counts that only tells what another source says, sets sources against each other, or has no number
that the other side doesn't have, beside one that says its own."""

SHARED = 1.4
"""What a statement of an effect counts that says in how many patients it was seen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stated:
    """A curated disagreement with the statement of each document that stands for it."""

    topic: str
    sides: tuple[Candidate, ...]
    reasons: tuple[str, ...]


def touches(question: ParsedQuestion, topic: str, glossary: Glossary) -> bool:
    """Is the topic what the question asks about: the same things by name, and the same kind of statement?"""
    wanted = parse_question(topic, glossary)
    shared = _kinds(wanted) & _kinds(question)
    exact = question.aspects & EXACT
    # What costs least stands first: of a large library's topics most are about something else.
    if wanted.aspects and not (shared and (not exact or exact & wanted.aspects)):
        return False
    subjects = _subjects(wanted)
    if not all(_asks_of(question, term, glossary) for term in subjects):
        return False
    if not (shared and subjects) and _share(wanted, question.text, glossary) < ENOUGH:
        return False
    return not wanted.wants(Aspect.CHOICE) or _same_step(question, topic, glossary)


def _same_step(question: ParsedQuestion, topic: str, glossary: Glossary) -> bool:
    """Are the drugs that the topic takes as tried tried in the question too, and its others not?"""
    tried, named = tried_and_named(topic, glossary)
    already, asked = tried_and_named(question.text, glossary)
    return all(_names(already, term, glossary) for term in tried) and not any(
        _names(already, term, glossary) and not _names(asked, term, glossary) for term in named
    )


def _asks_of(question: ParsedQuestion, wanted: Term, glossary: Glossary) -> bool:
    """Does the question name the thing or a member of it, or, but for drugs, diseases and antibodies, mean the same?"""
    if f"§{wanted.id}" in question.stems or any(
        wanted.id in {term.id, *(above.id for above in glossary.ancestors(term))} for term in question.terms
    ):
        return True
    held = known(question.text, glossary)
    return wanted.kind not in NAMED and any(
        all(held.credit(word) >= RELATED for word in every_word(name)) for name in wanted.all_names
    )


def _kinds(question: ParsedQuestion) -> set[Aspect]:
    """What is wanted; whom a drug is for and which drug to choose are one question."""
    return {Aspect.CHOICE if aspect is Aspect.CONDITION else aspect for aspect in question.aspects}


def _touched(
    question: ParsedQuestion, documents: Iterable[CuratedDocument], glossary: Glossary
) -> list[tuple[CuratedDocument, Conflict]]:
    """The conflicts that the question touches; of two topics the one that names more of what is asked."""
    found = [(d, c) for d in documents for c in d.conflicts_with]
    topics = {topic for topic in {c.topic for _, c in found} if touches(question, topic, glossary)}
    touched = [(d, c) for d, c in found if c.topic in topics]
    subjects = {c.topic: {t.id for t in _subjects(parse_question(c.topic, glossary))} for _, c in touched}
    return [(d, c) for d, c in touched if not any(subjects[c.topic] < other for other in subjects.values())]


def concerned(question: ParsedQuestion, contested: Sequence[CuratedDocument], glossary: Glossary) -> tuple[str, ...]:
    """Ids of the documents that are known to contradict each other on what is asked."""
    touched = _touched(question, _topics_of(Same(contested), glossary).near(question, glossary), glossary)
    return tuple(dict.fromkeys(name for document, c in touched for name in (document.id, c.document)))


@dataclass(frozen=True, slots=True, eq=False)
class _Topics:
    """The conflicts of a whole library by what they're about, so that a question needn't read each of them.

    `named` holds them by a drug, disease or antibody of their topic: only who asks for that, or for a member of it, can
    touch them. `others` name none. Each stands with its place in the library.
    """

    named: Mapping[str, Sequence[tuple[int, CuratedDocument]]]
    others: Sequence[tuple[int, CuratedDocument]]

    def near(self, question: ParsedQuestion, glossary: Glossary) -> list[CuratedDocument]:
        """Documents with the conflicts that the question may touch, and no others, in the library's order."""
        asked = {stem[1:]: None for stem in question.stems if stem.startswith("§")}
        for term in question.terms:
            asked |= {one.id: None for one in (term, *glossary.ancestors(term))}
        near = [*self.others, *(each for name in asked for each in self.named.get(name, ()))]
        return [document for _, document in sorted(near, key=lambda each: each[0])]


@lru_cache(maxsize=2)
def _topics_of(contested: Same[Sequence[CuratedDocument]], glossary: Glossary) -> _Topics:
    """Read the topic of every conflict, once for a library."""
    named: dict[str, list[tuple[int, CuratedDocument]]] = {}
    others: list[tuple[int, CuratedDocument]] = []
    for place, document in enumerate(contested.value):
        for conflict in document.conflicts_with:
            alone = replace(document, conflicts_with=(conflict,))
            subjects = _subjects(parse_question(conflict.topic, glossary))
            key = next((term.id for term in subjects if term.kind in NAMED), None)
            (others if key is None else named.setdefault(key, [])).append((place, alone))
    return _Topics(named=named, others=others)


def find_stated(question: ParsedQuestion, ranked: Sequence[Ranked], glossary: Glossary) -> tuple[Stated, ...]:
    """The curated disagreements of the documents that were found, as far as the question touches them."""
    found_in = {item.candidate.document: item.candidate.retrieved.document for item in ranked}
    touched = _touched(question, found_in.values(), glossary)
    if not touched:
        return ()
    by_document: dict[str, list[Ranked]] = {}
    for item in ranked:
        if _is_sound(item.candidate):
            by_document.setdefault(item.candidate.retrieved.document.id, []).append(item)
    names: dict[str, dict[str, None]] = {}
    reasons: dict[str, dict[str, None]] = {}
    pairs: dict[str, set[frozenset[str]]] = {}
    for document, conflict in touched:
        names.setdefault(conflict.topic, {}).update(dict.fromkeys((document.id, conflict.document)))
        reasons.setdefault(conflict.topic, {})[conflict.reason] = None
        pairs.setdefault(conflict.topic, set()).add(frozenset((document.id, conflict.document)))
    found = []
    for topic, documents in names.items():
        held = [items for name in documents if (items := by_document.get(name))]
        sides = _opposed(_sides(question, topic, sorted(held, key=_is_second_hand), glossary), pairs[topic])
        if len(sides) > 1 and _speaks_of_all(question, topic, sides, glossary):
            found.append(Stated(topic=topic, sides=sides, reasons=tuple(filter(None, reasons[topic]))))
    return tuple(found)


def _opposed(sides: Sequence[Candidate], pairs: set[frozenset[str]]) -> tuple[Candidate, ...]:
    """The sides of which a curator has said that they contradict another of these sides."""
    ids = [side.retrieved.document.id for side in sides]
    return tuple(side for own, side in zip(ids, sides, strict=True) if any({own, other} in pairs for other in ids))


def _is_sound(candidate: Candidate) -> bool:
    return speaks_of_the_matter(candidate) and not candidate.is_list


def _is_second_hand(items: Sequence[Ranked]) -> bool:
    """Does the document tell what others found? It's asked last, for what the others don't say."""
    return items[0].candidate.retrieved.document.kind in SECOND_HAND


def _sides(
    question: ParsedQuestion, topic: str, documents: Sequence[Sequence[Ranked]], glossary: Glossary
) -> tuple[Candidate, ...]:
    """The statement of each document that says most about the topic, and what those before it don't say.

    Where two speak for themselves, those that only tell what others say are left out.
    """
    wanted = parse_question(topic, glossary)
    said: set[tuple[object, ...]] = set()
    sides = []
    for items in documents:
        scored = [
            (item.score * fit, item.candidate)
            for item in items
            if _is_asked(item.candidate, question, topic, glossary)
            and (fit := _fit(item.candidate, wanted, said, glossary)) > 0
        ]
        if scored:
            sides.append(max(scored, key=lambda pair: (pair[0], -pair[1].order))[1])
        if items is documents[-1]:
            break  # nobody repeats it
        own = (item.candidate for item in items if not weighs_sources(item.candidate))
        said = said.union(*(_results(candidate) for candidate in own))
    themselves = tuple(side for side in sides if not is_reported(side) and not weighs_sources(side))
    return themselves if len(themselves) > 1 else tuple(sides)


def _speaks_of_all(question: ParsedQuestion, topic: str, sides: Sequence[Candidate], glossary: Glossary) -> bool:
    """Does a side name each thing that the question asks about beyond the topic and the disease?"""
    tried, _ = tried_and_named(question.text, glossary)
    asked = [term for term in question.terms if term.kind is not TermKind.DISEASE and term not in tried]
    beyond = [term for term in asked if not _names(parse_question(topic, glossary).terms, term, glossary)]
    said = [term for side in sides for term in _around(side, glossary)]
    return all(_names(said, term, glossary) for term in beyond)


def _is_asked(candidate: Candidate, question: ParsedQuestion, topic: str, glossary: Glossary) -> bool:
    """Does the statement speak of the complaint or antibody that is asked about, where the topic itself doesn't?"""
    asked = {term.id for term in question.terms if term.kind in NARROWER}
    if not asked or question.wants(Aspect.SAFETY) or asked & family(topic, glossary):
        return True
    return bool(asked & family(candidate.body, glossary))


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
    """How many of the topic's further words a text has, or has a word for."""
    items = [item for item in content(wanted.text, glossary) if not item.startswith("§")]
    held = known(text, glossary)
    return sum(held.credit(item) >= RELATED for item in items) / len(items) if items else 1.0


def _around(candidate: Candidate, glossary: Glossary) -> tuple[Term, ...]:
    """What a statement and its place name."""
    return (*glossary.terms_in(candidate.text), *glossary.terms_in(candidate.context))


def _fit(candidate: Candidate, wanted: ParsedQuestion, said: set[tuple[object, ...]], glossary: Glossary) -> float:
    """How well a statement speaks for its document on a topic; 0 where it doesn't."""
    subjects = _subjects(wanted)
    around = _around(candidate, glossary)
    if not all(_names(around, term, glossary) for term in subjects if term.kind in NAMED):
        return 0.0
    kind = _gives(wanted, candidate)
    if not kind and Aspect.CHOICE not in wanted.aspects:
        return 0.0
    own = glossary.terms_in(candidate.text)
    named = sum(_names(own, term, glossary) for term in subjects) / (len(subjects) or 1)
    fit = (0.1 + 0.9 * named**2) * (0.2 + 0.5 * kind + 0.3 * _share(wanted, candidate.body, glossary))
    quantities = read_quantities(candidate.body)
    results = _results(candidate)
    if Aspect.EFFICACY in wanted.aspects and any(q.unit == "%" or q.relation == "fraction" for q in quantities):
        fit *= SHARED
    fit *= REPEATED if results and results <= said else 1.0
    if weighs_sources(candidate):
        return fit * WEIGHING
    return fit * (REPORTED if is_reported(candidate) else 1.0)


def _results(candidate: Candidate) -> set[tuple[object, ...]]:
    """The numbers of a statement that mean something: with a unit, or out of so many. A year says nothing."""
    return {q.key for q in read_quantities(candidate.body) if q.unit or q.relation == "fraction"}


def _gives(wanted: ParsedQuestion, candidate: Candidate) -> bool:
    """Is it one of the kinds of statement that are wanted? A choice is given by who recommends a treatment."""
    for aspect in _kinds(wanted):
        if aspect is Aspect.CHOICE:
            folded = fold(candidate.body)
            advises = RECOMMENDS.search(folded) or gives(candidate.body, aspect)
            if advises and not PROCEEDS.search(folded):
                return True
        elif gives(candidate.body, aspect):
            return True
    return not wanted.aspects
