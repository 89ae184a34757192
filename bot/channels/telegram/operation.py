"""What an operator has a part in: who hears of calls and of the stop, and whose turn it is to poll."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.channels.telegram.observing import Observe, unobserved
from bot.channels.telegram.turns import Alone, Lease, Turn

Told = Callable[[Turn], None]
"""Hears whose turn it is to poll, whenever that changes."""


def unheard(_: Turn) -> None:
    """Nobody hears."""


def unnoticed() -> None:
    """Nobody hears."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """A bot that runs alone and is looked at by nobody, unless something else is said."""

    observe: Observe = unobserved
    turn: Told = unheard
    leaving: Callable[[], None] = unnoticed
    """Hears that the bot begins to stop, before it takes in no more."""
    lease: Lease = field(default_factory=Alone)
