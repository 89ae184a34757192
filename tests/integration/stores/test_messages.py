import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.domain.errors import StoreError
from bot.domain.placing import MessageNote
from bot.stores.conversations import Conversations
from bot.stores.database import Database, open_database
from bot.stores.messages import Messages
from tests.names import KEY
from tests.unit.stores.replies import a_reply

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def messages(database: Database) -> Messages:
    return Messages(database)


async def answer_of(messages: Messages, chat: int, message: int) -> str | None:
    note = await messages.about(chat, message)
    return None if note is None else note.answer_id


async def test_a_message_is_found_in_its_chat_with_its_conversation_and_answer(messages: Messages) -> None:
    await messages.remember(-(10**12), 7, "c1", said_at=NOON, answer_id="a1")
    await messages.remember(-(10**12), 8, "c1", said_at=NOON)

    assert await messages.conversation_of(-(10**12), 7) == "c1"
    assert await answer_of(messages, -(10**12), 7) == "a1"
    assert await messages.conversation_of(-(10**12), 8) == "c1"
    assert await answer_of(messages, -(10**12), 8) is None


async def test_nothing_is_known_of_other_messages_and_other_chats(messages: Messages) -> None:
    await messages.remember(1, 7, "c1", said_at=NOON, by_user=True)

    assert await messages.conversation_of(1, 8) is None
    assert await messages.conversation_of(2, 7) is None
    assert await answer_of(messages, 2, 7) is None
    assert await messages.last_spoken(2) is None
    assert await messages.last_begun(1, 3) is None


async def test_what_is_said_again_of_a_message_replaces_what_was_known(messages: Messages) -> None:
    await messages.remember(1, 7, "c1", said_at=NOON)
    await messages.remember(1, 7, "c1", said_at=NOON, answer_id="a1")

    assert await answer_of(messages, 1, 7) == "a1"


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


async def test_messages_are_known_after_reopening(place: str) -> None:
    async with await open_database(place, key=KEY) as database:
        await Messages(database).remember(1, 7, "c1", said_at=NOON, by_user=True)
    async with await open_database(place, key=KEY) as database:
        assert await Messages(database).conversation_of(1, 7) == "c1"


async def test_all_that_is_known_of_a_message_is_told_at_once(messages: Messages) -> None:
    await messages.remember(1, 7, "c1", said_at=NOON, topic=3, answer_id="a1", purpose="comment")
    await messages.remember(1, 8, "c1", said_at=NOON, by_user=True)

    known = MessageNote(conversation="c1", answer_id="a1", by_user=False, purpose="comment", topic=3)
    assert await messages.about(1, 7) == known
    assert await messages.about(1, 8) == MessageNote(conversation="c1", answer_id=None, by_user=True)
    assert await messages.about(2, 7) is None


async def test_an_answer_belongs_to_the_chat_in_which_it_was_first_given(messages: Messages) -> None:
    await messages.remember(-100, 9, "c1", said_at=NOON, answer_id="a1")
    await messages.remember(5, 1, "c1", said_at=NOON + MINUTE, answer_id="a1")

    assert await messages.chat_of_answer("a1") == -100
    assert await messages.chat_of_answer("a2") is None


async def test_the_last_answer_is_the_newest_one_of_a_chat_a_conversation_or_a_topic(messages: Messages) -> None:
    await messages.remember(1, 7, "c1", said_at=NOON, answer_id="a1")
    await messages.remember(1, 8, "c2", said_at=NOON, answer_id="a2", topic=3)
    await messages.remember(1, 9, "c3", said_at=NOON, answer_id="a3")
    await messages.remember(1, 10, "c3", said_at=NOON)
    await messages.remember(1, 11, "c3", said_at=NOON, answer_id="a4", by_user=True)
    await messages.remember(2, 12, "c1", said_at=NOON, answer_id="a5")

    assert await messages.last_answer(1) == "a3"
    assert await messages.last_answer(1, "c1") == "a1"
    assert await messages.last_answer(1, topic=3) == "a2"
    assert await messages.last_answer(1, "c1", 3) is None
    assert await messages.last_answer(3) is None


async def test_what_is_said_of_a_message_at_once_by_many_is_recorded_once(messages: Messages) -> None:
    await asyncio.gather(*(messages.remember(1, 7, "c1", said_at=NOON, answer_id=f"a{n}") for n in range(8)))

    assert await messages.conversation_of(1, 7) == "c1"


async def test_a_time_without_a_zone_is_refused(messages: Messages) -> None:
    with pytest.raises(ValueError, match="time zone"):
        await messages.remember(1, 7, "c1", said_at=NOON.replace(tzinfo=None))


async def test_a_conversation_whose_name_can_t_be_stored_is_a_store_error(messages: Messages) -> None:
    with pytest.raises(StoreError):
        await messages.remember(1, 7, "\ud800", said_at=NOON)


async def test_a_page_of_an_older_answer_is_not_the_last_answer(messages: Messages) -> None:
    await messages.remember(1, 7, "c1", said_at=NOON, answer_id="a1")
    await messages.remember(1, 8, "c1", said_at=NOON, answer_id="a2")
    await messages.remember(1, 9, "c1", said_at=NOON, answer_id="a1", purpose="source")
    assert await messages.last_answer(1) == "a2"


async def test_the_conversation_before_is_where_the_user_wrote_until_this_one_began(messages: Messages) -> None:
    for message, conversation in ((1, "c1"), (2, "c2"), (3, "c3")):
        await messages.remember(1, message, conversation, said_at=NOON, by_user=True)
    await messages.remember(1, 4, "c1", said_at=NOON)
    await messages.remember(1, 5, "t", said_at=NOON, by_user=True, topic=3)
    await messages.remember(2, 1, "other", said_at=NOON, by_user=True)
    assert await messages.spoken_before(1, "c3") == "c2"
    assert await messages.spoken_before(1, "c2") == "c1"
    assert await messages.spoken_before(1, "c1") is None
    assert await messages.spoken_before(1, "unknown") is None
