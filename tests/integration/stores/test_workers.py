"""Claims of a worker that is gone are given back at once."""

from datetime import UTC, datetime, timedelta

from bot.domain.inbox import Arrival, ArrivalKind
from bot.stores.database import Database
from bot.stores.inbox import Inbox

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


async def test_what_a_worker_left_is_free_again_and_its_attempts_count(database: Database) -> None:
    inbox = Inbox(database, lambda: NOON)
    for number in (1, 2):
        row = Arrival(
            id=number,
            kind=ArrivalKind.COMMAND,
            lane=f"now:{number}",
            chat=1,
            user="telegram:5",
            message=number,
            payload="{}",
            answer_id="a",
            received_at=NOON,
        )
        assert await inbox.accept(row)
        await inbox.claim(f"worker {number}", limit=1, lease=timedelta(minutes=1))
    assert set(await inbox.workers()) == {"worker 1", "worker 2"}

    assert await inbox.free("worker 1") == 1

    assert list(await inbox.workers()) == ["worker 2"]
    (again,) = await inbox.claim("worker 3", limit=9, lease=timedelta(minutes=1))
    assert (again.arrival.id, again.attempts) == (1, 2)
