"""A file in the data folder that the running program touches, so that others can tell whether it still turns."""

import asyncio
import logging
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

EVERY_S, LATE_S = 5.0, 30.0
"""Seconds between two beats, and seconds after which there should have been one."""
GONE_S = 24 * 3600.0
"""After so many seconds without a beat nobody will come back."""

logger = logging.getLogger(__name__)


def heart(data: Path) -> Path:
    """The file: each machine or container has its own, so that none in a shared folder hides that another hangs."""
    return data / f"heartbeat-{socket.gethostname()}"


def forget_beats(data: Path) -> None:
    """What a killed program left says nothing of the next one; nor do containers that are long gone."""
    with suppress(OSError):  # A folder that can't be written is told of where it is first needed.
        heart(data).unlink(missing_ok=True)
        for other in data.glob("heartbeat*"):
            if time.time() - other.stat().st_mtime > GONE_S:
                other.unlink(missing_ok=True)


@asynccontextmanager
async def beating(data: Path, every: float = EVERY_S) -> AsyncIterator[None]:
    """As long as this lasts and the event loop turns, the file is fresh."""
    beats = asyncio.create_task(_beat(heart(data), every))
    try:
        yield
    finally:
        beats.cancel()
        forget_beats(data)


async def _beat(path: Path, every: float) -> None:
    failing = False
    while True:
        try:
            path.touch()  # noqa: ASYNC240 - as quick as a call; a thread for it would be slower
            failing = False
        except OSError as error:
            if not failing:
                logger.warning("The data folder can't be written: %s", error.strerror)
            failing = True
        await asyncio.sleep(every)


def last_beat(data: Path) -> float | None:
    """How many seconds ago the program gave a sign; None where it isn't running, or hasn't finished starting."""
    try:
        return max(0.0, time.time() - heart(data).stat().st_mtime)
    except OSError:
        return None
