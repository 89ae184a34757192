"""Every regular expression of the program and of the triage rules: none takes long on a text as long as a message."""

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import bot
from tests.fuzz.messages import rules
from tests.fuzz.target import Draw, HangError, Target

MOST = 12_000
"""Characters: the longest message that is read."""
ATOMS = (
    " ", "a", "A", "0", "1", ".", "-", "\n", ",", ";", ":", "'", '"', "(", ")", "[", "]", "a ", "A ", "1 ", "1.", "a.",
    "a-", "A.", "1-", "1,",
    "Ab ", "Ab-", "mg ", "1 mg ", "the ", "not ", "and ", "a@", "a@a.", "?", "!", "*", "_", "<", ">", "|", "#", "/",
    "\\", "{", "é", "– ", "\t",
    "10 ", "2020 ", "of ", " \n", "\n\n", "- ", "www.", "&", "=", "%", "“", "…",
)  # fmt: skip
SKIPPED = ("bot.demo", "bot.stores.migrations", "bot.__main__")


def patterns_in(value: Any, depth: int = 0) -> Iterator[re.Pattern[str]]:
    """Patterns in a value and in what it holds."""
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif depth < 3 and isinstance(value, (tuple, list, frozenset, set)):
        for one in value:
            yield from patterns_in(one, depth + 1)
    elif depth < 3 and isinstance(value, dict):
        yield from patterns_in(tuple(value.values()), depth + 1)


@cache
def all_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each with where it stands."""
    found: dict[tuple[str, int], tuple[str, re.Pattern[str]]] = {}
    for module in pkgutil.walk_packages(bot.__path__, "bot."):
        if not module.name.startswith(SKIPPED):
            for name, value in vars(importlib.import_module(module.name)).items():
                for pattern in patterns_in(value):
                    found.setdefault((pattern.pattern, pattern.flags), (f"{module.name}.{name}", pattern))
    for rule in rules().rules:
        for pattern in (*(p for group in rule.groups for p in group), *rule.not_if):
            found.setdefault((pattern.pattern, pattern.flags), (f"triage rule {rule.id}", pattern))
    return tuple(found.values())


@cache
def sources() -> str:
    """All of the program's text."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(Path(bot.__path__[0]).rglob("*.py")))


@cache
def uses(name: str) -> frozenset[str]:
    """How a pattern is used, by its name in its module; one that stands in a table, or is a curator's, searches."""
    found = re.findall(
        rf"\b{re.escape(name.rpartition('.')[2])}\.(match|fullmatch|search|finditer|findall|sub|split)\b", sources()
    )
    return frozenset("all" if how not in {"match", "fullmatch"} else how for how in found) or frozenset({"all"})


@cache
def literals(pattern: str) -> tuple[str, ...]:
    """Words and characters that stand in the pattern itself."""
    return tuple(dict.fromkeys(re.findall(r"[A-Za-z]{2,}|[^\w\s]|\d", pattern)))[:60]


def hostile(draw: Draw, pattern: re.Pattern[str]) -> str:
    """A text made to keep the pattern trying: a beginning, one thing over and over, an end that fits nothing."""
    choices: Sequence[str] = (*ATOMS, *literals(pattern.pattern))
    parts = [draw.one(choices) for _ in range(draw.number(3) + 1)]
    head, tail = draw.one(("", *choices)), draw.one(("", "!", "\x00", *choices))
    repeated = "".join(parts)
    count = (30, 300, MOST)[draw.number(3)] // len(repeated) + 1
    return (head + repeated * count + tail)[-MOST:] if draw.number(2) else (head + repeated * count)[:MOST] + tail


def run(data: bytes) -> None:
    draw = Draw(data)
    known = all_patterns()
    name, pattern = known[draw.number(65536) % len(known)]
    text = hostile(draw, pattern)
    try:
        for use in uses(name):
            consume(pattern.finditer(text)) if use == "all" else getattr(pattern, use)(text)
    except HangError as error:
        raise HangError(f"{name}: {pattern.pattern[:80]!r} takes too long on {text[:20]!r} …") from error


def consume(found: Iterable[object]) -> None:
    for _ in found:
        pass


TARGETS = (
    Target(name="patterns", promise="no regular expression hangs on a text of a message's length", run=run,
           seeds=lambda: [bytes([at >> 8, at & 255, 0, at % 60, 0, 1, 2, 1]) for at in range(len(all_patterns()))]),
)  # fmt: skip
