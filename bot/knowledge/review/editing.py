"""Changes single fields of a file's front matter and leaves every other byte as it was."""

import re
from collections.abc import Mapping

import yaml

from bot.domain.errors import DocumentError

BLOCK = re.compile(r"---[ \t]*\r?\n(?P<yaml>.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
LINE = re.compile(r"[^\n]*(?:\n|\Z)")
MARK = "\ufeff"


def set_fields(data: bytes, changes: Mapping[str, str | None], name: str) -> bytes:
    """The file with these top-level fields set, or taken out where None. New ones stand below those named before them.

    Raises DocumentError for a file that isn't UTF-8 or whose front matter isn't YAML.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DocumentError(name, "its front matter can't be changed.", remedy="Save it as UTF-8.") from error
    mark = MARK if text.startswith(MARK) else ""
    block = BLOCK.match(text, len(mark))
    if block is None:
        end = "\r\n" if "\r\n" in text else "\n"
        lines = [f"{field}: {_scalar(value)}{end}" for field, value in changes.items() if value is not None]
        return f"{mark}---{end}{''.join(lines)}---{end}{text.removeprefix(mark)}".encode()
    written = block["yaml"]
    after: str | None = None
    for field, value in changes.items():
        written, stands = _set(written, field, value, after, name)
        after = field if stands else after
    return f"{text[: block.start('yaml')]}{written}{text[block.end('yaml') :]}".encode()


def _set(written: str, field: str, value: str | None, after: str | None, name: str) -> tuple[str, bool]:
    """The YAML with one field changed, and whether the field stands in it now."""
    places = _places(written, name)
    if field in places:
        begin, start, stop = places[field]
        if value is None:
            return written[:begin] + written[_line_end(written, stop) :], False
        if written[start:stop].strip():
            kept = written[start:stop][len(written[start:stop].rstrip()) :]
            return f"{written[:start]}{_scalar(value)}{kept}{written[stop:]}", True
        colon = written.index(":", begin + len(field)) + 1
        return f"{written[:colon]} {_scalar(value)}{written[colon:]}", True
    if value is None:
        return written, False
    end = "\r\n" if "\r\n" in written else "\n"
    place = _line_end(written, places[after][2]) if after in places else len(written)
    return f"{written[:place]}{field}: {_scalar(value)}{end}{written[place:]}", True


def _places(written: str, name: str) -> dict[str, tuple[int, int, int]]:
    """Where each field begins, and where its value begins and ends."""
    try:
        node = yaml.compose(written, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        raise DocumentError(name, "its front matter isn't valid YAML.", remedy="Mend it first.") from error
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return {
        key.value: (key.start_mark.index, value.start_mark.index, value.end_mark.index)
        for key, value in pairs
        if isinstance(key, yaml.ScalarNode)
    }


def _line_end(text: str, position: int) -> int:
    """The beginning of the next line; the position itself where a line begins."""
    if position and text[position - 1] == "\n":
        return position
    found = LINE.match(text, position)
    return found.end() if found else position


def _scalar(value: str) -> str:
    """The value as YAML on one line, quoted only where it must be."""
    line = yaml.safe_dump({"x": " ".join(value.split())}, allow_unicode=True, width=10_000_000)
    plain = line.removeprefix("x: ").removesuffix("\n")
    unquoted = plain[1:-1]
    return unquoted if re.fullmatch(r"'\d{4}-\d\d-\d\d'", plain) else plain
