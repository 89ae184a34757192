"""Whose turn it is to poll: of several processes one fetches updates, the others answer along and wait."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Protocol

from bot.domain.errors import StoreError

logger = logging.getLogger(__name__)

LOOK_S = 2.0
"""Seconds between looks; a process that died is replaced about so soon."""
WAITS = "Another process polls for this bot. This one answers along, and polls when that one stops."
LOST = "The right to poll was lost with the database's connection. Trying to get it back."


class Turn(StrEnum):
    """Who polls."""

    OURS = "ours"
    ANOTHERS = "another's"


class Lease(Protocol):
    """The right to poll, which one process has at a time."""

    async def take(self) -> bool:
        """Take it unless another process has it. Raises StoreError; ConfigurationError where waiting doesn't help."""
        ...

    async def holds(self) -> bool:
        """Is it still ours?"""
        ...

    async def give_back(self) -> None:
        """Let the next one have it. Never raises."""
        ...


class Alone:
    """The lease of a bot that nobody shares."""

    async def take(self) -> bool:
        """It is ours."""
        return True

    async def holds(self) -> bool:
        """It stays so."""
        return True

    async def give_back(self) -> None:
        """There is nothing to give."""


class Turns:
    """Polls while the lease is ours. `told` hears whenever that changes."""

    def __init__(
        self,
        lease: Lease,
        *,
        announce: Callable[[str], None],
        told: Callable[[Turn], None],
        look: float = LOOK_S,
    ) -> None:
        self._lease = lease
        self._announce = announce
        self._told = told
        self._look = look

    async def run(self, poll: Callable[[], Awaitable[None]], stop: Callable[[], Awaitable[None]]) -> None:
        """Poll whenever it's our turn, until cancelled. Raises what `poll` and the lease raise."""
        while True:
            await self._taken()
            polling, lost = asyncio.ensure_future(poll()), asyncio.create_task(self._lost())
            try:
                await asyncio.wait([polling, lost], return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (polling, lost):
                    task.cancel()
                await asyncio.gather(polling, lost, return_exceptions=True)
                self._told(Turn.ANOTHERS)
                if not polling.cancelled():
                    polling.result()
            self._announce(LOST)
            await stop()

    async def end(self) -> None:
        """Let the next one poll."""
        await self._lease.give_back()

    async def _taken(self) -> None:
        is_said = False
        while not await self._take():
            if not is_said:
                self._announce(WAITS)
                is_said = True
                self._told(Turn.ANOTHERS)
            await asyncio.sleep(self._look)
        self._told(Turn.OURS)

    async def _take(self) -> bool:
        try:
            return await self._lease.take()
        except StoreError as error:
            logger.warning("The right to poll could not be asked for: %s", error)
            return False

    async def _lost(self) -> None:
        while await self._lease.holds():  # noqa: ASYNC110 - another process decides that
            await asyncio.sleep(self._look)
