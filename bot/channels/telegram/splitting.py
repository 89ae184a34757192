"""Cuts a long text into messages: after a paragraph, a line, a sentence or a word.

Never inside what a reader sees as one character.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from itertools import accumulate

from bot.channels.rich_text import Entity, RichText, utf16_length

LIMIT = 4096
MAX_ENTITIES = 100
SPACE = r"[^\S\u00a0\u202f]"  # A number and its unit, held together by a no-break space, stay together.
# Best first. A cut comes after the match; it must leave a fair part of the room filled, or the next kind is tried.
CUTS = tuple(re.compile(pattern) for pattern in (r"\n\s*\n", r"\n", rf"[.!?]['\")\]”’]*{SPACE}", rf";{SPACE}", SPACE))
FAIR = 0.25


def split(rich: RichText, limit: int = LIMIT) -> list[RichText]:
    """The messages of at most `limit` UTF-16 units and 100 entities that hold the text, numbered if several.

    White space at the ends of a message is gone, as Telegram would trim it; no other character is. A text without any
    visible character gives no message. The text's tail stays in one message, unless it's longer than that.
    """
    whole = _Cutter(rich)
    pieces = whole.cut(limit)
    if len(pieces) <= 1:
        return pieces
    for digits in (1, 2, 3, 4):
        pieces = whole.cut(limit - len(_number(0, 0)) - 2 * (digits - 1))
        if len(pieces) < 10**digits:
            break
    return [
        RichText(text=piece.text + _number(place, len(pieces)), entities=piece.entities)
        for place, piece in enumerate(pieces, 1)
    ]


def _number(place: int, total: int) -> str:
    return f"\n\n({place}/{total})"


class _Cutter:
    """A text with the UTF-16 position of each of its characters."""

    def __init__(self, rich: RichText) -> None:
        self._text = rich.text
        self._entities = sorted(rich.entities, key=lambda entity: (entity.offset, -entity.length))
        self._units = list(accumulate([1 + (c > "\uffff") for c in self._text], initial=0))
        self._tail = bisect_left(self._units, self._units[-1] - rich.tail)

    def cut(self, limit: int) -> list[RichText]:
        """Pieces of at most `limit` units, trimmed."""
        pieces, start = [], self._skip_space(0)
        while start < len(self._text):
            end = self._end(start, limit)
            pieces.append(self._piece(start, end))
            start = self._skip_space(end)
        return pieces

    def _skip_space(self, index: int) -> int:
        while index < len(self._text) and self._text[index].isspace():
            index += 1
        return index

    def _end(self, start: int, limit: int) -> int:
        """Where the piece that begins at `start` ends."""
        last = len(self._text.rstrip())
        room = min(last, bisect_right(self._units, self._units[start] + limit) - 1)
        room = max(min(room, self._before_too_many_entities(start)), start + 1)
        if room == last:
            return last
        if start < self._tail <= room:
            return self._tail
        window = self._text[start : room + 1]  # One more: white space there is trimmed, so it needs no room.
        for kind in CUTS:
            ends = [end for match in kind.finditer(window) if not _is_joined(self._text, start + (end := match.end()))]
            if ends and ends[-1] >= FAIR * len(window):
                return start + ends[-1]
        end = room
        while end > start and _is_joined(self._text, end):
            end -= 1
        return end if end > start else room

    def _before_too_many_entities(self, start: int) -> int:
        """The character at which one entity too many for a message would begin."""
        position = self._units[start]
        seen = [entity for entity in self._entities if entity.offset + entity.length > position]
        if len(seen) <= MAX_ENTITIES or seen[MAX_ENTITIES].offset <= position:
            return len(self._text)
        return bisect_right(self._units, seen[MAX_ENTITIES].offset) - 1

    def _piece(self, start: int, end: int) -> RichText:
        text = self._text[start:end].rstrip()
        first = self._units[start]
        last = first + utf16_length(text)
        clipped = (
            Entity(kind=entity.kind, offset=max(entity.offset, first) - first, length=shown)
            for entity in self._entities
            if (shown := min(entity.offset + entity.length, last) - max(entity.offset, first)) > 0
        )
        return RichText(text=text, entities=tuple(clipped)[:MAX_ENTITIES])


def _is_joined(text: str, index: int) -> bool:
    """Do the characters before and at `index` belong to one that is seen?"""
    before, after = text[index - 1], text[index : index + 1]
    if not after:
        return False
    if "\u200d" in (before, after) or unicodedata.category(after).startswith("M"):
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":
        return True
    if _is_flag_letter(before) and _is_flag_letter(after):
        run = 1
        while run <= index and _is_flag_letter(text[index - run]):
            run += 1
        return (run - 1) % 2 == 1
    return False


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
