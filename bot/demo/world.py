"""Who is in which chat, and what stands there."""

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.demo.changes import Changes
from bot.demo.refusals import RefusalError, bad_request
from bot.demo.updates import Updates

Message = dict[str, Any]
MEMBER, LEFT, KICKED = "member", "left", "kicked"


@dataclass(kw_only=True)
class User:
    """A person, or the bot."""

    id: int
    first_name: str
    username: str = ""
    language_code: str = ""
    is_bot: bool = False

    def told(self) -> dict[str, Any]:
        """As updates show it."""
        known = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        return known | {k: v for k in ("username", "language_code") if (v := getattr(self, k))}


@dataclass(kw_only=True)
class Chat:
    """A chat as its members see it. `bot_is`: whether the bot is a member, or was blocked (`kicked`)."""

    id: int
    type: str = "private"
    title: str = "Ward"
    first_name: str = "Ada"
    is_forum: bool = False
    bot_is: str = MEMBER
    members: dict[int, str] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    reactions: dict[int, list[str]] = field(default_factory=dict)
    asks: dict[int, dict[str, Any]] = field(default_factory=dict)
    """The messages that ask for a reply, and how (`ForceReply`)."""
    acting: tuple[str, float] = ("", 0.0)
    """What the bot is doing, and since when, in Unix time."""

    def told(self) -> dict[str, Any]:
        """As updates show it."""
        named = {"first_name": self.first_name} if self.type == "private" else {"title": self.title}
        return {"id": self.id, "type": self.type} | named | ({"is_forum": True} if self.is_forum else {})


class World:
    """All users and chats of one server, and the updates on their way to the bot."""

    def __init__(self, bot: User, *, now: Callable[[], int] = lambda: int(time.time())) -> None:
        self.bot = bot
        self.now = now
        self.changes = Changes()
        self.updates = Updates(self.changes)
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, bytes] = {}
        self.toasts: dict[str, dict[str, Any] | None] = {}
        """What the bot answered to each press of a button; None as long as it didn't."""
        self._message_ids = itertools.count(100)

    def user(self, number: int) -> User:
        """The person of this id, made up when unknown."""
        return self.users.setdefault(number, User(id=number, first_name="Bo" if number == 6 else "Ada"))

    def chat(self, number: int, kind: str = "private") -> Chat:
        """The chat of this id, made up when unknown."""
        return self.chats.setdefault(number, Chat(id=number, type=kind))

    def known_chat(self, number: Any) -> Chat:
        """A chat the bot names. Raises RefusalError when it has no such chat or may not write there."""
        try:
            chat = self.chats.get(int(number))
        except (TypeError, ValueError):
            chat = None
        if chat is None:
            raise bad_request("chat not found")
        if chat.bot_is == KICKED and chat.type == "private":
            raise RefusalError(403, "Forbidden: bot was blocked by the user")
        if chat.bot_is == KICKED:
            raise RefusalError(403, f"Forbidden: bot was kicked from the {chat.type} chat")
        if chat.bot_is == LEFT:
            raise RefusalError(403, f"Forbidden: bot is not a member of the {chat.type} chat")
        return chat

    def found(self, arguments: dict[str, Any], purpose: str) -> tuple[Chat, Message]:
        """The message a call speaks of; `purpose` is the word for it in the refusal."""
        chat = self.known_chat(arguments.get("chat_id"))
        message = chat.messages.get(int(arguments.get("message_id") or 0))
        if message is None:
            raise bad_request(f"message to {purpose} not found")
        return chat, message

    def post(self, chat: Chat, sender: User, content: dict[str, Any]) -> Message:
        """A new message in a chat."""
        message: Message = {
            "message_id": next(self._message_ids),
            "date": self.now(),
            "chat": chat.told(),
            "from": sender.told(),
        } | content
        with self.changes.making():
            chat.messages[message["message_id"]] = message
        return message

    def learn(self, update: dict[str, Any]) -> None:
        """An update from outside tells of chats and button presses, which the bot may then answer."""
        for content in update.values():
            if not isinstance(content, dict):
                continue
            if isinstance(content.get("id"), str) and "data" in content:
                self.toasts[content["id"]] = None
            about = content.get("chat") or (content.get("message") or {}).get("chat")
            if isinstance(about, dict) and isinstance(about.get("id"), int):
                self.chat(about["id"], str(about.get("type", "private")))


def without_reply(message: Message) -> Message:
    """A message as a reply to it shows it: one level deep only."""
    return {key: value for key, value in message.items() if key != "reply_to_message"}
