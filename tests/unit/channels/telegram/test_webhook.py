"""Telegram's calls: only with the secret, and answered with 200 only when the update is kept."""

import asyncio
import hmac
import json
import logging
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from telegram import Bot, Update

from bot.channels.server import HttpServer
from bot.channels.telegram.webhook import LARGEST_BODY, SECRET_HEADER, _knows, path_of, webhook_app
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
            headers = {SECRET_HEADER: secret, "Content-Type": "application/json"}
            return (await client.post(path, content=content, headers=headers)).status_code


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


ODD_IDS = [{"update_id": odd} for odd in (None, "1", True, 0, -4, 1.5, 2**63, 10**400)]
DEEP = b"[" * 500_000


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', {"message": {}}, b"\xff\xfe", b"NaN", DEEP, *ODD_IDS])
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
    app = webhook_app(door.keep, path="/updates", secret=SECRET, bot=BOT)
    server = HttpServer(app, "127.0.0.1:0", setting="FOOTNOTE_WEBHOOK_LISTEN")
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
        HttpServer(
            webhook_app(Door().keep, path="/", secret=SECRET, bot=BOT), listen, setting="FOOTNOTE_WEBHOOK_LISTEN"
        )


@pytest.mark.parametrize(("url", "path"), [("https://bot.example/a/b", "/a/b"), ("https://bot.example", "/")])
def test_the_path_is_that_of_the_public_address(url: str, path: str) -> None:
    assert path_of(url) == path


async def test_an_error_of_ours_is_no_traceback_and_no_word(caplog: pytest.LogCaptureFixture) -> None:
    async def breaks(_: Update) -> None:
        raise RuntimeError("the patient's name")

    door = Door()
    door.keep = breaks  # type: ignore[assignment, method-assign]
    with caplog.at_level(logging.DEBUG):
        assert await door.post(says("question")) == 500
    assert "RuntimeError" in caplog.text
    assert "patient" not in caplog.text
    assert not any(record.exc_info for record in caplog.records)


# Over a real socket, byte for byte


UPDATE = json.dumps(says("question", 4)).encode()
JSON = "Content-Type: application/json"
KNOWN = f"{SECRET_HEADER}: {SECRET}"
WRONG = f"{SECRET_HEADER}: wrong"


async def called(
    *headers: str, line: str = "POST /updates HTTP/1.1", body: bytes = UPDATE, length: int | None = None
) -> tuple[int, bytes, int]:
    """Status, the whole answer, and how many updates were kept."""
    door = Door()
    server = HttpServer(webhook_app(door.keep, path="/updates", secret=SECRET, bot=BOT), "127.0.0.1:0", setting="X")
    server.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    told = "\r\n".join([line, "Host: bot", "Connection: close", *headers])
    size = len(body) if length is None else length
    writer.write(f"{told}\r\nContent-Length: {size}\r\n\r\n".encode("latin-1") + body)
    answer = await reader.read()
    writer.close()
    await server.stop()
    return int(answer.split()[1]), answer, len(door.kept)


async def test_with_the_secret_once_it_is_kept() -> None:
    status, _, kept = await called(KNOWN, JSON)
    assert (status, kept) == (200, 1)


@pytest.mark.parametrize(
    "headers",
    [
        (JSON,),
        (JSON, WRONG),
        (JSON, KNOWN, WRONG),
        (JSON, WRONG, KNOWN),
        (JSON, KNOWN, KNOWN),
        (JSON, f"{SECRET_HEADER}:"),
        (JSON, f"{SECRET_HEADER}: {SECRET}, {SECRET}"),
        (JSON, f"{SECRET_HEADER}: {SECRET.upper()}"),
        (JSON, f"{SECRET_HEADER}: \xe9\xff"),
        (JSON, f"Authorization: {SECRET}"),
        ("Content-Type: text/plain", WRONG),
    ],
)
async def test_without_it_or_with_two_of_it_every_call_gets_the_same_empty_answer(headers: tuple[str, ...]) -> None:
    status, answer, kept = await called(*headers)
    assert (status, kept) == (403, 0)
    assert answer.partition(b"\r\n\r\n")[2] == b""
    assert SECRET.encode() not in answer
    assert b"uvicorn" not in answer.lower()


async def test_whoever_lacks_the_secret_is_turned_away_before_the_body_is_read() -> None:
    status, _, kept = await called(JSON, WRONG, body=b"", length=10**12)
    assert (status, kept) == (403, 0)


@pytest.mark.parametrize("length", [LARGEST_BODY + 1, 10**12])
async def test_a_body_that_says_it_is_huge_is_not_waited_for(length: int) -> None:
    status, _, kept = await called(JSON, KNOWN, body=b"", length=length)
    assert (status, kept) == (413, 0)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_another_type_of_content_is_refused(kind: str) -> None:
    status, _, kept = await called(KNOWN, f"Content-Type: {kind}")
    assert (status, kept) == (415, 0)


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("GET /updates HTTP/1.1", 405),
        ("PUT /updates HTTP/1.1", 405),
        ("DELETE /updates HTTP/1.1", 405),
        ("POST /other HTTP/1.1", 404),
        ("POST /updates/../updates/x HTTP/1.1", 404),
        ("nonsense", 400),
    ],
)
async def test_other_methods_and_addresses_do_nothing(line: str, status: int) -> None:
    given, answer, kept = await called(KNOWN, JSON, line=line)
    assert (given, kept) == (status, 0)
    assert SECRET.encode() not in answer


def test_an_empty_secret_lets_nobody_in() -> None:
    with pytest.raises(ValueError, match="secret"):
        webhook_app(Door().keep, path="/", secret="", bot=BOT)


def test_the_secret_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def compare(given: bytes, secret: bytes) -> bool:
        compared.append((given, secret))
        return given == secret

    monkeypatch.setattr(hmac, "compare_digest", compare)
    for given in ([], ["wrong"], [SECRET, SECRET], [SECRET]):
        headers = [(SECRET_HEADER.lower().encode(), value.encode()) for value in given]
        assert _knows(Request({"type": "http", "headers": headers}), SECRET) is (given == [SECRET])
    assert len(compared) == 4  # Each call is compared, whatever is wrong with it.


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"update_id": 99999999999999999999}', b'{"update_id": -1}'])
async def test_what_can_not_be_read_or_kept_is_confirmed_so_that_telegram_goes_on(body: bytes) -> None:
    door = Door()

    assert await door.post(body) == 200
    assert door.kept == []
