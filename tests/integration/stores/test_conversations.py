import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import text

from bot.domain.answers import Abstention, Clarification, Direction, DirectionKind, Outcome
from bot.domain.errors import StoreError
from bot.domain.messages import Reply
from bot.stores import conversations as stored
from bot.stores.answers import Answers
from bot.stores.codec import decode_reply
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


async def test_an_answer_of_a_long_conversation_is_decoded_once(
    conversations: Conversations, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[str] = []

    def decode(record: Mapping[str, Any]) -> Reply:
        reply = decode_reply(record)
        decoded.append(reply.provenance.answer_id)
        return reply

    monkeypatch.setattr(stored, "decode_reply", decode)
    for number in range(1, 6):
        await conversations.add_turn(a_reply(turn=number), asked_at=NOON)
        told = await conversations.history("c1", 10)
        assert told == await Conversations(database).history("c1", 10)

    # Once here; and by those who saw the conversation for the first time, 1 + 2 + 3 + 4 + 5.
    assert len(decoded) == 5 + 15


async def test_no_more_answers_are_kept_in_memory_than_the_last_few(
    conversations: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "KEPT", 3)
    for name in ("c1", "c2"):
        for number in range(1, 5):
            await conversations.add_turn(a_reply(name, number), asked_at=NOON)

    told = await asyncio.gather(*(conversations.history(f"c{1 + n % 2}", 4) for n in range(10)))

    assert [[turn.answer_id for turn in history.turns] for history in told] == [
        [f"c{1 + n % 2}-{number}" for number in range(1, 5)] for n in range(10)
    ]
    assert len(conversations._outcomes) == 3


async def test_what_is_kept_in_memory_of_a_turn_that_is_gone_is_not_told(
    conversations: Conversations, database: Database
) -> None:
    await conversations.add_turn(a_reply(), asked_at=NOON)
    assert len((await conversations.history("c1", 5)).turns) == 1

    await Conversations(database).forget("c1")

    assert (await conversations.history("c1", 5)).turns == ()


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
    assert (await conversations.history("c1", 1)).next_turn == 1

    await conversations.add_turn(a_reply(), asked_at=NOON)

    assert (await conversations.history("c1", 1)).next_turn == 2
    assert (await conversations.history("c2", 1)).next_turn == 1


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
    assert (await conversations.history("c1", 1)).next_turn == 2
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

    assert [(await conversations.history(f"c{n}", 1)).next_turn for n in range(40)] == [2] * 40


async def test_a_conversation_whose_name_can_t_be_stored_is_a_store_error(conversations: Conversations) -> None:
    with pytest.raises(StoreError):
        await conversations.add_turn(a_reply("\ud800"), asked_at=NOON)
