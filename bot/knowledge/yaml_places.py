"""Reads YAML without aliases, and tells where in it something stands."""

from collections.abc import Sequence
from typing import Any

import yaml


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
