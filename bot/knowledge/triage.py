"""Reads the curators' triage rules. Faults are told with their line: a pattern, a missing list, an empty entry."""

import re
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.answering.triage import (
    FirstAid,
    Lexicon,
    Measure,
    RedFlagAdvice,
    Sign,
    TriageLevel,
    TriageRule,
    TriageRules,
)
from bot.answering.triage.frames import LISTS
from bot.answering.triage.lexicon import entry_of
from bot.answering.triage.signs import REACH, Parts
from bot.domain.errors import ConfigurationError
from bot.knowledge.yaml_places import line_of, read_yaml, told_with_line

PART = re.compile(r"\{([^{}]*)\}|([^{}]+)")
Faults = list[tuple[int, str]]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Say(_Model):
    family: str = Field(min_length=1)
    clinician: str = Field(min_length=1)


class _Sign(_Model):
    id: str
    level: Literal["emergency", "crisis", "same_day", "soon"]
    why: str
    found: list[str] = []
    sure: list[str] = []
    needs: list[list[str]] = []
    unless: list[str] = []
    reach: int = Field(default=REACH, ge=0, le=12)
    firm: bool = False
    say: _Say | None = None
    first_aid: FirstAid | None = None


class _Measure(_Model):
    id: str
    names: list[str] = []
    units: list[str] = []
    least: float
    most: float


class _Request(_Model):
    id: str
    level: Literal["prescription", "injection"]
    why: str
    groups: list[list[str]] = Field(min_length=1)
    not_if: list[str] = []


class _File(_Model):
    words: dict[str, list[str]] = {}
    mistyped: list[str] = []
    lookalikes: list[str] = []
    measures: list[_Measure] = []
    signs: list[_Sign] = []
    shared: dict[str, list[str]] = {}
    rules: list[_Request] = []
    small_talk: dict[
        Literal["emergency", "greeting", "thanks", "about", "data", "worry", "unreadable", "complaint", "nothing"],
        list[str],
    ] = {}


def load_triage(path: Path) -> TriageRules:
    """The rules of a file. Raises ConfigurationError that names every rule and what is wrong with it."""
    rules, faults = read_triage(path)
    if rules is None or faults:
        told = "; ".join(f"line {line}: {problem}" for line, problem in faults)
        raise ConfigurationError(f"{path}: {told}.", remedy="Compare them with their neighbours.")
    return rules


def read_triage(path: Path) -> tuple[TriageRules | None, tuple[tuple[int, str], ...]]:
    """The rules, and what is wrong by line. Raises ConfigurationError where the file can't be read."""
    node, values = read_yaml(path, "Put patterns in single quotes.")
    try:
        read = _File.model_validate(values)
    except ValidationError as error:
        return None, tuple(sorted(told_with_line(node, detail) for detail in error.errors()))
    faults: Faults = []
    requests = tuple(
        TriageRule(
            id=entry.id,
            level=TriageLevel(entry.level),
            groups=tuple(
                _patterns(group, node, ("rules", at, "groups", deep), faults) for deep, group in enumerate(entry.groups)
            ),
            not_if=_patterns(entry.not_if, node, ("rules", at, "not_if"), faults),
        )
        for at, entry in enumerate(read.rules)
    )
    small_talk = {
        TriageLevel(level): _patterns(patterns, node, ("small_talk", level), faults)
        for level, patterns in read.small_talk.items()
    }
    lists, signs = _signs(read, node, faults)
    rules = TriageRules(
        rules=requests,
        small_talk=small_talk,
        signs=signs,
        lexicon=Lexicon(lists, frozenset(read.mistyped), frozenset(read.lookalikes)) if signs and not faults else None,
        measures=tuple(
            Measure(id=each.id, names=tuple(each.names), units=tuple(each.units), least=each.least, most=each.most)
            for each in read.measures
        ),
    )
    return rules, tuple(sorted(faults))


def _patterns(
    patterns: list[str], node: yaml.Node, place: tuple[str | int, ...], faults: Faults
) -> tuple[re.Pattern[str], ...]:
    sound = []
    for number, pattern in enumerate(patterns):
        try:
            sound.append(re.compile(pattern))
        except (re.error, OverflowError, RecursionError) as error:
            faults.append((line_of(node, [*place, number]), f"{pattern!r} isn't a pattern: {error}"))
    return tuple(sound)


def _signs(read: _File, node: yaml.Node, faults: Faults) -> tuple[dict[str, list[str]], tuple[Sign, ...]]:
    """The signs, and the lists of words that they and the frames use."""
    lists = {name: list(entries) for name, entries in read.words.items()}
    _check_lists(read, node, faults)

    def each(entries: list[str], *place: str | int) -> tuple[Parts, ...]:
        return tuple(_parts(entry, read, lists, node, (*place, at), faults) for at, entry in enumerate(entries))

    signs = []
    for at, sign in enumerate(read.signs):
        here = ("signs", at)
        if not sign.found and not sign.sure:
            fault = f"the sign {sign.id} has neither found nor sure: it would never be seen"
            faults.append((line_of(node, here), fault))
        signs.append(
            Sign(
                id=sign.id,
                level=TriageLevel(sign.level),
                found=each(sign.found, *here, "found"),
                sure=each(sign.sure, *here, "sure"),
                needs=tuple(each(group, *here, "needs", deep) for deep, group in enumerate(sign.needs)),
                unless=each(sign.unless, *here, "unless"),
                reach=sign.reach,
                firm=sign.firm,
                say=RedFlagAdvice(family=sign.say.family, clinician=sign.say.clinician) if sign.say else None,
                first_aid=sign.first_aid,
            )
        )
    return lists, tuple(signs)


def _check_lists(read: _File, node: yaml.Node, faults: Faults) -> None:
    faults += (
        (line_of(node, ["mistyped", at]), f"mistyped: there is no list {name!r} under words")
        for at, name in enumerate(read.mistyped)
        if name not in read.words
    )
    for at, measure in enumerate(read.measures):
        if not measure.names and not measure.units:
            faults.append((line_of(node, ["measures", at]), f"the measure {measure.id} has neither names nor units"))
    if read.signs:
        faults += (
            (line_of(node, ["words"]), f"words: the list {name!r} is missing ({LISTS[name]})")
            for name in sorted(LISTS.keys() - read.words.keys())
        )
    for name, entries in read.words.items():
        for number, entry in enumerate(entries):
            _checked(entry, node, ("words", name, number), faults)


def _parts(  # noqa: PLR0917 - all of them are where a fault is told
    written: str,
    read: _File,
    lists: dict[str, list[str]],
    node: yaml.Node,
    place: tuple[str | int, ...],
    faults: Faults,
) -> Parts:
    """`{cannot} lift {head}` as names of lists; words that stand for themselves become a list of one."""
    found = []
    for match in PART.finditer(written):
        name = match[1]
        if name is None and not match[2].strip():
            continue
        if name is None:
            name = f"'{match[2].strip()}'"
            if _checked(match[2], node, place, faults):
                lists[name] = [match[2].strip()]
        elif name not in read.words and all(measure.id != name for measure in read.measures):
            fault = f"{written!r} names {{{name}}}, which is neither under words nor under measures"
            faults.append((line_of(node, place), fault))
        found.append(name)
    return tuple(found)


def _checked(entry: str, node: yaml.Node, place: tuple[str | int, ...], faults: Faults) -> bool:
    try:
        entry_of(entry)
    except ValueError as error:
        faults.append((line_of(node, place), f"{error}"))
        return False
    return True
