"""What is too old is deleted when a bot is opened, and each day that it stays open."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.bootstrap import open_bot, open_store
from bot.bootstrap.clearing import DAY_S, clear_daily
from bot.domain.errors import StoreError
from bot.domain.forgetting import Forgotten
from bot.settings import Settings
from bot.stores.answers import Answers
from bot.stores.conversations import Conversations
from tests.unit.stores.replies import a_reply


async def test_it_is_done_at_once_and_each_day_also_after_it_failed(caplog: pytest.LogCaptureFixture) -> None:
    purged: list[int] = []
    slept: list[float] = []
    morning = asyncio.Event()

    async def purge(days: int) -> Forgotten:
        purged.append(days)
        if len(purged) == 2:
            raise StoreError("It can't be used.", remedy="Wait.")
        return Forgotten(counts={})

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            morning.set()
            await asyncio.Event().wait()

    with caplog.at_level(logging.WARNING):
        async with clear_daily(purge, 30, sleep=sleep):
            assert purged == [30]
            await morning.wait()
    assert purged == [30, 30, 30]
    assert slept == [DAY_S] * 3
    assert "could not be deleted" in caplog.text


async def test_a_bot_for_the_terminal_alone_deletes_what_is_too_old_when_it_is_opened(tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    (library / "one.md").write_text("# Rituximab\n\nRituximab was given weekly.\n", encoding="utf-8")
    settings = Settings(data=tmp_path / "data", knowledge=library)
    now = datetime.now(UTC)
    async with await open_store(settings) as database:
        for name, days in (("old", 31), ("new", 29)):
            await Conversations(database).add_turn(a_reply(name), asked_at=now - timedelta(days=days))

    async with open_bot(settings):
        pass

    async with await open_store(settings) as database:
        assert await Answers(database).get("old-1") is None
        assert await Answers(database).get("new-1") is not None
