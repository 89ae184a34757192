"""What was deleted when somebody asked to be forgotten, or when it grew too old, and the note that is kept of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Forgotten:
    """How many records were deleted, by kind: turns, messages, arrivals, feedback, audience, spending, reviews.

    Where they grew too old, erasures, too: the notes of what was deleted.
    """

    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All kinds together."""
        return sum(self.counts.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class Erasure:
    """That a user was forgotten: their keyed hash, those of their private chat and of choices in it, and when."""

    user: str
    chat: str
    scope: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ForgottenAgain:
    """What was deleted again in a copy: how many records, of how many users."""

    users: int
    records: int
