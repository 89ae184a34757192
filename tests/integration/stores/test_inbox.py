"""The inbox of a database."""

import asyncio
from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from sqlalchemy import select, text

from bot.domain.errors import StoreError
from bot.domain.inbox import ArrivalKind, ArrivalState, Claimed
from bot.stores.database import Database, open_database
from bot.stores.inbox import Inbox
from bot.stores.tables import inbox as table
from tests.integration.stores.arrivals import MINUTE, NOON, an_arrival
from tests.integration.stores.conftest import Clock
from tests.names import KEY, NAMES
from tests.processes import run_at_once


@pytest.fixture
def inbox(database: Database, clock: Clock) -> Inbox:
    return Inbox(database, clock)


async def claim(inbox: Inbox, worker: str = "ada", limit: int = 10) -> list[int]:
    """The ids of what a worker gets for a minute."""
    return [one.arrival.id for one in await inbox.claim(worker, limit=limit, lease=MINUTE)]


async def payload(database: Database, number: int) -> str:
    async with database.reading() as connection:
        return str(await connection.scalar(select(table.c.payload).where(table.c.id == number)))


async def test_an_arrival_is_claimed_as_it_was_accepted(inbox: Inbox) -> None:
    tokyo = timezone(timedelta(hours=9))
    arrival = an_arrival(7, chat=-(10**12), message=None, received_at=NOON.astimezone(tokyo), not_before=NOON - MINUTE)
    assert await inbox.accept(arrival)

    (claimed,) = await inbox.claim("ada", limit=10, lease=MINUTE)

    stored = replace(arrival, user=NAMES.user(arrival.user), lane=NAMES.conversation(arrival.lane))
    assert claimed == Claimed(arrival=stored, attempts=1, state=ArrivalState.NEW, shown=())
    assert claimed.arrival.received_at.utcoffset() == timedelta(0)


async def test_an_arrival_is_accepted_once(inbox: Inbox) -> None:
    assert await inbox.accept(an_arrival(7))
    assert not await inbox.accept(an_arrival(7, lane="another"))
    await claim(inbox)
    await inbox.complete(7)
    assert not await inbox.accept(an_arrival(7))

    assert await inbox.state(7) is ArrivalState.DONE
    assert await inbox.state(8) is None
    assert await claim(inbox) == []


async def test_an_arrival_delivered_many_times_at_once_is_accepted_once(inbox: Inbox) -> None:
    accepted = await asyncio.gather(*(inbox.accept(an_arrival(7)) for _ in range(8)))

    assert sorted(accepted) == [False] * 7 + [True]


async def test_each_lane_has_one_running_in_order_of_arrival_not_of_ids(inbox: Inbox) -> None:
    for number, lane in ((9, "x"), (8, "y"), (7, "x"), (6, "x"), (5, "z")):
        await inbox.accept(an_arrival(number, lane))

    assert await claim(inbox, limit=2) == [9, 8]
    assert await claim(inbox) == [5]
    await inbox.complete(9)
    assert await claim(inbox) == [7]
    await inbox.bury(7, "failed")
    assert await claim(inbox) == [6]
    assert await claim(inbox) == []


async def test_a_claim_belongs_to_its_worker_until_its_lease_runs_out(inbox: Inbox, clock: Clock) -> None:
    await inbox.accept(an_arrival(7))
    await claim(inbox, "ada")
    clock.tick(59)
    assert await claim(inbox, "bo") == []
    assert await inbox.extend(7, "ada", MINUTE)
    assert not await inbox.extend(7, "bo", MINUTE)
    clock.tick(59)
    assert await claim(inbox, "bo") == []
    clock.tick(1)

    (again,) = await inbox.claim("bo", limit=10, lease=MINUTE)

    assert again.attempts == 2
    assert not await inbox.extend(7, "ada", MINUTE)
    await inbox.release(7, "ada")
    assert await claim(inbox, "ada") == []
    await inbox.complete(7)
    assert not await inbox.extend(7, "bo", MINUTE)


async def test_a_clock_that_is_set_back_keeps_nothing_waiting_for_long(inbox: Inbox, clock: Clock) -> None:
    await inbox.accept(an_arrival(7))
    await claim(inbox, "one that dies")
    await inbox.accept(an_arrival(8, lane="b", not_before=clock.now + timedelta(seconds=1.5)))
    clock.tick(-3600)

    assert await claim(inbox, "bo") == [7, 8]


async def test_what_is_given_back_is_free_at_once_and_was_no_attempt(inbox: Inbox) -> None:
    await inbox.accept(an_arrival(7))
    await claim(inbox)

    await inbox.release(7)
    await inbox.release(7)

    (again,) = await inbox.claim("bo", limit=10, lease=MINUTE)
    assert again.attempts == 1


async def test_what_may_still_get_its_next_part_waits_and_so_does_its_lane(inbox: Inbox, clock: Clock) -> None:
    await inbox.accept(an_arrival(7, not_before=clock.now + timedelta(seconds=1.5)))
    await inbox.accept(an_arrival(8))
    assert await claim(inbox) == []
    clock.tick(1.5)
    assert await claim(inbox) == [7]


async def test_what_is_shown_is_known_by_part_and_to_the_next_worker(inbox: Inbox, clock: Clock) -> None:
    await inbox.accept(an_arrival(7))
    await claim(inbox)
    for part, message in ((0, 50), (1, 51), (0, 52)):
        await inbox.note_shown(7, part, message)
    clock.tick(60)

    assert await inbox.shown(7) == (52, 51)
    assert (await inbox.claim("bo", limit=1, lease=MINUTE))[0].shown == (52, 51)
    with pytest.raises(ValueError, match="part 3"):
        await inbox.note_shown(7, 3, 53)
    await inbox.note_shown(8, 0, 54)
    assert await inbox.shown(8) == ()


async def test_what_is_finished_keeps_no_words(inbox: Inbox, database: Database) -> None:
    for number in range(1, 5):
        await inbox.accept(an_arrival(number, f"lane {number}"))
    await inbox.complete(1)
    await inbox.bury(2, "forbidden")
    await inbox.fold(3, 1)
    await inbox.cancel(chat=5, user=None)

    assert [await payload(database, number) for number in range(1, 5)] == [""] * 4
    states = [await inbox.state(number) for number in range(1, 5)]
    assert states == [ArrivalState.DONE, ArrivalState.DEAD, ArrivalState.DONE, ArrivalState.CANCELLED]


async def test_a_payload_that_no_column_takes_is_kept_as_well_as_can_be(inbox: Inbox, database: Database) -> None:
    assert await inbox.accept(an_arrival(7, payload='{"text": "\ud83d\0 β"}'))

    assert await payload(database, 7) == '{"text": "? β"}'


async def test_questions_are_called_off_by_chat_and_user_whether_they_wait_or_run(inbox: Inbox) -> None:
    await inbox.accept(an_arrival(1))
    await inbox.accept(an_arrival(2))
    await inbox.accept(an_arrival(3, user="telegram:6"))
    await inbox.accept(an_arrival(4, "now:4", kind=ArrivalKind.COMMAND))
    await inbox.accept(an_arrival(5, "telegram:9", chat=9))
    assert await claim(inbox) == [1, 4, 5]

    called_off = await inbox.cancel(chat=5, user="telegram:5")

    assert [(one.arrival.id, one.attempts, one.arrival.payload) for one in called_off] == [
        (1, 1, '{"update_id": 1}'),
        (2, 0, '{"update_id": 2}'),
    ]
    await inbox.complete(1)
    assert await inbox.state(1) is ArrivalState.CANCELLED
    assert await claim(inbox) == [3]
    assert [one.arrival.id for one in await inbox.cancel(chat=5, user=None)] == [3]
    assert await inbox.cancel(chat=5, user=None) == ()


async def test_whoever_accepts_a_question_may_hold_it_until_its_first_message_stands(
    inbox: Inbox, clock: Clock
) -> None:
    hold = timedelta(seconds=5)
    for number in (1, 2, 3):
        await inbox.accept(an_arrival(number, f"lane {number}"), worker="ada", hold=hold)
    assert await claim(inbox, "bob") == []

    await inbox.note_shown(1, 0, 900)
    assert await claim(inbox, "bob") == [1]
    assert await claim(inbox, "ada", limit=1) == [2]
    await inbox.note_shown(2, 0, 901)  # That was a hold; what is a claim by now stays one.
    clock.tick(6)
    assert await claim(inbox, "bob") == [3]


async def test_a_question_whose_answer_is_made_is_not_called_off_and_is_its_makers(inbox: Inbox, clock: Clock) -> None:
    await inbox.accept(an_arrival(1))
    await inbox.accept(an_arrival(2, "another"))
    assert await claim(inbox, "ada") == [1, 2]

    assert not await inbox.settle(1, "bob", MINUTE)
    clock.tick(59)
    assert await inbox.settle(1, "ada", MINUTE)
    assert [one.arrival.id for one in await inbox.cancel(chat=5, user=None)] == [2]
    assert not await inbox.settle(2, "ada", MINUTE)
    clock.tick(59)
    assert await claim(inbox, "bob") == []
    clock.tick(2)
    assert await claim(inbox, "bob") == [1]
    assert not await inbox.settle(1, "ada", MINUTE)


async def test_what_may_still_get_its_next_part_is_known_to_whoever_receives_that(inbox: Inbox, clock: Clock) -> None:
    soon = NOON + timedelta(seconds=2)
    await inbox.accept(an_arrival(1, not_before=soon))
    await inbox.accept(an_arrival(2, not_before=soon))
    await inbox.accept(an_arrival(3))

    async def cut_off(chat: int = 5, user: str = "telegram:5") -> int | None:
        found = await inbox.cut_off(chat, user)
        return None if found is None else found.arrival.id

    assert (await cut_off(), await cut_off(chat=6), await cut_off(user="telegram:6")) == (2, None, None)
    await inbox.complete(2)
    assert await cut_off() == 1
    clock.tick(3)
    assert await cut_off() is None


async def test_what_follows_in_a_lane_can_be_joined(inbox: Inbox) -> None:
    for number, lane in ((1, "x"), (2, "x"), (3, "y"), (4, "x"), (5, "x")):
        await inbox.accept(an_arrival(number, lane))
    await inbox.complete(4)

    assert [one.arrival.id for one in await inbox.following(1)] == [2, 5]
    await inbox.fold(2, 1)
    assert [one.arrival.id for one in await inbox.following(1)] == [5]
    assert await inbox.following(5) == ()
    assert await inbox.asked(since=NOON) == 4


async def test_an_offer_waits_for_its_button_and_then_is_the_newest_of_its_lane(
    inbox: Inbox, database: Database
) -> None:
    await inbox.accept(an_arrival(1, "now:1", kind=ArrivalKind.EDIT))
    await claim(inbox)
    await inbox.offer(1)
    await inbox.complete(1)
    assert await inbox.state(1) is ArrivalState.OFFERED
    assert await payload(database, 1) == '{"update_id": 1}'
    await inbox.accept(an_arrival(2, "x"))

    owner = an_arrival(1).user
    assert not await inbox.take_offer(1, chat=6, user=owner, lane="x", at=NOON)
    assert not await inbox.take_offer(2, chat=5, user=owner, lane="x", at=NOON)
    assert not await inbox.take_offer(1, chat=5, user="telegram:666", lane="x", at=NOON)
    assert await inbox.take_offer(1, chat=5, user=owner, lane="x", at=NOON + MINUTE)
    assert not await inbox.take_offer(1, chat=5, user=owner, lane="x", at=NOON)

    assert await claim(inbox) == [2]
    await inbox.complete(2)
    (taken,) = await inbox.claim("ada", limit=1, lease=MINUTE)
    assert (taken.arrival.id, taken.arrival.kind, taken.attempts) == (1, ArrivalKind.QUESTION, 1)
    assert taken.arrival.received_at == NOON + MINUTE


async def test_who_asks_is_told_how_many_stand_before_them(inbox: Inbox) -> None:
    for number in (1, 2, 3):
        await inbox.accept(an_arrival(number))
    await inbox.accept(an_arrival(4, kind=ArrivalKind.OTHER))
    await inbox.accept(an_arrival(5))

    assert [await inbox.waiting("telegram:5", number) for number in (1, 3, 5)] == [0, 2, 3]
    await claim(inbox)
    await inbox.complete(1)
    assert await inbox.waiting("telegram:5", 3) == 1
    assert await inbox.waiting("elsewhere", 3) == 0


async def test_questions_are_counted_by_user_chat_and_time(inbox: Inbox) -> None:
    await inbox.accept(an_arrival(1, received_at=NOON - MINUTE))
    await inbox.accept(an_arrival(2))
    await inbox.accept(an_arrival(3, chat=-9))
    await inbox.accept(an_arrival(4, chat=-9, user="telegram:6"))
    await inbox.accept(an_arrival(5, kind=ArrivalKind.COMMAND))
    await inbox.accept(an_arrival(6, "refused"))
    await inbox.bury(6, "too_many")

    assert await inbox.asked(since=NOON) == 3
    assert await inbox.asked(user="telegram:5", since=NOON) == 2
    assert await inbox.asked(user="telegram:5", since=NOON - MINUTE) == 3
    assert await inbox.asked(chat=-9, since=NOON) == 2
    assert await inbox.asked(user="telegram:5", chat=-9, since=NOON) == 1


async def test_the_depth_is_what_is_unfinished(inbox: Inbox) -> None:
    assert await inbox.depth() == (0, None)
    for number in (1, 2, 3):
        await inbox.accept(an_arrival(number, received_at=NOON + number * MINUTE))
    await inbox.complete(1)

    assert await inbox.depth() == (2, NOON + 2 * MINUTE)


async def test_a_time_without_a_zone_is_refused(inbox: Inbox) -> None:
    naive = NOON.replace(tzinfo=None)
    for wrong in (an_arrival(7, received_at=naive), an_arrival(7, not_before=naive)):
        with pytest.raises(ValueError, match="needs its time zone"):
            await inbox.accept(wrong)


async def test_a_broken_inbox_says_so_without_the_words_of_the_arrival(database: Database, inbox: Inbox) -> None:
    async with database.writing() as connection:
        await connection.execute(text("DROP TABLE inbox"))

    with pytest.raises(StoreError) as caught:
        await inbox.accept(an_arrival(7, payload="Xyzzy"))

    assert "Xyzzy" not in str(caught.value)


async def test_workers_that_claim_at_once_get_nothing_twice(place: str, clock: Clock) -> None:
    databases = [await open_database(place, key=KEY) for _ in range(2)]
    inboxes = [Inbox(database, clock) for database in databases]
    for number in range(60):
        await inboxes[0].accept(an_arrival(number, f"lane {number % 20}"))

    got: list[int] = []
    for round_ in range(1, 4):
        taken = await asyncio.gather(*(claim(inboxes[n % 2], f"worker {n}", limit=3) for n in range(12)))
        taken += [await claim(inboxes[0], "rest", limit=60)]
        now = [number for each in taken for number in each]
        assert sorted(now) == list(range(20 * (round_ - 1), 20 * round_))
        await asyncio.gather(*(inboxes[number % 2].complete(number) for number in now))
        got += now

    assert sorted(got) == list(range(60))
    for database in databases:
        await database.close()


async def test_processes_that_claim_at_once_get_nothing_twice_and_keep_the_order_of_lanes(
    place: str, database: Database, inbox: Inbox
) -> None:
    script = """
import asyncio, datetime, sys
from bot.stores.database import open_database
from bot.stores.inbox import Inbox

async def main():
    async with await open_database(sys.argv[1], key="a key for tests, of no secret") as database:
        inbox = Inbox(database, lambda: datetime.datetime.now(datetime.UTC))
        sys.stdin.readline()
        while (await inbox.depth())[0]:
            for claimed in await inbox.claim("one", limit=2, lease=datetime.timedelta(minutes=4)):
                assert claimed.attempts == 1
                print(claimed.arrival.id, flush=True)
                await inbox.complete(claimed.arrival.id)

asyncio.run(main())
"""
    for number in range(30):
        await inbox.accept(an_arrival(number, f"lane {number % 5}"))

    results = await run_at_once(script, place, times=2)

    assert [errors for _, errors in results] == [b"", b""]
    by_process = [[int(line) for line in output.split()] for output, _ in results]
    assert sorted(number for each in by_process for number in each) == list(range(30))
    for each in by_process:
        for lane in range(5):
            in_lane = [number for number in each if number % 5 == lane]
            assert in_lane == sorted(in_lane)


async def test_what_comes_in_at_once_by_two_doors_is_numbered_in_the_order_in_which_it_was_kept(
    place: str, clock: Clock
) -> None:
    databases = [await open_database(place, key=KEY) for _ in range(2)]
    inboxes = [Inbox(database, clock) for database in databases]
    kept: list[int] = []

    async def accept(number: int) -> None:
        assert await inboxes[number % 2].accept(an_arrival(number))
        kept.append(number)

    await asyncio.gather(*(accept(number) for number in range(20)))
    async with databases[0].reading() as connection:
        rows = (await connection.execute(table.select().order_by(table.c.sequence))).all()

    assert [row.sequence for row in rows] == list(range(1, 21))
    assert {row.id for row in rows} == set(kept)
    for database in databases:
        await database.close()
