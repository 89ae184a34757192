"""Reads the curators' triage rules. A pattern that isn't a regular expression is named with its rule."""

import re
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.answering.triage import RedFlagAdvice, TriageLevel, TriageRule, TriageRules
from bot.domain.errors import ConfigurationError
from bot.knowledge.yaml_places import line_of


class _Say(BaseModel):
    model_config = ConfigDict(extra="forbid")

    family: str = Field(min_length=1)
    clinician: str = Field(min_length=1)


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str
    level: TriageLevel
    why: str
    say: _Say | None = None
    groups: list[list[str]] = Field(min_length=1)
    not_if: list[str] = []


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    shared: dict[str, list[str]] = {}
    rules: list[_Entry]
    small_talk: dict[Literal["greeting", "thanks", "about"], list[str]] = {}


def load_triage(path: Path) -> TriageRules:
    """The rules of a file. Raises ConfigurationError that names every rule and what is wrong with it."""
    rules, faults = read_triage(path)
    if rules is None or faults:
        told = "; ".join(f"line {line}: {problem}" for line, problem in faults)
        raise ConfigurationError(f"{path}: {told}.", remedy="Compare them with their neighbours.")
    return rules


def read_triage(path: Path) -> tuple[TriageRules | None, tuple[tuple[int, str], ...]]:
    """The rules, and what is wrong by line. Raises ConfigurationError where the file can't be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        node, values = yaml.compose(text, Loader=yaml.SafeLoader), yaml.safe_load(text)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it isn't UTF-8"
        raise ConfigurationError(f"{path} can't be read: {reason}.", remedy="Restore the file.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}, line {mark.line + 1}" if mark else str(path)
        raise ConfigurationError(f"{where}: it isn't valid YAML.", remedy="Put patterns in single quotes.") from error
    if node is None:
        raise ConfigurationError(f"{path} is empty.", remedy="Restore the file.")
    try:
        read = _File.model_validate(values)
    except ValidationError as error:
        return None, tuple(sorted(_in_words(node, detail) for detail in error.errors()))
    faults: list[tuple[int, str]] = []

    def compiled(patterns: list[str], *place: str | int) -> tuple[re.Pattern[str], ...]:
        sound = []
        for number, pattern in enumerate(patterns):
            try:
                sound.append(re.compile(pattern))
            except (re.error, OverflowError, RecursionError) as error:
                faults.append((line_of(node, [*place, number]), f"{pattern!r} isn't a pattern: {error}"))
        return tuple(sound)

    rules = tuple(
        TriageRule(
            id=entry.id,
            level=entry.level,
            groups=tuple(compiled(group, "rules", at, "groups", deep) for deep, group in enumerate(entry.groups)),
            not_if=compiled(entry.not_if, "rules", at, "not_if"),
            say=RedFlagAdvice(family=entry.say.family, clinician=entry.say.clinician) if entry.say else None,
        )
        for at, entry in enumerate(read.rules)
    )
    small_talk = {
        TriageLevel(level): compiled(patterns, "small_talk", level) for level, patterns in read.small_talk.items()
    }
    return TriageRules(rules=rules, small_talk=small_talk), tuple(sorted(faults))


def _in_words(node: yaml.Node, detail: Any) -> tuple[int, str]:
    field = ".".join(str(part) for part in detail["loc"])
    return line_of(node, detail["loc"]), f"{field or 'the file'}: {detail['msg'][0].lower()}{detail['msg'][1:]}"
