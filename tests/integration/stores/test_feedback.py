"""Who reads, and what they say of answers."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import StoreError
from bot.domain.feedback import Opinion
from bot.domain.messages import Audience
from bot.stores.conversations import Conversations
from bot.stores.database import Database
from bot.stores.feedback import Feedback
from bot.stores.readers import Readers
from tests.names import NAMES
from tests.unit.stores.replies import a_reply

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

ANN, BEN = NAMES.user("telegram:5"), NAMES.user("telegram:6")


@pytest.fixture
async def feedback(database: Database) -> Feedback:
    for turn in (1, 2):
        await Conversations(database).add_turn(a_reply(turn=turn), asked_at=NOON)
    return Feedback(database)


async def test_each_reader_has_one_vote_on_an_answer_which_can_be_explained(feedback: Feedback) -> None:
    await feedback.vote("c1-1", "telegram:5", -1, NOON)
    await feedback.vote("c1-1", "telegram:6", 1, NOON + MINUTE)
    assert await feedback.explain("c1-1", "telegram:5", reason="outdated")
    assert await feedback.explain("c1-1", "telegram:5", comment="From \ud83d\0 2016.")
    assert await feedback.explain("c1-1", "telegram:5")

    assert await feedback.of("c1-1") == (
        Opinion(answer_id="c1-1", user=ANN, vote=-1, reason="outdated", comment="From ? 2016.", given_at=NOON),
        Opinion(answer_id="c1-1", user=BEN, vote=1, given_at=NOON + MINUTE),
    )
    assert [one.user for one in await feedback.of("c1-1", asking="telegram:6")] == [ANN, "telegram:6"]
    assert await feedback.of("c1-2") == ()


async def test_the_same_vote_again_keeps_its_reason_and_a_changed_mind_drops_it(feedback: Feedback) -> None:
    await feedback.vote("c1-1", "telegram:5", -1, NOON)
    await feedback.explain("c1-1", "telegram:5", reason="wrong", comment="No.")

    await feedback.vote("c1-1", "telegram:5", -1, NOON + MINUTE)
    (kept,) = await feedback.of("c1-1")
    assert (kept.reason, kept.comment, kept.given_at) == ("wrong", "No.", NOON + MINUTE)

    await feedback.vote("c1-1", "telegram:5", 1, NOON)
    assert await feedback.of("c1-1") == (Opinion(answer_id="c1-1", user=ANN, vote=1, given_at=NOON),)


async def test_without_a_vote_there_is_nothing_to_explain(feedback: Feedback) -> None:
    assert not await feedback.explain("c1-1", "telegram:5", comment="No.")
    assert await feedback.of("c1-1") == ()


async def test_an_unknown_answer_another_number_and_a_time_without_zone_are_refused(feedback: Feedback) -> None:
    with pytest.raises(StoreError, match="There is no answer 'x'"):
        await feedback.vote("x", "telegram:5", 1, NOON)
    with pytest.raises(ValueError, match="1, 0 or -1"):
        await feedback.vote("c1-1", "telegram:5", 2, NOON)
    with pytest.raises(ValueError, match="time zone"):
        await feedback.vote("c1-1", "telegram:5", 1, NOON.replace(tzinfo=None))


async def test_votes_given_at_once_are_one(feedback: Feedback) -> None:
    await asyncio.gather(*(feedback.vote("c1-1", "telegram:5", vote, NOON) for vote in (1, -1) * 4))

    assert len(await feedback.of("c1-1")) == 1


async def test_opinions_go_with_their_answer(feedback: Feedback, database: Database) -> None:
    await feedback.vote("c1-1", "telegram:5", 1, NOON)
    await Conversations(database).forget("c1")

    assert await feedback.of("c1-1") == ()


async def test_an_audience_is_chosen_anew_by_scope(database: Database) -> None:
    readers = Readers(database)
    assert await readers.audience("user:telegram:5") is None
    await readers.choose("user:telegram:5", Audience.FAMILY, NOON)
    await readers.choose("chat:-100", Audience.TRAINEE, NOON)
    await readers.choose("user:telegram:5", Audience.CLINICIAN, NOON)

    assert await readers.audience("user:telegram:5") is Audience.CLINICIAN
    assert await readers.audience("chat:-100") is Audience.TRAINEE
    with pytest.raises(ValueError, match="time zone"):
        await readers.choose("chat:-100", Audience.FAMILY, NOON.replace(tzinfo=None))
