"""Takes up what is in the inbox: one row at a time in a lane, all lanes at once, until each row is finished."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

from telegram.error import Forbidden

from bot.channels.logs import begin_question, log_failure, told
from bot.channels.telegram.calls import Sleep, is_outage
from bot.channels.telegram.ports import Inbox
from bot.domain.errors import StoreError
from bot.domain.inbox import ArrivalKind, ArrivalState, Claimed

logger = logging.getLogger(__name__)

AT_ONCE = 1000
"""Rows in work. Most of them wait for Telegram."""
MOST_ATTEMPTS = 5
LEASE = timedelta(seconds=60)
HEARTBEAT_S = 20.0
LOOK_S = 1.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 10.0
LAST_MOMENT_S = 1.0
LOOK_AGAIN_S = 2.0
"""How soon the database is asked again that wasn't there."""
RETRY = timedelta(seconds=1)


class TakenOverError(Exception):
    """Another worker has this row by now, and deals with it."""


class Bell:
    """Rung when there is something to take up. Who adds a row holds `lock` while it isn't ready to be taken up yet."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self._rung = asyncio.Event()
        self._others = True

    def ring(self, *, questions: bool = False) -> None:
        """There is something. `questions`: nothing else can have become ready to be taken up."""
        self._others |= not questions
        self._rung.set()

    def still(self) -> bool:
        """What was there is being looked at. May there be anything but questions?"""
        others, self._others = self._others, False
        self._rung.clear()
        return others

    async def heard(self, seconds: float) -> None:
        """Wait until it is rung, but not longer than this."""
        with suppress(TimeoutError):
            # Not `wait_for`: in Python 3.11 it swallows a cancellation that comes together with the ring.
            async with asyncio.timeout(seconds):
                await self._rung.wait()


class Desk:
    """Works through the inbox as `worker`.

    `handle` deals with a row; what it raises is tried again, five times in all, while an outage of Telegram is waited
    for. `give_up` says so to whoever asked. Of questions at most `at_once` are being answered; one whose answer
    `is_made` only waits to be delivered.
    """

    def __init__(
        self,
        inbox: Inbox,
        *,
        handle: Callable[[Claimed], Awaitable[None]],
        give_up: Callable[[Claimed], Awaitable[None]],
        worker: str,
        bell: Bell,
        at_once: int,
        is_made: Callable[[int], bool],
        sleep: Sleep = asyncio.sleep,
        retry: timedelta = RETRY,
    ) -> None:
        self._inbox = inbox
        self._handle = handle
        self._give_up = give_up
        self._worker = worker
        self._sleep = sleep
        self._retry = retry
        self._bell = bell
        self._at_once = at_once
        self._is_made = is_made
        self._running: dict[int, asyncio.Task[None]] = {}
        self._questions: set[int] = set()

    @property
    def at_work(self) -> frozenset[int]:
        """The rows in work."""
        return frozenset(self._running)

    async def run(self) -> None:
        """Take rows up until cancelled."""
        heartbeat, looked = asyncio.create_task(self._beat()), 0.0
        try:
            while True:
                now = time.monotonic()
                if others := self._bell.still() or now - looked >= LOOK_S:
                    looked = now
                await self.take(others=others)
                await self._bell.heard(LOOK_S)
        finally:
            heartbeat.cancel()

    async def take(self, *, others: bool = True) -> None:
        """Take up the questions that may be taken up now, and `others`: all else, too."""
        try:
            async with self._bell.lock:
                if others:
                    await self._claim(AT_ONCE - len(self._running), questions=False)
                making = sum(not self._is_made(row) for row in self._questions)
                await self._claim(min(AT_ONCE - len(self._running), self._at_once - making), questions=True)
        except StoreError as error:
            logger.error("The inbox could not be read: %s", error)  # noqa: TRY400 - a traceback tells nothing more

    async def _claim(self, room: int, *, questions: bool) -> None:
        """No more questions than can be answered now: a crash counts as a try of whatever is claimed."""
        if room <= 0:
            return
        for claimed in await self._inbox.claim(self._worker, limit=room, lease=LEASE, questions=questions):
            row = claimed.arrival.id
            if questions:
                self._questions.add(row)
            self._running[row] = asyncio.create_task(self._work(claimed))

    async def keep(self) -> bool:
        """Renew the claims on everything in work; what others have taken over is left to them.

        False: the database couldn't be used.
        """
        for row, task in list(self._running.items()):
            try:
                if await self._inbox.extend(row, self._worker, LEASE):
                    continue
                if await self._inbox.state(row) is ArrivalState.NEW:
                    logger.warning("Row %s of the inbox was taken over by another worker", row)
                    task.cancel()
            except StoreError as error:
                logger.warning("A claim could not be renewed: %s", error)
                return False
        return True

    async def idle(self) -> None:
        """Wait until nothing is in work."""
        while self._running:
            await asyncio.wait(list(self._running.values()))

    async def stop(self, grace: float) -> int:
        """Give the work in hand `grace` seconds, then put it back for the next start; returns how many rows."""
        if self._running:
            await asyncio.wait(list(self._running.values()), timeout=grace)
        left = dict(self._running)
        for task in left.values():
            task.cancel()
        if left:
            await asyncio.wait(list(left.values()), timeout=LAST_MOMENT_S)
        for row in left:
            try:
                await self._inbox.release(row, self._worker)
            except StoreError as error:
                logger.warning("A claim could not be given back and will run out: %s", error)
        return len(left)

    async def _beat(self) -> None:
        pause = HEARTBEAT_S
        while True:
            await asyncio.sleep(pause)
            pause = HEARTBEAT_S if await self.keep() else LOOK_AGAIN_S

    async def _work(self, claimed: Claimed) -> None:
        row = claimed.arrival.id
        began = time.perf_counter()
        begin_question(claimed.arrival.answer_id)
        logger.info("taken up", extra=told(kind=claimed.arrival.kind.value, attempt=claimed.attempts))
        try:
            if claimed.attempts > MOST_ATTEMPTS:  # It never came to an end, nor to an error: it may kill the process.
                await self._bury(claimed, "attempts")
            else:
                await self._handle(claimed)
                await self._stored(lambda: self._inbox.complete(row))
            logger.info("dealt with", extra=told(ms=round((time.perf_counter() - began) * 1000)))
        except TakenOverError:
            logger.warning("Row %s of the inbox was taken over by another worker", row)
        except Exception as error:  # noqa: BLE001 - whatever it was, the next row is dealt with
            log_failure(logger, "A row of the inbox could not be dealt with", error)
            await self._failed(claimed, error)
        finally:
            self._running.pop(row, None)
            self._questions.discard(row)
            self._bell.ring(questions=claimed.arrival.kind is ArrivalKind.QUESTION)

    async def _failed(self, claimed: Claimed, error: Exception) -> None:
        row = claimed.arrival.id
        try:
            if isinstance(error, Forbidden):
                logger.warning("A message could not be delivered: the bot was blocked or removed")
                await self._stored(lambda: self._inbox.bury(row, "forbidden"))
            elif is_outage(error) or (isinstance(error, StoreError) and error.passes):
                await self._stored(lambda: self._inbox.release(row, self._worker))
            elif claimed.attempts >= MOST_ATTEMPTS:
                await self._bury(claimed, type(error).__name__)
            else:
                # When this short claim has run out, it's tried again, here or elsewhere.
                await self._inbox.extend(row, self._worker, self._retry * 2 ** (claimed.attempts - 1))
        except StoreError as failure:
            logger.warning("A failed row stays claimed until its claim has run out: %s", failure)

    async def _bury(self, claimed: Claimed, reason: str) -> None:
        try:
            await self._give_up(claimed)
        except Exception as error:  # noqa: BLE001 - it ends here, said or not
            log_failure(logger, "That a question is given up could not be said", error)
        await self._stored(lambda: self._inbox.bury(claimed.arrival.id, reason))

    async def _stored(self, write: Callable[[], Awaitable[None]]) -> None:
        """Write down what became of a row, however long that takes: it must not be dealt with again, or not so late."""
        pause = FIRST_PAUSE_S
        while True:
            try:
                await write()
            except StoreError as error:
                logger.error("The inbox could not be written: %s", error)  # noqa: TRY400 - as above
            else:
                return
            await self._sleep(pause)
            pause = min(2 * pause, LOOK_AGAIN_S)
