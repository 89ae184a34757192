"""A small Bot API server, for tests: it checks like the real one, remembers everything, and fails when it's told to.

It runs in threads of its own on a free port of this machine. Push what people write, wait for what the bot does:

    with FakeTelegram() as telegram:
        telegram.says("What is JDM?")
        telegram.wait(lambda: telegram.texts() == ["…"])
"""

import itertools
import json
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl

TOKEN = "123456:ABC-fake_token"
BOT = {"id": 123456, "is_bot": True, "first_name": "Footnote", "username": "footnote_bot"}
DATE = 1_790_000_000
SOON = 20.0
TEXT_LIMIT, MAX_ENTITIES, CALLBACK_LIMIT = 4096, 100, 64


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


class RefusalError(Exception):
    """What the server answers instead of a result."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.description = description


def flood(seconds: float) -> Fault:
    return Fault(status=429, description="Too Many Requests", retry_after=seconds)


@dataclass
class Chat:
    """A chat as its members see it."""

    id: int
    type: str = "private"
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)


class FakeTelegram:
    """The server. All of it may be used from any thread."""

    def __init__(self, *, token: str = TOKEN) -> None:
        self.token = token
        self.calls: list[Call] = []
        self.polls = 0
        self.chats: dict[int, Chat] = {}
        self._changed = threading.Condition()
        self._pending: deque[dict[str, Any]] = deque()
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._update_ids = itertools.count(70_000)
        self._message_ids = itertools.count(100)
        self._closed = False
        self._answered: set[str] = set()
        self._server = _Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    # What people do

    def says(self, text: str, *, chat: int = 1, **more: Any) -> int:
        """Somebody writes a message; returns its id. `more` are further fields of the message."""
        return self.posts(chat=chat, text=text, entities=_entities_of(text), **more)

    def replies(self, to: int, text: str, *, chat: int = 1, quote: str | None = None, **more: Any) -> int:
        """Somebody replies to a message, maybe quoting some of its words; returns the reply's id.

        A message that was deleted meanwhile is left out, and the reply arrives as if it were none.
        """
        with self._changed:
            earlier = self.chats[chat].messages.get(to) if chat in self.chats else None
        if earlier is not None:
            more["reply_to_message"] = {key: value for key, value in earlier.items() if key != "reply_to_message"}
            more.setdefault("chat_type", earlier["chat"]["type"])
            if earlier.get("is_topic_message"):
                more = {"message_thread_id": earlier["message_thread_id"], "is_topic_message": True} | more
            elif earlier["chat"]["type"] == "supergroup":  # Every chain of replies has a thread id, topic or not.
                more.setdefault("message_thread_id", to)
        if earlier is not None and quote is not None:
            position = len(earlier["text"].partition(quote)[0].encode("utf-16-le")) // 2
            more["quote"] = {"text": quote, "position": position, "is_manual": True}
        return self.says(text, chat=chat, **more)

    def deletes(self, message: int, *, chat: int = 1) -> None:
        """Somebody deletes a message."""
        with self._changed:
            del self.chats[chat].messages[message]

    def posts(self, *, chat: int = 1, chat_type: str = "private", sender: int = 5, **content: Any) -> int:
        """Somebody posts anything, a photo for example; returns its id."""
        with self._changed:
            message = self._new_message(chat, chat_type, {"id": sender, "is_bot": False, "first_name": "Ada"}, content)
            self._push({"message": message})
        return int(message["message_id"])

    def pushes(self, update: dict[str, Any]) -> int:
        """Any update, also one that can't be read; returns its id."""
        with self._changed:
            return self._push(update)

    def fails(self, method: str, *faults: Fault) -> None:
        """The next calls of a method (or of `*`) go wrong in this way, one after another."""
        with self._changed:
            self._faults[method].extend(faults)

    # What can be seen

    def wait(
        self, condition: Callable[[], object], timeout: float = SOON, *, unless: Callable[[], object] = lambda: False
    ) -> None:
        """Return as soon as the condition holds, or after a `wake` when `unless` does.

        AssertionError with what was said if neither ever happens.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: condition() or unless(), timeout):
                calls, said = [call.method for call in self.calls], [text[:80] for text in self.texts()]
                raise AssertionError(f"It never happened. Calls: {calls}; said in chat 1: {said}")

    def wake(self) -> None:
        """Let those who wait look again."""
        with self._changed:
            self._changed.notify_all()

    def texts(self, chat: int = 1) -> list[str]:
        """What the bot's messages in a chat say as they stand now, oldest first."""
        return [str(message["text"]) for message in self.messages(chat)]

    def messages(self, chat: int = 1) -> list[dict[str, Any]]:
        """The bot's messages in a chat as they stand now, oldest first."""
        if chat not in self.chats:
            return []
        return [message for message in self.chats[chat].messages.values() if message["from"]["is_bot"]]

    def called(self, method: str) -> list[dict[str, Any]]:
        """The arguments of all calls of a method."""
        return [call.arguments for call in self.calls if call.method == method]

    @property
    def pending(self) -> int:
        """How many updates the bot hasn't confirmed."""
        return len(self._pending)

    # The wire

    def handle(self, token: str, method: str, arguments: dict[str, Any]) -> tuple[int, bytes] | None:
        """The status and the body of the response; None closes the connection without one."""
        with self._changed:
            self.calls.append(Call(method=method, arguments=arguments))
            self._changed.notify_all()
            fault = self._next_fault(method)
            if fault is not None and not fault.drop:
                return self._fail(fault)
            try:
                if token != self.token:
                    raise RefusalError(401, "Unauthorized")  # noqa: TRY301 - it is answered below like any other
                answer = getattr(self, f"_on_{method}", None)
                if answer is None:
                    raise RefusalError(404, "Not Found")  # noqa: TRY301 - the same
                body: dict[str, Any] = {"ok": True, "result": answer(arguments)}
                status = 200
            except RefusalError as refusal:
                status = refusal.status
                body = {"ok": False, "error_code": status, "description": refusal.description}
            self._changed.notify_all()
        return None if fault is not None else (status, json.dumps(body).encode())

    def _next_fault(self, method: str) -> Fault | None:
        for name in (method, "*"):
            if self._faults[name]:
                return self._faults[name].popleft()
        return None

    def _fail(self, fault: Fault) -> tuple[int, bytes] | None:
        if fault.hang:
            self._changed.wait_for(lambda: self._closed)
            return None
        if fault.html:
            return fault.status, b"<html><body>Bad Gateway</body></html>"
        body: dict[str, Any] = {"ok": False, "error_code": fault.status, "description": fault.description}
        if fault.retry_after is not None:
            body["parameters"] = {"retry_after": fault.retry_after}
        return fault.status, json.dumps(body).encode()

    def _push(self, update: dict[str, Any]) -> int:
        update = {"update_id": next(self._update_ids)} | update
        self._pending.append(update)
        self._changed.notify_all()
        return int(update["update_id"])

    def _new_message(
        self, chat_id: int, chat_type: str, sender: dict[str, Any], content: dict[str, Any]
    ) -> dict[str, Any]:
        chat = self.chats.setdefault(chat_id, Chat(id=chat_id, type=chat_type))
        about = {"id": chat.id, "type": chat.type} | ({} if chat.type == "private" else {"title": "Ward"})
        message: dict[str, Any] = {
            "message_id": next(self._message_ids),
            "date": DATE,
            "chat": about,
            "from": sender,
        } | content
        chat.messages[message["message_id"]] = message
        return message

    # The methods

    def _on_getMe(self, _: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - Telegram's own names
        return BOT | {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}

    def _on_deleteWebhook(self, _: dict[str, Any]) -> bool:  # noqa: N802
        return True

    def _on_setMyCommands(self, _: dict[str, Any]) -> bool:  # noqa: N802
        return True

    def _on_sendChatAction(self, _: dict[str, Any]) -> bool:  # noqa: N802
        return True

    def _on_answerCallbackQuery(self, arguments: dict[str, Any]) -> bool:  # noqa: N802
        query = str(arguments["callback_query_id"])
        if query in self._answered:
            raise RefusalError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        self._answered.add(query)
        return True

    def _on_getUpdates(self, arguments: dict[str, Any]) -> list[dict[str, Any]]:  # noqa: N802
        self.polls += 1
        offset = int(arguments.get("offset") or 0)
        while self._pending and self._pending[0]["update_id"] < offset:
            self._pending.popleft()
        self._changed.notify_all()
        self._changed.wait_for(lambda: self._pending or self._closed, float(arguments.get("timeout") or 0))
        return list(itertools.islice(self._pending, int(arguments.get("limit") or 100)))

    def _on_sendMessage(self, arguments: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        chat = int(arguments["chat_id"])
        content = _checked(arguments)
        if reply := arguments.get("reply_parameters"):
            known = self.chats[chat].messages.get(int(reply["message_id"])) if chat in self.chats else None
            if known is not None:
                content["reply_to_message"] = {k: v for k, v in known.items() if k != "reply_to_message"}
            elif not reply.get("allow_sending_without_reply"):
                raise RefusalError(400, "Bad Request: message to be replied not found")
        if topic := arguments.get("message_thread_id"):
            content |= {"message_thread_id": int(topic), "is_topic_message": True}
        return self._new_message(chat, "private", BOT, content)

    def _on_editMessageText(self, arguments: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        chat, message_id = int(arguments["chat_id"]), int(arguments["message_id"])
        message = self.chats[chat].messages.get(message_id) if chat in self.chats else None
        if message is None:
            raise RefusalError(400, "Bad Request: message to edit not found")
        if not message["from"]["is_bot"]:
            raise RefusalError(400, "Bad Request: message can't be edited")
        content = _checked(arguments)
        if all(message.get(key) == content.get(key) for key in ("text", "entities", "reply_markup")):
            raise RefusalError(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly the "
                "same as a current content and reply markup of the message",
            )
        message |= content | {"edit_date": DATE}
        return message

    def _on_deleteMessage(self, arguments: dict[str, Any]) -> bool:  # noqa: N802
        chat = self.chats.get(int(arguments["chat_id"]))
        if chat is None or chat.messages.pop(int(arguments["message_id"]), None) is None:
            raise RefusalError(400, "Bad Request: message to delete not found")
        return True


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, telegram: FakeTelegram) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.telegram = telegram

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, _Server)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.headers.get("Content-Type", "").startswith("application/json"):
            arguments = json.loads(body)
        else:
            arguments = {name: _value(name, text) for name, text in parse_qsl(body, keep_blank_values=True)}
        _, bot, method = self.path.split("/", 2)
        response = server.telegram.handle(bot.removeprefix("bot"), method, arguments)
        if response is None:
            self.close_connection = True
            return
        status, payload = response
        self.send_response(status)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
        """Silent: the calls are remembered."""


def _value(name: str, text: str) -> Any:
    """Form data hold nested values as JSON."""
    return json.loads(text) if name in {"entities", "reply_parameters", "reply_markup", "allowed_updates"} else text


def _entities_of(text: str) -> list[dict[str, Any]]:
    """What the real server would mark in what people write: commands and mentions."""
    entities, offset = [], 0
    for word in text.split(" "):
        length = len(word.encode("utf-16-le")) // 2
        if word.startswith("/") and offset == 0:
            entities.append({"type": "bot_command", "offset": offset, "length": length})
        elif word.startswith("@"):
            entities.append({"type": "mention", "offset": offset, "length": length})
        offset += length + 1
    return entities


def _checked(arguments: dict[str, Any]) -> dict[str, Any]:
    """The content of a message, refused where the real server would."""
    text = str(arguments.get("text", ""))
    units = text.encode("utf-16-le")
    entities = arguments.get("entities") or []
    if not text.strip():
        raise RefusalError(400, "Bad Request: message text is empty")
    if len(units) // 2 > TEXT_LIMIT:
        raise RefusalError(400, "Bad Request: message is too long")
    if "parse_mode" in arguments:
        raise RefusalError(400, "Bad Request: can't parse entities: this bot never uses a parse mode")
    if len(entities) > MAX_ENTITIES:
        raise RefusalError(400, "Bad Request: can't parse entities: too many")
    for entity in entities:
        begin, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
        try:
            covered = units[begin:end].decode("utf-16-le")
            units[:begin].decode("utf-16-le")
        except UnicodeDecodeError:
            raise RefusalError(400, "Bad Request: can't parse entities: inside a character") from None
        if not covered.strip() or end > len(units):
            raise RefusalError(400, "Bad Request: can't parse entities: out of range")
    for row in (arguments.get("reply_markup") or {}).get("inline_keyboard", []):
        if any(len(button.get("callback_data", "").encode()) > CALLBACK_LIMIT for button in row):
            raise RefusalError(400, "Bad Request: BUTTON_DATA_INVALID")
    content: dict[str, Any] = {"text": text.strip(), "entities": entities}
    if "reply_markup" in arguments:
        content["reply_markup"] = arguments["reply_markup"]
    return content
