"""Scripts as YAML files, for demos: what a test writes in Python, without Python.

    - plays: changed_number          # a player: honest, repairs_stubbornly, or the name of a mistake or a fault
    - says: "Some text."             # options as in `scripts`: chunks, finish, usage, done
    - fails: 429                     # options: code, message, param, retry_after
    - hangs: true                    # or: hangs: "after this text"

A list is played in order. A word alone is a player that takes every call. A mapping has one of both for each model.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from tests.scripted_provider.composing import honest, no_answer, repairs_honestly, repairs_stubbornly
from tests.scripted_provider.faults import FAULTS, Faulty
from tests.scripted_provider.scripts import Breaks, Cuts, Fails, Hangs, Player, Refuses, Reply, Says, Script, Scripts
from tests.scripted_provider.spoiling import SPOILERS, Wrong

PLAYERS: dict[str, Player] = {
    "honest": honest,
    "no_answer": no_answer,
    "repairs_honestly": repairs_honestly,
    "repairs_stubbornly": repairs_stubbornly,
    **{name: Wrong(name) for name in SPOILERS},
    **{name: Faulty(name) for name in FAULTS},
}
REPLIES: dict[str, Callable[..., Reply]] = {
    "says": Says,
    "refuses": Refuses,
    "fails": Fails,
    "hangs": lambda after: Hangs(after if isinstance(after, str) else None),
    "cuts": Cuts,
    "breaks": Breaks,
}


class ScriptError(ValueError):
    """A script file that can't be played; the message says where."""


def read_scripts(path: Path) -> Scripts:
    """The scripts of a YAML file. Raises ScriptError for anything it doesn't know."""
    try:
        value = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ScriptError(f"{path} is no YAML: {error}") from error
    if isinstance(value, dict):
        return {str(model): _script(script, f"{path}, {model}") for model, script in value.items()}
    return _script(value, str(path))


def _script(value: object, where: str) -> Script:
    if isinstance(value, str):
        return _player(value, where)
    if isinstance(value, list):
        return [_step(step, f"{where}, reply {number}") for number, step in enumerate(value, 1)]
    raise ScriptError(f"{where}: a script is a list of replies, or the name of a player: {', '.join(PLAYERS)}.")


def _step(value: object, where: str) -> Reply | Player:
    if not isinstance(value, dict) or not value:
        raise ScriptError(f"{where}: a reply is a mapping such as `says: text`.")
    (kind, first), *options = value.items()
    if kind == "plays":
        return _player(str(first), where)
    if kind not in REPLIES:
        raise ScriptError(f"{where}: “{kind}” is no reply. There are: plays, {', '.join(REPLIES)}.")
    named: dict[str, Any] = {str(key): tuple(option) if isinstance(option, list) else option for key, option in options}
    try:
        return REPLIES[kind](first, **named)
    except (TypeError, ValueError) as error:
        raise ScriptError(f"{where}: {error}") from error


def _player(name: str, where: str) -> Player:
    if name not in PLAYERS:
        raise ScriptError(f"{where}: there is no player “{name}”. There are: {', '.join(PLAYERS)}.")
    return PLAYERS[name]
