from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.domain.errors import StoreError
from bot.stores.conversations import Conversations
from bot.stores.database import Database, open_database
from bot.stores.messages import Messages
from tests.unit.stores.replies import a_reply

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'footnote.db'}"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with await open_database(url(tmp_path)) as opened:
        yield opened


@pytest.fixture
def messages(database: Database) -> Messages:
    return Messages(database)


async def test_a_message_is_found_in_its_chat_with_its_conversation_and_answer(messages: Messages) -> None:
    await messages.remember(-(10**12), 7, "c1", said_at=NOON, answer_id="a1")
    await messages.remember(-(10**12), 8, "c1", said_at=NOON)

    assert await messages.conversation_of(-(10**12), 7) == "c1"
    assert await messages.answer_of(-(10**12), 7) == "a1"
    assert await messages.conversation_of(-(10**12), 8) == "c1"
    assert await messages.answer_of(-(10**12), 8) is None


async def test_nothing_is_known_of_other_messages_and_other_chats(messages: Messages) -> None:
    await messages.remember(1, 7, "c1", said_at=NOON, by_user=True)

    assert await messages.conversation_of(1, 8) is None
    assert await messages.conversation_of(2, 7) is None
    assert await messages.answer_of(2, 7) is None
    assert await messages.last_spoken(2) is None
    assert await messages.last_begun(1, 3) is None


async def test_what_is_said_again_of_a_message_replaces_what_was_known(messages: Messages) -> None:
    await messages.remember(1, 7, "c1", said_at=NOON)
    await messages.remember(1, 7, "c1", said_at=NOON, answer_id="a1")

    assert await messages.answer_of(1, 7) == "a1"


async def test_the_last_spoken_conversation_is_where_the_user_wrote_last_not_where_an_answer_came_late(
    messages: Messages,
) -> None:
    await messages.remember(1, 7, "c1", said_at=NOON, by_user=True)
    await messages.remember(1, 8, "c2", said_at=NOON + MINUTE, by_user=True)
    await messages.remember(1, 9, "c1", said_at=NOON + 2 * MINUTE)

    assert await messages.last_spoken(1) == ("c2", NOON + MINUTE)


async def test_the_age_of_the_last_conversation_counts_from_its_last_message(messages: Messages) -> None:
    tokyo = timezone(timedelta(hours=9))
    await messages.remember(1, 7, "c1", said_at=NOON, by_user=True)
    await messages.remember(1, 8, "c1", said_at=(NOON + 5 * MINUTE).astimezone(tokyo))

    assert await messages.last_spoken(1) == ("c1", NOON + 5 * MINUTE)


async def test_what_was_said_in_a_topic_is_not_the_last_of_the_chat(messages: Messages) -> None:
    await messages.remember(1, 7, "c1", said_at=NOON, by_user=True)
    await messages.remember(1, 8, "c2", said_at=NOON, by_user=True, topic=3)

    assert await messages.last_spoken(1) == ("c1", NOON)


async def test_the_last_begun_conversation_of_a_topic_stays_so_when_an_earlier_one_goes_on(messages: Messages) -> None:
    for message, conversation in ((4, "old"), (5, "old"), (6, "new"), (7, "old")):
        await messages.remember(-9, message, conversation, said_at=NOON, by_user=True, topic=3)
    await messages.remember(-9, 8, "elsewhere", said_at=NOON, by_user=True, topic=4)

    assert await messages.last_begun(-9, 3) == "new"
    assert await messages.last_begun(-9, 4) == "elsewhere"


async def test_forgetting_a_conversation_forgets_its_messages_and_no_others(
    messages: Messages, database: Database
) -> None:
    conversations = Conversations(database)
    await messages.remember(1, 7, "c1", said_at=NOON, by_user=True)
    await messages.remember(1, 8, "c1", said_at=NOON, answer_id="c1-1")
    await messages.remember(1, 5, "c2", said_at=NOON, by_user=True)
    await conversations.add_turn(a_reply("c1"), asked_at=NOON)

    assert await conversations.forget("c1") == 1

    assert await messages.conversation_of(1, 7) is None
    assert await messages.conversation_of(1, 8) is None
    assert await messages.last_spoken(1) == ("c2", NOON)


async def test_messages_are_known_after_reopening(tmp_path: Path) -> None:
    async with await open_database(url(tmp_path)) as database:
        await Messages(database).remember(1, 7, "c1", said_at=NOON, by_user=True)
    async with await open_database(url(tmp_path)) as database:
        assert await Messages(database).conversation_of(1, 7) == "c1"


async def test_a_database_from_before_there_was_a_map_gets_one_and_keeps_its_turns(tmp_path: Path) -> None:
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import Connection

    from bot.stores.database import MIGRATIONS

    def step_back(connection: Connection) -> None:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        for later in ("message_map", "spending", "reviews"):
            connection.exec_driver_sql(f"DROP TABLE {later}")
        command.stamp(config, "m001")

    async with await open_database(url(tmp_path)) as database:
        await Conversations(database).add_turn(a_reply("c1"), asked_at=NOON)
        async with database.writing() as connection:
            await connection.run_sync(step_back)

    async with await open_database(url(tmp_path)) as database:
        await Messages(database).remember(1, 7, "c1", said_at=NOON)
        assert len((await Conversations(database).history("c1", 5)).turns) == 1


async def test_a_time_without_a_zone_is_refused(messages: Messages) -> None:
    with pytest.raises(ValueError, match="time zone"):
        await messages.remember(1, 7, "c1", said_at=NOON.replace(tzinfo=None))


async def test_a_conversation_whose_name_can_t_be_stored_is_a_store_error(messages: Messages) -> None:
    with pytest.raises(StoreError):
        await messages.remember(1, 7, "\ud800", said_at=NOON)
