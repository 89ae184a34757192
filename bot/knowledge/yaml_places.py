"""Reads YAML without aliases, and tells where in it something stands."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

from bot.domain.errors import ConfigurationError

LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The fast reader, where PyYAML was built with it: a curators' file may hold thousands of words."""


class NoAliases(yaml.SafeLoader):
    """Refuses aliases: a few lines of them can stand for gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Read a value, unless it repeats another."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "a value can't begin with *", self.get_mark())
        return super().compose_node(parent, index)


def line_of(node: yaml.Node, path: Sequence[str | int]) -> int:
    """The line (from 1) of what stands at a path of keys and positions; as far down the path as there is anything."""
    line: int = node.start_mark.line
    for step in path:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(step)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line, found[1]
        elif isinstance(node, yaml.SequenceNode) and str(step).isdigit() and int(step) < len(node.value):
            node = node.value[int(step)]
            line = node.start_mark.line
    return line + 1


def read_once(text: str, loader: type[Any]) -> tuple[yaml.Node | None, Any]:
    """A text as a tree with its places, and as values, from one reading. Raises yaml.YAMLError."""
    if "<<" in text:  # making values of a mapping that takes in another one changes its tree
        return yaml.compose(text, Loader=loader), yaml.load(text, Loader=loader)  # noqa: S506 - every loader here is safe
    opened = loader(text)
    try:
        node = opened.get_single_node()
        return node, None if node is None else opened.construct_document(node)
    finally:
        opened.dispose()


def read_without_aliases(text: str) -> tuple[yaml.Node | None, Any]:
    """As `read_once`; an alias is an error.

    A text without an asterisk holds none, and is read by the fast reader. The other one names a fault's line better.
    """
    if "*" not in text:
        with suppress(yaml.YAMLError):
            return read_once(text, LOADER)
    return read_once(text, NoAliases)


def read_yaml(path: Path, remedy: str) -> tuple[yaml.Node, Any]:
    """A curators' file as a tree with its places, and as values. Raises ConfigurationError; `remedy` mends bad YAML."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        node, values = read_once(text, LOADER)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it isn't UTF-8"
        raise ConfigurationError(f"{path} can't be read: {reason}.", remedy="Restore the file.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}, line {mark.line + 1}" if mark else str(path)
        raise ConfigurationError(f"{where}: it isn't valid YAML.", remedy=remedy) from error
    if node is None:
        raise ConfigurationError(f"{path} is empty.", remedy="Restore the file.")
    return node, values


def told_with_line(node: yaml.Node, detail: Any) -> tuple[int, str]:
    """One of pydantic's errors as its line and a sentence."""
    field = ".".join(str(part) for part in detail["loc"])
    return line_of(node, detail["loc"]), f"{field or 'the file'}: {detail['msg'][0].lower()}{detail['msg'][1:]}"
