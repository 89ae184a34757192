"""A language model that plays what it's told, piece by piece, and remembers what it was asked."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from datetime import date
from typing import TypeAlias

from bot.answering.language_model import Piece
from bot.domain.spending import Spent


class Hangs:
    """Silence from here on."""


Act: TypeAlias = str | Piece | Exception | Hangs


class PlayedModel:
    """Plays one row of acts a call: pieces of text, an error to raise, or silence. `closed` counts ended streams."""

    def __init__(self, *calls: Sequence[Act] | str | Exception, name: str = "first") -> None:
        self.name = name
        self.calls = deque((call,) if isinstance(call, str | Exception) else call for call in calls)
        self.asked: list[tuple[str, str]] = []
        self.closed = 0
        self.given = 0
        """Pieces that were taken."""
        self.hanging = asyncio.Event()

    async def stream(self, system: str, user: str) -> AsyncGenerator[Piece]:
        """The next row."""
        self.asked.append((system, user))
        assert self.calls, f"call {len(self.asked)} of {self.name} is beyond its script"
        try:
            for act in self.calls.popleft():
                match act:
                    case Exception():
                        raise act
                    case Hangs():
                        self.hanging.set()
                        await asyncio.Event().wait()
                    case _:
                        self.given += 1
                        yield Piece(text=act) if isinstance(act, str) else act
        finally:
            self.closed += 1


class ListLedger:
    """Spending in a list."""

    def __init__(self, *spent: tuple[str, int]) -> None:
        self.spent_by = list(spent)

    async def spent(self, user: str, day: date) -> Spent:
        """What was added."""
        by_user = sum(tokens for who, tokens in self.spent_by if who == user)
        return Spent(by_user=by_user, by_all=sum(tokens for _, tokens in self.spent_by))

    async def add(self, user: str, day: date, tokens: int) -> None:
        """Keep it."""
        self.spent_by.append((user, tokens))
