"""Reads the curators' triage rules. A pattern that isn't a regular expression is named with its rule."""

import re
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.answering.triage import RedFlagAdvice, TriageLevel, TriageRule, TriageRules
from bot.domain.errors import ConfigurationError


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
    """The rules of a file. Raises ConfigurationError that names the rule and what is wrong with it."""
    try:
        read = _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigurationError(f"{path} can't be read: {error.strerror}.", remedy="Restore the file.") from error
    except yaml.YAMLError as error:
        raise ConfigurationError(
            f"{path} isn't valid YAML: {error}.", remedy="Put patterns in single quotes."
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigurationError(
            f"{path}: {where}: {first['msg']}.", remedy="Compare it with its neighbours."
        ) from error
    rules = tuple(
        TriageRule(
            id=entry.id,
            level=entry.level,
            groups=tuple(_compile(path, entry.id, group) for group in entry.groups),
            not_if=_compile(path, entry.id, entry.not_if),
            say=RedFlagAdvice(family=entry.say.family, clinician=entry.say.clinician) if entry.say else None,
        )
        for entry in read.rules
    )
    small_talk = {TriageLevel(level): _compile(path, level, patterns) for level, patterns in read.small_talk.items()}
    return TriageRules(rules=rules, small_talk=small_talk)


def _compile(path: Path, owner: str, patterns: list[str]) -> tuple[re.Pattern[str], ...]:
    compiled = []
    for pattern in patterns:
        try:
            compiled.append(re.compile(pattern))
        except re.error as error:
            raise ConfigurationError(
                f"{path}: {owner}: {pattern!r} isn't a pattern: {error}.", remedy="Mend it."
            ) from error
    return tuple(compiled)
