"""Finds where documents say different things on what was asked; sources that merely say different things don't count.

In this order: what a curator has written down; doses or schedules of one drug; drugs recommended for one situation; an
effect or a harm that one reports and another denies; the two answers to "is it A or B, do sources agree?".
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from bot.answering.attribution import is_reported, takes_a_position
from bot.answering.candidates import Candidate
from bot.answering.conflicts import find_stated
from bot.answering.language import content, every_word
from bot.answering.matching import RELATED
from bot.answering.question import Aspect, ParsedQuestion
from bot.answering.rank import Ranked
from bot.answering.reading import family, known
from bot.answering.schemes import Scheme, amounts_differ, are_comparable, read_schemes, schedules_differ
from bot.answering.situations import manifestations, one_indication, tried_and_named
from bot.answering.stances import Advice, advise_differently, contradict, read_advice, read_report
from bot.domain.answers import Matter
from bot.domain.glossary import DRUG_KINDS, Glossary, Term

REACH, ASKED_REACH = 0.62, 0.42
"""Shares of the best score that a side's statement must reach: less when a comparison was asked for."""
MOST_SIDES = 3
EACH_SAYS = 3
"""Documents whose best statement is shown where a comparison was asked for."""

T = TypeVar("T")
Dosed = tuple[Candidate, Scheme]


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """Statements of different documents that say different things; `reasons` are a curator's."""

    matter: Matter
    subject: str
    sides: tuple[Candidate, ...]
    reasons: tuple[str, ...] = ()

    @property
    def documents(self) -> frozenset[str]:
        """Paths of the documents that differ."""
        return frozenset(side.document for side in self.sides)


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """The statements for one question that may be sides."""

    question: ParsedQuestion
    ranked: Sequence[Ranked]
    glossary: Glossary

    def differences(self) -> Iterator[Difference]:
        """Every disagreement, what a curator has stated first."""
        for stated in find_stated(self.question, self.ranked, self.glossary):
            sides = stated.sides[:MOST_SIDES]
            yield Difference(matter=Matter.STATED, subject=stated.topic, sides=sides, reasons=stated.reasons)
        for find in (self._doses, self._choices, self._effects, self._answers):
            found = find()
            if found is not None:
                yield found

    def each_says(self) -> tuple[Candidate, ...]:
        """Where a comparison or a choice is asked for: the statement for each thing, else the best of each document."""
        sides = self._alternatives()
        if sides or not self.question.compares:
            return sides
        best: dict[str, Candidate] = {}
        for item in self.ranked:
            if item.score >= self.ranked[0].score * ASKED_REACH:
                best.setdefault(item.candidate.document, item.candidate)
        return tuple(best.values())[:EACH_SAYS] if len(best) > 1 else ()

    def _near(self, reach: float) -> list[Candidate]:
        """Statements near the best, what a source says itself before what is said about it."""
        least = self.ranked[0].score * (ASKED_REACH if self.question.compares else reach)
        near = [item.candidate for item in self.ranked if item.score >= least]
        return sorted((each for each in near if takes_a_position(each)), key=is_reported)

    def _drugs(self) -> tuple[Term, ...]:
        return tuple(term for term in self.question.terms if term.kind in DRUG_KINDS)

    def _doses(self) -> Difference | None:
        """Doses or schedules of an asked drug of which neither can be put into the other."""
        dose = self.question.wants(Aspect.DOSE)
        if not (dose or self.question.wants(Aspect.DURATION)):
            return None
        near = [candidate for candidate in self._near(REACH) if not candidate.is_list]
        for drug in self._drugs():
            dosed = [(c, scheme) for c in near for scheme in read_schemes(c, [drug.id], self.glossary)]
            if dose and (sides := self._pair_up(dosed, amounts_differ)):
                return Difference(matter=Matter.DOSE, subject=drug.name, sides=sides)
            if sides := self._pair_up(dosed, schedules_differ):
                return Difference(matter=Matter.SCHEDULE, subject=drug.name, sides=sides)
        return None

    def _pair_up(self, dosed: Sequence[Dosed], differ: Callable[[Scheme, Scheme], bool]) -> tuple[Candidate, ...]:
        held: dict[str, list[Scheme]] = {}
        for candidate, scheme in dosed:
            held.setdefault(candidate.document, []).append(scheme)

        def disagree(one: Dosed, other: Dosed) -> bool:
            mine, theirs = one[1], other[1]
            if not (are_comparable(mine, theirs) and differ(mine, theirs)):
                return False
            if not one_indication(one[0], other[0], self.glossary):
                return False
            # Where each document holds the other's scheme too, they only tell it in another order.
            return all(differ(mine, each) for each in held[other[0].document]) or all(
                differ(theirs, each) for each in held[one[0].document]
            )

        return tuple(candidate for candidate, _ in _sides(dosed, lambda each: each[0].document, disagree))

    def _choices(self) -> Difference | None:
        """Different drugs recommended for what was asked; who names a drug asks for that one, not for a choice."""
        _, named = tried_and_named(self.question.text, self.glossary)
        if named or not self.question.wants(Aspect.CHOICE):
            return None
        given = frozenset(term.id for term in self.question.terms)
        advice = [a for c in self._near(REACH) if (a := read_advice(c, self.glossary)) and self._is_asked(a)]
        sides = _sides(
            advice,
            lambda each: each.candidate.document,
            lambda one, other: (
                advise_differently(one, other, given, self.glossary)
                and self._for_the_same(one.candidate, other.candidate)
            ),
        )
        subject = ", ".join(term.name for term in self._drugs())
        return (
            Difference(matter=Matter.CHOICE, subject=subject, sides=tuple(a.candidate for a in sides))
            if sides
            else None
        )

    def _is_asked(self, advice: Advice) -> bool:
        """Is it for the complaint, and after the drugs, that the question names?"""
        about = manifestations(advice.candidate.body, self.glossary)
        asked = manifestations(self.question.text, self.glossary)
        drugs = {term.id for term in self._drugs()}
        tried = {t.id for t in advice.tried} | {a.id for t in advice.tried for a in self.glossary.ancestors(t)}
        return not (about and asked and not about & asked) and not (tried and drugs and not tried & drugs)

    def _for_the_same(self, one: Candidate, other: Candidate) -> bool:
        """Where the question names no complaint, are both for one complaint, or both for none in particular?"""
        mine, theirs = (manifestations(each.body, self.glossary) for each in (one, other))
        return bool(manifestations(self.question.text, self.glossary) or mine & theirs or not (mine or theirs))

    def _effects(self) -> Difference | None:
        """A benefit or harm of one drug that one document reports and another denies."""
        kin = {each.id for term in self._drugs() for each in (term, *self.glossary.ancestors(term))}
        for aspect, matter in ((Aspect.SAFETY, Matter.SAFETY), (Aspect.EFFICACY, Matter.EFFECT)):
            if not kin or not self.question.wants(aspect):
                continue
            near = self._near(REACH)
            reports = [report for each in near if (report := read_report(each, aspect, self.glossary))]
            for one, other in combinations([report for report in reports if report.drug in kin], 2):
                if one.candidate.document != other.candidate.document and contradict(one, other, self.glossary):
                    term = self.glossary.term(one.drug)
                    subject = term.name if term else one.drug
                    return Difference(matter=matter, subject=subject, sides=(one.candidate, other.candidate))
        return None

    def _answers(self) -> Difference | None:
        """Do sources agree whether it's A or B, of one drug: the statement for each, from different documents."""
        drugs = self._drugs()
        if not self.question.compares or len(drugs) != 1:
            return None  # between two drugs there is a choice, and each may well be right
        sides = self._alternatives()
        return Difference(matter=Matter.ANSWER, subject=drugs[0].name, sides=sides) if sides else None

    def _alternatives(self) -> tuple[Candidate, ...]:
        """For `A or B`: the best statement for each, from different documents."""
        if len(self.question.alternatives) != 2:
            return ()
        drugs = {term.id for term in self._drugs()} if len(self._drugs()) == 1 else set()
        near = [
            c for c in self._near(REACH) if drugs <= family(c.body, self.glossary) | family(c.context, self.glossary)
        ]
        mine, theirs = (self._stems(part) for part in self.question.alternatives)
        sides: list[Candidate] = []
        for own, other in ((mine - theirs, theirs - mine), (theirs - mine, mine - theirs)):
            used = {candidate.document for candidate in sides}
            fits = [(self._held(own, c), -self._held(other, c), c) for c in near if c.document not in used]
            best = max(fits, key=lambda fit: fit[:2], default=None)
            if best is None or not best[0]:
                return ()
            sides.append(best[2])
        return tuple(sides)

    def _named(self, candidate: Candidate) -> frozenset[str]:
        """Ids of what a statement and its place name, and of their classes."""
        return family(candidate.body, self.glossary) | family(candidate.context, self.glossary)

    def _stems(self, text: str) -> set[str]:
        return {*content(text, self.glossary), *every_word(text)}

    def _held(self, wanted: set[str], candidate: Candidate) -> int:
        """How many of these words a statement has, or has a word for."""
        held = known(candidate.text, self.glossary)
        return sum(held.credit(item) >= RELATED for item in wanted)


def _sides(items: Sequence[T], document: Callable[[T], str], disagree: Callable[[T, T], bool]) -> tuple[T, ...]:
    """The first two that disagree, and further ones that disagree with each of them; one of a document."""
    for one, other in combinations(items, 2):
        if document(one) != document(other) and disagree(one, other):
            sides = [one, other]
            for item in items:
                fresh = document(item) not in {document(side) for side in sides}
                if fresh and len(sides) < MOST_SIDES and all(disagree(side, item) for side in sides):
                    sides.append(item)
            return tuple(sides)
    return ()
