"""Telegram's calls: only with the secret, and answered with 200 only when the update is kept."""

import json
import logging
from typing import Any

import httpx
import pytest
from telegram import Bot, Update

from bot.channels.telegram.webhook import LARGEST_BODY, SECRET_HEADER, WebhookServer, path_of, webhook_app
from bot.domain.errors import ConfigurationError, StoreError
from tests.unit.channels.telegram.workplace import says

SECRET = "s3cret"
BOT = Bot("123:abc")


class Door:
    """Keeps updates, or fails."""

    def __init__(self) -> None:
        self.kept: list[Update] = []
        self.is_broken = False

    async def keep(self, update: Update) -> None:
        if self.is_broken:
            raise StoreError("The disk is full.")
        self.kept.append(update)

    async def post(self, body: Any, *, secret: str = SECRET, path: str = "/updates") -> int:
        app = webhook_app(self.keep, path="/updates", secret=SECRET, bot=BOT)
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
            return (await client.post(path, content=content, headers={SECRET_HEADER: secret})).status_code


async def test_an_update_is_kept_and_then_answered() -> None:
    door = Door()

    assert await door.post(says("question", 4)) == 200
    assert [update.update_id for update in door.kept] == [4]


@pytest.mark.parametrize("secret", ["", "wrong", "s3cret ", "s3cre"])
async def test_without_the_secret_nothing_is_read(secret: str) -> None:
    door = Door()

    assert await door.post(says("question"), secret=secret) == 403
    assert door.kept == []


async def test_when_the_store_fails_telegram_is_told_to_come_again() -> None:
    door = Door()
    door.is_broken = True

    assert await door.post(says("question")) == 503


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', {"message": {}}, b"\xff\xfe"])
async def test_what_is_no_update_is_put_aside(body: Any) -> None:
    door = Door()

    assert await door.post(body) == 200
    assert door.kept == []


async def test_an_update_that_can_t_be_parsed_becomes_an_empty_one(caplog: pytest.LogCaptureFixture) -> None:
    door = Door()
    with caplog.at_level(logging.DEBUG):
        assert await door.post({"update_id": 9, "callback_query": {"id": "7", "data": "the patient's name"}}) == 200

    assert [update.to_dict() for update in door.kept] == [{"update_id": 9}]
    assert "patient" not in caplog.text


async def test_a_body_without_end_is_not_read_to_its_end() -> None:
    assert await Door().post(b"x" * (LARGEST_BODY + 1)) == 413


async def test_other_addresses_are_not_there() -> None:
    assert await Door().post(says("question"), path="/") == 404


async def test_the_server_listens_where_it_is_told_and_stops() -> None:
    door = Door()
    server = WebhookServer(webhook_app(door.keep, path="/updates", secret=SECRET, bot=BOT), "127.0.0.1:0")
    serving = server.start()
    async with httpx.AsyncClient(trust_env=False) as client:
        url = f"http://127.0.0.1:{server.port}/updates"
        response = await client.post(url, json=says("question", 4), headers={SECRET_HEADER: SECRET})
    await server.stop()

    assert response.status_code == 200
    assert serving.done()
    assert len(door.kept) == 1


@pytest.mark.parametrize("listen", ["nonsense", "127.0.0.1:99999", "127.0.0.1:"])
def test_where_nobody_can_listen_the_setting_is_named(listen: str) -> None:
    with pytest.raises(ConfigurationError, match="FOOTNOTE_WEBHOOK_LISTEN"):
        WebhookServer(webhook_app(Door().keep, path="/", secret=SECRET, bot=BOT), listen)


@pytest.mark.parametrize(("url", "path"), [("https://bot.example/a/b", "/a/b"), ("https://bot.example", "/")])
def test_the_path_is_that_of_the_public_address(url: str, path: str) -> None:
    assert path_of(url) == path


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"update_id": 99999999999999999999}', b'{"update_id": -1}'])
async def test_what_can_not_be_read_or_kept_is_confirmed_so_that_telegram_goes_on(body: bytes) -> None:
    door = Door()

    assert await door.post(body) == 200
    assert door.kept == []
