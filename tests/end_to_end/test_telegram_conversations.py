"""Which conversation a message belongs to, in private chats, groups and topics."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.errors import StoreError
from bot.stores.conversations import Conversations
from bot.stores.database import open_database
from tests.end_to_end.running_bot import FAILED, PLACEHOLDER, SECOND, WORDING, Running, running
from tests.fake_telegram import BOT, FakeTelegram, Fault
from tests.unit.stores.replies import DISCLAIMER

GROUP: dict[str, Any] = {"chat": -9, "chat_type": "supergroup"}
TOPIC: dict[str, Any] = GROUP | {"message_thread_id": 3, "is_topic_message": True}
HALF_AN_HOUR = timedelta(minutes=30)
NEW = WORDING.say("telegram.new")


async def has_answered(bot: Running, *questions: str, chat: int = 1) -> list[int]:
    """Wait for the answers to these questions; returns the ids of all messages of the bot in the chat."""
    await bot.sees(
        lambda: all(any(f"About {text}." in said for said in bot.telegram.texts(chat)) for text in questions)
    )
    return [message["message_id"] for message in bot.telegram.messages(chat)]


def goes_together(bot: Running, *questions: str) -> bool:
    """Are these questions in one conversation?"""
    conversations = bot.answering.conversations()
    return len({conversations[text] for text in questions}) == 1


# Private chats


async def test_in_private_what_is_said_within_half_an_hour_is_one_conversation(bot: Running) -> None:
    bot.telegram.says("first")
    await has_answered(bot, "first")
    await bot.rests(HALF_AN_HOUR - timedelta(seconds=1))
    bot.telegram.says("second")
    await has_answered(bot, "second")
    await bot.rests(HALF_AN_HOUR - timedelta(seconds=1))
    bot.telegram.says("third")
    await has_answered(bot, "third")

    assert goes_together(bot, "first", "second", "third")


async def test_in_private_a_new_conversation_begins_after_half_an_hour(bot: Running) -> None:
    bot.telegram.says("first")
    await has_answered(bot, "first")
    await bot.rests(HALF_AN_HOUR)
    bot.telegram.says("second")
    await has_answered(bot, "second")

    assert not goes_together(bot, "first", "second")


async def test_in_private_a_reply_picks_its_conversation_up_again_however_old_and_what_follows_stays_there(
    bot: Running,
) -> None:
    bot.telegram.says("first")
    (answer,) = await has_answered(bot, "first")
    await bot.rests(timedelta(days=2))
    bot.telegram.says("second")
    await has_answered(bot, "second")

    bot.telegram.replies(answer, "back to first")
    bot.telegram.says("and more")
    await has_answered(bot, "back to first", "and more")

    assert goes_together(bot, "first", "back to first", "and more")
    assert not goes_together(bot, "first", "second")


async def test_a_reply_to_a_question_belongs_to_its_conversation_too(bot: Running) -> None:
    asked = bot.telegram.says("first")
    await has_answered(bot, "first")
    await bot.rests(HALF_AN_HOUR)

    bot.telegram.replies(asked, "second")
    await has_answered(bot, "second")

    assert goes_together(bot, "first", "second")


async def test_a_reply_to_an_answer_that_is_still_being_worked_on_waits_for_it(bot: Running) -> None:
    bot.telegram.says("hold")
    await bot.shows(PLACEHOLDER)
    (placeholder,) = bot.telegram.messages()

    bot.telegram.replies(placeholder["message_id"], "second")
    await bot.shows(PLACEHOLDER, SECOND)
    assert [message.text for message in bot.answering.asked] in ([], ["hold"])
    bot.answering.let_go.set()
    await bot.shows("About hold.", "About second.")
    assert [message.text for message in bot.answering.asked] == ["hold", "second"]

    assert goes_together(bot, "hold", "second")


async def test_every_part_of_a_long_answer_can_be_replied_to(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with running(telegram, folder=tmp_path) as bot:
        telegram.says("@footnote_bot long", **GROUP)
        await bot.sees(lambda: DISCLAIMER in "".join(telegram.texts(-9)))
        await bot.ends()
        conversation = bot.answering.asked[0].conversation
    async with running(telegram, folder=tmp_path) as bot:
        parts = telegram.messages(-9)
        for number, part in enumerate(parts):
            telegram.replies(part["message_id"], f"follow-up {number}", chat=-9)
        await has_answered(bot, *(f"follow-up {number}" for number in range(len(parts))), chat=-9)

    assert {message.conversation for message in bot.answering.asked} == {conversation}


@pytest.mark.parametrize("known", ["deleted", "unknown", "foreign"])
async def test_in_private_a_reply_to_what_is_not_known_goes_on_with_the_recent_exchange(
    bot: Running, known: str
) -> None:
    bot.telegram.says("first")
    (answer,) = await has_answered(bot, "first")

    reply_to_nothing_known(bot, known, answer)
    await has_answered(bot, "second")

    assert goes_together(bot, "first", "second")


@pytest.mark.parametrize("known", ["deleted", "unknown", "foreign"])
async def test_in_private_a_reply_to_what_is_not_known_begins_anew_when_nothing_is_recent(
    bot: Running, known: str
) -> None:
    bot.telegram.says("first")
    (answer,) = await has_answered(bot, "first")
    await bot.rests(HALF_AN_HOUR)

    reply_to_nothing_known(bot, known, answer)
    await has_answered(bot, "second")

    assert not goes_together(bot, "first", "second")


def reply_to_nothing_known(bot: Running, how: str, answer: int, text: str = "second", **more: Any) -> None:
    """Reply to a message that was deleted, that nobody remembers, or that stands in another chat."""
    chat = {"id": more.get("chat", 1), "type": more.get("chat_type", "private")}
    match how:
        case "deleted":
            bot.telegram.deletes(answer, chat=more.get("chat", 1))
            bot.telegram.replies(answer, text, **more)
        case "unknown":
            earlier = {"message_id": 12, "date": 1, "chat": chat, "from": BOT, "text": "Long ago"}
            bot.telegram.says(text, reply_to_message=earlier, **more)
        case _:
            origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Bo"}
            bot.telegram.says(text, external_reply={"origin": origin}, quote={"text": "Far", "position": 0}, **more)


# /new


async def test_new_begins_a_conversation_that_the_next_question_goes_on_with(bot: Running) -> None:
    bot.telegram.says("first")
    await has_answered(bot, "first")
    bot.telegram.says("/new")
    bot.telegram.says("second")
    bot.telegram.says("third")
    await bot.sees(lambda: NEW in bot.telegram.texts())
    await has_answered(bot, "second", "third")

    assert not goes_together(bot, "first", "second")
    assert goes_together(bot, "second", "third")


async def test_a_late_answer_does_not_bring_the_conversation_before_new_back(bot: Running) -> None:
    bot.telegram.says("hold")
    await bot.shows(PLACEHOLDER)
    bot.telegram.says("/new")
    await bot.shows(PLACEHOLDER, NEW)
    bot.answering.let_go.set()
    await has_answered(bot, "hold")

    bot.telegram.says("second")
    await has_answered(bot, "second")

    assert not goes_together(bot, "hold", "second")


async def test_a_reply_goes_back_behind_new(bot: Running) -> None:
    bot.telegram.says("first")
    (answer,) = await has_answered(bot, "first")
    bot.telegram.says("/new")
    bot.telegram.replies(answer, "back to first")
    await has_answered(bot, "back to first")

    assert goes_together(bot, "first", "back to first")


async def test_in_a_group_a_reply_to_what_new_says_is_in_the_new_conversation(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    async with running(telegram, folder=tmp_path) as bot:
        asked = telegram.says("/new@footnote_bot", **GROUP)
        await bot.shows(NEW, chat=-9)
        await bot.ends()
    async with running(telegram, folder=tmp_path) as bot:
        (said,) = telegram.messages(-9)
        telegram.replies(said["message_id"], "first", chat=-9)
        await has_answered(bot, "first", chat=-9)

    assert bot.answering.conversations() == {"first": f"telegram:-9:{asked}"}


# Groups


async def test_in_a_group_each_chain_of_replies_is_a_conversation(bot: Running) -> None:
    """Ada and Bo ask, and follow up on different answers at once, twice, out of order."""
    bot.telegram.says("@footnote_bot of one", sender=5, **GROUP)
    bot.telegram.says("@footnote_bot of two", sender=6, **GROUP)
    await has_answered(bot, "of one", "of two", chat=-9)
    of = {name: answer_to(bot, f"of {name}") for name in ("one", "two")}

    bot.telegram.replies(of["one"], "hold the one", chat=-9, sender=5)
    bot.telegram.replies(of["two"], "next of two", chat=-9, sender=6)
    await has_answered(bot, "next of two", chat=-9)  # Nobody waits for somebody else's conversation.
    bot.telegram.replies(answer_to(bot, "next of two"), "last of two", chat=-9, sender=6)
    await has_answered(bot, "last of two", chat=-9)
    bot.answering.let_go.set()
    await has_answered(bot, "hold the one", chat=-9)
    bot.telegram.replies(answer_to(bot, "hold the one"), "third of one", chat=-9, sender=5)
    await has_answered(bot, "third of one", chat=-9)

    assert goes_together(bot, "of one", "hold the one", "third of one")
    assert goes_together(bot, "of two", "next of two", "last of two")
    assert not goes_together(bot, "of one", "of two")


async def test_in_a_group_two_people_may_follow_up_on_one_answer_and_somebody_else_on_their_s(bot: Running) -> None:
    bot.telegram.says("@footnote_bot first", sender=5, **GROUP)
    (answer,) = await has_answered(bot, "first", chat=-9)
    await bot.rests(timedelta(0))
    bot.telegram.replies(answer, "hold second", chat=-9, sender=5)
    bot.telegram.replies(answer, "third", chat=-9, sender=6)
    await bot.shows("About first.", PLACEHOLDER, SECOND, chat=-9)
    bot.answering.let_go.set()
    await has_answered(bot, "hold second", "third", chat=-9)

    assert [message.text for message in bot.answering.asked] == ["first", "hold second", "third"]
    assert goes_together(bot, "first", "hold second", "third")


async def test_in_a_group_a_mention_without_a_reply_begins_a_conversation(bot: Running) -> None:
    bot.telegram.says("@footnote_bot first", **GROUP)
    await has_answered(bot, "first", chat=-9)
    bot.telegram.says("@footnote_bot second", **GROUP)
    await has_answered(bot, "second", chat=-9)

    assert not goes_together(bot, "first", "second")


async def test_in_a_group_a_mention_in_reply_to_somebody_s_question_joins_its_conversation(bot: Running) -> None:
    asked = bot.telegram.says("@footnote_bot first", sender=5, **GROUP)
    await has_answered(bot, "first", chat=-9)
    bot.telegram.replies(asked, "@footnote_bot second", chat=-9, sender=6)
    await has_answered(bot, "second", chat=-9)

    assert goes_together(bot, "first", "second")


async def test_in_a_group_what_is_neither_reply_nor_mention_nor_command_is_ignored(bot: Running) -> None:
    asked = bot.telegram.says("@footnote_bot first", **GROUP)
    await has_answered(bot, "first", chat=-9)
    bot.telegram.says("talk among people", **GROUP)
    bot.telegram.replies(asked, "more talk", chat=-9)
    bot.telegram.says("@footnote_bot last", **GROUP)
    await has_answered(bot, "last", chat=-9)

    assert [message.text for message in bot.answering.asked] == ["first", "last"]
    assert len(bot.telegram.messages(-9)) == 2


@pytest.mark.parametrize("known", ["deleted", "unknown", "foreign", "somebody's"])
async def test_in_a_group_a_reply_to_what_is_not_known_begins_a_conversation(bot: Running, known: str) -> None:
    talk = bot.telegram.says("talk among people", **GROUP)
    bot.telegram.says("@footnote_bot first", **GROUP)
    (answer,) = await has_answered(bot, "first", chat=-9)

    if known == "somebody's":
        bot.telegram.replies(talk, "@footnote_bot second", chat=-9)
    else:
        reply_to_nothing_known(bot, known, answer, "@footnote_bot second", **GROUP)
    await has_answered(bot, "second", chat=-9)

    assert not goes_together(bot, "first", "second")


def answer_to(bot: Running, question: str) -> int:
    """The id of the message that answers a question in the group."""
    (found,) = (m["message_id"] for m in bot.telegram.messages(-9) if m["text"].startswith(f"About {question}."))
    return int(found)


# Topics


async def test_a_topic_is_one_conversation_however_old(bot: Running) -> None:
    bot.telegram.says("@footnote_bot first", **TOPIC)
    await has_answered(bot, "first", chat=-9)
    await bot.rests(timedelta(days=2))
    bot.telegram.says("@footnote_bot second", sender=6, **TOPIC)
    bot.telegram.says("@footnote_bot elsewhere", **TOPIC | {"message_thread_id": 4})
    await has_answered(bot, "second", "elsewhere", chat=-9)

    assert bot.answering.conversations() == {
        "first": "telegram:-9:3",
        "second": "telegram:-9:3",
        "elsewhere": "telegram:-9:4",
    }
    assert {message["message_thread_id"] for message in bot.telegram.messages(-9)} == {3, 4}


async def test_a_topic_begins_afresh_with_new_and_a_reply_goes_back_for_itself_alone(bot: Running) -> None:
    bot.telegram.says("@footnote_bot first", **TOPIC)
    (answer,) = await has_answered(bot, "first", chat=-9)
    bot.telegram.says("/new@footnote_bot", **TOPIC)
    bot.telegram.says("@footnote_bot second", **TOPIC)
    bot.telegram.replies(answer, "back to first", chat=-9)
    bot.telegram.says("@footnote_bot third", **TOPIC)
    await has_answered(bot, "second", "back to first", "third", chat=-9)

    assert goes_together(bot, "first", "back to first")
    assert goes_together(bot, "second", "third")
    assert not goes_together(bot, "first", "second")


@pytest.mark.parametrize("known", ["unknown", "foreign"])
async def test_in_a_topic_a_reply_to_what_is_not_known_belongs_to_the_topic(bot: Running, known: str) -> None:
    bot.telegram.says("@footnote_bot first", **TOPIC)
    (answer,) = await has_answered(bot, "first", chat=-9)
    reply_to_nothing_known(bot, known, answer, "@footnote_bot second", **TOPIC)
    await has_answered(bot, "second", chat=-9)

    assert goes_together(bot, "first", "second")


async def test_the_message_that_opened_a_topic_is_no_reply(bot: Running) -> None:
    opened = bot.telegram.posts(forum_topic_created={"name": "JDM", "icon_color": 7322096}, **TOPIC)
    bot.telegram.replies(opened, "@footnote_bot first", chat=-9)
    await has_answered(bot, "first", chat=-9)

    assert bot.answering.conversations() == {"first": "telegram:-9:3"}


# The quoted part of an answer


async def test_the_quoted_part_of_an_answer_goes_with_the_question(bot: Running) -> None:
    bot.telegram.says("rituximab")
    (answer,) = await has_answered(bot, "rituximab")
    bot.telegram.replies(answer, "is that safe?", quote="rituximab. [1]")
    await bot.sees(lambda: len(bot.answering.asked) == 2)

    assert bot.answering.asked[1].text == 'about "rituximab.": is that safe?'
    assert bot.answering.asked[1].conversation == bot.answering.asked[0].conversation


async def test_the_quoted_part_of_somebody_else_s_message_does_not(bot: Running) -> None:
    talk = bot.telegram.says("I would try IVIG", **GROUP)
    bot.telegram.replies(talk, "@footnote_bot is that safe?", quote="IVIG", chat=-9)
    await has_answered(bot, "is that safe?", chat=-9)


# What goes wrong


async def test_conversations_survive_a_restart(telegram: FakeTelegram, tmp_path: Path) -> None:
    together: dict[str, str] = {}
    async with running(telegram, folder=tmp_path) as bot:
        telegram.says("first")
        telegram.says("@footnote_bot group", **GROUP)
        await has_answered(bot, "first")
        (answer,) = await has_answered(bot, "group", chat=-9)
        together |= bot.answering.conversations()
    async with running(telegram, folder=tmp_path) as bot:
        telegram.says("second")
        telegram.replies(answer, "group second", chat=-9)
        await has_answered(bot, "second")
        await has_answered(bot, "group second", chat=-9)
        together |= bot.answering.conversations()

    assert together["first"] == together["second"]
    assert together["group"] == together["group second"]
    assert together["first"] != together["group"]


async def test_a_reply_into_a_forgotten_conversation_begins_a_new_one(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with running(telegram, folder=tmp_path) as bot:
        telegram.says("first")
        (answer,) = await has_answered(bot, "first")
        await bot.rests(timedelta(0))
        async with await open_database(f"sqlite:///{tmp_path}/footnote.db") as database:
            await Conversations(database).forget(bot.answering.asked[0].conversation)

        telegram.replies(answer, "second")
        await has_answered(bot, "second")

        assert not goes_together(bot, "first", "second")


async def test_a_message_that_arrives_twice_stays_in_its_conversation(bot: Running) -> None:
    chat = {"id": -9, "type": "supergroup", "title": "Ward"}
    mention = {"type": "mention", "offset": 0, "length": 13}
    message = {"message_id": 7, "date": 1, "chat": chat, "from": {"id": 5, "is_bot": False, "first_name": "Ada"}}
    for _ in range(2):
        bot.telegram.pushes({"message": message | {"text": "@footnote_bot first", "entities": [mention]}})
    await bot.shows("About first.", "About first.", chat=-9)

    assert {each.conversation for each in bot.answering.asked} == {"telegram:-9:7"}


async def test_without_a_memory_questions_are_answered_and_new_says_that_it_failed(
    telegram: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def __getattr__(self, _: str) -> Any:
            raise StoreError("The database footnote.db can't be used.", remedy="Free some space on the disk.")

    async with running(telegram, stores=lambda real: replace(real, messages=Broken())) as bot:
        telegram.says("first")
        await has_answered(bot, "first")
        telegram.says("/new")
        await bot.shows("About first.", FAILED)

    assert "Free some space" in caplog.text


async def test_a_reply_to_an_apology_is_in_the_conversation_of_the_question(bot: Running) -> None:
    asked = bot.telegram.says("@footnote_bot break", **GROUP)
    await bot.shows(FAILED, chat=-9)
    (apology,) = bot.telegram.messages(-9)
    bot.telegram.replies(apology["message_id"], "again", chat=-9)
    await has_answered(bot, "again", chat=-9)

    assert bot.answering.conversations()["again"] == f"telegram:-9:{asked}"


async def test_an_answer_that_was_sent_on_its_own_can_be_replied_to(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with running(telegram, folder=tmp_path) as bot:
        telegram.fails("sendMessage", *[Fault()] * 6)
        asked = telegram.says("@footnote_bot first", **GROUP)
        (answer,) = await has_answered(bot, "first", chat=-9)
        await bot.ends()
    async with running(telegram, folder=tmp_path) as bot:
        telegram.replies(answer, "second", chat=-9)
        await has_answered(bot, "second", chat=-9)

    assert bot.answering.conversations() == {"second": f"telegram:-9:{asked}"}
