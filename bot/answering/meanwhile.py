"""What is computed while a language model writes: in a thread that has ended before its answer is judged."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

log = logging.getLogger(__name__)

AFTER_S = 0.05
"""Seconds until the prompt is surely on its way; a model that has failed or written by then is never slowed down."""
IsOver = Callable[[], bool]


@asynccontextmanager
async def meanwhile(work: Callable[[IsOver], None], after: float = AFTER_S) -> AsyncIterator[None]:
    """Work beside the block. `work` looks at what it is given, and ends soon once the block is over.

    Nothing is begun where the block is over within `after` seconds. What `work` raises costs the block nothing.
    """
    over = asyncio.Event()

    async def begin() -> None:
        try:
            await asyncio.wait_for(over.wait(), after)
        except TimeoutError:
            await asyncio.to_thread(work, over.is_set)

    beside = asyncio.create_task(begin())
    try:
        yield
    finally:
        over.set()
        (problem,) = await asyncio.gather(beside, return_exceptions=True)
        if isinstance(problem, Exception):
            log.warning("what was computed meanwhile failed: %s", type(problem).__name__)
