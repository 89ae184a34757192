"""What a channel may show while an answer is being made: the stage, and the claims that have passed the gate."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.answers import ClaimRole


class Stage(StrEnum):
    """What takes long enough to be told. Only a language model does."""

    WRITING = "writing"
    REPAIRING = "repairing"
    QUOTING = "quoting"


@dataclass(frozen=True, kw_only=True, slots=True)
class StageReached:
    """A stage has begun. `passages`: how many there are to read."""

    stage: Stage
    passages: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimPassed:
    """A claim was written and has passed the gate."""

    text: str
    role: ClaimRole


@dataclass(frozen=True, kw_only=True, slots=True)
class StartedAfresh:
    """The writer begins again: what was told before doesn't count."""


Event = StageReached | ClaimPassed | StartedAfresh
Listener = Callable[[Event], None]
