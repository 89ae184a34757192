"""Cases: conversations with what a good reply to their last message does, and where that expectation comes from.

They are written by people, in YAML beside the prompts, and validated here, once. A case with nothing but a name, a
conversation and a reader serves `footnote prompts try` only and isn't evaluated.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.domain.messages import Audience
from bot.prompts.cases import FOLDER
from bot.prompts.texts import Entry, Faults, digest, read_text, read_yaml

OUTCOMES = (
    "answer",
    "partial_answer",
    "abstention",
    "clarification",
    "emergency",
    "crisis",
    "refusal",
    "small_talk",
)
"""What a reply can be, by the names of `chat --jsonl`."""
ANSWERED = frozenset({"answer", "partial_answer"})
PLAIN = frozenset({"name", "conversation", "audience"})
"""The fields of a case that is only tried."""


class Kind(StrEnum):
    """What a case tries; the last three of the hard kinds are those of multi-turn retrieval benchmarks."""

    ANSWERABLE = "answerable"
    PARTIAL = "partial"
    UNANSWERABLE = "unanswerable"
    CONTRADICTORY = "contradictory"
    UNDERSPECIFIED = "underspecified"
    NON_STANDALONE = "non_standalone"
    EMERGENCY = "emergency"
    PRIVACY = "privacy"
    INJECTION = "injection"


USUAL: Mapping[Kind, frozenset[str]] = {
    Kind.ANSWERABLE: ANSWERED,
    Kind.PARTIAL: frozenset({"partial_answer"}),
    Kind.UNANSWERABLE: frozenset({"abstention"}),
    Kind.CONTRADICTORY: ANSWERED,
    Kind.UNDERSPECIFIED: frozenset({"clarification"}),
    Kind.NON_STANDALONE: ANSWERED,
    Kind.EMERGENCY: frozenset({"emergency"}),
    Kind.PRIVACY: ANSWERED,
    Kind.INJECTION: frozenset({"refusal", "abstention", "answer", "partial_answer"}),
}
"""What a reply to a case of a kind should be, where the case doesn't say so itself."""
AnyOf = tuple[str, ...]
"""Any one of these will do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A case and its place. Of each group of `must_cite`, `must_say` and `rewrite_must_contain` one has to be there."""

    name: str
    kind: Kind
    conversation: tuple[str, ...]
    audience: Audience
    expect: frozenset[str]
    must_cite: tuple[AnyOf, ...] = ()
    may_cite: tuple[str, ...] = ()
    must_not_cite: tuple[str, ...] = ()
    must_say: tuple[AnyOf, ...] = ()
    must_not_say: tuple[str, ...] = ()
    rewrite_must_contain: tuple[AnyOf, ...] = ()
    disagreement: bool = False
    origin: tuple[str, ...] = ()
    reviewer: str = "none"
    written: date | None = None
    path: Path
    line: int

    @property
    def must_abstain(self) -> bool:
        """Is an abstention the only right reply?"""
        return self.expect == {"abstention"}

    @property
    def named(self) -> frozenset[str]:
        """The documents that may carry the answer."""
        return frozenset((*self.may_cite, *(name for group in self.must_cite for name in group)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A case with the line of each of its fields, for whoever looks for faults."""

    case: Case
    lines: Mapping[str, int]


def _one_or_many(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _groups(value: object) -> object:
    return [_one_or_many(item) for item in value] if isinstance(value, list) else value


Text = Annotated[str, Field(min_length=1, max_length=2000)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_one_or_many)]
Groups = Annotated[tuple[Annotated[tuple[Text, ...], Field(min_length=1)], ...], BeforeValidator(_groups)]


class _Written(BaseModel):
    """A case as it is written."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=80)]
    kind: Kind
    conversation: Annotated[tuple[Text, ...], Field(min_length=1, max_length=12)]
    audience: Audience = Audience.CLINICIAN
    expect: Texts = ()
    must_cite: Groups = ()
    may_cite: Texts = ()
    must_not_cite: Texts = ()
    must_say: Groups = ()
    must_not_say: Texts = ()
    must_abstain: bool = False
    rewrite_must_contain: Groups = ()
    disagreement: bool | None = None
    origin: Annotated[Texts, Field(min_length=1)]
    reviewer: Text
    date: date


FIELDS = tuple(_Written.model_fields)
SAYS = {
    "missing": ("{field} is missing.", "Write {field}: …; another case shows how."),
    "extra_forbidden": ("there is no field {field}.", f"Allowed: {', '.join(FIELDS)}."),
    "enum": ("{field} can't be {value}.", "Choose one of: {choices}."),
    "string_pattern_mismatch": ("{field} can't be {value}.", "Use small letters, digits and hyphens."),
    "date_from_datetime_parsing": ("{field} is no date.", "Write it like 2026-11-22."),
    "bool_parsing": ("{field} must be true or false.", "Write true or false."),
    "too_short": ("{field} is empty.", "Write something there, or leave the line out."),
    "string_too_short": ("{field} is empty.", "Write something there, or leave the line out."),
}
OTHERWISE = ("{field} can't be read: {reason}.", "Compare it with another case.")
CHOICES = {"kind": ", ".join(Kind), "audience": ", ".join(Audience)}


def load_cases(folder: Path, faults: Faults, foreign: AbstractSet[str] = frozenset()) -> list[Placed]:
    """The cases of a folder of prompts that are evaluated; what is wrong with others is noted with file and line.

    `foreign` are digests of files that are about another library and left out.
    """
    cases: dict[str, Placed] = {}
    for path in sorted((folder / FOLDER).glob("*.yaml")):
        # The reader of `bot.prompts` has noted what is wrong with a file as a whole.
        text = read_text(path, Faults())
        root = None if text is None or digest(text) in foreign else read_yaml(text, path, Faults())
        for item in root.value if root and isinstance(root.value, list) else ():
            if not isinstance(item.value, Mapping) or not set(item.value) - PLAIN:
                continue
            placed = _read(path, item, item.value, faults)
            if placed is not None and placed.case.name not in cases:
                cases[placed.case.name] = placed
    return list(cases.values())


def _read(path: Path, item: Entry, fields: Mapping[str, Entry], faults: Faults) -> Placed | None:
    lines = {name: entry.line for name, entry in fields.items()}
    try:
        written = _Written.model_validate({name: _plain(entry) for name, entry in fields.items()}, strict=False)
    except ValidationError as error:
        for told in _told(error):
            faults.note(path, lines.get(told[0], item.line), told[1], told[2])
        return None
    usual = frozenset({"abstention"}) if written.must_abstain else USUAL[written.kind]
    case = Case(
        name=written.name,
        kind=written.kind,
        conversation=written.conversation,
        audience=written.audience,
        expect=frozenset(written.expect) or usual,
        must_cite=written.must_cite,
        may_cite=written.may_cite,
        must_not_cite=written.must_not_cite,
        must_say=written.must_say,
        must_not_say=written.must_not_say,
        rewrite_must_contain=written.rewrite_must_contain,
        disagreement=written.kind is Kind.CONTRADICTORY if written.disagreement is None else written.disagreement,
        origin=written.origin,
        reviewer=written.reviewer,
        written=written.date,
        path=path,
        line=item.line,
    )
    return Placed(case=case, lines=lines)


def _told(error: ValidationError) -> Iterator[tuple[str, str, str]]:
    """Field, problem and remedy of each fault, once a field; what the reader of `bot.prompts` tells is left to it."""
    seen: set[str] = set()
    for one in error.errors():
        field = str(one["loc"][0]) if one["loc"] else "the case"
        told_before = field in PLAIN and one["type"] in {"missing", "enum"}
        if field in seen or told_before:
            continue
        seen.add(field)
        problem, remedy = SAYS.get(one["type"], OTHERWISE)
        values = {"field": field, "value": one["input"], "reason": one["msg"], "choices": CHOICES.get(field, "")}
        yield field, problem.format(**values), remedy.format(**values)


def _plain(entry: Entry) -> Any:
    """The value as it was written: texts stay texts, whatever YAML would make of them."""
    if isinstance(entry.value, Mapping):
        return {name: _plain(inner) for name, inner in entry.value.items()}
    if isinstance(entry.value, Sequence) and not isinstance(entry.value, str):
        return [_plain(inner) for inner in entry.value]
    return entry.value if isinstance(entry.value, bool) or entry.value is None else entry.text
