"""Deletes what is too old, when a bot is opened and once a day, whoever it talks to."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bot.domain.errors import StoreError
from bot.domain.forgetting import Forgotten

DAY_S = 86_400.0
logger = logging.getLogger(__name__)

Purge = Callable[[int], Awaitable[Forgotten]]
"""Deletes what is older than so many days, and what has days of its own."""


@asynccontextmanager
async def clear_daily(
    purge: Purge, retention_days: int, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> AsyncIterator[None]:
    """Purge before this is entered, and each day while it is open. What fails is logged, and tried the next day."""
    await _clear(purge, retention_days)
    going_on = asyncio.create_task(_every_day(purge, retention_days, sleep))
    try:
        yield
    finally:
        going_on.cancel()
        await asyncio.gather(going_on, return_exceptions=True)


async def _every_day(purge: Purge, retention_days: int, sleep: Callable[[float], Awaitable[None]]) -> None:
    while True:
        await sleep(DAY_S)
        await _clear(purge, retention_days)


async def _clear(purge: Purge, retention_days: int) -> None:
    try:
        await purge(retention_days)
    except StoreError as error:
        logger.warning("What is old could not be deleted: %s", error)
