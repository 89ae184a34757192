"""Every command, typed in a chat with the real bot, and everything that it refuses."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.telegram.profile import FOR_ADMINS, FOR_EVERYONE, IN_GROUPS
from tests.affairs import affairs
from tests.end_to_end.recording import answered, newest, offers, pressed, recording
from tests.end_to_end.running_bot import OPTIONS, SECOND, WORDING, Running
from tests.fake_telegram import FakeTelegram, Fault

GROUP, ADMIN, ANN, BEN = -9, 7, 5, 6
HELP = WORDING.say("command.help")


@pytest.fixture
async def bot(telegram: FakeTelegram, tmp_path: Path) -> AsyncIterator[Running]:
    async with recording(telegram, tmp_path, options=replace(OPTIONS, admins=frozenset({ADMIN}))) as started:
        yield started


async def says(bot: Running, text: str, expected: str, *, chat: int = 1, sender: int = ANN, **more: object) -> None:
    """Somebody writes, and the bot's next message begins as expected."""
    before = len(bot.telegram.messages(chat))
    bot.telegram.says(text, chat=chat, sender=sender, **more)
    await bot.sees(lambda: len(bot.telegram.messages(chat)) > before and newest(bot, chat)["text"].startswith(expected))


async def test_telegram_shows_each_chat_its_commands_and_the_disclaimer(bot: Running) -> None:
    await bot.sees(lambda: len(bot.telegram.called("getMyShortDescription")) == 2)
    scopes = {call["scope"]["type"]: call["commands"] for call in bot.telegram.called("setMyCommands")}
    assert [command["command"] for command in scopes["all_private_chats"]] == list(FOR_EVERYONE)
    assert [command["command"] for command in scopes["all_group_chats"]] == list(IN_GROUPS)
    assert [command["command"] for command in scopes["chat"]] == [*FOR_EVERYONE, *FOR_ADMINS]
    assert "not medical advice" in bot.telegram.called("setMyDescription")[0]["description"]


async def test_a_restart_writes_nothing_that_is_right_already(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with recording(telegram, tmp_path) as first:
        await first.sees(lambda: len(telegram.called("getMyShortDescription")) == 2)
        written = len([call for call in telegram.calls if call.method.startswith("setMy")])
    async with recording(telegram, tmp_path) as second:
        await second.sees(lambda: len(telegram.called("getMyShortDescription")) == 4)
        await says(second, "/help", HELP)
    assert len([call for call in telegram.calls if call.method.startswith("setMy")]) == written


async def test_start_asks_who_is_reading_once(bot: Running) -> None:
    await says(bot, "/start", WORDING.say("command.start", topic=WORDING.say("topic")))
    assert WORDING.say("audience.ask") in newest(bot)["text"]
    await pressed(bot, newest(bot)["message_id"], "a:family")
    await says(bot, "/start", WORDING.say("command.start", topic=WORDING.say("topic")))
    assert WORDING.say("audience.ask") not in newest(bot)["text"]


async def test_the_chosen_audience_is_answered(bot: Running) -> None:
    await says(bot, "/audience", WORDING.say("audience.present", audience=WORDING.say("audience.name.other")))
    await pressed(bot, newest(bot)["message_id"], "a:trainee")
    await answered(bot, "question")
    assert [message.audience for message in bot.answering.asked] == ["trainee"]


async def test_in_a_group_an_administrator_chooses_for_all(bot: Running) -> None:
    bot.telegram.says("/start", chat=GROUP, chat_type="supergroup")
    bot.telegram.world.chats[GROUP].members |= {ANN: "administrator", BEN: "member"}
    await bot.sees(lambda: newest(bot, GROUP)["text"])
    await says(bot, "/audience", "At present", chat=GROUP, sender=BEN)
    assert offers(bot, newest(bot, GROUP)["message_id"], GROUP) == {}
    await says(bot, "/audience", "At present", chat=GROUP, sender=ANN)
    picker = newest(bot, GROUP)["message_id"]
    refused = await pressed(bot, picker, "a:family", chat=GROUP, sender=BEN)
    assert refused["text"] == WORDING.say("audience.only_administrators")
    await pressed(bot, picker, "a:clinician", chat=GROUP, sender=ANN)
    await answered(bot, "/ask question", chat=GROUP, sender=BEN)
    assert [message.audience for message in bot.answering.asked] == ["clinician"]


async def test_ask_asks_also_in_two_steps(bot: Running) -> None:
    await answered(bot, "/ask question", chat=GROUP, chat_type="supergroup")
    await says(bot, "/ask", WORDING.say("command.ask"), chat=GROUP)
    await bot.rests(timedelta(0))
    bot.telegram.replies(newest(bot, GROUP)["message_id"], "another", chat=GROUP)
    await bot.sees(lambda: "About another." in newest(bot, GROUP)["text"])
    assert len({message.conversation for message in bot.answering.asked}) == 2


async def test_new_begins_a_conversation(bot: Running) -> None:
    await answered(bot, "one")
    await says(bot, "/new", WORDING.say("telegram.new"))
    await answered(bot, "two")
    assert len(set(bot.answering.conversations().values())) == 2


async def test_sources_of_the_last_answer_and_of_the_one_replied_to(bot: Running) -> None:
    await says(bot, "/sources", WORDING.say("command.no_sources"))
    first = await answered(bot, "one")
    await answered(bot, "two")
    await says(bot, "/sources", "Source [1]")
    bot.telegram.replies(first, "/sources")
    await bot.sees(lambda: newest(bot)["text"].startswith("Source [1]") and len(bot.telegram.messages()) == 5)
    shown = offers(bot, newest(bot)["message_id"])
    assert f"p:{bot.answering.asked[0].answer_id}" in shown.values()


async def test_sources_of_a_group_open_in_the_private_chat_only_there(bot: Running) -> None:
    await answered(bot, "/ask question", chat=GROUP, chat_type="supergroup")
    await says(bot, "/sources", WORDING.say("command.sources_in_private"), chat=GROUP)
    (link,) = offers(bot, newest(bot, GROUP)["message_id"], GROUP).values()
    payload = link.partition("?start=")[2]
    await says(bot, f"/start {payload}", "Source [1]", chat=6, sender=BEN)
    await answered(bot, "mine")
    private = f"src_{bot.answering.asked[-1].answer_id}"
    await says(bot, f"/start {private}", WORDING.say("command.link_refused"), chat=6, sender=BEN)


async def test_policy_comes_like_an_answer(bot: Running) -> None:
    await says(bot, "/policy", "About /policy.")


@pytest.mark.parametrize(
    ("command", "begins"), [("help", HELP), ("about", "Footnote 1.2.3 answers"), ("privacy", "What is kept")]
)
async def test_what_it_tells_of_itself(bot: Running, command: str, begins: str) -> None:
    await says(bot, f"/{command}", begins)
    await says(bot, f"/{command}", begins, chat=GROUP, chat_type="supergroup")


async def test_forget_deletes_after_a_yes_and_says_what(bot: Running) -> None:
    answer = await answered(bot, "question")
    await pressed(bot, answer, "👍")
    await says(bot, "/forget", WORDING.say("privacy.confirm"))
    asked = newest(bot)["message_id"]
    await pressed(bot, asked, "y:")
    await bot.sees(lambda: newest(bot)["text"].startswith(WORDING.say("privacy.deleted")))
    assert f"{WORDING.say('privacy.kind.turns')}: 1" in newest(bot)["text"]
    assert f"{WORDING.say('privacy.kind.feedback')}: 1" in newest(bot)["text"]
    told = await pressed(bot, answer, "🔎 More detail")
    assert told["text"] == WORDING.say("command.old_button")
    await says(bot, "/sources", WORDING.say("command.no_sources"))


async def test_forget_keeps_all_after_a_no(bot: Running) -> None:
    await answered(bot, "question")
    await says(bot, "/forget", WORDING.say("privacy.confirm"))
    await pressed(bot, newest(bot)["message_id"], "z:")
    await bot.sees(lambda: newest(bot)["text"] == WORDING.say("privacy.kept_all"))
    await says(bot, "/sources", "Source [1]")


async def test_feedback_with_words_or_in_two_steps(bot: Running) -> None:
    await says(bot, "/feedback Nice", WORDING.say("feedback.no_answer"))
    await answered(bot, "question")
    await says(bot, "/feedback Helpful for Jane Doe", WORDING.say("feedback.comment"))
    await says(bot, "/feedback", WORDING.say("feedback.ask"))
    await bot.rests(timedelta(0))
    bot.telegram.replies(newest(bot)["message_id"], "The dose is missing.")
    await bot.sees(lambda: newest(bot)["text"] == WORDING.say("feedback.comment") and len(bot.telegram.messages()) == 5)
    (opinion,) = await bot.bot.parts.office.feedback.of(bot.answering.asked[0].answer_id)
    assert (opinion.vote, opinion.comment) == (0, "The dose is missing.")
    assert len(bot.answering.asked) == 1


async def test_cancel_takes_back_what_waits_and_what_runs(bot: Running) -> None:
    await says(bot, "/cancel", WORDING.say("command.cancelled_none"))
    bot.telegram.says("hold one")
    await bot.sees(lambda: bot.answering.asked)
    bot.telegram.says("two")
    await bot.sees(lambda: newest(bot)["text"] == SECOND)
    bot.telegram.says("/cancel")
    await bot.sees(lambda: WORDING.say("command.cancelled_many", count=2) in bot.telegram.texts())
    await bot.sees(lambda: bot.telegram.texts().count(WORDING.say("telegram.cancelled")) == 2)
    assert [message.text for message in bot.answering.asked] == ["hold one"]


@pytest.mark.parametrize(
    ("command", "begins"),
    [
        ("status", "Footnote 1.2.3, 2026-11-01 12:00 UTC"),
        ("review", WORDING.say("admin.no_reviews")),
        ("gaps", WORDING.say("admin.no_gaps", days=30)),
        ("reload", "Read anew: 0 documents"),
    ],
)
async def test_administrators_are_told_and_nobody_else(bot: Running, command: str, begins: str) -> None:
    await says(bot, f"/{command}", begins, chat=ADMIN, sender=ADMIN)
    await says(bot, f"/{command}", HELP)
    bot.telegram.says(f"/{command}", chat=GROUP, chat_type="supergroup", sender=ADMIN)
    await says(bot, "/help", HELP, chat=GROUP)
    assert bot.telegram.texts(GROUP) == [HELP]


async def test_an_answer_reported_by_a_reader_waits_for_the_administrators(bot: Running) -> None:
    answer = await answered(bot, "question")
    await pressed(bot, answer, "👎")
    await bot.sees(lambda: "🚩 Report for review" in offers(bot, answer))
    await pressed(bot, answer, "🚩 Report for review")
    await says(bot, "/review", WORDING.say("admin.reviews", count=1), chat=ADMIN, sender=ADMIN)
    assert f"{bot.answering.asked[0].answer_id}: question" in newest(bot, ADMIN)["text"]


async def test_unknown_commands_get_help_in_private_and_silence_in_groups(bot: Running) -> None:
    await says(bot, "/weather", HELP)
    bot.telegram.says("/weather@footnote_bot", chat=GROUP, chat_type="supergroup")
    await says(bot, "/help", HELP, chat=GROUP)
    assert bot.telegram.texts(GROUP) == [HELP]


async def test_a_command_that_cannot_be_dealt_with_gets_an_honest_sentence(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    def broken() -> tuple[()]:
        raise RuntimeError("Xyzzy")

    async with recording(telegram, tmp_path, affairs=affairs(documents=broken)) as bot:
        await says(bot, "/about", WORDING.say("telegram.failed"))
        await says(bot, "/help", HELP)


async def test_only_chats_on_the_list_are_served(telegram: FakeTelegram, tmp_path: Path) -> None:
    chosen = replace(OPTIONS, admins=frozenset({ADMIN}), allowed_chats=frozenset({1, GROUP}))
    async with recording(telegram, tmp_path, options=chosen) as bot:
        await answered(bot, "one")
        await answered(bot, "/ask two", chat=GROUP, chat_type="supergroup")
        await answered(bot, "three", chat=ADMIN, sender=ADMIN)
        await says(bot, "four", WORDING.say("command.not_allowed", chat=BEN), chat=BEN, sender=BEN)
        await says(bot, "/help", WORDING.say("command.not_allowed", chat=BEN), chat=BEN, sender=BEN)
        telegram.adds_bot(chat=-10)
        await bot.sees(lambda: telegram.called("leaveChat"))
        assert telegram.texts(-10) == [WORDING.say("command.group_left", chat=-10)]
        assert [message.text for message in bot.answering.asked] == ["one", "two", "three"]


async def test_without_a_list_a_group_is_greeted(bot: Running) -> None:
    bot.telegram.adds_bot(chat=GROUP)
    await bot.sees(lambda: "mention me" in newest(bot, GROUP)["text"])


async def test_an_update_that_cannot_be_written_down_is_put_aside(bot: Running) -> None:
    me = {"id": 123456, "is_bot": True, "first_name": "Footnote"}
    group, ann = {"id": GROUP, "type": "group", "title": "A group"}, {"id": ANN, "is_bot": False, "first_name": "Ann"}
    # The library reads this time and can't write it again, because it doesn't know it of members who left.
    was, now = {"status": "left", "user": me, "until_date": 5}, {"status": "member", "user": me}
    changed = {"chat": group, "from": ann, "date": 1, "old_chat_member": was, "new_chat_member": now}
    bot.telegram.pushes({"my_chat_member": changed})
    await says(bot, "/help", HELP)


async def test_a_broken_word_from_telegram_about_administrators_is_a_no(bot: Running) -> None:
    bot.telegram.fails("getChatMember", Fault(status=400, description="Bad Request: member not found"))
    await says(bot, "/audience", "At present", chat=GROUP, chat_type="supergroup")
    assert WORDING.say("audience.only_administrators") in newest(bot, GROUP)["text"]
