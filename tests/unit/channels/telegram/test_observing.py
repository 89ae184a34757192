"""Each call to Telegram is told by its method and how it ended, never by its address."""

import pytest
from telegram import Bot
from telegram.error import TelegramError

from bot.channels.telegram.observing import ObservedRequest
from tests.fake_telegram import TOKEN, FakeTelegram, Fault, blocked, flood


@pytest.mark.parametrize(
    ("fault", "ending"),
    [
        (None, "ok"),
        (Fault(status=400, description="Bad Request: chat not found"), "bad_request"),
        (blocked(), "forbidden"),
        (flood(1), "flood"),
        (Fault(status=502, html=True), "server"),
        (Fault(drop=True), "network"),
    ],
)
async def test_a_call_is_told_by_how_it_ended(
    fault: Fault | None, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # As the bot sets it.
    told: list[tuple[str, str, float]] = []
    with FakeTelegram() as telegram:
        telegram.says("Hello")
        request = ObservedRequest(1, lambda *call: told.append(call))
        async with Bot(TOKEN, base_url=f"{telegram.url}/bot", request=request) as bot:
            if fault is not None:
                telegram.fails("sendMessage", fault)
            try:
                await bot.send_message(1, "Hello")
            except TelegramError:
                assert fault is not None

    assert [(method, how) for method, how, _ in told] == [("getMe", "ok"), ("sendMessage", ending)]
    assert all(seconds >= 0 for _, _, seconds in told)
