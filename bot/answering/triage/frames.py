"""What speaks for and against a sign: denied, past, "what if", asked about as in a textbook, told of somebody else.

The words of each frame are lists of the curators' file; which frames there are, and what they mean, stands here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bot.answering.triage.lexicon import Span, Written

LISTS = {
    "own": "words for a child or patient of the writer's, and pronouns for it: my, our, she, his",
    "first person": "I, me",
    "patient": "how notes name a patient: pt, child, 9 yo",
    "moment": "words that say that it happens now or began lately",
    "cry": "calls for help",
    "past": "words that say that it is long ago",
    "over": "words that say that it is gone",
    "not": "words that deny what follows",
    "not before": "words that deny what stands before them: nicht, pas, yok",
    "but": "words that end what a denial covers",
    "or": "words that carry a denial on",
    "if": "words that begin a supposition",
    "perhaps": "words that make what follows a possibility or a fear",
    "know if": "words after which an if supposes nothing: not sure if",
    "no not": "words that begin like a denial and are none: no one, not sure",
    "no moment": "words that look like a moment and are none: now tell me, new drugs",
    "asking": "words that a question begins with: what, how",
    "inverted": "words that ask only as the first word: is, can",
    "topic": "nouns of textbooks: management, incidence, risk",
    "people": "people in general: children, patients",
    "told": "sources of what happened to others: video, trial, forum",
    "exam": "words of examinations and invented cases",
    "elsewhere": "relatives and others who are not the patient",
}
"""The lists that a file of signs must have, and what each holds."""
BEGINNING = 4
"""Words of a sentence, or of a clause, among which a question begins."""
FILLERS = frozenset({"and", "so", "but", "or", "ok", "hi", "hello", "please", "also", "then", "y", "e", "und", "et"})
"""Words before a question's first one."""
DENIED = 4
"""Words that a denial reaches over."""
SIDES = 3
"""Words between a topic and the sign that it is about."""
CRY = 7
"""Words up to which a message that asks nothing may be a cry for help."""
SWEEPING = frozenset(
    {"no", "without", "denies", "denied", "nil", "ohne", "kein", "keine", "sans", "sin", "senza", "sem"}
)
"""Denials that reach over a whole list."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Frames:
    """The frames of one message by the tokens that they stand at."""

    written: Written
    at: Mapping[str, tuple[Span, ...]]
    read: bool

    @classmethod
    def of(cls, written: Written, spans: Mapping[str, Sequence[Span]], measures: frozenset[str]) -> "Frames":
        """The frames of a message in which these words were found."""
        at = {name: tuple(spans.get(name, ())) for name in LISTS}
        for name in ("moment", "not"):
            at[name] = tuple(span for span in at[name] if not any(map(partial(_within, span), at[f"no {name}"])))
        return cls(written=written, at=at, read=any(name in spans for name in measures))

    def allow(self, place: Span, *, certain: bool, firm: bool) -> bool:
        """Does what stands at this place happen now to a person? `certain`: it needs no word for person or moment."""
        if self.is_denied(place) or self._is_past(place) or self._is_of_others(place):
            return False
        if firm:
            return self._has_person(place) or not self._is_general(place)
        if self._is_supposed(place) or self._is_about(place) or self._is_asked(place):
            return False
        return certain or self._is_actual(place)

    def is_denied(self, place: Span) -> bool:
        """Does a "no" stand before this, or a "nicht" behind?"""
        tokens = self.written.tokens
        here = tokens[place.start]
        for span in self._of("not", here.sentence):
            if span.end > place.start or self._between("but", span.end, place.start):
                continue
            within = tokens[span.start].clause == here.clause and (
                place.start - span.end < DENIED or self._between("or", span.end, place.start)
            )
            sweeps = tokens[span.start].text in SWEEPING and (
                self._between("or", span.end, place.start)
                or any(tokens[other.start].clause == here.clause for other in self._after("or", place.end, 3))
                or tokens[span.start].text.startswith("den")
            )
            if within or sweeps:
                return True
        if any(_within(span, place) for span in self._of("not", here.sentence)):
            return False
        return any(
            place.end <= span.start <= place.end + 1 and tokens[span.start].clause == tokens[place.end - 1].clause
            for span in self._of("not before", here.sentence)
        )

    def _is_past(self, place: Span) -> bool:
        here = self.written.tokens[place.start]
        if self._in_sentence("over", here.sentence):
            return True
        if self._in_clauses("moment", self._clauses(place)):
            return False
        return self._in_clauses("past", self._clauses(place))

    def _is_of_others(self, place: Span) -> bool:
        """Is it told of a film, a trial, an exam, or of a relative's past?"""
        here = self.written.tokens[place.start]
        if self.at["exam"] and not self._in_sentence("moment", here.sentence):
            return True
        told = [span for span in self._of("told", here.sentence) if span.start < place.start]
        if told and not self._in_sentence("moment", here.sentence):
            return True
        others = [span for span in self._of("elsewhere", here.sentence) if span.start < place.start]
        return bool(others) and not self._in_sentence("moment", here.sentence)

    def _is_supposed(self, place: Span) -> bool:
        here = self.written.tokens[place.start]
        clauses = self._clauses(place)
        if self._in_clauses("moment", clauses):
            return False
        for span in self._of("if", here.sentence):
            known = any(0 <= span.start - before.end <= 1 for before in self.at["know if"])
            if not known and span.start < place.end and self.written.tokens[span.start].clause in clauses:
                return True
        return any(
            (0 <= place.start - span.end <= DENIED and self.written.tokens[span.start].clause in clauses)
            or place.start <= span.start < place.end
            for span in self._of("perhaps", here.sentence)
        )  # fmt: skip

    def _is_about(self, place: Span) -> bool:
        """Is it a topic's complement, "signs of choking" or "choking risk", with nobody between them?"""
        here = self.written.tokens[place.start]
        clauses = self._clauses(place)
        if self._in_clauses("moment", clauses):
            return False
        for span in self._of("topic", here.sentence):
            if self.written.tokens[span.start].clause not in clauses:
                continue
            if 0 <= place.start - span.end <= SIDES and not self._between("own", span.end, place.start):
                return True
            if 0 <= span.start - place.end <= 1 and not self._in_clauses("own", clauses):
                return True
        return False

    def _is_asked(self, place: Span) -> bool:
        """Does it stand in a textbook's question: of nobody's child, with no moment and no reading?"""
        here = self.written.tokens[place.start]
        clauses = self._clauses(place)
        if self.read or self._has_person(place) or self._in_clauses("moment", clauses):
            return False
        if self._is_general(place):
            return not self._in_sentence("own", here.sentence) and not self._in_sentence("moment", here.sentence)
        sentence = list(self.written.sentence(here.sentence))
        clause = [at for at in sentence if self.written.tokens[at].clause in clauses]
        if self._begins(clause):
            return True
        asked = self._begins(sentence)
        return asked and not self._in_sentence("own", here.sentence)

    def _is_general(self, place: Span) -> bool:
        """Is its sentence one of a textbook, with a topic's noun or people in general?"""
        sentence = self.written.tokens[place.start].sentence
        return self._in_sentence("topic", sentence) or self._in_sentence("people", sentence)

    def _is_actual(self, place: Span) -> bool:
        """Is there a person, a moment, a reading or a cry for help anywhere in the message?"""
        if self.read or self.at["own"] or self.at["patient"] or self.at["moment"] or self.at["first person"]:
            return True
        if self.at["cry"] or self.written.called:
            return True
        return "?" not in self.written.text and len(self.written.tokens) <= CRY and place.end - place.start > 1

    def _has_person(self, place: Span) -> bool:
        """Is it told of somebody: in the same clause, or of the writer right beside it?"""
        beside = any(place.start - 2 <= span.start < place.end + 1 for span in self.at["first person"])
        return beside or self._in_clauses("own", self._clauses(place))

    def _begins(self, tokens: Sequence[int]) -> bool:
        first = next((at for at in tokens if self.written.tokens[at].text not in FILLERS), -1)
        return any(span.start in tokens[:BEGINNING] for span in self.at["asking"]) or any(
            span.start == first for span in self.at["inverted"]
        )

    def _clauses(self, place: Span) -> frozenset[int]:
        return frozenset(token.clause for token in self.written.tokens[place.start : place.end])

    def _of(self, name: str, sentence: int) -> Iterable[Span]:
        return (span for span in self.at[name] if self.written.tokens[span.start].sentence == sentence)

    def _in_sentence(self, name: str, sentence: int) -> bool:
        return any(True for _ in self._of(name, sentence))

    def _in_clauses(self, name: str, clauses: frozenset[int]) -> bool:
        return any(self.written.tokens[span.start].clause in clauses for span in self.at[name])

    def _between(self, name: str, start: int, end: int) -> bool:
        return any(start <= span.start < end for span in self.at[name])

    def _after(self, name: str, start: int, reach: int) -> Iterable[Span]:
        return (span for span in self.at[name] if start <= span.start <= start + reach)


def _within(span: Span, place: Span) -> bool:
    return place.start <= span.start and span.end <= place.end
