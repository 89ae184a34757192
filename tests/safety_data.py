"""The labelled messages and red-team cases that triage, redaction and the whole chain are measured on.

What the fields mean stands at the head of each file. A mistake in a file is a `ValueError` that names the entry.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent / "data" / "safety"
# The fast reader, where PyYAML was built with it: the files hold a thousand entries.
LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
KINDS = frozenset("answer partial_answer abstention clarification emergency crisis refusal small_talk".split())


class Half(StrEnum):
    TUNING = "tuning"
    TEST = "test"


class Level(StrEnum):
    EMERGENCY = "emergency"
    CRISIS = "crisis"
    SAME_DAY = "same_day"
    SOON = "soon"
    NONE = "none"


class Writer(StrEnum):
    FAMILY = "family"
    CLINICIAN = "clinician"
    CHILD = "child"
    OTHER = "other"


class IdentifierKind(StrEnum):
    NAME = "name"
    BIRTH_DATE = "birth_date"
    RECORD_NUMBER = "record_number"
    INSURANCE_NUMBER = "insurance_number"
    PHONE = "phone"
    MAIL = "mail"
    ADDRESS = "address"
    HANDLE = "handle"
    LINK = "link"
    SCHOOL = "school"
    DEVICE = "device"


class Duty(StrEnum):
    DISCLAIMER = "carries a disclaimer"
    CITED = "every claim cited"
    UNCHANGED = "nothing changed"


class Step(StrEnum):
    COMPOSE = "compose"
    CONTEXTUALIZE = "contextualize"
    JUDGE = "judge"
    REPAIR = "repair"


@dataclass(frozen=True, kw_only=True, slots=True)
class TriageMessage:
    text: str
    level: Level
    also: Level | None
    writer: Writer
    language: str
    half: Half
    why: str

    def __post_init__(self) -> None:
        require(bool(self.text.strip() and self.why.strip()), "has a text and a reason", self.text)
        require(self.also is not self.level, "names another second level than its first", self.text)

    @property
    def right(self) -> frozenset[Level]:
        """The levels that are no mistake."""
        return frozenset({self.level} if self.also is None else {self.level, self.also})


@dataclass(frozen=True, kw_only=True, slots=True)
class Identifier:
    text: str
    kind: IdentifierKind

    @property
    def pieces(self) -> tuple[str, ...]:
        """What must be gone: the words of a name but particles and initials; of all else the whole and its numbers."""
        if self.kind is IdentifierKind.NAME:
            words = [word for word in re.findall(r"[^\W\d_]+", self.text) if len(word) > 1]
            capital = [word for word in words if not word[0].islower()]
            return tuple(capital or words) or (self.text,)
        return (self.text, *re.findall(r"\d{4,}", self.text))


@dataclass(frozen=True, kw_only=True, slots=True)
class PrivateMessage:
    text: str
    identifiers: tuple[Identifier, ...]
    keep: tuple[str, ...]
    language: str
    half: Half

    def __post_init__(self) -> None:
        for part in (*(found.text for found in self.identifiers), *self.keep):
            require(bool(part.strip()) and part in self.text, f"holds {part!r}", self.text)
        require(
            self.left_in(self.text) == self.identifiers,
            "holds each of its identifiers outside of what stays",
            self.text,
        )
        require(not self.lost_from(self.text), "holds what stays", self.text)

    def left_in(self, redacted: str) -> tuple[Identifier, ...]:
        """The identifiers of which a piece still stands in `redacted`, other than in a part that has to stay."""
        for part in sorted(self.keep, key=len, reverse=True):
            redacted = redacted.replace(part, "\n")
        return tuple(
            found
            for found in self.identifiers
            if any(re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", redacted) for piece in found.pieces)
        )

    def lost_from(self, redacted: str) -> tuple[str, ...]:
        """The parts that had to stay and are not in `redacted`."""
        return tuple(part for part in self.keep if part not in redacted)


@dataclass(frozen=True, kw_only=True, slots=True)
class PoisonedDocument:
    file: str
    text: str
    hidden_text: str
    front_matter: dict[str, Any]

    @property
    def everything(self) -> str:
        return "\n".join((self.file, self.text, self.hidden_text, *texts_in(self.front_matter)))


@dataclass(frozen=True, kw_only=True, slots=True)
class RedTeamCase:
    id: str
    group: str
    messages: tuple[str, ...]
    document: PoisonedDocument | None
    step: Step | None
    says: str
    must_not_contain: tuple[re.Pattern[str], ...]
    kinds: frozenset[str]
    must: frozenset[Duty]

    def __post_init__(self) -> None:
        require(
            bool(self.messages and self.must_not_contain and self.must), "asks something and forbids something", self.id
        )
        require(self.kinds <= KINDS, "names kinds of reply that exist", self.id)
        require(self.step is not None or not self.says, "says it at a step", self.id)
        require(not any(map(self.broken_by, self.messages)), "forbids nothing that the user wrote", self.id)

    @property
    def document_text(self) -> str:
        """What its document says openly; empty without one."""
        return self.document.text if self.document else ""

    def broken_by(self, reply: str) -> tuple[str, ...]:
        """What `reply` contains and must not."""
        return tuple(pattern.pattern for pattern in self.must_not_contain if pattern.search(reply))


@dataclass(frozen=True, kw_only=True, slots=True)
class RedTeam:
    cases: tuple[RedTeamCase, ...]
    planted: dict[str, str]
    never: tuple[re.Pattern[str], ...]


@cache
def triage_messages() -> tuple[TriageMessage, ...]:
    return tuple(
        TriageMessage(
            text=entry["text"],
            level=Level(entry["level"]),
            also=Level(entry["also"]) if "also" in entry else None,
            writer=Writer(entry["writer"]),
            language=entry["language"],
            half=Half(entry["half"]),
            why=entry["why"],
        )
        for entry in read("triage.yaml")["messages"]
    )


@cache
def private_messages() -> tuple[PrivateMessage, ...]:
    return tuple(
        PrivateMessage(
            text=entry["text"],
            identifiers=tuple(
                Identifier(text=text, kind=IdentifierKind(kind)) for text, kind in entry["identifiers"].items()
            ),
            keep=tuple(entry["keep"]),
            language=entry["language"],
            half=Half(entry["half"]),
        )
        for entry in read("identifiers.yaml")["messages"]
    )


@cache
def red_team() -> RedTeam:
    file = read("red_team.yaml")
    return RedTeam(
        cases=tuple(map(case_from, file["cases"])),
        planted=file["planted"],
        never=tuple(map(pattern_from, file["never"])),
    )


def case_from(entry: dict[str, Any]) -> RedTeamCase:
    document = entry.get("document")
    return RedTeamCase(
        id=entry["id"],
        group=entry["group"],
        messages=tuple(entry["conversation"]) if "conversation" in entry else (entry["question"],),
        document=document
        and PoisonedDocument(
            file=document["file"],
            text=document["text"],
            hidden_text=document.get("hidden_text", ""),
            front_matter=document.get("front_matter", {}),
        ),
        step=Step(entry["step"]) if "step" in entry else None,
        says=entry.get("says", ""),
        must_not_contain=tuple(map(pattern_from, entry["must_not_contain"])),
        kinds=frozenset(entry.get("kinds", ())),
        must=frozenset(map(Duty, entry["must"])),
    )


def pattern_from(written: str) -> re.Pattern[str]:
    """A plain text, or after "re:" a regular expression."""
    source = written.removeprefix("re:") if written.startswith("re:") else re.escape(written)
    return re.compile(source, re.IGNORECASE | re.MULTILINE)


def texts_in(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for inner in value.values():
                yield from texts_in(inner)
        case list():
            for inner in value:
                yield from texts_in(inner)
        case _:
            yield str(value)


def read(name: str) -> dict[str, Any]:
    file: dict[str, Any] = yaml.load((HERE / name).read_text(encoding="utf-8"), Loader=LOADER)
    return file


def require(kept: bool, promise: str, entry: str) -> None:
    if not kept:
        raise ValueError(f"an entry {promise}; this one doesn't: {entry!r}")
