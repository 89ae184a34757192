"""The door for front matter: YAML at the head of a Markdown file, checked field by field, each fault with its line."""

import difflib
import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from bot.domain.documents import Directness, DocumentKind, ReviewStatus
from bot.domain.errors import DocumentError

BLOCK = re.compile(r"---[ \t]*\n(?P<yaml>.*?)(?:^---[ \t]*(?:\n|\Z))", re.DOTALL | re.MULTILINE)
OPENING = re.compile(r"---[ \t]*\n\s*[\w-]+\s*:")
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
DocumentId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
Year = Annotated[int, Field(ge=1800, le=2200)]


class _Loader(yaml.SafeLoader):
    """Leaves dates to the checks of the fields, so that a day that doesn't exist is told with its line."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Strict):
    """A publication that a document stands on."""

    title: Text
    doi: Text | None = None
    pmid: Text | None = None
    url: Text | None = None
    year: Year | None = None


class ConflictEntry(_Strict):
    """Another document that says something else on a topic."""

    document: DocumentId
    topic: Text
    reason: Text | None = None


class FrontMatter(_Strict):
    """What a curator states about a document."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    id: DocumentId | None = None
    title: Text | None = None
    kind: DocumentKind = DocumentKind.UNKNOWN
    authors: tuple[Text, ...] = ()
    journal: Text | None = None
    year: Year | None = None
    doi: Text | None = None
    pmid: Text | None = None
    url: Text | None = None
    no_identifier: Text | None = None
    population: Text | None = None
    directness: Directness | None = None
    design: Text | None = None
    n: Annotated[int, Field(ge=1)] | None = None
    oxford_2011: Annotated[int, Field(ge=1, le=5)] | None = None
    questions: tuple[Text, ...] = ()
    sources: tuple[Source, ...] = ()
    review_status: ReviewStatus = ReviewStatus.SUBMITTED
    reviewed_by: Text | None = None
    reviewed_on: date | None = None
    review_by: date | None = None
    last_updated: date | None = None
    evidence_searched_until: date | None = None
    version: Text | None = None
    licence: Text | None = None
    excerpt_only: bool = False
    conflicts_with: tuple[ConflictEntry, ...] = ()

    @model_validator(mode="after")
    def _approved_by_someone(self) -> "FrontMatter":
        if self.review_status is ReviewStatus.APPROVED and not (self.reviewed_by and self.reviewed_on):
            raise ValueError("an approved document needs reviewed_by and reviewed_on")
        return self


ENTRIES: dict[str, type[BaseModel]] = {"sources": Source, "conflicts_with": ConflictEntry}
"""What each entry of a list of fields is made of."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """Checked front matter. `places`: for each field the characters of the file; `end`: where the text begins."""

    values: FrontMatter
    places: dict[str, tuple[int, int]]
    source_places: tuple[tuple[int, int], ...]
    end: int


def read_header(text: str, name: str) -> tuple[Header | None, tuple[DocumentError, ...]]:
    """The front matter of a Markdown text and its faults; nothing at all where there is none."""
    if not OPENING.match(text):
        return None, ()
    block = BLOCK.match(text)
    if block is None:
        problem = "the front matter is opened by --- but never closed."
        return None, (DocumentError(name, problem, line=1, remedy="Add a line --- below it."),)
    offset, written = block.start("yaml"), block["yaml"]
    try:
        node = yaml.compose(written, Loader=_Loader)
        values = yaml.load(written, Loader=_Loader)  # noqa: S506 (a SafeLoader)
    except (yaml.YAMLError, ValueError) as error:
        return None, (_broken_yaml(error, name),)
    if not isinstance(node, yaml.MappingNode) or not isinstance(values, dict):
        remedy = "Write one `field: value` a line."
        return None, (DocumentError(name, "the front matter isn't a list of fields.", line=1, remedy=remedy),)
    faults = _twice(node, name)
    try:
        matter = FrontMatter.model_validate({str(key): value for key, value in values.items()})
    except ValidationError as error:
        faults += [_fault(detail, node, name) for detail in error.errors()]
    if faults:
        return None, tuple(faults)
    return _header(matter, node, offset, block.end()), ()


def _header(matter: FrontMatter, node: yaml.MappingNode, offset: int, end: int) -> Header:
    places = {key.value: (offset + key.start_mark.index, offset + value.end_mark.index) for key, value in node.value}
    listed = next((value for key, value in node.value if key.value == "sources"), None)
    items = listed.value if isinstance(listed, yaml.SequenceNode) else []
    sources = tuple((offset + item.start_mark.index, offset + item.end_mark.index) for item in items)
    return Header(values=matter, places=places, source_places=sources, end=end)


def _broken_yaml(error: Exception, name: str) -> DocumentError:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    remedy = "Put quotation marks around a value that holds a colon or starts with a special character."
    return DocumentError(
        name, f"the front matter isn't valid YAML: {problem}.", line=mark.line + 2 if mark else 1, remedy=remedy
    )


def _twice(node: yaml.MappingNode, name: str) -> list[DocumentError]:
    seen: set[str] = set()
    faults = []
    for key, _ in node.value:
        if key.value in seen:
            line = key.start_mark.line + 2
            faults.append(DocumentError(name, f"{key.value} is given twice.", line=line, remedy="Keep one of them."))
        seen.add(key.value)
    return faults


def _fault(detail: Any, node: yaml.MappingNode, name: str) -> DocumentError:
    """One fault of pydantic in the words of a curator."""
    path = [str(step) for step in detail["loc"]]
    line = _line(node, path)
    field = ".".join(path)
    match detail["type"]:
        case "extra_forbidden":
            known = ENTRIES[path[0]].model_fields if len(path) > 1 else FrontMatter.model_fields
            close = difflib.get_close_matches(path[-1], known, n=1)
            remedy = f"Did you mean {close[0]}?" if close else f"Known fields: {', '.join(known)}."
            return DocumentError(name, f"unknown field {path[-1]!r}.", line=line, remedy=remedy)
        case "missing":
            return DocumentError(name, f"{field} is missing.", line=line, remedy="Add it.")
        case "enum":
            return DocumentError(
                name, f"{field} can't be {detail['input']!r}.", line=line, remedy=f"Use {detail['ctx']['expected']}."
            )
        case "string_pattern_mismatch":
            remedy = "Use lower-case letters, digits and single hyphens, such as rituximab-jdm."
            return DocumentError(name, f"{field} can't be {detail['input']!r}.", line=line, remedy=remedy)
        case "model_type":
            problem = f"{field} can't be {_shown(detail['input'])}: it isn't a list of fields."
            remedy = f"Write its fields one a line: {', '.join(ENTRIES[path[0]].model_fields)}."
            return DocumentError(name, problem, line=line, remedy=remedy)
        case "value_error":
            return DocumentError(
                name, f"{detail['ctx']['error']!s}.", line=_line(node, ["review_status"]), remedy="Add both."
            )
        case _:
            pass
    problem = f"{field} can't be {_shown(detail['input'])}: {detail['msg'][0].lower()}{detail['msg'][1:]}."
    remedy = "Write it as a list, one `- …` a line." if detail["type"] == "tuple_type" else ""
    return DocumentError(name, problem, line=line, remedy=remedy)


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}…"


def _line(node: Any, path: list[str]) -> int:
    """The line of the file on which a field stands (1-based; the front matter starts on the second)."""
    line: int = node.start_mark.line
    for step in path:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == step), None)
            if found is None:
                break
            line, node = found[0].start_mark.line, found[1]
        elif isinstance(node, yaml.SequenceNode) and step.isdigit() and int(step) < len(node.value):
            node = node.value[int(step)]
            line = node.start_mark.line
    return line + 2
