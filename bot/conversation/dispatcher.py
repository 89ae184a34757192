"""Whose turn is it: one job at a time in a conversation, in order of arrival, several conversations at once."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
logger = logging.getLogger(__name__)


class Dispatcher:
    """Runs jobs in the order of their conversation, at most `at_once` of them at the same time.

    A job that waits for its predecessor takes no place among those at work, so a busy conversation never holds up
    another one. A job that fails never holds up its successors.
    """

    def __init__(self, at_once: int = 8) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._last: dict[str, asyncio.Future[None]] = {}
        self._unfinished: set[asyncio.Task[Any]] = set()

    @property
    def unfinished(self) -> int:
        """How many jobs are at work or wait."""
        return len(self._unfinished)

    def submit(self, conversation: str, job: Callable[[], Coroutine[Any, Any, T]]) -> asyncio.Task[T]:
        """Run `job` after everything that was submitted for this conversation before. Needs a running event loop.

        The task may be awaited for the result, or left alone: a failure is logged by its kind, never with its text.
        """
        before, over = self._last.get(conversation), asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._run(before, job))
        self._last[conversation] = over
        self._unfinished.add(task)
        task.add_done_callback(lambda done: self._finish(done, before, over))
        over.add_done_callback(lambda _: self._forget(conversation, over))
        return task

    async def drain(self, timeout: float) -> int:  # noqa: ASYNC109 - it gives up on jobs, it doesn't fail
        """Wait up to `timeout` seconds until nothing is at work; cancel what is left and return how many that were."""
        if self._unfinished:
            await asyncio.wait(self._unfinished, timeout=timeout)
        left = list(self._unfinished)
        for task in left:
            task.cancel()
        # A cancelled job gets the next moment to clean up, not more: one that refuses to end can't hold up the stop.
        await asyncio.sleep(0)
        return len(left)

    async def _run(self, before: asyncio.Future[None] | None, job: Callable[[], Coroutine[Any, Any, T]]) -> T:
        if before is not None:
            await asyncio.wait([before])
        async with self._places:
            return await job()

    def _finish(self, task: asyncio.Task[Any], before: asyncio.Future[None] | None, over: asyncio.Future[None]) -> None:
        self._unfinished.discard(task)
        if before is None or before.done():
            over.set_result(None)
        else:  # Cancelled while it waited: its successor still has to wait for its predecessor.
            before.add_done_callback(lambda _: over.set_result(None))
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("A job of a conversation failed: %s", type(error).__name__)

    def _forget(self, conversation: str, over: asyncio.Future[None]) -> None:
        if self._last.get(conversation) is over:
            del self._last[conversation]
