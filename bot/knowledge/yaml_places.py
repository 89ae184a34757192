"""Where in a YAML text something stands."""

from collections.abc import Sequence

import yaml


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
