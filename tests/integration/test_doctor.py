"""The doctor looks at disk, clock, library, database, Telegram and ports, and each finding says what to do."""

import asyncio
import os
import shutil
import socket
import threading
import time
from argparse import Namespace
from collections import namedtuple
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from bot.bootstrap.surroundings import LEAST_FREE, clock, free_space, port
from bot.channels.server import HttpServer
from bot.channels.status.app import status_app
from bot.channels.status.health import Health
from bot.doctor import Check, examine
from bot.domain.errors import ConfigurationError
from tests.fake_telegram import TOKEN, FakeTelegram

Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 - as `shutil` has it


@pytest.fixture(autouse=True)
def small_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    library = tmp_path / "library"
    library.mkdir()
    (library / "one.md").write_text("# Rituximab\n\nRituximab was given weekly.\n", encoding="utf-8")
    monkeypatch.setenv("FOOTNOTE_KNOWLEDGE", str(library))
    return library


async def found() -> dict[str, Check]:
    return await asyncio.to_thread(lambda: {check.name: check for check in examine()})


async def test_a_bot_that_can_serve_is_well_in_every_part(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeTelegram() as telegram:
        monkeypatch.setenv("FOOTNOTE_TELEGRAM_TOKEN", TOKEN)
        monkeypatch.setenv("FOOTNOTE_TELEGRAM_API_URL", telegram.url)
        monkeypatch.setenv("FOOTNOTE_STATUS_LISTEN", "127.0.0.1:0")
        checks = await found()
        called = {call.method for call in telegram.calls}

    assert [check.says for check in checks.values() if not check.fine] == []
    assert checks["Telegram"].says.startswith("the token is that of @footnote_bot; no webhook is set, the bot polls; 0")
    assert "1 documents" in checks["library and index"].says
    assert "up to date (m" in checks["database"].says
    assert checks["status port"].says == "127.0.0.1:0 is free"
    assert called == {"getMe", "getWebhookInfo"}, "nothing is changed"
    assert TOKEN not in "".join(check.says for check in checks.values())


async def test_a_webhook_that_telegram_can_t_reach_is_told_in_telegram_s_words(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}/updates"
    with FakeTelegram(now=lambda: int(time.time())) as telegram:
        await register(telegram, nowhere)
        telegram.says("What is JDM?")
        telegram.wait(lambda: telegram.receiving.webhook and telegram.receiving.webhook.last_error)
        monkeypatch.setenv("FOOTNOTE_TELEGRAM_TOKEN", TOKEN)
        monkeypatch.setenv("FOOTNOTE_TELEGRAM_API_URL", telegram.url)
        monkeypatch.setenv("FOOTNOTE_WEBHOOK_URL", nowhere)
        monkeypatch.setenv("FOOTNOTE_WEBHOOK_LISTEN", "127.0.0.1:0")
        checks = await found()

    assert not checks["Telegram"].fine
    assert "Connection failed" in checks["Telegram"].says
    assert "1 updates wait" in checks["Telegram"].says
    assert "FOOTNOTE_WEBHOOK_LISTEN" in checks["Telegram"].says


@pytest.mark.parametrize("token", ["999999:wrong_token", "nonsense"])
async def test_a_token_that_telegram_refuses_is_never_shown(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeTelegram() as telegram:
        monkeypatch.setenv("FOOTNOTE_TELEGRAM_TOKEN", token)
        monkeypatch.setenv("FOOTNOTE_TELEGRAM_API_URL", telegram.url)
        checks = await found()

    assert not checks["Telegram"].fine
    assert "BotFather" in checks["Telegram"].says
    assert token not in "".join(check.says for check in checks.values())


async def test_an_empty_library_is_a_fault_with_a_remedy(small_library: Path) -> None:
    (small_library / "one.md").unlink()

    check = (await found())["library and index"]

    assert not check.fine
    assert f"The library {small_library} is empty. Put documents there" in check.says


def test_a_full_disk_is_told_in_gigabytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert free_space(tmp_path).endswith(f"are free for {tmp_path}")

    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**10, 10**10, LEAST_FREE - 1))
    with pytest.raises(ConfigurationError, match=r"Only 0\.5 GB are free.*Free some"):
        free_space(tmp_path)


def test_a_clock_is_wrong_when_files_come_from_its_future(tmp_path: Path) -> None:
    file = tmp_path / "footnote.sqlite"
    file.touch()
    assert "UTC" in clock(tmp_path)

    os.utime(file, (time.time() + 7200,) * 2)
    with pytest.raises(ConfigurationError, match=r"clock is 7\d\d\d s behind .*NTP"):
        clock(tmp_path)


def test_a_clock_is_wrong_when_telegram_s_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        assert clock(tmp_path, url).endswith("as Telegram's")
        real = time.time
        monkeypatch.setattr("bot.bootstrap.surroundings.time", Namespace(time=lambda: real() + 600))
        with pytest.raises(ConfigurationError, match=r"clock is (59\d|60\d) s ahead of Telegram's"):
            clock(tmp_path, url)
        server.shutdown()


async def test_a_port_is_free_or_a_footnote_s_own_or_somebody_else_s() -> None:
    async def fine() -> Health:
        return Health(findings=())

    async def nothing() -> bytes:
        return b""

    server = HttpServer(status_app(fine, nothing), "127.0.0.1:0", setting="FOOTNOTE_STATUS_LISTEN")
    serving = server.start()
    own = f"127.0.0.1:{server.port}"
    assert await asyncio.to_thread(port, own, "FOOTNOTE_STATUS_LISTEN") == f"a running Footnote answers at {own}"
    await server.stop()
    assert serving.done()
    with FakeTelegram() as other:
        taken = other.url.rpartition("/")[2]
        with pytest.raises(ConfigurationError, match=f"{taken}.*FOOTNOTE_STATUS_LISTEN"):
            await asyncio.to_thread(port, taken, "FOOTNOTE_STATUS_LISTEN")
    assert "firewall" in port("0.0.0.0:0", "FOOTNOTE_STATUS_LISTEN")
    assert "firewall" not in port("127.0.0.1:0", "FOOTNOTE_STATUS_LISTEN")


async def register(telegram: FakeTelegram, url: str) -> None:
    from telegram import Bot

    async with Bot(TOKEN, base_url=f"{telegram.url}/bot") as bot:
        await bot.set_webhook(url)
