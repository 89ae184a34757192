"""Writes an update down as it may wait in the inbox: words with identifiers covered, nobody's name."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from telegram import Update

HELD = "\uf8ff"
"""Stands for the bot's own name while a text is searched; nobody types it."""
SAID = frozenset({"text", "caption"})
PERSONAL = frozenset(
    """
    last_name title author_signature sender_user_name contact location venue file_name bio phone_number description
    thumbnail photo animation audio document video voice video_note sticker poll external_reply
    """.split()
)
"""What tells of people and is never needed to answer. (What the content was stands in no other field.)"""


def payload_of(update: Update, masked: Callable[[str], str]) -> str:
    """An update as JSON. `masked` covers the identifiers of a text and keeps its length, which entities count by."""
    return json.dumps({key: _kept(value, masked) for key, value in update.to_dict().items()})


def sparing(name: str, masked: Callable[[str], str]) -> Callable[[str], str]:
    """What `masked` does, but for the bot's own `@name`, by which a group speaks to it, and for what a link says."""
    spoken_to = rf"@{re.escape(name)}|" if name else ""
    own = re.compile(rf"{spoken_to}(?<=^/start )[\w-]+$", re.IGNORECASE)

    def cover(text: str) -> str:
        spared = iter(own.findall(text))
        covered = masked(own.sub(lambda found: HELD * len(found[0]), text))
        return re.sub(f"{HELD}+", lambda run: _as_before(len(run[0]), spared), covered)

    return cover


def _as_before(length: int, spared: Iterator[str]) -> str:
    told = ""
    while len(told) < length and (one := next(spared, "")):
        told += one
    return told


def _kept(value: Any, masked: Callable[[str], str]) -> Any:
    if isinstance(value, list | tuple):
        return [_kept(one, masked) for one in value]
    if not isinstance(value, Mapping):
        return value
    own = bool(value.get("is_bot")) or bool(_sender(value).get("is_bot"))
    kept: dict[str, Any] = {}
    for key, inner in value.items():
        if key == "forward_origin":
            # That it was forwarded counts, since nobody commands that way; by whom doesn't.
            kept[key] = {"type": "hidden_user", "date": 0, "sender_user_name": ""}
            continue
        if key in PERSONAL or (key == "username" and not own):
            continue
        if key == "first_name" and not own:
            kept[key] = ""  # Telegram's library asks for one.
        elif key in {"entities", "caption_entities"} and not own:
            kept[key] = [{of: said for of, said in _kept(one, masked).items() if of != "url"} for one in inner]
        elif key in SAID and isinstance(inner, str):
            kept[key] = inner if own else masked(inner)
        else:
            kept[key] = _kept(inner, masked)
    return kept


def _sender(value: Mapping[str, Any]) -> Mapping[str, Any]:
    sender = value.get("from")
    return sender if isinstance(sender, Mapping) else {}
