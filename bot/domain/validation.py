"""What was measured of the program, as it is told to its readers."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A share between 0 and 1 that a `command` measured of `writer` on `n` cases; `low` and `high`: its 95 % interval.

    `name` is that of its sentence in the wording, `figure.<name>`.
    """

    name: str
    value: float
    n: int
    date: date
    command: str
    writer: str = ""
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        """Refuse what nobody can have measured."""
        if not 0 <= self.value <= 1 or self.n < 1:
            raise ValueError(f"{self.name}: a figure is a share of at least one case: {self.value} of {self.n}")
        if (self.low is None) != (self.high is None):
            raise ValueError(f"{self.name}: an interval has two ends")
