"""What was deleted when somebody asked to be forgotten, or when it grew too old."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Forgotten:
    """How many records were deleted, by kind: turns, messages, arrivals, feedback, audience, spending, reviews."""

    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All kinds together."""
        return sum(self.counts.values())
