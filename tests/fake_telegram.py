"""The Bot API server of the demo, for tests: it remembers everything, and fails when it's told to.

It runs in a thread of its own on a free port of this machine. Push what people write, wait for what the bot does:

    with FakeTelegram() as telegram:
        telegram.says("What is JDM?")
        telegram.wait(lambda: telegram.texts() == ["…"])
"""

import json
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.demo.server import Answered, BotApi
from bot.demo.world import Chat, User

TOKEN = "123456:ABC-fake_token"
BOT = {"id": 123456, "is_bot": True, "first_name": "Footnote", "username": "footnote_bot"}
DATE = 1_790_000_000
SOON = 20.0


@dataclass(frozen=True, kw_only=True)
class Fault:
    """How one call goes wrong. `drop`: carried out, but the response is lost; `hang`: no response until the end."""

    status: int = 500
    description: str = "Internal Server Error"
    retry_after: float | None = None
    html: bool = False
    drop: bool = False
    hang: bool = False


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of the bot."""

    method: str
    arguments: dict[str, Any]


def flood(seconds: float) -> Fault:
    return Fault(status=429, description="Too Many Requests", retry_after=seconds)


def blocked() -> Fault:
    return Fault(status=403, description="Forbidden: bot was blocked by the user")


class FakeTelegram(BotApi):
    """The server. All of it may be used from any thread."""

    def __init__(self, *, token: str = TOKEN, now: Callable[[], int] = lambda: DATE) -> None:
        bot = User(id=123456, first_name="Footnote", username="footnote_bot", is_bot=True)
        super().__init__(token=token, bot=bot, now=now, pause=0.02)
        self.calls: list[Call] = []
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)

    def fails(self, method: str, *faults: Fault) -> None:
        """The next calls of a method (or of `*`) go wrong in this way, one after another."""
        with self.world.changes.making():
            self._faults[method].extend(faults)

    # What can be seen

    def wait(
        self, condition: Callable[[], object], timeout: float = SOON, *, unless: Callable[[], object] = lambda: False
    ) -> None:
        """Return as soon as the condition holds, or after a `wake` when `unless` does.

        AssertionError with what was said if neither ever happens.
        """
        if not self.world.changes.wait_for(lambda: condition() or unless(), timeout):
            calls, said = [call.method for call in self.calls], [text[:80] for text in self.texts()]
            raise AssertionError(f"It never happened. Calls: {calls}; said in chat 1: {said}")

    def wake(self) -> None:
        """Let those who wait look again."""
        self.world.changes.tell()

    def texts(self, chat: int = 1) -> list[str]:
        """What the bot's messages in a chat say as they stand now, oldest first."""
        return [str(message.get("text", "")) for message in self.messages(chat)]

    def messages(self, chat: int = 1) -> list[dict[str, Any]]:
        """The bot's messages in a chat as they stand now, oldest first."""
        if chat not in self.chats:
            return []
        return [message for message in self.chats[chat].messages.values() if message["from"]["is_bot"]]

    def called(self, method: str) -> list[dict[str, Any]]:
        """The arguments of all calls of a method."""
        return [call.arguments for call in self.calls if call.method == method]

    def toast(self, query: str) -> dict[str, Any] | None:
        """How the bot answered this press of a button; None if it didn't yet."""
        return self.world.toasts[query]

    @property
    def chats(self) -> dict[int, Chat]:
        return self.world.chats

    @property
    def polls(self) -> int:
        """How often the bot asked for updates."""
        return self.world.updates.polls

    @property
    def pending(self) -> int:
        """How many updates the bot hasn't confirmed."""
        return len(self.world.updates.waiting)

    # The wire

    async def answer(self, token: str, method: str, arguments: dict[str, Any]) -> Answered:
        with self.world.changes.making():
            self.calls.append(Call(method=method, arguments=arguments))
            fault = self._next_fault(method)
        if fault is None:
            return await super().answer(token, method, arguments)
        if fault.hang:
            await self.world.changes.until(lambda: self.world.changes.closed)
            return None
        if fault.drop:
            await super().answer(token, method, arguments)
            return None
        return _failed(fault)

    def _next_fault(self, method: str) -> Fault | None:
        for name in (method, "*"):
            if self._faults[name]:
                return self._faults[name].popleft()
        return None


def _failed(fault: Fault) -> Answered:
    if fault.html:
        return fault.status, b"<html><body>Bad Gateway</body></html>"
    body: dict[str, Any] = {"ok": False, "error_code": fault.status, "description": fault.description}
    if fault.retry_after is not None:
        body["parameters"] = {"retry_after": fault.retry_after}
    return fault.status, json.dumps(body).encode()
