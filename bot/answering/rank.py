"""How well a statement answers a question: one number from meaning, words, place and kind.

The weights were set on development questions; none of them knows a word of a question or document.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from bot.answering.candidates import Candidate
from bot.answering.demanded import BELOW, demands, meets
from bot.answering.language import content, every_word, stem
from bot.answering.matching import ALIKE, BEGINNING, RELATED, Sought, Vocabulary
from bot.answering.question import Aspect, ParsedQuestion
from bot.answering.reading import count_words, known, known_in
from bot.answering.situations import manifestations
from bot.answering.stages import Stage, names_drug, read_stage, words_of_start
from bot.answering.statements import REQUIRED, fulfilled, gives
from bot.answering.subject import Subject, belonging, read_subject
from bot.answering.suitability import sort_fit, stands_in, suitability, suits
from bot.domain.glossary import DRUG_KINDS, Glossary, TermKind

Informativeness = Callable[[str], float]
"""A stem's or term's weight: rare ones count more. Zero or more."""

SIMILARITY, COVERAGE, PASSAGE, ASPECT = 0.36, 0.34, 0.11, 0.19
TOPICS = frozenset({TermKind.MANIFESTATION, TermKind.PROCEDURE})
PERSONS = frozenset(stem(word) for word in "child children daughter son kid boy girl baby patient teenager".split())
GENERAL = frozenset({*DRUG_KINDS, TermKind.DISEASE})
FORMS = frozenset({TermKind.DRUG, TermKind.MANIFESTATION})
OFF_TOPIC = 0.12
HARM_OF_SOMETHING_ELSE = 0.5
"""Asked whether something other than a drug is safe, the harms of drugs are no answer."""
KINDRED = 0.85
OTHER_COHORT, FEW = 0.8, 5
OF_THAT_STAGE = 0.75
"""A statement of the stage that was asked for says so in whatever words: it gets as much of the question's."""
OTHER_SITUATION, UNASKED_SITUATION, ONE_OF_MANY, OTHER_DISEASE = 0.8, 0.94, 0.88, 0.8
"""For a statement on other complaints than those asked about, and on some where none was named."""
RESERVED = re.compile(r"\b(reserved|kept) for\b")
BACKGROUND = 0.2
BY_KIND = 0.5
"""What a word that asks for a number counts in a statement that gives one of that sort."""
LEAST_NEWS = 0.3
"""Share of a statement's content words that the question must not have said already."""
IN_CONTEXT = 0.75
"""A question's word in the headings above a statement counts this much of one in the statement itself."""
IN_PASSAGE = 0.3
"""And this much when it only stands elsewhere in the same passage."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranked:
    """A candidate with its score in [0, 1] and what the score is made of; `about`: is it about what was asked?"""

    candidate: Candidate
    score: float
    coverage: float
    aspect: float
    missing: tuple[str, ...]
    about: float = 1.0


def rank(
    question: ParsedQuestion, candidates: Sequence[Candidate], glossary: Glossary, weight: Informativeness
) -> tuple[Ranked, ...]:
    """Candidates, best first."""
    weights = weigh(question, weight)
    kin = _kin(question, glossary)
    passages = {c.retrieved.passage.id: c.retrieved.passage for c in candidates}
    wholes = {name: known_in(passage, glossary) for name, passage in passages.items()}
    sayable = [candidate for candidate in candidates if _is_sayable(candidate)]
    texts = {text for c in sayable for text in (c.context, c.body)}
    held = {text: known(text, glossary) for text in texts}
    topics = tuple(f"§{term.id}" for term in question.terms if term.kind in TOPICS)
    sought = Sought((*weights, *kin.values(), *topics), (*held.values(), *wholes.values()))
    found_in = {text: sought.credits(words) for text, words in held.items()}
    said = Vocabulary((*question.stems, *every_word(question.text)))
    scale = _Scale(
        question=question,
        weights=weights,
        heard=_heard(said, held.values()),
        subject=read_subject(question, glossary),
        top=max((c.retrieved.score for c in candidates), default=1.0) or 1.0,
        passages=wholes,
        total=sum(weights.values()) or 1.0,
        whole={name: _credits(sought.credits(words), kin) for name, words in wholes.items()},
        credits={text: _credits(found, kin) for text, found in found_in.items()},
        topics=topics,
        on_topic={
            text: frozenset(topic for topic in topics if found.get(topic, 0.0) >= RELATED)
            for text, found in found_in.items()
        },
        glossary=glossary,
        of_start=words_of_start(question, glossary),
    )
    ranked = _led([scale.weigh(candidate) for candidate in sayable], question, glossary)
    return tuple(sorted(ranked, key=lambda r: (-r.score, r.candidate.order)))


def _led(ranked: Sequence[Ranked], question: ParsedQuestion, glossary: Glossary) -> Sequence[Ranked]:
    """What isn't of the kind that a question demands comes after what is."""
    if not demands(question):
        return ranked
    most = max((item.score for item in ranked if meets(item.candidate, question, glossary)), default=math.inf)
    return [
        item if meets(item.candidate, question, glossary) else replace(item, score=min(item.score, BELOW * most))
        for item in ranked
    ]


def _kin(question: ParsedQuestion, glossary: Glossary) -> dict[str, str]:
    """For a form of a drug (prednisone, prednisolone) or complaint the item of all forms, for a sign its cause."""
    forms = ((term, above) for term in question.terms for above in glossary.ancestors(term))
    signs = {f"§{term.id}": f"§{cause}" for term in question.terms for cause in term.signs_of[:1]}
    return signs | {f"§{t.id}": f"§{above.id}" for t, above in forms if t.kind is above.kind and above.kind in FORMS}


def _credits(found: dict[str, float], kin: Mapping[str, str]) -> Mapping[str, float]:
    """What each word gets in a text; a form of a drug or complaint a little for what stands for all its forms."""
    kindred = {item: KINDRED * found[above] for item, above in kin.items() if item not in found and above in found}
    return found | kindred


def _heard(said: Vocabulary, texts: Iterable[Vocabulary]) -> frozenset[str]:
    """The words of these texts that the question has said already."""
    words = frozenset[str]().union(*(held.stems for held in texts))
    beginnings = {item[:BEGINNING] for item in said.stems}
    return frozenset(item for item in words if item[:BEGINNING] in beginnings and said.credit(item) >= ALIKE)


def weigh(question: ParsedQuestion, weight: Informativeness) -> dict[str, float]:
    """What each of the question's words counts; those of the story around it less."""
    return {item: weight(item) * (BACKGROUND if item in question.background else 1.0) for item in question.stems}


@dataclass(frozen=True, kw_only=True)
class _Scale:
    """What all statements for one question are weighed by.

    `passages` holds words by id, `top` the best one's score; `whole` what the question's words get in a passage,
    `credits` in statements and in the headings above them, `heard` those of their words that the question says, too;
    `topics` are the complaints and procedures asked about, `on_topic` says which of these a text names; `total` is what
    all of the question's words weigh, `of_start` those by which it asks for the start of treatment. `around` keeps what
    the places of statements give to these.
    """

    question: ParsedQuestion
    weights: Mapping[str, float]
    total: float
    heard: frozenset[str]
    subject: Subject
    top: float
    passages: Mapping[str, Vocabulary]
    whole: Mapping[str, Mapping[str, float]]
    credits: Mapping[str, Mapping[str, float]]
    topics: Sequence[str]
    on_topic: Mapping[str, frozenset[str]]
    glossary: Glossary
    of_start: frozenset[str]
    around: dict[tuple[str, str], Mapping[str, float]] = field(default_factory=dict)

    def weigh(self, candidate: Candidate) -> Ranked:
        passage = self.passages[candidate.retrieved.passage.id]
        coverage, missing = self._cover(candidate)
        aspect = 1.0 if self._is_option(candidate) else suits(self.question, candidate)
        score = (
            SIMILARITY * _scaled(candidate.similarity)
            + COVERAGE * coverage
            + PASSAGE * candidate.retrieved.score / self.top
            + ASPECT * aspect
        )
        about = sort_fit(self.question, candidate) * belonging(candidate, passage, self.subject, self.glossary)
        score *= about * self._news(candidate) * self._on_topic(candidate) * self._cohort(candidate)
        score *= self._situation(candidate) * suitability(self.question, candidate, aspect, self.glossary)
        if candidate.is_list:
            score += self._list_bonus(candidate)
        return Ranked(candidate=candidate, score=score, coverage=coverage, aspect=aspect, missing=missing, about=about)

    def _cover(self, candidate: Candidate) -> tuple[float, tuple[str, ...]]:
        """Share of the question's words, by weight, that the statement and its place hold, and those nowhere."""
        body, place = self.credits[candidate.body], self._held_around(candidate.context, candidate.retrieved.passage.id)
        # "How long" is said by a time, "how much" by a dose: the question's own word seldom stands beside it.
        given = self._needs_number and fulfilled(self.question.aspects, candidate.body) == 1.0
        meant = demands(self.question) and meets(candidate, self.question, self.glossary)
        given, explained = given or bool(self.question.courses and meant), bool(self.question.meant and meant)
        # The same of "labs", which are said by their names.
        given = given or (self.question.aspects == {Aspect.MONITORING} and gives(candidate.body, Aspect.MONITORING))
        told = read_stage(candidate.body, candidate.context) if self.of_start else None
        of_class = self._classes_serve and self._names_class(candidate)
        got = 0.0
        missing = []
        for item, value in self.weights.items():
            credit, beside = body.get(item, 0.0), place.get(item, 0.0)
            credit = max(credit, beside) if beside else credit
            if item in self.of_start:
                credit = 0.0 if told is Stage.LATER else max(credit, OF_THAT_STAGE if told else 0.0)
            if of_class and item in self.subject.stems:
                credit = max(credit, KINDRED)
            if given and item in self.question.wanting:
                credit = max(credit, BY_KIND)
            if explained and item in self.question.meant:
                credit = 1.0
            got += value * credit
            if not credit:
                missing.append(item)
        return got / self.total, tuple(missing)

    def _held_around(self, context: str, passage: str) -> Mapping[str, float]:
        """What each word gets by the headings above a statement and by its passage, whatever the statement says."""
        held = self.around.get((context, passage))
        if held is None:
            held = {item: IN_PASSAGE * credit for item, credit in self.whole[passage].items()}
            for item, credit in self.credits[context].items():
                held[item] = max(held.get(item, 0.0), IN_CONTEXT * credit)
            self.around[context, passage] = held
        return held

    @cached_property
    def _classes_serve(self) -> bool:
        """Tests are told of a class of drugs and hold for its members; doses don't."""
        return self.question.wants(Aspect.MONITORING) and not self.question.wants(Aspect.DOSE)

    def _names_class(self, candidate: Candidate) -> bool:
        return any(term.id in self.subject.above for term in self.glossary.terms_in(candidate.body))

    @cached_property
    def _needs_number(self) -> bool:
        return bool(self.question.aspects & REQUIRED)

    def _on_topic(self, candidate: Candidate) -> float:
        """A statement loses by each manifestation or procedure asked about that neither it nor its headings name."""
        if not self.topics:
            return 1.0
        named = self.on_topic[candidate.body] | self.on_topic[candidate.context]
        if not named and not self.subject.stems and self.question.wants(Aspect.SAFETY):
            return HARM_OF_SOMETHING_ELSE
        return 1 - OFF_TOPIC * (len(self.topics) - len(named)) / len(self.topics)

    def _situation(self, candidate: Candidate) -> float:
        """What is proposed or found for patients with other complaints than those asked about fits them less."""
        if not (self.question.wants(Aspect.CHOICE) or self.question.wants(Aspect.EFFICACY)):
            return 1.0
        if self._is_for_another_disease(candidate):
            return OTHER_DISEASE
        if not names_drug(self.question) and stands_in(RESERVED, candidate.body):
            return UNASKED_SITUATION
        theirs, mine = manifestations(candidate.body, self.glossary), self._complaints
        if not theirs or theirs & mine:
            return 1.0
        if mine:
            return OTHER_SITUATION
        if self.question.wants(Aspect.CHOICE):
            return UNASKED_SITUATION
        return 1.0 if self._is_particular else ONE_OF_MANY

    def _is_for_another_disease(self, candidate: Candidate) -> bool:
        """Does a statement name a disease that neither the question nor its own document is about?"""
        own = _diseases(candidate.body, self.glossary)
        about = _diseases(candidate.context, self.glossary)
        return bool(own and about) and own.isdisjoint(about | _diseases(self.question.text, self.glossary))

    def _is_option(self, candidate: Candidate) -> bool:
        """Asked what to do about a complaint when drugs have failed, a statement answers that tells what helped it."""
        if not self.question.failed or not self._complaints or self.question.aspects != {Aspect.CHOICE}:
            return False
        named = {term.id for term in self.glossary.terms_in(candidate.body) if term.kind in DRUG_KINDS}
        return bool(
            named - self.subject.kin
            and gives(candidate.body, Aspect.EFFICACY)
            and manifestations(candidate.body, self.glossary) & self._complaints
        )

    @cached_property
    def _complaints(self) -> AbstractSet[str]:
        """Ids of the complaints asked about and of what they are signs of."""
        return {
            t.id
            for term in self.question.terms
            for t in (term, *self.glossary.ancestors(term))
            if t.kind is TermKind.MANIFESTATION
        } | {cause for term in self.question.terms for cause in term.signs_of}

    @cached_property
    def _is_particular(self) -> bool:
        """Does the question name more than a drug, a disease and that it wants to know whether it helps?"""
        named = {f"§{term.id}" for term in self.question.terms if term.kind in GENERAL}
        return any(item not in named | self.question.wanting | PERSONS for item in self.question.stems)

    def _cohort(self, candidate: Candidate) -> float:
        """A statement of a study with another number of patients than the one spoken of."""
        size, asked = candidate.retrieved.document.n, self.question.cohort
        return OTHER_COHORT if size and asked and asked > FEW and size != asked else 1.0

    def _news(self, candidate: Candidate) -> float:
        """A statement that only repeats the question answers nothing."""
        stems = set(content(candidate.body, self.glossary))
        return 1.0 if not stems or len(stems - self.heard) / len(stems) >= LEAST_NEWS else 0.75

    def _list_bonus(self, candidate: Candidate) -> float:
        """A whole list answers when its introduction was asked for, a single item when the item was."""
        items = (candidate.retrieved.passage.sentences[index].text for index in candidate.indices)
        asked_for = sum(known(item, self.glossary).any_of(self.weights) for item in items)
        if asked_for == 0:
            return 0.05
        return -0.08 if asked_for == 1 else 0.02


@lru_cache(maxsize=32_768)
def _diseases(text: str, glossary: Glossary) -> frozenset[str]:
    """Ids of the diseases that a text names, and of what they are forms of."""
    named = [term for term in glossary.terms_in(text) if term.kind is TermKind.DISEASE]
    return frozenset(each.id for term in named for each in (term, *glossary.ancestors(term)))


def _scaled(similarity: float) -> float:
    """Cosines of related sentences lie between 0.1 and 0.8 for this family of models."""
    return min(1.0, max(0.0, (similarity - 0.1) / 0.65))


def _is_sayable(candidate: Candidate) -> bool:
    """Half sentences and questions are never said."""
    return not candidate.body.rstrip().endswith("?") and count_words(candidate.text) >= 3
