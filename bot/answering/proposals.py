"""What a language model proposes, read line by line while it is still writing.

The contract is one JSON object per line, because every provider can stream that and a claim is complete at its line's
end. Weak models break it in known ways (a code fence, a list or an object around the lines, commas too many, single
quotes, prose in between, thoughts first); those are read all the same. What isn't an object is nobody's claim.
"""

import ast
import json
import re
import unicodedata
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, field_validator

from bot.domain.answers import ClaimRole

LONGEST_CLAIM, LONGEST_QUOTE, LONGEST_GAP = 700, 1500, 80
"""Characters. A longer text isn't one sentence, a longer quotation isn't short."""
MOST_SOURCES = MOST_QUOTES = MOST_GAPS = 6
LONGEST_OBJECT = 20_000
LONGEST_MARK = 40
"""Characters that are looked back at for a tag or a frame."""
THOUGHT, END_OF_THOUGHT = re.compile(r"<think(?:ing)?>\Z"), re.compile(r"</think(?:ing)?>\Z")
FRAME = re.compile(r"[\"'](?:claims|answers?|lines|items|results)[\"']\s*:\s*\[\s*\Z")
BETWEEN_IDS = re.compile(r"[\[\](){}<>\"'#=:,;\s]+")
NO_ID = frozenset({"", "id", "ids", "passage", "passages", "source", "sources", "and"})
TEXT_KEYS = ("text", "claim", "sentence")
MARKUP = re.compile(r"\*\*|__|`+|^\s*(?:[-*•]|#+)\s+")


class Proposal(BaseModel):
    """A claim as a model wrote it: text, ids of its passages, quotations from them, and its part in the answer."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, frozen=True)

    text: str = Field(min_length=3, max_length=LONGEST_CLAIM, validation_alias=AliasChoices(*TEXT_KEYS))
    sources: tuple[str, ...] = Field(
        default=(), validation_alias=AliasChoices("sources", "source", "ids", "id", "passages", "citations", "cites")
    )
    quotes: tuple[str, ...] = Field(
        default=(), validation_alias=AliasChoices("quote", "quotes", "quotation", "quotations", "evidence")
    )
    role: ClaimRole = Field(default=ClaimRole.FINDING, validation_alias=AliasChoices("role", "kind", "type"))

    @field_validator("text", mode="before")
    @classmethod
    def _plain(cls, value: object) -> object:
        """One line of plain text; what looks like Markdown is taken off, since it would be shown as it stands."""
        return " ".join(MARKUP.sub("", visible(value)).split()) if isinstance(value, str) else value

    @field_validator("sources", mode="before")
    @classmethod
    def _ids(cls, value: object) -> object:
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, Sequence):
            return ()
        named = (item.get("id", "") if isinstance(item, Mapping) else item for item in items)
        names = (name for item in named for name in BETWEEN_IDS.split(visible(str(item)).lower()))
        return tuple(dict.fromkeys(name for name in names if name not in NO_ID))[:MOST_SOURCES]

    @field_validator("quotes", mode="before")
    @classmethod
    def _quotations(cls, value: object) -> object:
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, Sequence):
            return ()
        quotes = (visible(str(item)[:LONGEST_QUOTE]).strip() for item in items)
        return tuple(quote for quote in quotes if quote)[:MOST_QUOTES]

    @field_validator("role", mode="before")
    @classmethod
    def _known_role(cls, value: object) -> object:
        name = re.sub(r"[\s-]+", "_", str(value).strip().lower())
        return name if name in set(ClaimRole) else ClaimRole.FINDING


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The model says that the passages hold no answer."""


@dataclass(frozen=True, slots=True)
class OnlyThought:
    """What was read until here was the model's thinking: its end is marked, its beginning wasn't."""


class NotCovered(BaseModel):
    """Words of the question that the passages say nothing about."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    not_covered: tuple[str, ...]

    @field_validator("not_covered", mode="before")
    @classmethod
    def _several(cls, value: object) -> object:
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, Sequence):
            return ()
        gaps = (" ".join(visible(str(item)).split())[:LONGEST_GAP] for item in items)
        return tuple(dict.fromkeys(gap for gap in gaps if gap))[:MOST_GAPS]


Line = Proposal | NoAnswer | NotCovered | OnlyThought


def visible(text: str) -> str:
    """The text without what no reader sees or what changes how the rest is shown: control characters, marks of writing
    direction, letters of no width, strokes laid over letters, halves of characters.
    """
    if text.isascii() and text.isprintable():
        return text
    kinds = ((character, unicodedata.category(character)) for character in unicodedata.normalize("NFC", text))
    return "".join(
        " " if kind == "Cc" else character for character, kind in kinds if kind == "Cc" or kind[0] not in "CM"
    )


class LineReader:
    """Reads a growing text and gives each line of it once its object is complete.

    Every character is looked at once and decided upon for good, so that it makes no difference how the text was cut
    into pieces.
    """

    def __init__(self) -> None:
        self.broken = 0
        """Objects that were there but couldn't be read."""
        self._tail = ""
        """The last characters, for telling tags and frames."""
        self._thinking = False
        self._begin("")

    @property
    def is_inside(self) -> bool:
        """Is an object or a thought begun and not ended?"""
        return self._thinking or bool(self._object)

    def feed(self, text: str) -> Iterator[Line]:
        """Every line that this piece completes."""
        for character in text:
            self._tail = self._tail[1 - LONGEST_MARK :] + character
            if self._thinking:
                self._thinking = not (character == ">" and END_OF_THOUGHT.search(self._tail))
            elif character == ">" and not self._quoted and THOUGHT.search(self._tail):
                self._thinking = True
                self._give_up()
            elif character == ">" and not self._quoted and END_OF_THOUGHT.search(self._tail):
                self._give_up()
                yield OnlyThought()
            elif self._object:
                yield from self._go_on(character)
            elif character == "{":
                self._begin("{")

    def _begin(self, text: str) -> None:
        """A new object, or none."""
        self._object = [text] if text else []
        self._depth = len(self._object)
        self._quoted = self._escaped = self._at_line_start = False
        self._before = ""

    def _give_up(self) -> None:
        self.broken += bool(self._object)
        self._begin("")

    def _go_on(self, character: str) -> Iterator[Line]:
        if character == "{" and self._begins_another():
            return self._begin("{")
        self._object.append(character)
        if len(self._object) > LONGEST_OBJECT:
            return self._give_up()
        if self._quoted:
            self._quoted = self._escaped or character != '"'
            self._escaped = character == "\\" and not self._escaped
        elif character == '"':
            # Apostrophes open no string: they stand inside words far more often than around a weak model's keys.
            self._quoted = True
        elif character == "{":
            self._depth += 1
        elif character == "}":
            self._depth -= 1
            if not self._depth:
                piece = "".join(self._object)
                self._begin("")
                yield from self._read(piece)
                return None
        if character == "\n":
            self._at_line_start = True
        elif not character.isspace():
            self._at_line_start = False
            self._before = (self._before + character)[-2:]
        return None

    def _begins_another(self) -> bool:
        """Does this brace begin an object of its own, within one that is only a frame, or that is broken?"""
        if not self._quoted and FRAME.search(self._tail[:-1]):
            return True
        # A broken object must not swallow all that follows it; only a value may stand at the beginning of a line.
        is_value = not self._quoted and (self._before[-1:] in {":", "["} or self._before == "},")
        if self._at_line_start and not is_value:
            self.broken += 1
            return True
        return False

    def _read(self, piece: str) -> Iterator[Line]:
        found = read_object(piece)
        record = _with_known_keys(found) if found is not None else {}
        lists = (value for value in record.values() if isinstance(value, list))
        framed = next((items for items in lists if any(map(_is_claim, items))), None)
        for item in [record] if framed is None or _is_claim(record) else framed:
            line = _as_line(item)
            if line is None:
                self.broken += 1
            else:
                yield line


def _with_known_keys(record: Mapping[Any, Any]) -> dict[str, Any]:
    return {key.strip().lower(): value for key, value in record.items() if isinstance(key, str)}


def _is_claim(record: object) -> bool:
    return isinstance(record, Mapping) and any(key in TEXT_KEYS for key in _with_known_keys(record))


def _as_line(item: object) -> Line | None:
    if not isinstance(item, Mapping):
        return None
    record = _with_known_keys(item)
    try:
        if str(record.get("no_answer") or "no").strip().lower() not in {"no", "false", "0"}:
            return NoAnswer()
        kind = NotCovered if "not_covered" in record and not _is_claim(record) else Proposal
        return kind.model_validate(record)
    except (ValueError, RecursionError):
        return None


def read_object(text: str) -> dict[Any, Any] | None:
    """One JSON object, or what a weak model takes for one; None where nothing can be made of it."""
    mended = re.sub(r",\s*([}\]])", r"\1", text)
    for version in (text, mended):
        try:
            found = json.loads(version, strict=False)
        except (ValueError, RecursionError):
            continue
        return found if isinstance(found, dict) else None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about escapes that Python doesn't know
            found = ast.literal_eval(mended)  # single quotes, True and False
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
