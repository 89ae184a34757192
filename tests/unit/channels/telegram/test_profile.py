"""What Telegram shows of the bot before anybody writes."""

import json

import pytest

from bot.channels.telegram.profile import FOR_ADMINS, FOR_EVERYONE, IN_GROUPS, introduce
from bot.places import shipped
from bot.prompts import load_wording
from tests.telegram_in_process import InProcess, bot_in_process

WORDING = load_wording(shipped("prompts"))
ADMIN = 7


def written(telegram: InProcess) -> dict[tuple[str, str], list[str]]:
    """The names of the commands by the scope and language for which they were set."""
    return {
        (json.dumps(call.get("scope"), sort_keys=True), call.get("language_code", "")): [
            c["command"] for c in call["commands"]
        ]
        for call in telegram.of("setMyCommands")
    }


async def test_each_scope_gets_its_commands_in_the_default_and_the_wording_s_language() -> None:
    bot, telegram = await bot_in_process()
    await introduce(bot, WORDING, {ADMIN})
    scopes = written(telegram)
    names = {scope: commands for (scope, _), commands in scopes.items()}
    assert len(scopes) == 6
    assert {language for _, language in scopes} == {"", "en"}
    assert names['{"type": "all_private_chats"}'] == list(FOR_EVERYONE)
    assert names['{"type": "all_group_chats"}'] == list(IN_GROUPS)
    assert names['{"chat_id": 7, "type": "chat"}'] == [*FOR_EVERYONE, *FOR_ADMINS]


async def test_the_description_holds_the_disclaimer_and_both_texts_fit() -> None:
    bot, telegram = await bot_in_process()
    await introduce(bot, WORDING, ())
    long, short = telegram.of("setMyDescription")[0], telegram.of("setMyShortDescription")[0]
    assert "not medical advice" in long["description"]
    assert "emergency" in long["description"]
    assert 0 < len(long["description"]) <= 512
    assert 0 < len(short["short_description"]) <= 120
    assert all(len(WORDING.say(f"command.menu.{name}")) <= 256 for name in (*FOR_EVERYONE, *FOR_ADMINS))


async def test_what_is_right_already_is_not_written_again() -> None:
    bot, telegram = await bot_in_process()
    assert await introduce(bot, WORDING, {ADMIN}) == 8
    telegram.calls.clear()
    assert await introduce(bot, WORDING, {ADMIN}) == 0
    assert [name for name, _ in telegram.calls if name.startswith("set")] == []


async def test_one_refusal_keeps_nothing_else_from_being_set(caplog: pytest.LogCaptureFixture) -> None:
    bot, telegram = await bot_in_process()
    telegram.refusals["setMyDescription"] = (400, "Bad Request: chat not found")
    assert await introduce(bot, WORDING, {ADMIN}) == 7
    assert "BadRequest" in caplog.text
    assert len(telegram.of("setMyShortDescription")) == 1


async def test_words_that_somebody_left_for_our_language_are_replaced() -> None:
    bot, telegram = await bot_in_process()
    await bot.set_my_description("The bot of somebody else.", language_code="en")
    await introduce(bot, WORDING, ())
    assert {call.get("language_code", "") for call in telegram.of("setMyDescription")[1:]} == {"", "en"}
