"""Reads the curators' glossary: every term checked, every fault named with its line."""

import difflib
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from bot.domain.errors import ConfigurationError
from bot.domain.glossary import Glossary, Term, TermKind
from bot.knowledge.yaml_places import read_without_aliases

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
    name: Name
    kind: TermKind
    names: tuple[Name, ...] = ()
    brands: tuple[Name, ...] = ()
    abbreviations: tuple[Name, ...] = ()
    exact: tuple[Name, ...] = ()
    classes: tuple[Name, ...] = ()
    signs_of: tuple[Name, ...] = ()
    plain: str = ""


def load_glossary(path: Path) -> Glossary:
    """The terms of a file.

    Raises `ConfigurationError` with one sentence a fault: what isn't YAML, a field that's unknown or wrong, an id used
    twice, a class that no term has.
    """
    entries, faults = read_glossary(path)
    if faults:
        told = "; ".join(f"line {line}: {problem}" for line, problem in faults)
        raise ConfigurationError(f"{path}: {told}.", remedy="Mend these lines.")
    return Glossary(tuple(Term(**entry.model_dump()) for entry in entries))


def read_glossary(path: Path) -> tuple[tuple[_Entry, ...], tuple[tuple[int, str], ...]]:
    """The sound entries, and what is wrong with others by line. Raises `ConfigurationError` where it's no list."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        node, values = read_without_aliases(text)
    except OSError as error:
        problem = f"the glossary {path} can't be read ({error.strerror})."
        raise ConfigurationError(problem, remedy="Check the file and its permissions.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}, line {mark.line + 1}" if mark else str(path)
        raise ConfigurationError(f"{where}: it isn't valid YAML.", remedy="Compare it with the lines above.") from error
    listed = values.get("terms") if isinstance(values, dict) else None
    if node is None or not isinstance(listed, list) or [key.value for key, _ in node.value] != ["terms"]:
        raise ConfigurationError(f"{path} isn't a list of terms.", remedy="Start it with `terms:` and list them below.")
    lines = _lines(node)
    entries, faults = _checked(listed, lines)
    faults += _inconsistencies(entries, lines)
    return tuple(entry for _, entry in entries), tuple(sorted(faults))


def _lines(node: Any) -> list[int]:
    """The line on which each term starts."""
    return [item.start_mark.line + 1 for item in node.value[0][1].value]


def _checked(listed: list[Any], lines: list[int]) -> tuple[list[tuple[int, _Entry]], list[tuple[int, str]]]:
    entries: list[tuple[int, _Entry]] = []
    faults: list[tuple[int, str]] = []
    for number, values in enumerate(listed):
        try:
            entries.append((number, _Entry.model_validate(values)))
        except ValidationError as error:
            named = values.get("id") or values.get("name") if isinstance(values, dict) else None
            faults += [(lines[number], _in_words(detail, named or f"term {number + 1}")) for detail in error.errors()]
    return entries, faults


def _in_words(detail: Any, name: str) -> str:
    field = ".".join(str(step) for step in detail["loc"])
    match detail["type"]:
        case "extra_forbidden":
            close = difflib.get_close_matches(field, _Entry.model_fields, n=1)
            return f"{name} has an unknown field {field!r}" + (f", did you mean {close[0]}?" if close else "")
        case "missing":
            return f"{name} has no {field}"
        case "enum":
            return f"{name} can't be of the kind {detail['input']!r}, use {detail['ctx']['expected']}"
        case _:
            pass
    return f"{name}: {field or 'it'} can't be {detail['input']!r} ({detail['msg'].lower()})"


def _inconsistencies(entries: list[tuple[int, _Entry]], lines: list[int]) -> list[tuple[int, str]]:
    faults: list[tuple[int, str]] = []
    first: dict[str, int] = {}
    for number, entry in entries:
        if entry.id in first:
            faults.append((lines[number], f"the id {entry.id!r} is already used on line {lines[first[entry.id]]}"))
        first.setdefault(entry.id, number)
    for number, entry in entries:
        for says, others in (("belongs to", entry.classes), ("is called a sign of", entry.signs_of)):
            for other in (other for other in others if other not in first):
                close = difflib.get_close_matches(other, first, n=1)
                hint = f", did you mean {close[0]}?" if close else ""
                faults.append((lines[number], f"{entry.id} {says} {other!r}, which is no term{hint}"))
    return faults
