"""Is the evidence enough? Being on topic is easy to tell; holding the answer is what is asked here.

Fails closed: a drug, disease or dose that was asked for and that no statement names means that we don't know.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from bot.answering.demanded import demands, meets
from bot.answering.doses import dose_owners
from bot.answering.language import content, every_word, stem
from bot.answering.matching import RELATED
from bot.answering.names import NAMED
from bot.answering.question import Aspect, ParsedQuestion
from bot.answering.rank import PERSONS, Informativeness, Ranked, weigh
from bot.answering.reading import known, known_in
from bot.answering.statements import INDISPENSABLE, REQUIRED, fulfilled
from bot.answering.subject import class_beside
from bot.answering.suitability import LACKING, NOT_OF_KIND, is_absence
from bot.domain.documents import PassageKind
from bot.domain.glossary import DRUG_KINDS, Glossary, Term, TermKind
from bot.domain.text import fold

TOLD = frozenset(TermKind) - {TermKind.CONCEPT}
NEAR_BEST = 0.62
"""Statements with this share of the best score count as evidence."""
MOST_OF_IT, CLOSE = 0.45, 0.45
OF_ANOTHER_DRUG = 0.6
"""Statements that are about what was asked by less than this speak of another drug."""
OF_ITS_CLASS = 0.88
"""Statements that name what was asked about, or its class."""
MUCH_CLOSER = 1.5
"""How much closer to the question what a document says that it lacks must be than any statement."""
FAR = 0.4
"""Cosine below which a statement shares words with a question, not what is meant."""
SAYS_LITTLE = frozenset(
    stem(word)
    for word in (
        "know understand think mean ask find look explain describe show detail info information data study thing way"
        " bit start begin try put receive happen happening role place thought opinion new 1 ok good bad right best even"
        " actually already yet today now lately tomorrow tonight morning evening day week month year"
        " doctor nurse specialist consultant clinic mum mom mother dad father child kid son daughter boy girl baby"
    ).split()
)
"""Words with which anything may be asked of a drug: what is asked isn't told by them."""
AIM = re.compile(
    r"\bto (?:see|know|tell|judge|decide|find out|learn|(?:be|make) sure) (?:if|whether|that|how)\b(?P<aim>[^?.;]*)"
)
NEARLY_ALL = 0.8
"""A statement that holds so much of a question, by weight, may answer it in spite of a word."""
SAME_MEANING = 0.6
"""Cosine from which a statement may answer without sharing a telling word with the question."""
NEARLY_THE_SAME = 0.68
"""The same for a question that doesn't say what kind of statement it wants: the name alone brings others near to it."""
EVERYWHERE = 1.0
"""Weight of a term that a third of all passages name: the library's own subject, which tells nothing of a question."""
TELLING = 0.2
"""A term that nothing names makes the question unanswerable from this share of the question's weight on."""

# A logistic model of "the best statement answers the question", fitted on development questions that a library answers
# and on the same questions with their sources taken out.
BIAS, BY_COVERAGE, BY_ASPECT, BY_LEXICAL = -10.5, 4.2, 3.5, 2.1
BY_MISSING, BY_FOREIGN, BY_LENGTH, LONG_WORD = -1.8, -1.2, 2.4, 6
THRESHOLD = 0.07
"""Least probability of that model with which we answer."""
ON_TOPIC = 0.35
"""Cosine below which the best passage is about something else, when the question names nothing of the field."""
ELSEWHERE = 0.3
"""The same whatever words they share: everyday ones (a time, a child, to help) stand in many statements."""


class Sufficiency(StrEnum):
    """What the evidence allows."""

    SUFFICIENT = "sufficient"
    PARTIAL = "partial"
    INSUFFICIENT = "insufficient"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, kw_only=True, slots=True)
class Assessment:
    """The judgement, how sure it is (0 to 1), and what isn't covered.

    `missing` are names of things that nothing is said about, `no_dose` drugs without a stated dose, `unanswered` parts
    of the question in its own words.
    """

    sufficiency: Sufficiency
    confidence: float
    missing: tuple[str, ...] = ()
    no_dose: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()

    @property
    def is_enough(self) -> bool:
        """May the statements themselves be said as an answer, or as a part of one?"""
        return self.sufficiency in {Sufficiency.SUFFICIENT, Sufficiency.PARTIAL}


def assess(
    question: ParsedQuestion,
    ranked: Sequence[Ranked],
    glossary: Glossary,
    weight: Informativeness,
    is_foreign: Callable[[str], bool] = lambda _: False,
) -> Assessment:
    """Judge the ranked statements for this question. `is_foreign` tells rare words that the library never uses."""
    if not ranked:
        return Assessment(sufficiency=Sufficiency.OUT_OF_SCOPE, confidence=0.0)
    best = ranked[0]
    weights = weigh(question, weight)
    total = sum(weights.values()) or 1.0
    near = [item for item in ranked if item.score >= best.score * NEAR_BEST]
    confidence = _confidence(question, near, is_foreign)
    judge = partial(Assessment, confidence=confidence)
    if _is_off_topic(question, ranked):
        return judge(sufficiency=Sufficiency.OUT_OF_SCOPE)
    if _lacks_its_kind(question, near):
        return judge(sufficiency=Sufficiency.INSUFFICIENT)
    missing = [
        term
        for term in question.terms
        if term.kind in TOLD
        and term.id not in question.failed
        and not (question.failed and term.kind is TermKind.MEASURE)  # how the failure showed
        and weight(f"§{term.id}") > EVERYWHERE
        and not _named(term, near, glossary)
        and not _named_by_class(term, near, question, glossary)
    ]
    if _says_that_it_lacks_it(ranked):
        return judge(sufficiency=Sufficiency.INSUFFICIENT)
    # What is only told of the patient doesn't make the question another one.
    telling = [
        t
        for t in missing
        if t.id not in question.told and (t.kind in NAMED or weights.get(f"§{t.id}", 0.0) >= TELLING * total)
    ]
    if telling and not _rest_is_answered(telling, question, weights):
        return judge(sufficiency=Sufficiency.INSUFFICIENT, missing=tuple(t.name for t in telling))
    no_dose = _without_dose(question, near, glossary)
    if no_dose and len(no_dose) == len([term for term in question.terms if term.kind is TermKind.DRUG]):
        return judge(sufficiency=Sufficiency.INSUFFICIENT, no_dose=tuple(t.name for t in no_dose))
    if demands(question) and not meets(best.candidate, question, glossary):
        return judge(sufficiency=Sufficiency.INSUFFICIENT, missing=tuple(t.name for t in missing))
    if confidence < THRESHOLD:
        off_topic = not question.terms and best.coverage < TELLING
        return judge(sufficiency=Sufficiency.OUT_OF_SCOPE if off_topic else Sufficiency.INSUFFICIENT)
    if (
        _is_about_another_drug(question, best)
        or _is_nowhere(question, near, weights, glossary)
        or _is_only_alike(question, near, weight)
    ):
        return judge(sufficiency=Sufficiency.INSUFFICIENT)
    if missing or no_dose:
        return judge(
            sufficiency=Sufficiency.PARTIAL,
            missing=tuple(t.name for t in missing),
            no_dose=tuple(t.name for t in no_dose),
        )
    return judge(sufficiency=Sufficiency.SUFFICIENT)


def _is_off_topic(question: ParsedQuestion, ranked: Sequence[Ranked]) -> bool:
    """Does it name nothing of the field, and mean nothing that the library speaks of?"""
    dense = max(item.candidate.retrieved.dense for item in ranked)
    if question.terms or dense >= ON_TOPIC:
        return False
    closest = max(item.coverage for item in ranked) if demands(question) else ranked[0].coverage
    return dense < ELSEWHERE or closest < CLOSE or _mostly_foreign(question, ranked)


def _lacks_its_kind(question: ParsedQuestion, near: Sequence[Ranked]) -> bool:
    """Does no statement near the best give what can't be missing, or any harms or tests where only these are asked?"""
    needed = question.aspects & INDISPENSABLE
    if needed and not any(fulfilled(needed, item.candidate.body) == 1.0 for item in near):
        return True
    only = len(question.aspects) == 1 and question.aspects <= NOT_OF_KIND.keys()
    names_drug = any(term.kind in DRUG_KINDS for term in question.terms)
    fitting = (item for item in near if item.about >= OF_ITS_CLASS and not is_absence(item.candidate))
    return only and names_drug and all(item.aspect == 0 for item in fitting)


def _is_about_another_drug(question: ParsedQuestion, best: Ranked) -> bool:
    """Is even the best statement about another drug than the one that was asked about?"""
    names_drug = any(term.kind in DRUG_KINDS for term in question.terms)
    body = best.candidate.retrieved.passage.kind is not PassageKind.METADATA
    return names_drug and not question.failed and body and best.about < OF_ANOTHER_DRUG


def _says_that_it_lacks_it(ranked: Sequence[Ranked]) -> bool:
    """Does a document say, closer to the question than any statement, that what was asked isn't in it?"""
    best = ranked[0]
    return any(
        item.score / LACKING >= best.score * MUCH_CLOSER
        and item.coverage >= best.coverage
        and is_absence(item.candidate)
        for item in ranked
    )


def _is_nowhere(
    question: ParsedQuestion, near: Sequence[Ranked], weights: Mapping[str, float], glossary: Glossary
) -> bool:
    """Does no statement near the best hold any of the words that tell this question from others of the library?

    Who is spoken of tells nothing, nor does the word that asks for a dose or a date. A statement that means the same in
    other words is near by its cosine. What is asked of a drug or a disease ("lose her hair") is told from its name: a
    statement that has only the name says something else of it.
    """
    meant = max(item.candidate.similarity for item in near)
    if meant >= (SAME_MEANING if question.aspects else NEARLY_THE_SAME) or near[0].coverage >= NEARLY_ALL:
        return False
    if question.sort and all(question.sort in item.missing for item in near):
        return True
    telling = [
        item
        for item in question.stems
        if item not in question.background | question.wanting
        and item not in PERSONS
        and not (_is_name(item, question) and weights[item] <= EVERYWHERE)
    ]
    aim = SAYS_LITTLE.union(*(content(match["aim"], glossary) for match in AIM.finditer(fold(question.text))))
    of_it = [item for item in telling if not _is_name(item, question) and item not in aim]
    return any(asked and all(item in other.missing for other in near for item in asked) for asked in (telling, of_it))


def _is_name(item: str, question: ParsedQuestion) -> bool:
    """Does it stand for a drug, a disease, an antibody or a concept of the field?"""
    return any(item == f"§{term.id}" and term.kind in {*NAMED, TermKind.CONCEPT} for term in question.terms)


def _is_only_alike(question: ParsedQuestion, near: Sequence[Ranked], weight: Informativeness) -> bool:
    """Does no statement mean anything like a question that names nothing, or only what all of the library is about?

    Of the latter only where it doesn't say what kind of answer it wants: a date isn't alike in meaning to its question.
    """
    names_more = any(weight(f"§{term.id}") > EVERYWHERE for term in question.terms)
    is_open = not names_more and not question.aspects
    return (is_open or not question.terms) and max(item.candidate.similarity for item in near) < FAR


def _mostly_foreign(question: ParsedQuestion, ranked: Sequence[Ranked]) -> bool:
    """Does no statement have more than half of the question's words, whatever they weigh?"""
    return min(len(item.missing) for item in ranked) > len(question.stems) / 2


def _confidence(question: ParsedQuestion, near: Sequence[Ranked], is_foreign: Callable[[str], bool]) -> float:
    """How likely the best statement answers the question, from 0 to 1."""
    best = near[0]
    # Whether a statement has a number can be told; whether it's a reason or a recommendation only guessed.
    firm = question.aspects & (REQUIRED | INDISPENSABLE)
    aspect = best.aspect if firm else (1 + best.aspect) / 2
    core = [item for item in question.stems if item not in question.background]
    missing = sum(item in best.missing for item in core) / (len(core) or 1)
    nowhere = [item for item in core if all(item in other.missing for other in near)]
    foreign = sum(len(item) >= LONG_WORD and is_foreign(item) for item in nowhere)
    z = (
        BIAS
        + BY_COVERAGE * best.coverage
        + BY_ASPECT * aspect
        + BY_LEXICAL * best.candidate.retrieved.lexical
        + BY_MISSING * missing
        + BY_FOREIGN * foreign
        # Who says much says much that no passage repeats.
        + BY_LENGTH * math.log(len(question.stems) + 1)
    )
    return 1 / (1 + math.exp(-z))


def _rest_is_answered(telling: Sequence[Term], question: ParsedQuestion, weights: Mapping[str, float]) -> bool:
    """Several drugs were asked about and a lesser part is missing: the others can be answered."""
    named = [term for term in question.terms if term.kind in DRUG_KINDS]
    share = sum(weights.get(f"§{term.id}", 0.0) for term in telling) / (sum(weights.values()) or 1.0)
    drugs = all(term.kind in DRUG_KINDS for term in telling)
    return drugs and len(telling) < len(named) and share < MOST_OF_IT


def _named(term: Term, near: Sequence[Ranked], glossary: Glossary) -> bool:
    """Does a statement near the best, its headings or its title name the term or a member of it?

    For what isn't a drug, disease or antibody its passage serves as well, and so do other words for the same thing.
    """
    wanted = {f"§{name}" for name in (term.id, *term.signs_of)}
    for item in near:
        held = [known(item.candidate.body, glossary), known(item.candidate.context, glossary)]
        if term.kind not in NAMED:
            held.append(known_in(item.candidate.retrieved.passage, glossary))
            for name in term.all_names:
                if all(any(part.credit(word) >= RELATED for part in held) for word in every_word(name)):
                    return True
        if any(part.any_of(wanted) for part in held):
            return True
    return False


def _named_by_class(term: Term, near: Sequence[Ranked], question: ParsedQuestion, glossary: Glossary) -> bool:
    """Does a drug's class stand for it: beside something else that was asked about, or where it holds for all members?

    Tests and the time to judge do, where the best statement tells them of the class; a dose doesn't. Tests are told of
    wide classes ("before a biologic"), times of narrow ones.
    """
    classes, others = class_beside(term, question, glossary)
    if any(h.any_of(classes) and h.any_of(others) for h in (known(i.candidate.body, glossary) for i in near)):
        return True
    if term.kind is not TermKind.DRUG or question.wants(Aspect.DOSE):
        return False
    above = {a.id for a in glossary.ancestors(term)} if question.wants(Aspect.MONITORING) else set()
    if question.wants(Aspect.DURATION):
        above |= set(term.classes)
    best = near[0]
    return best.aspect > 0 and any(t.id in above for t in glossary.terms_in(best.candidate.body))


def _without_dose(question: ParsedQuestion, near: Sequence[Ranked], glossary: Glossary) -> tuple[Term, ...]:
    """Drugs whose dose was asked for and that own no stated dose."""
    if not question.wants(Aspect.DOSE):
        return ()
    drugs = [term for term in question.terms if term.kind is TermKind.DRUG]
    dosed = {owner for item in near for owner in dose_owners(item.candidate.body, item.candidate.context, glossary)}
    # A drug's own forms count: who asks for methylprednisolone is told the dose of its infusions.
    return tuple(d for d in drugs if dosed.isdisjoint({d.id, *(form.id for form in glossary.members(d))}))
