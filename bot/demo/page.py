"""The chat page: what each person sees of each chat, and what they do there."""

import json
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from types import TracebackType
from typing import Any

from pydantic import SecretStr
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.demo.marking import with_commands
from bot.demo.people import buttons_of
from bot.demo.server import BotApi
from bot.demo.world import Chat, Message, User
from bot.domain.errors import ConfigurationError
from bot.settings import SecretUrl, Settings

PAGE = Path(__file__).parent / "page.html"
YOU, COLLEAGUE, GROUP = 1, 2, -1001
PEOPLE = {YOU: "You", COLLEAGUE: "Colleague"}
ACTING_S = 5.0
TOAST_S = 10.0
LONGEST = 20_000
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:"
"""Nothing but the page's own style and script, and no address but this server's."""


def open_demo(port: int) -> "DemoServer":
    """The server, not yet started.

    Raises:
        ConfigurationError: the port is taken.

    """
    try:
        return DemoServer(port=port)
    except OSError as error:
        raise ConfigurationError(
            f"Port {port} is taken on this computer.", remedy="Choose another one with --port, or none for a free one."
        ) from error


class DemoServer(BotApi):
    """The Bot API and the page on one port of this machine. The bot's database is a file that goes with it."""

    def __init__(self, *, port: int = 0) -> None:
        """Raises OSError when the port is taken."""
        bot = User(id=10, first_name="Footnote", username="footnote_bot", is_bot=True)
        super().__init__(token=f"{bot.id}:local-demo", bot=bot, port=port, now=lambda: int(time.time()))
        self._folder = tempfile.TemporaryDirectory(prefix="footnote-demo-")
        self.database_url = f"sqlite:///{self._folder.name}/demo.db"
        for number, name in PEOPLE.items():
            self.world.users[number] = User(id=number, first_name=name, language_code="en")
            self.world.chats[number] = Chat(id=number, first_name=name)
        self.adds_bot(chat=GROUP, sender=YOU)
        self.world.chats[GROUP].title = "Ward round"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self._folder.cleanup()

    def settings(self, settings: Settings) -> Settings:
        """These settings for a bot that talks to this server, and writes down nothing beyond its life."""
        return settings.model_copy(
            update={
                "telegram_token": SecretStr(self.token),
                "telegram_api_url": SecretUrl(self.url),
                "database_url": SecretUrl(self.database_url),
                "webhook_url": SecretUrl(""),
                "allowed_chats": frozenset(),
            }
        )

    def middleware(self) -> list[Middleware]:
        """No page of another site may speak to this server under a name of its own."""
        return [Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])]

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self._page),
            Route("/events", self._events),
            Route("/say", self._say, methods=["POST"]),
            Route("/edit", self._edit, methods=["POST"]),
            Route("/press", self._press, methods=["POST"]),
        ]

    async def _page(self, _: Request) -> Response:
        return FileResponse(PAGE, headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"})

    async def _events(self, request: Request) -> Response:
        """The chat as it stands, again whenever something in it changes, as server-sent events."""
        chat, user = _checked(int(request.query_params["chat"]), int(request.query_params["user"]))
        return StreamingResponse(self._states(chat, user), media_type="text/event-stream")

    async def _states(self, chat: int, user: int) -> AsyncIterator[str]:
        changes, sent, version = self.world.changes, "", -1
        while not changes.closed:
            with changes.looking():
                version = changes.version
                told = json.dumps(self.seen(chat, user))
            if told != sent:
                sent = told
                yield f"data: {told}\n\n"
            # What the bot is doing wears off without a change.
            seconds = ACTING_S if self.world.chat(chat).acting[0] else None
            await changes.until(lambda seen=version: changes.version != seen, seconds)  # type: ignore[misc]

    def seen(self, chat: int, user: int) -> dict[str, Any]:
        """What this person sees of this chat."""
        place = self.world.chat(chat)
        language = {"language_code": self.world.user(user).language_code}
        action, since = place.acting
        commands = self.profile.commands_for(chat, user)
        known = frozenset(command["command"] for command in commands)
        return {
            "description": self.profile.word(language, "description"),
            "commands": commands,
            "acting": action if time.time() - since < ACTING_S else "",
            "messages": [self._told(place, message, user, known) for message in place.messages.values()],
        }

    def _told(self, place: Chat, message: Message, user: int, known: frozenset[str]) -> dict[str, Any]:
        number = message["message_id"]
        earlier = message.get("reply_to_message")
        text = str(message.get("text") or message.get("caption", ""))
        entities = message.get("entities") or message.get("caption_entities", [])
        return {
            "id": number,
            "from": message["from"]["first_name"],
            "bot": message["from"]["is_bot"],
            "mine": message["from"]["id"] == user,
            "date": message["date"],
            "edited": "edit_date" in message and not message["from"]["is_bot"],
            "text": text,
            "entities": with_commands(text, entities, known) if message["from"]["is_bot"] else entities,
            "file": message.get("document", {}).get("file_name", ""),
            "keyboard": message.get("reply_markup", {}).get("inline_keyboard", []) if buttons_of(message) else [],
            "reactions": place.reactions.get(number, []),
            "asks": place.asks.get(number),
            "reply": earlier
            and {
                "id": earlier["message_id"],
                "from": earlier["from"]["first_name"],
                "text": message.get("quote", {}).get("text") or earlier.get("text", "")[:200],
            },
        }

    async def _say(self, request: Request) -> Response:
        asked = await _read(request)
        text = str(asked["text"])[:LONGEST].strip()
        about = {"chat": asked["chat"], "sender": asked["user"], "chat_type": self.world.chat(asked["chat"]).type}
        if asked.get("reply") in self.world.chat(asked["chat"]).messages:
            quote = str(asked.get("quote") or "") or None
            self.replies(asked["reply"], text, quote=quote, **about)
        elif text:
            self.pastes(text, **about)
        return JSONResponse({})

    async def _edit(self, request: Request) -> Response:
        asked = await _read(request)
        message = self.world.chat(asked["chat"]).messages.get(asked["message"])
        if message is not None and message["from"]["id"] == asked["user"]:
            self.edits(asked["message"], str(asked["text"])[:LONGEST].strip(), chat=asked["chat"])
        return JSONResponse({})

    async def _press(self, request: Request) -> Response:
        """A press of a button; what the bot says to it, or nothing if it says nothing within a while."""
        asked = await _read(request)
        if asked["message"] not in self.world.chat(asked["chat"]).messages:
            return JSONResponse({"text": "", "alert": False})
        query = self.presses(asked["message"], str(asked["data"]), chat=asked["chat"], sender=asked["user"], stale=True)
        await self.world.changes.until(lambda: self.world.toasts[query] is not None, TOAST_S)
        answered = self.world.toasts[query] or {}
        alert = str(answered.get("show_alert", "")).lower() == "true"
        return JSONResponse({"text": answered.get("text", ""), "alert": alert, "url": answered.get("url", "")})


async def _read(request: Request) -> dict[str, Any]:
    """What the page sent. Only JSON: another site's page can't send that without asking first."""
    if request.headers.get("content-type") != "application/json":
        raise HTTPException(415)
    asked = await request.json()
    _checked(asked["chat"], asked["user"])
    assert isinstance(asked, dict)
    return asked


def _checked(chat: int, user: int) -> tuple[int, int]:
    """The chat and the person, who has to be in it."""
    if user not in PEOPLE or chat not in {user, GROUP}:
        raise HTTPException(404)
    return chat, user
