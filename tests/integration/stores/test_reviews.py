"""The review queue of a database."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.domain.errors import StoreError
from bot.domain.reviews import ReviewDecision
from bot.stores.conversations import Conversations
from bot.stores.database import Database, open_database
from bot.stores.reviews import ReviewQueue
from bot.stores.usage import Usage
from tests.names import KEY
from tests.unit.stores.replies import a_reply

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
async def database(place: str) -> AsyncIterator[Database]:
    async with await open_database(place, key=KEY) as opened:
        for turn in (1, 2, 3):
            await Conversations(opened).add_turn(a_reply(turn=turn), asked_at=NOW)
        yield opened


async def test_what_is_reported_waits_until_it_is_decided(database: Database) -> None:
    queue = ReviewQueue(database)
    await queue.report("c1-2", "Doubtful.", "telegram:5")
    await queue.report("c1-1", "", "")
    assert [one.answer_id for one in await queue.pending()] == ["c1-1", "c1-2"]
    await queue.decide("c1-2", ReviewDecision.APPROVED, "Right.", "Rita", NOW)
    assert [one.answer_id for one in await queue.pending()] == ["c1-1"]
    decided = await queue.get("c1-2")
    assert decided is not None
    assert (decided.reason, decided.decision, decided.decided_by, decided.note, decided.decided_at) == (
        "Doubtful.",
        ReviewDecision.APPROVED,
        "Rita",
        "Right.",
        NOW,
    )


async def test_a_decision_needs_no_report_and_a_new_report_undoes_it(database: Database) -> None:
    queue = ReviewQueue(database)
    await queue.decide("c1-1", ReviewDecision.APPROVED, "", "Rita", NOW)
    await queue.decide("c1-3", ReviewDecision.APPROVED, "", "Rita", NOW.replace(hour=13))
    assert [one.answer_id for one in await queue.approved()] == ["c1-3", "c1-1"]
    await queue.report("c1-3", "Out of date.", "Otto")
    assert [one.answer_id for one in await queue.approved()] == ["c1-1"]
    assert [one.reason for one in await queue.pending()] == ["Out of date."]


async def test_what_another_process_decides_is_seen_at_once_and_nothing_new_is_read_meanwhile(
    database: Database,
) -> None:
    here, there = ReviewQueue(database), ReviewQueue(database)
    assert await here.approved() == ()
    await there.decide("c1-1", ReviewDecision.APPROVED, "", "Rita", NOW)
    known = await here.approved()
    assert [one.answer_id for one in known] == ["c1-1"]
    assert await here.approved() is known
    await there.decide("c1-1", ReviewDecision.APPROVED, "Mind the weight.", "Rita", NOW.replace(hour=13))
    assert [one.note for one in await here.approved()] == ["Mind the weight."]
    await there.report("c1-1", "Out of date.", "Otto")
    assert await here.approved() == ()
    await there.decide("c1-2", ReviewDecision.APPROVED, "", "Rita", NOW.replace(hour=14))
    await Conversations(database).forget("c1")
    assert await here.approved() == ()


async def test_a_doubted_answer_leaves_its_question_open_until_it_is_approved(database: Database) -> None:
    queue, usage = ReviewQueue(database), Usage(database)
    assert await usage.unanswered(NOW) == ()
    await queue.report("c1-1", "Beside the point.", "")
    await queue.decide("c1-2", ReviewDecision.REJECTED, "", "Rita", NOW)
    await queue.decide("c1-3", ReviewDecision.APPROVED, "", "Rita", NOW)
    doubted = await usage.unanswered(NOW)
    assert len(doubted) == 2
    assert all(one.nearest for one in doubted)
    await queue.decide("c1-1", ReviewDecision.APPROVED, "", "Rita", NOW)
    assert len(await usage.unanswered(NOW)) == 1


async def test_a_review_goes_with_its_conversation(database: Database) -> None:
    queue = ReviewQueue(database)
    await queue.decide("c1-1", ReviewDecision.REJECTED, "", "Rita", NOW)
    await Conversations(database).forget("c1")
    assert await queue.get("c1-1") is None
    assert await queue.answer("c1-1") is None


async def test_an_unknown_answer_and_a_time_without_zone_are_refused(database: Database) -> None:
    queue = ReviewQueue(database)
    with pytest.raises(StoreError, match="There is no answer 'x'"):
        await queue.report("x", "", "")
    with pytest.raises(ValueError, match="time zone"):
        await queue.decide("c1-1", ReviewDecision.REJECTED, "", "Rita", NOW.replace(tzinfo=None))
    assert await queue.get("c1-1") is None
