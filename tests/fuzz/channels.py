"""What Telegram and other programs send: updates, the webhook's bodies, buttons' data, JSON lines; and any answers."""

import asyncio
import copy
import io
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

from starlette.applications import Starlette
from telegram import Bot, Update

from bot.answering.identifiers import mask
from bot.channels.lines import answer_each_line
from bot.channels.telegram.arrivals import (
    Me,
    arrival_of,
    asked_in,
    get_asked,
    kind_of,
    place_of_button,
    put_asked,
    understood_as,
    update_in,
)
from bot.channels.telegram.buttons import press
from bot.channels.telegram.keyboards import Verb
from bot.channels.telegram.office import Office
from bot.channels.telegram.payload import sparing
from bot.channels.telegram.polling import has_id, readable
from bot.channels.telegram.webhook import SECRET_HEADER, webhook_app
from bot.domain.forgetting import Forgotten
from bot.domain.inbox import ArrivalKind, Claimed
from tests.fuzz.messages import SAID, finder
from tests.fuzz.target import Draw, Target, require, text_of
from tests.unit.channels.telegram.workplace import BOT_ID, NOON, USERNAME, WORDING, says
from tests.unit.channels.test_rendering_any_answer import test_any_answer_arrives_whole
from tests.unit.stores.replies import a_reply

ME = Me(id=BOT_ID, username=USERNAME)
BOT = cast("Bot", SimpleNamespace(id=BOT_ID, username=USERNAME, defaults=None, local_mode=False))
SECRET = "secret"
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 5, 2**31, 2**63, 2**64, -(2**70), 1.5, float("nan"), 1e300, "", " ", "/", "/ask",
    "/ask@footnote_bot x",
    "/new@other", "@footnote_bot", "é\u0301", "\ud83d", "a" * 5000, [], [[]], [None], {}, {"id": 1},
    {"type": "private"},
    [{"type": "bot_command", "offset": 0, "length": 0}], [{"type": "mention", "offset": -5, "length": 900}],
    [{"type": "text_mention", "offset": 0, "length": 1, "user": {}}], "private", "supergroup", "channel",
)  # fmt: skip
NAMES = (
    "message", "edited_message", "callback_query", "my_chat_member", "channel_post", "text", "caption", "entities",
    "from", "chat",
    "reply_to_message", "quote", "date", "edit_date", "message_thread_id", "is_topic_message", "sender_chat", "photo",
    "update_id",
    "forward_origin", "data", "game_short_name", "new_chat_members", "pinned_message", "language_code", "id", "via_bot",
)  # fmt: skip


def updates() -> Sequence[dict[str, Any]]:
    """An update of each kind."""
    told = says("What is the dose of rituximab?", 4)
    grouped = says(f"@{USERNAME} and of infliximab?", 5, chat=-100, group=True)
    command = says(f"/ask@{USERNAME} why?", 6, chat=-100, group=True)
    query = {
        "id": "7",
        "from": told["message"]["from"],
        "chat_instance": "x",
        "data": "f:0123456789ab:1",
        "message": told["message"],
    }
    person = {"user": told["message"]["from"], "status": "member"}
    joined = {"chat": grouped["message"]["chat"], "from": told["message"]["from"], "date": 1793534400,
              "old_chat_member": person | {"status": "left"}, "new_chat_member": person}  # fmt: skip
    edited = {"update_id": 8, "edited_message": told["message"] | {"edit_date": 1793534400, "text": "edited"}}
    replying = says("and for adults?", 9)
    replying["message"]["reply_to_message"] = told["message"]
    replying["message"]["quote"] = {"text": "rituximab", "position": 3}
    return [
        told,
        grouped,
        command,
        {"update_id": 7, "callback_query": query},
        {"update_id": 10, "my_chat_member": joined},
        edited,
        replying,
    ]


def spots(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a JSON value that can be changed."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield value, key
        yield from spots(inner)


def some_update(data: bytes) -> Any:
    """An update that the bytes make: one of each kind, changed in places."""
    draw = Draw(data)
    made: Any = copy.deepcopy(draw.one(updates()))
    for _ in range(draw.number(6)):
        places = list(spots(made))
        if not places:
            break
        holder, key = places[draw.number(65536) % len(places)]
        match draw.number(4):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, dict):
                holder[draw.one(NAMES)] = copy.deepcopy(draw.one(ODD))
            case 2 if isinstance(holder, dict):
                holder[draw.one(NAMES)] = copy.deepcopy(holder[key])
            case _:
                holder[key] = copy.deepcopy(draw.one(ODD))
    return made


def take(content: Any) -> None:
    """An update on its way into the inbox and out of it."""
    if not has_id(content):
        return
    update = Update.de_json(readable(content), BOT)
    kind = understood_as(update, ME, NOON)
    if kind is None:
        return
    arrival = arrival_of(
        update,
        kind,
        conversation="c",
        answer_id="a",
        received_at=NOON,
        masked=sparing(USERNAME, lambda said: mask(said, finder())),
    )
    arrival.payload.encode()
    if kind is not ArrivalKind.UNREADABLE:
        again = update_in(arrival.payload, BOT)
        require(kind_of(again, ME) is kind, "What is taken out of the inbox is what was put in.")
    for number in (arrival.id, arrival.chat, arrival.message or 0):
        require(-(2**63) <= number < 2**63, "A number fits into a database.")
    if kind is ArrivalKind.QUESTION:
        message = update.message
        assert message is not None
        asked = asked_in(message, "c", ME)
        require(get_asked(put_asked(asked)) == asked, "A question is kept whole.")
    if kind is ArrivalKind.BUTTON and update.callback_query is not None:
        place_of_button(update.callback_query)


def update(data: bytes) -> None:
    take(some_update(data))


def raw_update(data: bytes) -> None:
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        return
    take(content)


async def _keep(update: Update) -> None:
    understood_as(update, ME, NOON)


@cache
def app() -> Starlette:
    return webhook_app(_keep, path="/hook", secret=SECRET, bot=BOT)


def webhook(data: bytes) -> None:
    """Any body gets an answer, and none that makes Telegram send it for ever."""
    body = data[1:] if data[:1] < b"\x80" else json.dumps(some_update(data[1:])).encode()
    said: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        said.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/hook", "raw_path": b"/hook", "query_string": b"",
        "http_version": "1.1",
        "headers": [(SECRET_HEADER.lower().encode(), SECRET.encode()), (b"content-type", b"application/json")],
        "scheme": "http", "server": ("a", 80),
        "root_path": "",
    }  # fmt: skip
    asyncio.run(app()(scope, receive, send))
    require(said[0]["status"] in {200, 413}, "Telegram isn't told to send it again.")


class _Room:
    """An office in which nothing stands but an answer and a wording; what is done is noted."""

    wording = WORDING
    library = SimpleNamespace(passage=lambda *_: None, documents=tuple)

    bot = SimpleNamespace(username=USERNAME)

    def __init__(self) -> None:
        for name in (
            "inbox",
            "messages",
            "delivery",
            "threads",
            "feedback",
            "readers",
            "reviews",
            "answers",
            "forgetting",
        ):
            setattr(self, name, _Shelf(name))
        self.admins: frozenset[int] = frozenset()

    def sentence(self, key: str, **values: object) -> Any:
        from bot.channels.rich_text import RichText

        return RichText(text=WORDING.say(key, **values))

    def __getattr__(self, name: str) -> Any:
        async def call(*given: Any, **__: Any) -> Any:
            require(all(abs(one) < 2**63 for one in given if isinstance(one, int)), "A number can be looked for.")
            return False

        return call


class _Shelf:
    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        async def call(*_: Any, **__: Any) -> Any:
            found = None if self._name == "reviews" else a_reply(conversation="telegram:1:4")
            return {
                "chat_of_answer": 1,
                "get": found,
                "shown": {},
                "begin": 7,
                "send": 7,
                "of": (),
                "forget_user": Forgotten(counts={}),
            }.get(name)

        return call


def pressed(data: bytes) -> None:
    """Any data of a button is confirmed once, whatever it says."""
    content = updates()[3]
    content["callback_query"]["data"] = text_of(data)
    told: list[str] = []

    class _Bot:
        id, username, defaults = BOT_ID, USERNAME, None

        async def answer_callback_query(self, *_: Any, **__: Any) -> bool:
            told.append("told")
            return True

        def __getattr__(self, name: str) -> Any:
            async def call(*_: Any, **__: Any) -> Any:
                return SimpleNamespace(message_id=8)

            return call

    query = Update.de_json(content, cast("Bot", _Bot())).callback_query
    assert query is not None
    update = Update.de_json(content, BOT)
    arrival = arrival_of(
        update,
        ArrivalKind.BUTTON,
        answer_id="a",
        received_at=NOON,
        masked=sparing(USERNAME, lambda said: mask(said, finder())),
    )
    claimed = cast("Claimed", SimpleNamespace(arrival=arrival, attempt=1))
    asyncio.run(press(cast("Office", _Room()), claimed, query, query.data or ""))
    require(told, "Who presses is told.")


def lines(data: bytes) -> None:
    """Every line gets an answer of one line, and none stops the next."""
    out, before = io.StringIO(), sys.stdin
    count = sum(1 for _ in io.BytesIO(data))

    def answer(line: dict[str, Any]) -> dict[str, Any]:
        return {"said": line["text"].upper(), "more": float(line.get("number", 0)), "all": line}

    sys.stdin = SimpleNamespace(buffer=io.BytesIO(data))
    try:
        with redirect_stdout(out):
            answer_each_line("text", answer)
    finally:
        sys.stdin = before
    written = out.getvalue().split("\n")
    require(len(written) == count + 1, "A line for a line.")
    for line in written[:-1]:
        require(isinstance(json.loads(line), dict), "Each is an object.")


def answers(data: bytes) -> None:
    """An answer of any content arrives whole."""
    inner = test_any_answer_arrives_whole.hypothesis.inner_test  # type: ignore[attr-defined]
    inner(int.from_bytes(data[:8], "big"))


def update_seeds() -> Sequence[bytes]:
    return [
        bytes([at, count, 0, place, 3, odd])
        for at in range(7)
        for count, place, odd in ((0, 0, 0), (1, 3, 4), (3, 9, 20))
    ]


def raw_seeds() -> Sequence[bytes]:
    return [json.dumps(one).encode() for one in updates()]


JSON = (b"null", b"true", b"1e999", b"-0", b"9" * 5000, b'"\\ud83d"', b"[" * 5000, b'{"a":' * 3000, b"{", b"}", b"[",
b"]", b'"', b",", b":",
        b"NaN", b"\\u0000", b'"update_id"', b'"text"', b"\n", b"\r", b"\xe2\x80\xa8", b"\xef\xbb\xbf", b"1.5",
        b"2147483648")  # fmt: skip
TARGETS = (
    Target(name="update", promise="any update goes into the inbox and comes out as it was", run=update,
    seeds=update_seeds),
    Target(name="raw-update", promise="the same for any JSON", run=raw_update, seeds=raw_seeds, fragments=JSON),
    Target(name="webhook", promise="any body is answered so that Telegram goes on", run=webhook,
           seeds=lambda: [b"\x00" + seed for seed in raw_seeds()] + [b"\xff" + seed for seed in update_seeds()],
           fragments=JSON),
    Target(name="pressed", promise="any data of a button is confirmed", run=pressed,
           seeds=lambda: [f"{verb}:0123456789ab:1".encode() for verb in Verb] + [f"{verb}:1".encode() for verb in Verb],
           fragments=(b":", b"0", b"1", b"-1", b"9" * 5000, "²".encode(), "٣".encode(), "①".encode(), b"family",
           b"wrong", b"0123456789ab")),
    Target(name="lines", promise="one JSON line for each line", run=lines,
           seeds=lambda: [b"".join(json.dumps({"text": said, "number": 3}).encode() + b"\n" for said in SAID[:3])],
           fragments=(*JSON, b'{"text": "a"}\n', b'"number": "x"', b'"text": 5')),
    Target(name="answers", promise="any answer arrives whole in parts that Telegram takes", run=answers,
           seeds=lambda: [bytes([at] * 8) for at in range(30)]),
)  # fmt: skip
