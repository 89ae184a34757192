"""Waiting for several things at once, and for none too long."""

import asyncio
import logging
from collections.abc import Awaitable

logger = logging.getLogger(__name__)


async def first(*waits: Awaitable[object]) -> None:
    """Wait for the first to end, cancel the others, and raise what the first raised."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


async def within(seconds: float, step: Awaitable[object]) -> None:
    """One step of the stop; neither its failure nor its slowness keeps the next ones from happening."""
    try:
        await asyncio.wait_for(step, seconds)
    except Exception as error:  # noqa: BLE001 - the stop goes on
        logger.warning("A step of the stop failed: %s", type(error).__name__)
