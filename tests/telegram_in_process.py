"""Telegram without a network: the library's own `Bot` speaks to this instead of to a server."""

import itertools
import json
from collections import defaultdict
from typing import Any

from telegram import Bot
from telegram.request import BaseRequest, RequestData

TOKEN = "123456:ABC-fake_token"
ME = {"id": 123456, "is_bot": True, "first_name": "Footnote", "username": "footnote_bot"}


class InProcess(BaseRequest):
    """Remembers every call, keeps messages as they stand, and refuses what it's told to refuse.

    `results` holds, by method, what is answered instead of the usual: a value, or a function of the arguments.
    `refusals` holds, by method, status and description of the refusal.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.files: list[Any] = []
        self.results: dict[str, Any] = {}
        self.refusals: dict[str, tuple[int, str]] = {}
        self.messages: dict[tuple[int, int], dict[str, Any]] = {}
        self.profile: dict[str, dict[str, Any]] = defaultdict(dict)
        self._ids = itertools.count(1000)

    @property
    def read_timeout(self) -> float:
        return 1.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        name = url.rpartition("/")[2]
        arguments = dict(request_data.parameters) if request_data else {}
        self.calls.append((name, arguments))
        if request_data and request_data.multipart_data:
            self.files += [body for _, body, _ in request_data.multipart_data.values()]
        if name in self.refusals:
            status, description = self.refusals[name]
            return status, json.dumps({"ok": False, "error_code": status, "description": description}).encode()
        wanted = self.results.get(name)
        result = wanted(arguments) if callable(wanted) else wanted
        if wanted is None:
            result = self._usual(name, arguments)
        return 200, json.dumps({"ok": True, "result": result}).encode()

    def of(self, method: str) -> list[dict[str, Any]]:
        """The arguments of every call of a method."""
        return [arguments for name, arguments in self.calls if name == method]

    def said(self, chat: int | None = None) -> list[str]:
        """What the bot's messages say, in one chat or in all, in the order in which they were sent."""
        mine = (message for message in self.messages.values() if message["from"] == ME)
        return [message["text"] for message in mine if chat in (None, message["chat"]["id"])]

    def last(self) -> int:
        """The number of the bot's newest message."""
        return max(number for (_, number), message in self.messages.items() if message["from"] == ME)

    def buttons(self, number: int | None = None) -> dict[str, str]:
        """Under a message, or the bot's newest one: what each button does, by what it says."""
        number = number or self.last()
        markup = next(message for (_, n), message in self.messages.items() if n == number).get("reply_markup", {})
        buttons = [button for row in markup.get("inline_keyboard", []) for button in row]
        return {
            button["text"]: button.get("callback_data") or button.get("url") or button["copy_text"]["text"]
            for button in buttons
        }

    def toasts(self) -> list[str]:
        """What pressed buttons were answered with."""
        return [call.get("text", "") for call in self.of("answerCallbackQuery")]

    def _usual(self, name: str, arguments: dict[str, Any]) -> Any:
        match name:
            case "getMe":
                return ME
            case "sendMessage":
                chat = int(arguments["chat_id"])
                message = {"message_id": next(self._ids), "date": 1_790_000_000, **_content(arguments)}
                message |= {"chat": {"id": chat, "type": "private" if chat > 0 else "group"}, "from": ME}
                replied = _plain(arguments.get("reply_parameters", "{}")).get("message_id")
                if replied is not None and (earlier := self.messages.get((chat, replied))) is not None:
                    message["reply_to_message"] = {k: v for k, v in earlier.items() if k != "reply_to_message"}
                self.messages[chat, message["message_id"]] = message
                return message
            case "sendDocument":
                to = {"id": int(arguments["chat_id"]), "type": "private"}
                return {"message_id": next(self._ids), "date": 1_790_000_000, "chat": to, "from": ME}
            case "editMessageText" | "editMessageReplyMarkup":
                message = self.messages[int(arguments["chat_id"]), int(arguments["message_id"])]
                content = _content(arguments)
                if name == "editMessageText":
                    message.pop("reply_markup", None)
                message.update(content)
                return message
            case "setMyCommands" | "setMyDescription" | "setMyShortDescription":
                self.profile[name.removeprefix("setMy")][_slot(arguments)] = arguments
                return True
            case "getMyCommands":
                shown = self.profile["Commands"].get(_slot(arguments), {})
                return _plain(shown.get("commands", []))
            case "getMyDescription" | "getMyShortDescription":
                field = "description" if name == "getMyDescription" else "short_description"
                known = self.profile[name.removeprefix("getMy")]
                # Without words for a language its readers see those for all.
                return {field: known.get(_slot(arguments), known.get(_slot({}), {})).get(field, "")}
            case _:
                return True


def _slot(arguments: dict[str, Any]) -> str:
    return json.dumps([_plain(arguments.get("scope")), arguments.get("language_code", "")])


def _plain(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _content(arguments: dict[str, Any]) -> dict[str, Any]:
    content = {"text": arguments["text"]} if "text" in arguments else {}
    markup = _plain(arguments.get("reply_markup", "{}"))
    if "inline_keyboard" in markup:  # Telegram keeps no other kind with the message.
        content["reply_markup"] = markup
    return content


async def bot_in_process() -> tuple[Bot, InProcess]:
    """A bot that is ready, and what it talks to; the call by which it learned its name is left out."""
    telegram = InProcess()
    bot = Bot(TOKEN, request=telegram, get_updates_request=telegram)
    await bot.initialize()
    telegram.calls.clear()
    return bot, telegram
