import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text

from bot.domain.answers import Abstention, Clarification, Direction, DirectionKind, Outcome
from bot.domain.errors import StoreError
from bot.stores.answers import Answers
from bot.stores.conversations import Conversations
from bot.stores.database import Database
from tests.names import NAMES
from tests.unit.stores.replies import DISCLAIMER, a_reply, an_answer

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def conversations(database: Database) -> Conversations:
    return Conversations(database)


async def test_a_recorded_turn_is_in_the_history_and_the_answer_is_found_by_its_id(
    database: Database, conversations: Conversations
) -> None:
    reply = a_reply()
    await conversations.add_turn(reply, asked_at=NOON)

    history = await conversations.history("c1", 10)

    assert [(turn.number, turn.question, turn.outcome) for turn in history.turns] == [
        (1, reply.question, reply.outcome)
    ]
    assert await Answers(database).get(reply.provenance.answer_id) == reply
    assert await Answers(database).get("unknown") is None


@pytest.mark.parametrize(
    "outcome",
    [
        an_answer(gaps=("the dose",)),
        Abstention(text="Nothing.", nearest=("A title",), notices=(), disclaimer=DISCLAIMER),
        Clarification(text="Which?", choices=("A", "B"), notices=(), disclaimer=DISCLAIMER),
        Direction(kind=DirectionKind.EMERGENCY, text="Call now.", notices=(), disclaimer=DISCLAIMER),
    ],
)
async def test_every_kind_of_outcome_is_recorded_whole(
    database: Database, conversations: Conversations, outcome: Outcome
) -> None:
    reply = a_reply(outcome=outcome)
    await conversations.add_turn(reply, asked_at=NOON)

    assert await Answers(database).get("c1-1") == reply


async def test_the_columns_beside_the_answer_can_be_read_with_plain_sql(
    database: Database, conversations: Conversations
) -> None:
    await conversations.add_turn(a_reply(question="and \ud83d\0?"), asked_at=NOON, user="telegram:5")

    plain = 'SELECT conversation, number, question, standalone_question, kind, "user" FROM turns'
    async with database.reading() as connection:
        row = (await connection.execute(text(plain))).one()

    assert tuple(row) == ("c1", 1, "and ??", "How much rituximab?", "answer", NAMES.user("telegram:5"))


async def test_the_history_is_the_most_recent_turns_oldest_first(conversations: Conversations) -> None:
    for number in (1, 2, 3):
        await conversations.add_turn(a_reply(turn=number), asked_at=NOON + timedelta(minutes=number))
    await conversations.add_turn(a_reply("c2"), asked_at=NOON)

    history = await conversations.history("c1", 2)

    assert [turn.number for turn in history.turns] == [2, 3]
    assert (await conversations.history("c1", 0)).turns == ()
    assert (await conversations.history("nobody", 5)).turns == ()


async def test_times_come_back_in_utc(conversations: Conversations) -> None:
    tokyo = timezone(timedelta(hours=9))
    await conversations.add_turn(a_reply(), asked_at=NOON.astimezone(tokyo))

    (turn,) = (await conversations.history("c1", 1)).turns

    assert turn.asked_at == NOON
    assert turn.asked_at.tzinfo is UTC


async def test_a_time_without_a_zone_is_refused(conversations: Conversations) -> None:
    with pytest.raises(ValueError, match="time zone"):
        await conversations.add_turn(a_reply(), asked_at=NOON.replace(tzinfo=None))


async def test_turns_are_numbered_from_one(conversations: Conversations) -> None:
    assert await conversations.next_turn("c1") == 1

    await conversations.add_turn(a_reply(), asked_at=NOON)

    assert await conversations.next_turn("c1") == 2
    assert await conversations.next_turn("c2") == 1


async def test_two_answers_never_share_a_turn(conversations: Conversations, database: Database) -> None:
    first = a_reply()
    await conversations.add_turn(first, asked_at=NOON)
    other = a_reply("c1", 1, provenance=a_reply("other").provenance)

    with pytest.raises(StoreError, match="already recorded"):
        await conversations.add_turn(other, asked_at=NOON)

    assert await Answers(database).get("other-1") is None
    assert len((await conversations.history("c1", 5)).turns) == 1


async def test_recording_the_same_answer_again_changes_nothing(conversations: Conversations) -> None:
    await conversations.add_turn(a_reply(), asked_at=NOON)
    await conversations.add_turn(a_reply(), asked_at=NOON)

    assert len((await conversations.history("c1", 5)).turns) == 1


async def test_an_answer_that_is_recorded_twice_at_once_is_there_once(conversations: Conversations) -> None:
    await asyncio.gather(*(conversations.add_turn(a_reply(), asked_at=NOON) for _ in range(8)))

    assert len((await conversations.history("c1", 5)).turns) == 1


async def test_starting_afresh_hides_the_earlier_turns_but_keeps_the_numbers(
    conversations: Conversations, database: Database
) -> None:
    await conversations.start_afresh("c1")
    await conversations.add_turn(a_reply(), asked_at=NOON)
    await conversations.start_afresh("c1")

    assert (await conversations.history("c1", 5)).turns == ()
    assert await conversations.next_turn("c1") == 2
    assert await Answers(database).get("c1-1") is not None

    await conversations.add_turn(a_reply(turn=2), asked_at=NOON)

    assert [turn.number for turn in (await conversations.history("c1", 5)).turns] == [2]


async def test_forgetting_deletes_one_conversation_and_says_how_much(
    conversations: Conversations, database: Database
) -> None:
    for number in (1, 2):
        await conversations.add_turn(a_reply(turn=number, question="about Xyzzy"), asked_at=NOON)
    await conversations.add_turn(a_reply("c2"), asked_at=NOON)

    assert await conversations.forget("c1") == 2
    assert await conversations.forget("c1") == 0

    assert await Answers(database).get("c1-1") is None
    assert len((await conversations.history("c2", 5)).turns) == 1


async def test_many_conversations_can_be_written_at_once(conversations: Conversations) -> None:
    await asyncio.gather(*(conversations.add_turn(a_reply(f"c{n}"), asked_at=NOON) for n in range(40)))

    assert [await conversations.next_turn(f"c{n}") for n in range(40)] == [2] * 40


async def test_a_conversation_whose_name_can_t_be_stored_is_a_store_error(conversations: Conversations) -> None:
    with pytest.raises(StoreError):
        await conversations.add_turn(a_reply("\ud800"), asked_at=NOON)
