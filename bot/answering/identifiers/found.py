"""What a finder of identifiers finds, and what every finder is."""

from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class IdentifierKind(StrEnum):
    """What sort of identifier it is."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    RECORD_NUMBER = "record_number"
    INSURANCE_NUMBER = "insurance_number"
    PHONE = "phone"
    MAIL = "mail"
    ADDRESS = "address"
    HANDLE = "handle"
    LINK = "link"
    SCHOOL = "school"
    DEVICE = "device"


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """An identifier: characters `start` to `end`. From `lead` on stand the words that only say what it is ("MRN")."""

    start: int
    end: int
    kind: IdentifierKind
    lead: int

    def __post_init__(self) -> None:
        if not 0 <= self.lead <= self.start < self.end:
            raise ValueError(f"no span of characters: {self.lead}, {self.start}, {self.end}")


class IdentifierFinder(Protocol):
    """Finds what identifies a person in a text."""

    def find(self, text: str) -> Sequence[Found]:
        """Every identifier, in any order; spans may overlap."""
        ...


@dataclass(frozen=True, slots=True)
class FinderTogether:
    """Several finders as one: what any of them finds."""

    finders: tuple[IdentifierFinder, ...]

    def find(self, text: str) -> Sequence[Found]:
        """Every identifier that one of them finds."""
        return [found for finder in self.finders for found in finder.find(text)]


class Spans:
    """Stretches of a text."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            else:
                self._starts.append(start)
                self._ends.append(end)

    def hold(self, at: int) -> bool:
        """Does a stretch hold this place?"""
        before = bisect(self._starts, at)
        return before > 0 and at < self._ends[before - 1]


def apart(found: Iterable[Found]) -> tuple[Found, ...]:
    """The identifiers in order, those that overlap as one of the kind of the longer."""
    joined: list[Found] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if joined and one.start < joined[-1].end:
            last = joined.pop()
            longer = max(last, one, key=lambda each: each.end - each.start)
            joined.append(
                Found(start=last.start, end=max(last.end, one.end), kind=longer.kind, lead=min(last.lead, one.lead))
            )
        else:
            lead = max(one.lead, joined[-1].end) if joined else one.lead
            joined.append(Found(start=one.start, end=one.end, kind=one.kind, lead=lead))
    return tuple(joined)
