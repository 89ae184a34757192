"""What language models have cost, counted in tokens."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Spent:
    """The tokens of one day: one user's, and everybody's together."""

    by_user: int
    by_all: int
