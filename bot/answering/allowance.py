"""May a language model still be called for somebody today? Asked before a call; what it used is recorded afterwards."""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from bot.domain.errors import ModelFault, StoreError
from bot.domain.spending import Spent

log = logging.getLogger(__name__)

UNPAID = frozenset(
    {
        ModelFault.RATE_LIMITED,
        ModelFault.SERVER,
        ModelFault.UNREACHABLE,
        ModelFault.TOO_LONG,
        ModelFault.WRONG_KEY,
        ModelFault.GONE,
        ModelFault.OTHER,
    }
)
"""Faults that cost nothing where they come before a word was written: no model had begun to work."""


class Ledger(Protocol):
    """Where spending is kept, for all processes that share it."""

    async def spent(self, user: str, day: date) -> Spent:
        """What a user and all users together have spent on a day. Raises StoreError."""
        ...

    async def add(self, user: str, day: date, tokens: int) -> None:
        """Add to what a user has spent on a day. Raises StoreError."""
        ...


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """Tokens per day, for each user and in all; 0 is no limit."""

    ledger: Ledger
    per_user: int
    in_all: int
    today: Callable[[], date]
    _unrecorded: Counter[tuple[date, str]] = field(default_factory=Counter, init=False, repr=False, compare=False)
    """What the ledger couldn't take counts all the same while this process runs: a full disk buys no tokens."""

    async def permits(self, user: str, tokens: int) -> bool:
        """Would a call estimated at `tokens` stay within both limits? No, where a limit can't be looked up."""
        if not self.per_user and not self.in_all:
            return True
        day = self.today()
        try:
            spent = await self.ledger.spent(user, day)
        except StoreError as error:
            log.warning("spending not available: %s", type(error).__name__)
            return False
        by_user = spent.by_user + self._unrecorded[day, user] + tokens
        by_all = spent.by_all + sum(lost for (on, _), lost in self._unrecorded.items() if on == day) + tokens
        return not (self.per_user and by_user > self.per_user) and not (self.in_all and by_all > self.in_all)

    async def record(self, user: str, tokens: int) -> None:
        """Count what a call used. Never raises for the ledger's troubles."""
        day = self.today()
        try:
            await self.ledger.add(user, day, tokens)
        except StoreError as error:
            log.warning("spending not recorded: %s", type(error).__name__)
            for earlier in [key for key in self._unrecorded if key[0] < day]:
                del self._unrecorded[earlier]
            self._unrecorded[day, user] += tokens


def is_unpaid(fault: ModelFault, written: int) -> bool:
    """Did a call that failed after so many characters cost nothing?"""
    return fault in UNPAID and not written
