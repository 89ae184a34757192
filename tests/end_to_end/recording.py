"""A bot whose answers are recorded, so that buttons and commands find them again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.domain.answers import Answer
from bot.domain.messages import IncomingMessage, Reply
from bot.domain.progress import Listener
from bot.stores.conversations import Conversations
from bot.stores.database import Database, open_database
from tests.end_to_end.running_bot import Answering, Running, running
from tests.fake_telegram import FakeTelegram

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


class EmptyLibrary:
    """Holds nothing any more; what was quoted is stored with the answers."""

    fingerprint = "sha256:empty"

    def passage(self, document: str, passage: str) -> None:
        """There is none."""


class Recording(Answering):
    """Answers as ever, suggests two questions, and records what it says under the id that was asked for."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._turns = Conversations(database)

    async def respond(self, message: IncomingMessage, listener: Listener | None = None) -> Reply:
        reply = await super().respond(message, listener)
        assert isinstance(reply.outcome, Answer)
        reply = replace(
            reply,
            turn=(await self._turns.history(message.conversation, 1)).next_turn,
            outcome=replace(reply.outcome, suggested_questions=("How long?", "And then?")),
            provenance=replace(reply.provenance, answer_id=message.answer_id),
        )
        await self._turns.add_turn(reply, asked_at=NOW, user=message.user)
        return reply


@asynccontextmanager
async def recording(telegram: FakeTelegram, folder: Path, **more: Any) -> AsyncIterator[Running]:
    """The bot at work, with its database in this folder."""
    async with (
        await open_database(f"sqlite:///{folder}/footnote.db") as database,
        running(telegram, folder=folder, answering=Recording(database), library=EmptyLibrary(), **more) as bot,
    ):
        yield bot


async def answered(bot: Running, question: str, *, chat: int = 1, **more: Any) -> int:
    """Somebody asks and gets the answer, and where it stands is remembered; its message."""
    bot.telegram.says(question, chat=chat, **more)
    shown = question.removeprefix("@footnote_bot ").removeprefix("/ask ")
    await bot.sees(lambda: f"About {shown}." in newest(bot, chat)["text"])
    await bot.rests(timedelta(0))
    return int(newest(bot, chat)["message_id"])


def newest(bot: Running, chat: int = 1) -> dict[str, Any]:
    """The bot's last message in a chat as it stands now."""
    return (bot.telegram.messages(chat) or [{"text": "", "message_id": 0}])[-1]


def offers(bot: Running, message: int, chat: int = 1) -> dict[str, str]:
    """The buttons under a message: what each does, by what it says."""
    shown = bot.telegram.chats[chat].messages[message].get("reply_markup", {})
    buttons = [button for row in shown.get("inline_keyboard", []) for button in row]
    return {b["text"]: b.get("callback_data") or b.get("url") or b["copy_text"]["text"] for b in buttons}


async def pressed(bot: Running, message: int, button: str, *, chat: int = 1, **more: Any) -> dict[str, Any]:
    """Somebody presses a button; how the bot answered the press."""
    query = bot.telegram.presses(message, button, chat=chat, **more)
    await bot.sees(lambda: bot.telegram.toast(query) is not None)
    return bot.telegram.toast(query) or {}
