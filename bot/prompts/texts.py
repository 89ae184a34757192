"""Reads the maintainers' text files: every fault is collected with its file and line, and nothing is ever executed."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.domain.errors import WordingError

if TYPE_CHECKING:
    import yaml

LARGEST = 1_000_000
"""Bytes of a file that are read; a prompt has a few thousand."""
DEEPEST = 20
TABBED = "Write spaces in the place of the tab."
BROKEN = (
    "Most often a quotation mark is missing at the end of a sentence, here or in the line above, "
    "or a line begins with too few or too many spaces."
)
"""What to do where YAML can't be read; its own words name characters, and a line that may be the next one."""
PLAIN = frozenset("str int float bool null map seq timestamp merge value".split())
HALF_A_VARIABLE = re.compile(r"\{\{(?!\s*\w+\s*\}\})|\{%|(?<!\{)\{\s*\w+\s*\}\}", re.ASCII)
Value: TypeAlias = "str | int | float | bool | Sequence[Entry] | Mapping[str, Entry] | None"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A value of a YAML text with its line; `text` is a single value as it was written."""

    value: Value
    line: int
    text: str = ""


class Faults(list[WordingError]):
    """What is wrong, in the order in which it was found."""

    def note(self, path: Path, line: int | None, problem: str, remedy: str) -> None:
        """Remember a fault. Without a line the problem names the file itself."""
        self.append(WordingError(problem, remedy=remedy, path=str(path), line=line))

    def raise_first(self) -> None:
        """Raise the first one, if there is any."""
        if self:
            raise self[0]


def digest(text: str) -> str:
    """Tells one text from every other."""
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def read_text(path: Path, faults: Faults, remedy: str = "Restore it.") -> str | None:
    """The text of a file with plain line ends; None where it can't be read."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        faults.note(path, None, f"{path} is missing.", remedy)
        return None
    except OSError as error:
        faults.note(path, None, f"{path} can't be read: {error.strerror}.", "Make it a file that Footnote may read.")
        return None
    if len(content) > LARGEST:
        faults.note(path, None, f"{path} is larger than {LARGEST} bytes.", "Restore it.")
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        faults.note(path, line, "this isn't UTF-8 text.", "Save the file as UTF-8.")
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_yaml(text: str, path: Path, faults: Faults, above: int = 0) -> Entry | None:
    """The text as values with their lines; `above` is how many lines of the file stand before it. None for a fault."""
    import yaml

    before = len(faults)
    try:
        try:
            root = _compose(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        except yaml.YAMLError:
            root = _compose(text, yaml.SafeLoader)  # four times slower, and tells faults better
    except _RefusedError as error:
        remedy = "Put the text in double quotes."
        faults.note(path, error.line + above, "anchors (&, *) and deep nesting aren't read.", remedy)
        return None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else text.count("\n", 0, getattr(error, "position", 0)) + 1
        problem = getattr(error, "problem", None) or "there is a character that YAML doesn't allow"
        remedy = TABBED if "\\t" in problem else BROKEN
        faults.note(path, line + above, f"the file isn't valid YAML here ({problem}).", remedy)
        return None
    if root is None:
        return Entry(value=None, line=above + 1)
    entry = _read_node(root, path, faults, above)
    return entry if len(faults) == before else None


class _RefusedError(Exception):
    """The text holds what isn't read here, on this line."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def _compose(text: str, loader: Any) -> "yaml.Node | None":
    """The text as a tree, once it's known to hold no anchor and no deep nesting."""
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or depth > DEEPEST:
            raise _RefusedError((event.start_mark.line if event.start_mark else 0) + 1)
    root: yaml.Node | None = yaml.compose(text, Loader=loader)
    return root


def _read_node(node: "yaml.Node", path: Path, faults: Faults, above: int) -> Entry:
    import yaml

    line = node.start_mark.line + 1 + above
    kind = node.tag.removeprefix("tag:yaml.org,2002:")
    if kind not in PLAIN:
        faults.note(path, line, f"{node.tag} isn't read here.", "Put the text in double quotes.")
        return Entry(value=None, line=line)
    if isinstance(node, yaml.MappingNode):
        values: dict[str, Entry] = {}
        for key, value in node.value:
            name, place = str(key.value) if isinstance(key, yaml.ScalarNode) else "", key.start_mark.line + 1 + above
            if not name or name in values:
                problem = f"{name} stands there twice." if name else "this name can't be read."
                faults.note(path, place, problem, "Keep one of them." if name else "Write a plain name.")
                continue
            read = _read_node(value, path, faults, above)
            values[name] = Entry(value=read.value, line=place, text=read.text)
        return Entry(value=values, line=line)
    if isinstance(node, yaml.SequenceNode):
        return Entry(value=[_read_node(item, path, faults, above) for item in node.value], line=line)
    return Entry(value=_scalar(kind, str(node.value)), line=line, text=str(node.value))


def _scalar(kind: str, text: str) -> str | int | float | bool | None:
    """A single value. Only what a prompt's fields need is more than text."""
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() in {"yes", "true", "on"}
    if kind in {"int", "float"}:
        try:
            return int(text) if kind == "int" else float(text)
        except ValueError:
            return text
    return text
