"""The real bot, with the real library for Telegram, against the fake server; only the answers are scripted."""

import asyncio
import importlib.util
import logging
import os
import signal
import socket
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels.telegram.joining import Webhook
from bot.domain.errors import ChannelError
from bot.domain.messages import Audience
from tests.end_to_end.running_bot import (
    FAILED,
    OPTIONS,
    PLACEHOLDER,
    SECOND,
    SOON,
    THIRD,
    WORDING,
    WRITING,
    Answering,
    Running,
    running,
)
from tests.fake_telegram import BOT, TOKEN, FakeTelegram, Fault, flood
from tests.unit.stores.replies import DISCLAIMER

ROOT = Path(__file__).parents[2]
STICKER = {
    "file_id": "a",
    "file_unique_id": "b",
    "width": 1,
    "height": 1,
    "is_animated": False,
    "is_video": False,
    "type": "regular",
}
POISON = {"callback_query": {"id": "7", "from": {"id": 5, "is_bot": False, "first_name": "Ada"}, "data": "Xyzzy"}}


@pytest.mark.parametrize(
    ("command", "answer"),
    [("/start", "start"), ("/help", "help"), ("/start@footnote_bot", "start"), ("/nonsense", "help")],
)
async def test_commands_are_answered_in_the_wording_of_the_maintainers(bot: Running, command: str, answer: str) -> None:
    bot.telegram.says(command)

    await bot.shows(WORDING.say(f"command.{answer}", topic=WORDING.say("topic")))
    assert bot.answering.asked == []


async def test_the_policy_comes_like_an_answer(bot: Running) -> None:
    bot.telegram.says("/policy@footnote_bot")
    await bot.shows("About /policy.")
    assert [message.text for message in bot.answering.asked] == ["/policy"]


async def test_a_question_gets_a_placeholder_at_once_and_then_its_answer_in_that_place(bot: Running) -> None:
    asked = bot.telegram.says("hold 😀")
    await bot.shows(PLACEHOLDER)
    (placeholder,) = bot.telegram.messages()

    bot.answering.let_go.set()
    await bot.shows("About hold 😀. [1]")

    (message,) = bot.telegram.messages()
    assert message["message_id"] == placeholder["message_id"]
    assert message["reply_to_message"]["message_id"] == asked
    assert DISCLAIMER in message["text"]
    assert message["entities"][0]["type"] == "bold"
    assert message["entities"][0]["length"] == len("About hold 😀. [1]") + 1
    (sent,), (edited,) = bot.telegram.called("sendMessage"), bot.telegram.called("editMessageText")
    for arguments in (sent, edited):
        assert "parse_mode" not in arguments
        assert '"is_disabled": true' in arguments["link_preview_options"]
    (heard,) = bot.answering.asked
    assert (heard.conversation, heard.text, heard.user) == (f"telegram:1:{asked}", "hold 😀", "telegram:5")
    assert heard.audience is Audience.OTHER
    assert len(heard.answer_id) == 24


async def test_while_a_language_model_writes_the_placeholder_says_so_once(bot: Running) -> None:
    bot.telegram.says("write about it")
    await bot.shows(WRITING)
    bot.answering.let_go.set()
    await bot.shows("About write about it. [1]")

    (_,) = bot.telegram.messages()
    (_,), (stage, _) = bot.telegram.called("sendMessage"), bot.telegram.called("editMessageText")
    assert stage["text"] == WRITING


async def test_a_long_answer_is_split_and_numbered_and_nothing_of_it_is_changed(bot: Running) -> None:
    asked = bot.telegram.says("long")

    await bot.sees(lambda: DISCLAIMER in "".join(bot.telegram.texts()))

    texts = bot.telegram.texts()
    assert [text.rpartition("\n\n")[2] for text in texts] == [f"({n}/{len(texts)})" for n in range(1, len(texts) + 1)]
    whole = "\n".join(text.rpartition("\n\n")[0] for text in texts)
    assert [n for n in range(200) if f"• Finding {n} is 0.5*weight*age 👩‍⚕️. [1]" not in whole] == []
    assert {message["reply_to_message"]["message_id"] for message in bot.telegram.messages()} == {asked}


async def test_a_chat_is_answered_in_order_and_others_meanwhile(bot: Running) -> None:
    for text in ("hold one", "two", "three"):
        bot.telegram.says(text)
    bot.telegram.says("other", chat=2)

    await bot.shows("About other.", chat=2)
    await bot.shows(PLACEHOLDER, SECOND, THIRD)
    assert {message.text for message in bot.answering.asked} <= {"hold one", "other"}

    bot.answering.let_go.set()
    await bot.shows("About hold one.", "About two.", "About three.")

    assert [message.text for message in bot.answering.asked if message.text != "other"] == ["hold one", "two", "three"]
    edits = [edit["text"].split(".")[0] for edit in bot.telegram.called("editMessageText") if edit["chat_id"] == "1"]
    assert edits == ["About hold one", "About two", "About three"]


async def test_an_answer_that_fails_is_one_polite_sentence_and_the_next_question_is_answered(
    bot: Running, caplog: pytest.LogCaptureFixture
) -> None:
    bot.telegram.says("break")
    bot.telegram.says("next")

    await bot.shows(FAILED, "About next.")

    assert "RuntimeError" in caplog.text
    assert "Xyzzy" not in caplog.text


async def test_an_answer_that_takes_too_long_is_given_up(telegram: FakeTelegram) -> None:
    async with running(telegram, options=replace(OPTIONS, time_limit=0.01)) as bot:
        telegram.says("hold")
        telegram.says("next")

        await bot.shows(WORDING.say("telegram.too_slow"), "About next.")


@pytest.mark.parametrize(
    "content",
    [
        {"photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]},
        {"sticker": STICKER},
        {"voice": {"file_id": "a", "file_unique_id": "b", "duration": 1}},
        {"document": {"file_id": "a", "file_unique_id": "b"}},
        {"location": {"longitude": 1.0, "latitude": 1.0}},
    ],
)
async def test_what_is_no_text_gets_a_sentence_on_what_can_be_read(bot: Running, content: dict[str, Any]) -> None:
    bot.telegram.posts(**content)

    await bot.shows(WORDING.say("telegram.not_text"))


async def test_the_words_beside_a_photo_are_answered_and_it_is_said_that_only_they_were_read(bot: Running) -> None:
    photo = [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]
    bot.telegram.posts(photo=photo, caption="What is this?")

    await bot.shows("About What is this?.")

    assert bot.telegram.texts()[0].endswith(WORDING.say("telegram.only_caption"))


async def test_edited_messages_and_notes_of_the_service_are_left_alone(bot: Running) -> None:
    chat = {"id": 1, "type": "private"}
    edited = {"message_id": 1, "date": 1, "edit_date": 2, "chat": chat, "text": "edited"}
    bot.telegram.pushes({"edited_message": edited})
    bot.telegram.pushes({"edited_message": edited | {"text": "/start"}})
    bot.telegram.pushes({"channel_post": edited | {"chat": {"id": -7, "type": "channel", "title": "News"}}})
    bot.telegram.posts(message_auto_delete_timer_changed={"message_auto_delete_time": 60})
    bot.telegram.says("question")

    await bot.shows("About question.")


async def test_in_a_group_only_commands_mentions_and_replies_are_answered(bot: Running) -> None:
    group: dict[str, Any] = {"chat": -9, "chat_type": "supergroup"}
    bot.telegram.says("talk among people", **group)
    bot.telegram.posts(photo=[{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}], **group)
    bot.telegram.says("/start@other_bot", **group)
    bot.telegram.says("/nonsense", **group)
    bot.telegram.says("@footnote_bot question", **group)
    await bot.shows("About question.", chat=-9)
    (answer,) = bot.telegram.messages(-9)

    bot.telegram.replies(answer["message_id"], "and then?", chat=-9)
    await bot.shows("About question.", "About and then?.", chat=-9)
    bot.telegram.says("/help", **group)
    await bot.shows("About question.", "About and then?.", WORDING.say("command.help"), chat=-9)


async def test_an_update_that_can_t_be_read_does_not_stop_the_ones_behind_it(
    bot: Running, caplog: pytest.LogCaptureFixture
) -> None:
    bot.telegram.pushes(POISON)
    bot.telegram.says("question")

    await bot.shows("About question.")
    await bot.sees(lambda: not bot.telegram.pending)

    assert "can't be read" in caplog.text
    assert "Xyzzy" not in caplog.text


async def test_a_lost_response_to_an_edit_gives_no_second_answer(bot: Running) -> None:
    bot.telegram.fails("editMessageText", Fault(drop=True), Fault(drop=True))
    bot.telegram.says("question")
    bot.telegram.says("next")

    await bot.shows("About question.", "About next.")


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
async def test_flood_control_and_broken_servers_are_outlasted(bot: Running, method: str) -> None:
    bot.telegram.fails(method, flood(30), Fault(), Fault(status=502, html=True))
    bot.telegram.says("question")

    await bot.shows("About question.")

    assert bot.clock.pauses == [30.1, 0.1, 0.2]


async def test_a_placeholder_that_is_gone_is_replaced_by_a_new_message(bot: Running) -> None:
    bot.telegram.says("hold")
    await bot.shows(PLACEHOLDER)
    del bot.telegram.chats[1].messages[bot.telegram.messages()[0]["message_id"]]

    bot.answering.let_go.set()

    await bot.shows("About hold.")


async def test_without_a_placeholder_the_answer_is_sent_on_its_own(bot: Running) -> None:
    bot.telegram.fails("sendMessage", *[Fault()] * 6)
    bot.telegram.says("question")

    await bot.shows("About question.")


async def test_entities_that_telegram_refuses_never_keep_the_words_back(bot: Running) -> None:
    bot.telegram.fails("editMessageText", Fault(status=400, description="Bad Request: can't parse entities"))
    bot.telegram.says("question")

    await bot.shows("About question.")

    assert bot.telegram.messages()[0]["entities"] == []


async def test_being_blocked_is_noted_and_the_next_chat_is_served(
    bot: Running, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = Fault(status=403, description="Forbidden: bot was blocked by the user")
    bot.telegram.fails("sendMessage", blocked, blocked)
    bot.telegram.says("question")
    await bot.sees(lambda: len(bot.telegram.called("sendMessage")) == 2)

    bot.telegram.says("question", chat=2)
    await bot.shows("About question.", chat=2)
    await bot.rests(timedelta(0))

    assert "blocked" in caplog.text


async def test_a_wrong_token_is_refused_with_what_to_do_and_never_shown(
    telegram: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with running(telegram, token="123456:wr0ng_token") as bot:
        with pytest.raises(ChannelError, match=r"refused the token.*FOOTNOTE_TELEGRAM_TOKEN") as caught:
            await asyncio.wait_for(bot.serving, SOON)

    assert bot.announced == []
    assert "wr0ng" not in f"{caught.value!r} {caught.value.__cause__!r} {caplog.text}"


async def test_a_token_that_is_withdrawn_ends_the_bot(bot: Running) -> None:
    await bot.sees(lambda: bot.telegram.polls > 0)
    bot.telegram.token = "999:new"
    bot.telegram.says("question")

    with pytest.raises(ChannelError, match="refused the token"):
        await asyncio.wait_for(asyncio.shield(bot.serving), SOON)


@pytest.mark.parametrize("token", ["", "nonsense", "123:with space", "123:abc\n", "١٢٣:abc"])
async def test_what_can_t_be_a_token_is_refused_without_asking(telegram: FakeTelegram, token: str) -> None:
    with pytest.raises(ChannelError, match="refused the token"):
        Running(telegram, token=token, stores=None)

    assert telegram.calls == []


async def test_the_token_is_in_no_log(bot: Running, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bot.telegram.says("question")
    await bot.shows("About question.")
    await bot.ends()

    assert TOKEN.partition(":")[2] not in caplog.text


async def test_without_a_network_the_bot_tries_again_with_a_line_each_time_and_then_answers(
    telegram: FakeTelegram,
) -> None:
    telegram.fails("getMe", Fault(status=502, html=True), Fault(drop=True), flood(3))
    async with running(telegram) as bot:
        telegram.says("question")
        await bot.shows("About question.")

    assert [line.split(" (")[0] for line in bot.announced[:3]] == ["Telegram can't be reached"] * 3
    assert bot.announced[0].endswith("Trying again in 1 s.")
    assert bot.announced[3].startswith("Footnote answers as @footnote_bot")
    assert bot.clock.pauses == [1, 2, 4]


async def test_a_bot_that_never_reaches_telegram_can_be_stopped(telegram: FakeTelegram) -> None:
    tried = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def no_pause(_: float) -> None:
        loop.call_soon(tried.set)
        await asyncio.Event().wait()

    async with running(telegram, api_url="http://127.0.0.1:1", sleep=no_pause) as bot:
        await asyncio.wait_for(tried.wait(), SOON)
        await bot.ends()

    assert "127.0.0.1:1/bot" not in " ".join(bot.announced)


async def test_errors_while_polling_are_one_line_and_polling_goes_on(bot: Running) -> None:
    await bot.sees(lambda: bot.telegram.polls > 0)
    bot.telegram.fails("getUpdates", Fault(status=409, description="Conflict: terminated by other getUpdates request"))
    bot.telegram.says("first")
    await bot.shows("About first.")

    await bot.sees(lambda: any("Another program" in line for line in bot.announced))
    bot.telegram.says("second")
    await bot.shows("About first.", "About second.")


async def test_when_telegram_is_silent_for_a_minute_polling_begins_anew(bot: Running) -> None:
    await bot.sees(lambda: bot.telegram.polls > 0)
    bot.bot._polling.heard_at -= 61

    await bot.bot._poller.look()
    bot.telegram.says("question")
    await bot.shows("About question.")

    assert any("Polling begins anew" in line for line in bot.announced)


async def test_by_webhook_updates_come_with_the_secret_and_are_answered(telegram: FakeTelegram) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    webhook = Webhook(url=f"http://{listen}/updates", listen=listen)
    telegram.says("early")
    async with running(telegram, options=replace(OPTIONS, webhook=webhook)) as bot:
        await bot.shows("About early.")
        telegram.pushes(POISON)
        telegram.says("question")
        await bot.shows("About early.", "About question.")
        (told,) = telegram.called("setWebhook")
        await bot.ends()

    assert len(told["secret_token"]) > 30
    assert set(told["allowed_updates"]) == {"message", "edited_message", "callback_query", "my_chat_member"}
    assert telegram.polls == 0


async def test_stopping_finishes_the_work_in_hand(bot: Running) -> None:
    bot.telegram.says("hold")
    await bot.shows(PLACEHOLDER)

    bot.stop.set()
    bot.answering.let_go.set()
    await asyncio.wait_for(asyncio.shield(bot.serving), SOON)

    await bot.shows("About hold.")


async def test_stopping_with_a_model_that_hangs_keeps_every_question_for_the_next_start(
    telegram: FakeTelegram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.serving.FINISH_S", 0.01)
    async with running(telegram, folder=tmp_path) as bot:
        for chat in (1, 2, 3, 1):
            telegram.says("hold", chat=chat)
        await bot.shows(PLACEHOLDER, SECOND)
        for chat in (2, 3):
            await bot.shows(PLACEHOLDER, chat=chat)
        await bot.ends()

    answering = Answering()
    answering.let_go.set()
    async with running(telegram, folder=tmp_path, answering=answering) as bot:
        await bot.shows("About hold.", "About hold.")
        for chat in (2, 3):
            await bot.shows("About hold.", chat=chat)


async def test_nothing_is_asked_twice_after_a_stop(telegram: FakeTelegram) -> None:
    for text in ("one", "two"):
        async with running(telegram) as bot:
            telegram.says(text)
            await bot.sees(lambda text=text: f"About {text}." in "".join(telegram.texts()))  # type: ignore[misc]
        assert [message.text for message in bot.answering.asked] == [text]


# The command itself

needs_the_command = pytest.mark.skipif(importlib.util.find_spec("bot.cli") is None, reason="there is no command yet")


async def run_footnote(tmp_path: Path, telegram: FakeTelegram, token: str) -> asyncio.subprocess.Process:
    library = tmp_path / "library"
    library.mkdir()
    (library / "rituximab.md").write_text(
        "# Rituximab in juvenile dermatomyositis\n\n"
        "Rituximab is given to children with refractory juvenile dermatomyositis at 750 mg/m2 in two infusions.\n"
    )
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "FOOTNOTE_KNOWLEDGE": str(library),
        "FOOTNOTE_DATA": str(tmp_path / "data"),
        "FOOTNOTE_TELEGRAM_TOKEN": token,
        "FOOTNOTE_TELEGRAM_API_URL": telegram.url,
    }
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "serve", cwd=tmp_path, env=environment, stdout=pipe, stderr=pipe
    )


@needs_the_command
async def test_footnote_serve_answers_from_the_library_and_stops_on_sigterm(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    process = await run_footnote(tmp_path, telegram, TOKEN)
    telegram.says("/start")
    telegram.says("What is the dose of rituximab in refractory juvenile dermatomyositis?")
    ending = asyncio.create_task(process.communicate())
    ending.add_done_callback(lambda _: telegram.wake())
    await asyncio.to_thread(telegram.wait, lambda: "750 mg/m2" in "".join(telegram.texts()), 120, unless=ending.done)
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    _, errors = await asyncio.wait_for(ending, 60)

    assert b"Traceback" not in errors, errors.decode()
    assert process.returncode == 0
    start = WORDING.say("command.start", topic=WORDING.say("topic"))
    assert sum(text.startswith(start) for text in telegram.texts()) == 1
    assert f"@{BOT['username']}".encode() in errors
    assert TOKEN.partition(":")[2].encode() not in errors


@needs_the_command
async def test_footnote_serve_with_a_wrong_token_says_so_and_ends_with_code_2(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    process = await run_footnote(tmp_path, telegram, "123456:wr0ng_token")
    _, errors = await asyncio.wait_for(process.communicate(), 120)

    assert b"Traceback" not in errors, errors.decode()
    assert process.returncode == 2
    assert b"Telegram refused the token" in errors
    assert b"wr0ng" not in errors
