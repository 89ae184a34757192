"""What a channel may show while an answer is being made: the stage, and the claims that have passed the gate."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.domain.answers import ClaimRole
from bot.domain.messages import IncomingMessage, Reply


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


class Respond(Protocol):
    """Who answers messages."""

    def __call__(self, message: IncomingMessage, listener: Listener | None = None, /) -> Awaitable[Reply]:
        """The reply; the listener hears of its making."""
        ...
