"""Who uses Telegram in German gets the bot's own sentences in German; everybody else in English."""

from typing import Any

import pytest

from bot.places import shipped
from bot.prompts import load_set
from tests.end_to_end.running_bot import running
from tests.fake_telegram import FakeTelegram

WORDS = load_set(shipped("prompts"))
SENDER = {"id": 5, "is_bot": False, "first_name": "Ada"}


def said(key: str, code: str) -> str:
    wording = WORDS.for_language(code)
    return wording.say(key, topic=wording.say("topic"))


@pytest.mark.parametrize("code", ["de", "de-AT", "en", "fi", None])
async def test_fixed_sentences_follow_the_readers_language(telegram: FakeTelegram, code: str | None) -> None:
    sender: dict[str, Any] = {"from": {**SENDER, **({"language_code": code} if code else {})}}
    async with running(telegram, words=WORDS) as bot:
        telegram.says("/help", **sender)
        helped = said("command.help", code or "en")
        await bot.shows(helped)
        telegram.says("hold", **sender)
        await bot.shows(helped, said("telegram.placeholder", code or "en"))
        bot.answering.let_go.set()
        await bot.shows(helped, "About hold.")
        assert said("answer.sources", code or "en") in telegram.texts()[-1]
    assert [message.language for message in bot.answering.asked] == [code or "en"]
