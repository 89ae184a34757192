"""All parts of the Telegram bot, with stores and chats in memory, and a life that can end."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from telegram import Update
from telegram.error import BadRequest

from bot.channels.telegram.intake import Limits
from bot.channels.telegram.joining import Options, Parts
from bot.channels.telegram.office import Stores
from bot.domain.messages import IncomingMessage, Reply
from bot.domain.progress import Listener
from bot.places import shipped
from bot.prompts import load_wording
from tests.affairs import affairs
from tests.memory_inbox import MemoryAnswers, MemoryInbox, MemoryMessages, MemoryReaders, unused
from tests.unit.stores.replies import a_citation, a_claim, a_reply, an_answer

WORDING = load_wording(shipped("prompts"))
BOT_ID, USERNAME = 123456, "footnote_bot"
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
GENEROUS = Limits(user_a_minute=1000, chat_a_minute=1000, user_a_day=0)


class Crash(BaseException):
    """The process ends here."""


class Life:
    """A process that ends at a step, which still happens if `taken`; whatever it tries afterwards doesn't."""

    def __init__(self, step: int | None = None, *, taken: bool = False) -> None:
        self.steps = 0
        self._end = step
        self._taken = taken

    def mortal(self, target: Any) -> Any:
        """The target, as long as this life lasts."""
        life = self

        class Mortal:
            def __getattr__(self, name: str) -> Any:
                found = getattr(target, name)
                return life._during(found) if asyncio.iscoroutinefunction(found) else found

        return Mortal()

    def _during(self, call: Callable[..., Any]) -> Callable[..., Any]:
        async def step(*args: Any, **more: Any) -> Any:
            self.steps += 1
            if self._end is not None and self.steps > self._end:
                raise Crash
            if self.steps == self._end and not self._taken:
                raise Crash
            result = await call(*args, **more)
            if self.steps == self._end:
                raise Crash
            return result

        return step


class FakeBot:
    """The library's bot, with what stands in the chats. `failures` are raised by method, one a call."""

    id = BOT_ID
    username = USERNAME

    def __init__(self) -> None:
        self.messages: dict[tuple[int, int], str] = {}
        self.answers_to: dict[tuple[int, int], int] = {}
        self.buttons: dict[tuple[int, int], list[str]] = {}
        self.failures: dict[str, list[Exception]] = {}
        self.calls: list[str] = []

    def texts(self, chat: int = 1) -> list[str]:
        return [text for (place, _), text in self.messages.items() if place == chat]

    async def send_message(self, chat: int, text: str, **more: Any) -> Any:
        self._called("send_message")
        number = 500 + len(self.calls)
        self.messages[chat, number] = text
        self.answers_to[chat, number] = more["reply_parameters"].message_id
        self._dress(chat, number, more)
        return SimpleNamespace(message_id=number)

    async def edit_message_text(self, text: str, *, chat_id: int, message_id: int, **more: Any) -> None:
        self._called("edit_message_text")
        if (chat_id, message_id) not in self.messages:
            raise BadRequest("Message to edit not found")
        if self.messages[chat_id, message_id] == text:
            raise BadRequest("Message is not modified")
        self.messages[chat_id, message_id] = text
        self._dress(chat_id, message_id, more)

    async def delete_message(self, chat: int, message: int) -> None:
        self._called("delete_message")
        del self.messages[chat, message]

    async def send_chat_action(self, chat: int, action: str, **more: Any) -> None:
        self._called("send_chat_action")

    def _called(self, method: str) -> None:
        self.calls.append(method)
        if self.failures.get(method):
            raise self.failures[method].pop(0)

    def _dress(self, chat: int, message: int, more: dict[str, Any]) -> None:
        markup = more.get("reply_markup")
        rows = getattr(markup, "inline_keyboard", ())
        self.buttons[chat, message] = [str(button.callback_data) for row in rows for button in row]


class Workplace:
    """What outlives a process, and the process that is at work now."""

    def __init__(self, options: Options | None = None) -> None:
        self.now = NOON
        self.inbox = MemoryInbox(lambda: self.now)
        self.messages = MemoryMessages()
        self.answers = MemoryAnswers()
        self.readers = MemoryReaders()
        self.bot = FakeBot()
        self.asked: list[IncomingMessage] = []
        self.let_go = asyncio.Event()
        self.pauses: list[float] = []
        self._options = options or Options(limits=GENEROUS, retry=timedelta(0))
        self.begins()

    def begins(self, life: Life | None = None) -> None:
        """A new process, on what the last one left."""
        mortal = (life or Life()).mortal
        self.parts = Parts(
            mortal(self.bot),
            respond=self._respond,
            stores=Stores(
                inbox=mortal(self.inbox),
                messages=mortal(self.messages),
                answers=mortal(self.answers),
                readers=mortal(self.readers),
                feedback=unused("feedback"),
                reviews=unused("reviews"),
                forgetting=unused("forgetting"),
                exporting=unused("exporting"),
            ),
            library=unused("library"),
            affairs=affairs(is_urgent=self._is_urgent),
            words=WORDING,
            options=self._options,
            now=lambda: self.now,
            sleep=self._sleep,
        )

    async def arrives(self, content: dict[str, Any]) -> None:
        """An update, with its id."""
        await self.parts.intake.keep(an_update(content))

    async def works(self) -> None:
        """Take up what can be taken up, until nothing is left to do now."""
        while True:
            await self.parts.desk.take()
            if not self.parts.desk.at_work:
                break
            await self.parts.desk.idle()
        await self.parts.asking.stop(1)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """The desk takes rows up by itself, until the end of the block."""
        running = asyncio.create_task(self.parts.desk.run())
        try:
            yield
        finally:
            running.cancel()
            self.let_go.set()
            await self.parts.desk.stop(0)
            await asyncio.gather(running, return_exceptions=True)

    async def until(self, condition: Callable[[], object]) -> None:
        """Let those at work go on until it is so."""
        for _ in range(100_000):
            if condition():
                return
            await asyncio.sleep(0)
        raise AssertionError(f"It never happened; said: {self.bot.texts()}")

    def answers_to(self, message: int, chat: int = 1) -> list[str]:
        """What stands as a reply to a message."""
        return [
            self.bot.messages[key]
            for key, replied in self.bot.answers_to.items()
            if key[0] == chat and replied == message and key in self.bot.messages
        ]

    async def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += timedelta(seconds=seconds)
        await asyncio.sleep(0)

    async def _is_urgent(self, text: str) -> bool:
        return text.startswith("emergency")

    async def _respond(self, message: IncomingMessage, listener: Listener | None = None) -> Reply:
        self.asked.append(message)
        if message.text.startswith("hold"):
            await self.let_go.wait()
        if message.text == "break":
            raise RuntimeError("Xyzzy")
        outcome = an_answer(claims=(a_claim(f"About {message.text}."),), citations=(a_citation(),))
        made = a_reply(message.conversation, question=message.text, standalone_question=message.text, outcome=outcome)
        made = replace(made, provenance=replace(made.provenance, answer_id=message.answer_id))
        self.answers.replies[message.answer_id] = made
        return made


def an_update(content: dict[str, Any]) -> Update:
    """An update as the library reads it."""
    return Update.de_json(content, None)


def says(
    text: str, number: int = 1, *, chat: int = 1, sender: int = 5, group: bool = False, at: datetime = NOON, **more: Any
) -> dict[str, Any]:
    """Somebody writes message `number`, which comes with update `number`."""
    about = {"id": chat, "type": "supergroup", "title": "Ward"} if group else {"id": chat, "type": "private"}
    entities = []
    if text.startswith("/"):
        entities.append({"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])})
    if (at_me := text.find(f"@{USERNAME}")) > 0 or text.startswith("@"):
        entities.append({"type": "mention", "offset": max(at_me, 0), "length": len(USERNAME) + 1})
    message = {
        "message_id": number,
        "date": int(at.timestamp()),
        "chat": about,
        "from": {"id": sender, "is_bot": False, "first_name": "Ada"},
        "text": text,
        "entities": entities,
    }
    return {"update_id": number, "message": message | more}
