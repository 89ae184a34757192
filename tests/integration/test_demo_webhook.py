"""The server posts updates like Telegram: with the secret, at least once, again until they are taken."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from tests.fake_telegram import TOKEN, FakeTelegram

LONG = 5


class Receiver(ThreadingHTTPServer):
    """Takes what is posted. `answers`: the statuses it gives first; at the `barrier` posts wait for each other."""

    daemon_threads = True

    def __init__(self, telegram: FakeTelegram) -> None:
        super().__init__(("127.0.0.1", 0), Post)
        self.telegram = telegram
        self.answers: list[int] = []
        self.posted: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.barrier: threading.Barrier | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.posted]


class Post(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Receiver)
        update = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.barrier is not None:
            self.server.barrier.wait(LONG)
        self.server.posted.append(update)
        self.server.secrets.append(self.headers["X-Telegram-Bot-Api-Secret-Token"])
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.server.telegram.wake()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
        """Silent."""


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as server:
        yield server


@pytest.fixture
def receiver(telegram: FakeTelegram) -> Iterator[Receiver]:
    with Receiver(telegram) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def call(telegram: FakeTelegram, method: str, **arguments: Any) -> dict[str, Any]:
    url = f"{telegram.url}/bot{TOKEN}/{method}"
    answered: dict[str, Any] = httpx.post(url, json=arguments, timeout=LONG, trust_env=False).json()
    return answered


def test_what_waits_and_what_comes_is_posted_in_order_with_the_secret(
    telegram: FakeTelegram, receiver: Receiver
) -> None:
    telegram.says("one")
    assert call(telegram, "setWebhook", url=receiver.url, secret_token="s-1")["ok"]
    telegram.says("two")
    telegram.says("three")
    telegram.wait(lambda: telegram.pending == 0)

    assert receiver.texts() == ["one", "two", "three"]
    assert set(receiver.secrets) == {"s-1"}


def test_what_was_not_taken_is_posted_again_before_what_follows_in_its_chat(
    telegram: FakeTelegram, receiver: Receiver
) -> None:
    receiver.answers = [500, 404]
    call(telegram, "setWebhook", url=receiver.url)
    telegram.says("one")
    telegram.says("two")
    telegram.wait(lambda: telegram.pending == 0)

    assert receiver.texts() == ["one", "one", "one", "two"]
    told = call(telegram, "getWebhookInfo")["result"]
    assert told["url"] == receiver.url
    assert "404" in told["last_error_message"]
    assert told["pending_update_count"] == 0


def test_chats_are_posted_at_the_same_time(telegram: FakeTelegram, receiver: Receiver) -> None:
    receiver.barrier = threading.Barrier(3)
    call(telegram, "setWebhook", url=receiver.url, max_connections=3)
    for chat in (1, 2, 3):
        telegram.says("hello", chat=chat)
    telegram.wait(lambda: telegram.pending == 0)

    assert sorted(update["message"]["chat"]["id"] for update in receiver.posted) == [1, 2, 3]


def test_with_one_connection_everything_comes_in_order(telegram: FakeTelegram, receiver: Receiver) -> None:
    call(telegram, "setWebhook", url=receiver.url, max_connections=1)
    for chat in (1, 2, 1, 3):
        telegram.says(f"to {chat}", chat=chat)
    telegram.wait(lambda: telegram.pending == 0)

    assert receiver.texts() == ["to 1", "to 2", "to 1", "to 3"]


def test_an_update_can_come_twice(telegram: FakeTelegram, receiver: Receiver) -> None:
    call(telegram, "setWebhook", url=receiver.url)
    telegram.says("one")
    telegram.wait(lambda: telegram.pending == 0)
    telegram.repeats(receiver.posted[0]["update_id"])
    telegram.wait(lambda: len(receiver.posted) == 2)

    assert receiver.posted[0] == receiver.posted[1]


def test_a_webhook_and_polling_exclude_each_other(telegram: FakeTelegram, receiver: Receiver) -> None:
    call(telegram, "setWebhook", url=receiver.url, allowed_updates=["message"])
    assert call(telegram, "getUpdates")["error_code"] == 409
    assert call(telegram, "getWebhookInfo")["result"]["allowed_updates"] == ["message"]
    assert call(telegram, "deleteWebhook")["ok"]
    telegram.says("one")

    assert [update["message"]["text"] for update in call(telegram, "getUpdates")["result"]] == ["one"]
    assert receiver.posted == []
    assert call(telegram, "deleteWebhook", drop_pending_updates=True)["ok"]
    assert telegram.pending == 0


@pytest.mark.parametrize(
    "arguments",
    [
        {"url": "http://example.org/hook"},
        {"url": "https://example.org/hook", "secret_token": "with space"},
        {"url": "https://example.org/hook", "max_connections": 101},
    ],
)
def test_a_webhook_that_telegram_would_not_take_is_refused(telegram: FakeTelegram, arguments: dict[str, Any]) -> None:
    assert call(telegram, "setWebhook", **arguments)["error_code"] == 400
    assert call(telegram, "getWebhookInfo")["result"]["url"] == ""
