"""Whose turn it is to poll: taken, waited for, lost and got back."""

import asyncio
from collections.abc import Callable

import pytest

from bot.channels.telegram.turns import LOST, WAITS, Alone, Turn, Turns
from bot.domain.errors import ConfigurationError, StoreError

SOON = 10


class Lease:
    """Is ours as soon as `is_free`; `is_lost` takes it away."""

    def __init__(self, *troubles: Exception) -> None:
        self.troubles = list(troubles)
        self.is_free = True
        self.is_lost = False
        self.takes = 0

    async def take(self) -> bool:
        self.takes += 1
        if self.troubles:
            raise self.troubles.pop(0)
        self.is_lost = False
        return self.is_free

    async def holds(self) -> bool:
        return not self.is_lost

    async def give_back(self) -> None:
        self.is_free = True


class Polling:
    """Notes what is done, and lets a test wait for it."""

    def __init__(self, lease: Lease | Alone) -> None:
        self.done: list[str] = []
        self.changed = asyncio.Condition()
        self.turns = Turns(lease, announce=self.note, told=lambda turn: self.note(turn.value), look=0.001)

    def note(self, what: str) -> None:
        self.done.append(what)

    async def poll(self) -> None:
        self.note("polls")
        await asyncio.Event().wait()

    async def stop(self) -> None:
        self.note("stops")

    async def until(self, condition: Callable[[], bool]) -> None:
        """Run until it is so."""
        running = asyncio.create_task(self.turns.run(self.poll, self.stop))
        try:
            async with asyncio.timeout(SOON):
                while not condition():
                    if running.done():
                        running.result()
                    await asyncio.sleep(0)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def test_who_is_alone_polls() -> None:
    polling = Polling(Alone())
    await polling.until(lambda: "polls" in polling.done)
    assert polling.done == [Turn.OURS, "polls", Turn.ANOTHERS]


async def test_who_waits_says_so_once_and_polls_when_the_other_stops() -> None:
    lease = Lease()
    lease.is_free = False
    polling = Polling(lease)

    def after_some_tries() -> bool:
        lease.is_free = lease.takes > 3
        return "polls" in polling.done

    await polling.until(after_some_tries)
    assert polling.done[:4] == [WAITS, Turn.ANOTHERS, Turn.OURS, "polls"]


async def test_who_loses_it_stops_and_takes_it_again() -> None:
    lease = Lease()
    polling = Polling(lease)

    def lost_once() -> bool:
        lease.is_lost = polling.done.count("polls") == 1 and lease.takes == 1
        return polling.done.count("polls") == 2

    await polling.until(lost_once)
    assert polling.done[:7] == [Turn.OURS, "polls", Turn.ANOTHERS, LOST, "stops", Turn.OURS, "polls"]


async def test_a_database_that_is_down_is_waited_for() -> None:
    polling = Polling(Lease(StoreError("down"), StoreError("down")))
    await polling.until(lambda: "polls" in polling.done)
    assert polling.done[0] == WAITS


async def test_what_can_t_be_waited_for_ends_the_bot() -> None:
    polling = Polling(Lease(ConfigurationError("Process 7 polls.")))
    with pytest.raises(ConfigurationError, match="Process 7"):
        await polling.until(lambda: False)


async def test_an_error_of_polling_isn_t_swallowed() -> None:
    class Broken(Polling):
        async def poll(self) -> None:
            raise ConfigurationError("The token.")

    polling = Broken(Alone())
    with pytest.raises(ConfigurationError, match="token"):
        await polling.until(lambda: False)
