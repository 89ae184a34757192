"""Rows are taken up in order within a lane, lanes side by side, and given up only with a word."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.telegram.desk import Bell, Desk, TakenOverError
from bot.channels.telegram.workers import free_the_dead, this_worker
from bot.domain.errors import StoreError
from bot.domain.inbox import Arrival, ArrivalKind, ArrivalState, Claimed
from tests.memory_inbox import MemoryInbox
from tests.unit.channels.telegram.workplace import NOON

AT_ONCE = 2
Handle = Callable[[Claimed], Awaitable[None]]


def a_row(number: int, lane: str, kind: ArrivalKind = ArrivalKind.COMMAND) -> Arrival:
    return Arrival(
        id=number,
        kind=kind,
        lane=lane,
        chat=1,
        user="telegram:5",
        message=number,
        payload="{}",
        answer_id="a",
        received_at=NOON,
    )


class Desks:
    """An inbox with rows, and desks that work on it; the time stands still until it is moved."""

    def __init__(self, *rows: tuple[int, str]) -> None:
        self.now = NOON
        self.inbox = MemoryInbox(lambda: self.now)
        self.rows = rows
        self.given_up: list[int] = []
        self.made: set[int] = set()

    async def open(self, handle: Handle, worker: str = "one") -> Desk:
        for number, lane in self.rows:
            await self.inbox.accept(a_row(number, lane))

        async def give_up(claimed: Claimed) -> None:
            self.given_up.append(claimed.arrival.id)

        async def no_pause(_: float) -> None:
            await asyncio.sleep(0)

        return Desk(
            self.inbox,
            handle=handle,
            give_up=give_up,
            worker=worker,
            bell=Bell(),
            at_once=AT_ONCE,
            is_made=self.made.__contains__,
            sleep=no_pause,
        )


async def test_one_row_of_each_lane_is_in_work_and_the_next_follows_it() -> None:
    desks, let_go, begun = Desks((1, "a"), (2, "a"), (3, "b")), asyncio.Event(), list[int]()

    async def handle(claimed: Claimed) -> None:
        begun.append(claimed.arrival.id)
        await let_go.wait()

    desk = await desks.open(handle)
    await desk.take()
    await asyncio.sleep(0)
    await desk.take()
    assert begun == [1, 3]

    let_go.set()
    await desk.idle()
    await desk.take()
    await desk.idle()
    assert begun == [1, 3, 2]
    assert {row.state for row in desks.inbox.rows.values()} == {ArrivalState.DONE}


async def test_no_more_questions_are_taken_up_than_can_be_answered_and_commands_never_wait_for_them() -> None:
    desks, let_go, begun = Desks(), asyncio.Event(), list[int]()
    for number in (1, 2, 3, 4):
        await desks.inbox.accept(a_row(number, f"q{number}", ArrivalKind.QUESTION))
    await desks.inbox.accept(a_row(5, "now:5"))

    async def handle(claimed: Claimed) -> None:
        begun.append(claimed.arrival.id)
        await let_go.wait()

    desk = await desks.open(handle)
    for _ in range(2):
        await desk.take()
        await asyncio.sleep(0)
    assert begun == [5, 1, 2]
    assert [row.attempts for row in desks.inbox.rows.values()] == [1, 1, 0, 0, 1]

    desks.made.add(1)  # It only waits to be delivered.
    await desk.take()
    await asyncio.sleep(0)
    assert begun == [5, 1, 2, 3]
    let_go.set()
    await desk.idle()


async def test_a_row_that_kills_the_process_each_time_is_given_up_untouched() -> None:
    desks, tried = Desks((1, "a")), list[int]()

    async def handle(claimed: Claimed) -> None:
        tried.append(claimed.attempts)

    desk = await desks.open(handle)
    desks.inbox.rows[1].attempts = 5
    await desk.take()
    await desk.idle()

    assert (tried, desks.given_up, desks.inbox.rows[1].reason) == ([], [1], "attempts")


async def test_a_failure_is_tried_again_later_and_the_row_keeps_its_place() -> None:
    desks, tried = Desks((1, "a"), (2, "a")), list[int]()

    async def handle(claimed: Claimed) -> None:
        tried.append(claimed.arrival.id)
        if len(tried) < 3:
            raise LookupError("Xyzzy")

    desk = await desks.open(handle)
    for wait in (0, 1, 2, 0):
        desks.now += timedelta(seconds=wait)
        await desk.take()
        await desk.idle()

    assert tried == [1, 1, 1, 2]


async def test_a_finished_row_is_written_down_however_long_the_store_fails() -> None:
    desks = Desks((1, "a"))

    async def handle(_: Claimed) -> None:
        desks.inbox.failures = [StoreError("locked")] * 20

    desk = await desks.open(handle)
    await desk.take()
    await desk.idle()

    assert desks.inbox.rows[1].state is ArrivalState.DONE


async def test_a_database_that_was_away_costs_no_attempt_and_the_row_is_free_as_soon_as_it_is_back() -> None:
    desks, tried = Desks((1, "a")), list[int]()

    async def handle(claimed: Claimed) -> None:
        tried.append(claimed.attempts)
        if len(tried) < 10:
            away = StoreError("nobody answers", passes=True)
            desks.inbox.failures = [away] * 3
            raise away

    desk = await desks.open(handle)
    for _ in range(10):
        await desk.take()
        await desk.idle()

    assert tried == [1] * 10
    assert desks.given_up == []
    assert desks.inbox.rows[1].state is ArrivalState.DONE


async def test_what_can_not_be_stored_is_given_up_in_the_end() -> None:
    desks, tried = Desks((1, "a")), list[int]()

    async def handle(claimed: Claimed) -> None:
        tried.append(claimed.attempts)
        raise StoreError("a name is too long")

    desk = await desks.open(handle)
    for _ in range(10):
        await desk.take()
        await desk.idle()
        desks.now += timedelta(minutes=1)

    assert tried == [1, 2, 3, 4, 5]
    assert desks.given_up == [1]


async def test_claims_that_could_not_be_renewed_are_renewed_as_soon_as_possible() -> None:
    desks, let_go = Desks((1, "a"), (2, "b")), asyncio.Event()

    async def handle(_: Claimed) -> None:
        await let_go.wait()

    desk = await desks.open(handle)
    await desk.take()
    desks.inbox.failures = [StoreError("nobody answers", passes=True)]

    assert [await desk.keep() for _ in range(2)] == [False, True]
    let_go.set()
    await desk.idle()


async def test_a_row_that_its_handler_finds_taken_over_is_neither_finished_nor_given_back() -> None:
    desks = Desks((1, "a"))

    async def handle(_: Claimed) -> None:
        desks.now += timedelta(minutes=2)
        assert await desks.inbox.claim("two", limit=1, lease=timedelta(minutes=1))
        raise TakenOverError

    desk = await desks.open(handle)
    await desk.take()
    await desk.idle()

    row = desks.inbox.rows[1]
    assert (row.state, row.worker, row.attempts) == (ArrivalState.NEW, "two", 2)


async def test_a_row_that_another_worker_took_over_is_left_to_it() -> None:
    desks, ended = Desks((1, "a")), list[str]()

    async def handle(_: Claimed) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    desk = await desks.open(handle)
    await desk.take()
    await asyncio.sleep(0)
    desks.now += timedelta(seconds=59)
    await desk.keep()
    desks.now += timedelta(seconds=59)
    assert await desks.inbox.claim("two", limit=1, lease=timedelta(seconds=60)) == []

    desks.now += timedelta(seconds=2)
    assert len(await desks.inbox.claim("two", limit=1, lease=timedelta(seconds=60))) == 1
    await desk.keep()
    await desk.idle()
    assert ended == ["cancelled"]
    assert desks.inbox.rows[1].worker == "two"


async def test_only_questions_are_looked_for_when_only_a_question_can_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    desks = Desks()
    desk = await desks.open(lambda _: asyncio.sleep(0))
    looks, claim = list[bool | None](), desks.inbox.claim

    async def noted(*arguments: Any, questions: bool | None = None, **options: Any) -> Sequence[Claimed]:
        looks.append(questions)
        return await claim(*arguments, questions=questions, **options)

    async def looked_after(**ring: bool) -> list[bool | None]:
        looks.clear()
        desk._bell.ring(**ring)
        for _ in range(10):
            await asyncio.sleep(0)
        return list(looks)

    monkeypatch.setattr(desks.inbox, "claim", noted)
    monkeypatch.setattr("bot.channels.telegram.desk.LOOK_S", 3600.0)
    running = asyncio.create_task(desk.run())
    assert await looked_after() == [False, True]
    assert await looked_after(questions=True) == [True]
    assert await looked_after() == [False, True]
    monkeypatch.setattr("bot.channels.telegram.desk.LOOK_S", 0.0)
    assert (await looked_after(questions=True))[:2] == [False, True]
    running.cancel()
    await asyncio.wait([running], timeout=5)


async def test_the_desk_ends_when_it_is_told_to_even_as_the_bell_rings() -> None:
    desk = await Desks().open(lambda _: asyncio.sleep(0))
    running = asyncio.create_task(desk.run())
    await asyncio.sleep(0.0)
    desk._bell.ring()
    running.cancel()
    await asyncio.wait([running], timeout=5)

    assert running.cancelled()


async def test_what_a_dead_process_of_this_host_held_is_free_at_once() -> None:
    desks = Desks((1, "a"), (2, "b"), (3, "c"))
    me = this_worker()
    host, _, _ = me.split("/")
    await desks.open(lambda _: asyncio.sleep(0))
    for worker in (f"{host}/4194305/dead", f"{host}/1/alive", "elsewhere/4194305/unknown"):
        await desks.inbox.claim(worker, limit=1, lease=timedelta(seconds=60))

    assert await free_the_dead(desks.inbox, me) == 1
    assert desks.inbox.rows[1].until is None
    assert desks.inbox.rows[2].until is not None
    assert desks.inbox.rows[3].until is not None
