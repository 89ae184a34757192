"""What a language model proposes, read line by line while it is still writing.

The contract is one JSON object per line, because every provider can stream that and a claim is complete at its line's
end. Weak models break it in known ways (a code fence, a list or an object around the lines, commas too many, single
quotes, prose in between, thoughts first); those are read all the same. What isn't an object is nobody's claim.
"""

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError, field_validator

from bot.domain.answers import ClaimRole

LONGEST_CLAIM, LONGEST_QUOTE = 700, 1500
"""Characters. A longer text isn't one sentence, a longer quotation isn't short."""
MOST_SOURCES = 6
LONGEST_OBJECT = 20_000
THINKING = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
OPEN_THOUGHT = re.compile(r"<think(?:ing)?>(?!.*</think(?:ing)?>)|<[a-z]{0,7}\Z", re.DOTALL)
BRACKETS = re.compile(r"[\[\](){}<>\"'#\s]+")
MARKUP = re.compile(r"\*\*|__|`+|^\s*(?:[-*•]|#+)\s+")


class Proposal(BaseModel):
    """A claim as a model wrote it: text, ids of its passages, quotations from them, and its part in the answer."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, frozen=True)

    text: str = Field(
        min_length=3, max_length=LONGEST_CLAIM, validation_alias=AliasChoices("text", "claim", "sentence")
    )
    sources: tuple[str, ...] = Field(
        default=(), validation_alias=AliasChoices("sources", "source", "ids", "id", "passages", "citations", "cites")
    )
    quotes: tuple[str, ...] = Field(
        default=(), validation_alias=AliasChoices("quote", "quotes", "quotation", "quotations", "evidence")
    )
    role: ClaimRole = Field(default=ClaimRole.FINDING, validation_alias=AliasChoices("role", "kind", "type"))
    topic: str = Field(default="", max_length=120)

    @field_validator("text", mode="after")
    @classmethod
    def _plain(cls, text: str) -> str:
        """One line of plain text; what looks like Markdown is taken off, since it would be shown as it stands."""
        return " ".join(MARKUP.sub("", text).split())

    @field_validator("sources", mode="before")
    @classmethod
    def _ids(cls, value: object) -> object:
        items = re.split(r"[,;\s]+", value) if isinstance(value, str) else value
        if not isinstance(items, Sequence):
            return ()
        return tuple(dict.fromkeys(BRACKETS.sub("", str(item)) for item in items if str(item).strip("[] ")))[
            :MOST_SOURCES
        ]

    @field_validator("quotes", mode="before")
    @classmethod
    def _quotations(cls, value: object) -> object:
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, Sequence):
            return ()
        return tuple(str(item)[:LONGEST_QUOTE].strip() for item in items if str(item).strip())

    @field_validator("role", mode="before")
    @classmethod
    def _known_role(cls, value: object) -> object:
        name = re.sub(r"[\s-]+", "_", str(value).strip().lower())
        return name if name in set(ClaimRole) else ClaimRole.FINDING

    @field_validator("topic", mode="before")
    @classmethod
    def _short_topic(cls, value: object) -> object:
        return value if isinstance(value, str) and len(value) <= 120 else ""


class NoAnswer(BaseModel):
    """The model says that the passages hold no answer."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    no_answer: bool


class NotCovered(BaseModel):
    """Words of the question that the passages say nothing about."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    not_covered: tuple[str, ...]

    @field_validator("not_covered", mode="before")
    @classmethod
    def _several(cls, value: object) -> object:
        items = [value] if isinstance(value, str) else value
        return tuple(" ".join(str(item).split())[:80] for item in items) if isinstance(items, Sequence) else ()


Line = Proposal | NoAnswer | NotCovered


class LineReader:
    """Reads a growing text and gives each line of it once its object is complete."""

    def __init__(self) -> None:
        self._waiting = ""
        self.broken = 0
        """Objects that were there but couldn't be read."""

    @property
    def is_inside(self) -> bool:
        """Is an object begun and not ended?"""
        return "{" in self._waiting

    def feed(self, text: str) -> Iterator[Line]:
        """Every line that this piece completes."""
        self._waiting += text
        if OPEN_THOUGHT.search(self._waiting):
            return
        self._waiting = THINKING.sub("", self._waiting)
        while (start := self._waiting.find("{")) >= 0:
            end = _closing(self._waiting, start)
            if end is None:
                nested = self._begins_list(start)
                if nested is not None:
                    self._waiting = self._waiting[nested:]
                    continue
                # A broken object must not swallow all that follows it.
                following = self._waiting.find("\n{", start)
                if following < 0 and len(self._waiting) - start < LONGEST_OBJECT:
                    return
                self.broken += 1
                self._waiting = self._waiting[following + 1 :] if following >= 0 else ""
                continue
            piece, self._waiting = self._waiting[start : end + 1], self._waiting[end + 1 :]
            yield from self._read(piece)

    def _begins_list(self, start: int) -> int | None:
        """Where the first object of a list begins, should this object only be the frame around one."""
        frame = re.compile(r"\{\s*[\"'](?:claims|answer|lines|items|results)[\"']\s*:\s*\[\s*(?=\{)")
        match = frame.match(self._waiting, start)
        return match.end() if match else None

    def _read(self, piece: str) -> Iterator[Line]:
        found = read_object(piece)
        if found is None:
            self.broken += 1
            return
        held = {str(key).strip().lower(): value for key, value in found.items()}
        inner = next((held[key] for key in ("claims", "answer", "lines") if isinstance(held.get(key), list)), None)
        for record in inner if inner is not None else [held]:
            line = _as_line(record)
            if line is None:
                self.broken += 1
            else:
                yield line


def _as_line(record: object) -> Line | None:
    if not isinstance(record, Mapping):
        return None
    kind: type[Line] = Proposal
    if record.get("no_answer"):
        kind = NoAnswer
    elif "not_covered" in record and "text" not in record:
        kind = NotCovered
    try:
        return kind.model_validate(dict(record))
    except ValidationError:
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
        found = ast.literal_eval(mended)  # single quotes, True and False
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _closing(text: str, start: int) -> int | None:
    """Where the object that begins at `start` ends; None where it doesn't yet.

    Apostrophes open no string here: they stand inside words far more often than around a weak model's keys.
    """
    depth, quoted, escaped = 0, False, False
    for at in range(start, len(text)):
        character = text[at]
        if quoted:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                quoted = False
        elif character == '"':
            quoted = True
        elif character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                return at
    return None
