"""The door for front matter: YAML at the head of a Markdown file, checked field by field, each fault with its line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml
from pydantic import ValidationError

from bot.domain.errors import DocumentError
from bot.domain.orders import is_order
from bot.knowledge.field_faults import in_words, place
from bot.knowledge.fields import FrontMatter
from bot.knowledge.yaml_places import NoAliases, line_of

BLOCK = re.compile(r"---[ \t]*\n(?P<yaml>.*?)(?:^---[ \t]*(?:\n|\Z))", re.DOTALL | re.MULTILINE)
OPENING = re.compile(r"---[ \t]*\n(?:# yaml-language-server:.*\n)?\s*[\w-]+\s*:")


class _Loader(NoAliases):
    """Leaves dates to the checks of the fields, so that a day that doesn't exist is told with its line."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """Checked front matter. `places`: for each field the characters of the file; `end`: where the text begins."""

    values: FrontMatter
    places: dict[str, tuple[int, int]]
    source_places: tuple[tuple[int, int], ...]
    end: int
    node: yaml.MappingNode = field(compare=False, repr=False)

    def line(self, *path: str | int) -> int:
        """The line of the file on which a field stands, such as `sources`, 0, `doi`."""
        return line_of(self.node, path) + 1

    def states(self, field: str, text: str) -> bool:
        """Whether the front matter of this text gives the field a value, be it a right one or not."""
        start, end = self.places.get(field, (0, 0))
        return bool(text[start:end].partition(":")[2].strip())


def read_header(text: str, name: str) -> tuple[Header | None, tuple[DocumentError, ...]]:
    """The front matter of a Markdown text or its faults; nothing at all where there is none."""
    header, faults = examine_header(text, name)
    return (None if faults else header), faults


def examine_header(text: str, name: str, today: date | None = None) -> tuple[Header | None, tuple[DocumentError, ...]]:
    """The front matter without its faulty fields, and every fault. Dates after `today` are faults, where it is given.

    No header where there is none, or where it isn't even a list of fields.
    """
    if not OPENING.match(text):
        return None, ()
    block = BLOCK.match(text)
    if block is None:
        problem = "the front matter is opened by --- but never closed."
        return None, (DocumentError(name, problem, line=1, remedy="Add a line --- below it."),)
    written = block["yaml"]
    try:
        node = yaml.compose(written, Loader=_Loader)
        values = yaml.load(written, Loader=_Loader)  # noqa: S506 (a SafeLoader)
    except RecursionError:
        remedy = "Write one `field: value` a line."
        return None, (DocumentError(name, "the front matter is nested too deeply.", line=1, remedy=remedy),)
    except (yaml.YAMLError, ValueError) as error:
        return None, (_broken_yaml(error, name),)
    if not isinstance(node, yaml.MappingNode) or not isinstance(values, dict):
        remedy = "Write one `field: value` a line."
        return None, (DocumentError(name, "the front matter isn't a list of fields.", line=1, remedy=remedy),)
    faults = _twice(node, name)
    matter, details = _validate({str(key): value for key, value in values.items()}, today)
    for detail in details:
        problem, remedy = in_words(detail)
        faults.append(DocumentError(name, problem, line=line_of(node, place(detail)) + 1, remedy=remedy))
    faults += _orders(node, name)
    faults.sort(key=lambda fault: fault.line or 0)
    return _header(matter, node, block.start("yaml"), block.end()), tuple(faults)


def _validate(values: dict[str, Any], today: date | None) -> tuple[FrontMatter, list[Any]]:
    """The fields that are sound, and pydantic's errors about the others."""
    details: list[Any] = []
    while True:
        try:
            return FrontMatter.model_validate(values, context={"today": today}), details
        except ValidationError as error:
            details = details or [*error.errors()]
            faulty = {name for detail in error.errors() for name in (str(detail["loc"][0]), place(detail)[0])}
            values = {name: value for name, value in values.items() if name not in faulty} if faulty & {*values} else {}


def _header(matter: FrontMatter, node: yaml.MappingNode, offset: int, end: int) -> Header:
    places = {key.value: (offset + key.start_mark.index, offset + value.end_mark.index) for key, value in node.value}
    listed = next((value for key, value in node.value if key.value == "sources"), None)
    items = listed.value if isinstance(listed, yaml.SequenceNode) else []
    sources = tuple((offset + item.start_mark.index, offset + item.end_mark.index) for item in items)
    return Header(values=matter, places=places, source_places=sources, end=end, node=node)


def _broken_yaml(error: Exception, name: str) -> DocumentError:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    remedy = "Put quotation marks around a value that holds a colon or starts with a special character."
    return DocumentError(
        name, f"the front matter isn't valid YAML: {problem}.", line=mark.line + 2 if mark else 1, remedy=remedy
    )


def _twice(node: yaml.Node, name: str) -> list[DocumentError]:
    """Keys that stand twice beside each other, at any depth."""
    if isinstance(node, yaml.SequenceNode):
        return [fault for item in node.value for fault in _twice(item, name)]
    if not isinstance(node, yaml.MappingNode):
        return []
    seen: set[str] = set()
    faults = []
    for key, value in node.value:
        if key.value in seen:
            line = key.start_mark.line + 2
            faults.append(DocumentError(name, f"{key.value} is given twice.", line=line, remedy="Keep one of them."))
        seen.add(key.value)
        faults += _twice(value, name)
    return faults


def _orders(node: yaml.Node, name: str) -> Iterator[DocumentError]:
    """Values, at any depth, that speak to the program which reads them: they would be shown beside an answer."""
    match node:
        case yaml.MappingNode() | yaml.SequenceNode():
            for item in node.value:
                yield from _orders(item[1] if isinstance(item, tuple) else item, name)
        case yaml.ScalarNode() if any(map(is_order, str(node.value).splitlines())):
            problem = f"“{' '.join(str(node.value).split())[:80]}” speaks to the program that reads it."
            remedy = "Say what the document is, in words for people."
            yield DocumentError(name, problem, line=node.start_mark.line + 2, remedy=remedy)
