"""Which licence stands on everything that comes with Footnote, and whether supply-chain.toml lets it."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from typing import Any

from license_expression import ExpressionError, LicenseWithExceptionSymbol, Licensing, get_spdx_licensing

from tests.tools.locked import LOCK, POLICY, ROOT, closure, read_lock

SPDX: Licensing = get_spdx_licensing()
SHIPPED_FOLDERS = ("bot", "knowledge", "prompts")
CODE = {".py"}


@dataclass(frozen=True, kw_only=True)
class Licences:
    """What the policy says: licences for what is shipped and for tests only, and how packages put theirs."""

    shipped: frozenset[str]
    tests: frozenset[str]
    read: dict[str, str]
    names: dict[str, str]


def read_policy() -> dict[str, Any]:
    """supply-chain.toml."""
    return tomllib.loads(POLICY.read_text(encoding="utf-8"))


def licences_of(policy: dict[str, Any]) -> Licences:
    """Its part on licences. Tests may use what may be shipped, and more."""
    part = policy["licences"]
    shipped = frozenset(part["shipped"])
    return Licences(shipped=shipped, tests=shipped | frozenset(part["tests"]), read=part["read"], names=part["names"])


def licence_of(package: Distribution, policy: Licences) -> str:
    """An SPDX expression: what was read by a person, what the package says in SPDX, or in known words; else empty."""
    name = package.name.lower().replace("_", "-").replace(".", "-")
    if name in policy.read:
        return policy.read[name]
    said: list[str] = [
        *(package.metadata.get_all("License-Expression") or ()),
        *(package.metadata.get_all("License") or ()),
    ]
    for words in filter(str.strip, said):
        line = policy.names.get(words.strip().splitlines()[0], words)
        if is_spdx(line):
            return line
    classifiers = [line.rpartition(" :: ")[2] for line in package.metadata.get_all("Classifier") or []]
    known = [policy.names[line] for line in classifiers if line in policy.names]
    return " AND ".join(dict.fromkeys(known))


def is_spdx(words: str) -> bool:
    """Is this an expression in which every name is SPDX's?"""
    try:
        return bool(words.strip()) and not SPDX.validate(words).errors
    except (ExpressionError, AttributeError):
        return False


def allows(expression: str, allowed: Iterable[str]) -> bool:
    """May everything that the expression asks for be taken: all sides of an AND, one of an OR?"""
    allowed = set(allowed)

    def holds(part: Any) -> bool:
        match part:
            case SPDX.AND():
                return all(map(holds, part.args))
            case SPDX.OR():
                return any(map(holds, part.args))
            case LicenseWithExceptionSymbol():
                return str(part) in allowed
            case _:
                return str(part.key) in allowed

    return is_spdx(expression) and holds(SPDX.parse(expression))


def faults_of_packages(policy: Licences) -> Iterator[str]:
    """Each package of the lock whose licence isn't known or isn't let in where it is used."""
    lock = read_lock(LOCK.read_text(encoding="utf-8"))
    shipped = closure(lock)
    installed = {one.name.lower().replace("_", "-").replace(".", "-"): one for one in distributions()}
    for name in sorted(lock):
        known = policy.read.get(name, "") if name not in installed else licence_of(installed[name], policy)
        allowed, where = (policy.shipped, "shipped") if name in shipped else (policy.tests, "tests")
        if not known:
            yield f"{name}: its licence isn't known; read it and note it under [licences.read]"
        elif not allows(known, allowed):
            yield f"{name}: {known} isn't under [licences] {where}"
    for name in sorted(set(policy.read) - set(lock)):
        yield f"{name}: noted under [licences.read], and not in requirements.lock"


def faults_of_data(policy: dict[str, Any], files: Iterable[str]) -> Iterator[str]:
    """Each shipped file that isn't code and has no licence noted, and each note that fits no file or isn't let in."""
    allowed = policy["licences"]["shipped"] + policy["licences"]["data"]
    files = [name for name in files if name.startswith(SHIPPED_FOLDERS) and not name.endswith(tuple(CODE))]
    notes = [(note, set(matching(note["files"], files))) for note in policy["data"]]
    for note, fitting in notes:
        if not fitting and not note.get("package"):
            yield f"{note['files']}: no such file"
        if not allows(note["licence"], allowed):
            yield f"{note['files']}: {note['licence']} isn't under [licences] shipped or data"
    for name in sorted(set(files).difference(*(fitting for _, fitting in notes))):
        yield f"{name}: no licence is noted under [[data]]"


def matching(patterns: list[str], files: Iterable[str]) -> Iterator[str]:
    """The files below these folders, or of these names."""
    return (name for name in files if any(name == one or name.startswith(f"{one}/") for one in patterns))


def tracked() -> list[str]:
    """Every file of the project's folders that are shipped."""
    return [
        path.relative_to(ROOT).as_posix()
        for folder in SHIPPED_FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
