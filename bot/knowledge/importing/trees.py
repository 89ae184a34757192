"""What the readers of XML and HTML share: safe parsing, an element's text on one line, a table's grid."""

import html
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bot.knowledge.importing.material import LOWERED, RAISED, UnreadableError, tidy

if TYPE_CHECKING:
    from lxml.etree import _Element

EMPTY_MARK = re.compile(r"(?<!\s)\s*[\[(][\s,;–-]*[\])]")
DIGITS = re.compile(r"[\d+−-]{1,4}")
WIDEST_SPAN = 50


def parse_xml(data: bytes) -> "_Element":
    """The root of an XML document. Entities aren't expanded and nothing is fetched. Raises `UnreadableError`."""
    from lxml import etree

    if b"<!ENTITY" in data:
        raise UnreadableError("it defines entities of its own, which can hide a bomb.", "Bring in the PDF instead.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        at = getattr(error, "lineno", None)
        where = f" in line {at}" if at else ""
        raise UnreadableError(f"its XML is broken{where}.", "Download it again; the end may be missing.") from error
    return root


def name(element: "_Element") -> str:
    """The tag without its namespace; empty for comments and the like."""
    return element.tag.rpartition("}")[2].casefold() if isinstance(element.tag, str) else ""


def text_of(element: "_Element", skip: Callable[["_Element"], bool] = lambda _: False) -> str:
    """All words of an element on one line; digits set high or low keep their place (`m²`)."""
    said = tidy("".join(_texts(element, skip)))
    return EMPTY_MARK.sub("", said).replace(" .", ".").replace(" ,", ",")


def _texts(element: "_Element", skip: Callable[["_Element"], bool]) -> Iterator[str]:
    inside = [element.text or ""]
    for child in element:
        if name(child) and not skip(child):
            inside += _texts(child, skip)
        elif not isinstance(child.tag, str) and child.tag.__name__ == "Entity":
            inside.append(html.unescape(child.text or ""))
        inside.append(child.tail or "")
    written = "".join(inside)
    kind = name(element)
    if kind in {"sup", "sub"} and not any(character.isalnum() for character in written) and len(element):
        return
    if kind in {"sup", "sub"} and DIGITS.fullmatch(written.strip()):
        yield written.strip().translate(RAISED if kind == "sup" else LOWERED)
    elif kind in {"br", "break", "p", "li", "td", "th", "list-item", "title", "div"}:
        yield f" {written} "
    else:
        yield written


def grid_of(table: "_Element", skip: Callable[["_Element"], bool] = lambda _: False) -> tuple[list[list[str]], int]:
    """A table's cells line by line, each under as many columns and lines as it spans; how many lines are heads."""
    grid: list[list[str]] = []
    held: dict[int, tuple[int, str]] = {}
    heads = 0
    for line in (element for element in table.iter() if name(element) == "tr"):
        cells = [cell for cell in line if name(cell) in {"td", "th"}]
        row: list[str] = []
        for cell in cells:
            _fill(row, held)
            said = text_of(cell, skip)
            for _ in range(_span(cell, "colspan")):
                if (down := _span(cell, "rowspan")) > 1:
                    held[len(row)] = (down - 1, said)
                row.append(said)
        _fill(row, held)
        named = any(name(above) == "thead" for above in line.iterancestors()) or all(name(c) == "th" for c in cells)
        heads += named and heads == len(grid) and bool(cells)
        grid.append(row)
    return grid, heads


def _fill(row: list[str], held: dict[int, tuple[int, str]]) -> None:
    """Puts in the cells that reach down from the lines above."""
    while len(row) in held:
        left, said = held.pop(len(row))
        if left > 1:
            held[len(row)] = (left - 1, said)
        row.append(said)


def _span(cell: "_Element", attribute: str) -> int:
    written = cell.get(attribute) or "1"
    return min(max(int(written), 1), WIDEST_SPAN) if written.isdigit() else 1
