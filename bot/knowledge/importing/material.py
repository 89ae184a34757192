"""What was read from a file that is brought in: what it says of itself, and its pieces in reading order."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.knowledge.blocks import BlockKind
from bot.knowledge.quotable import LIGATURES
from bot.knowledge.traced import HIDDEN

DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]*[^\s\"<>.,;)\]]")
RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
LOWERED = str.maketrans("0123456789+-−", "₀₁₂₃₄₅₆₇₈₉₊₋₋")


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A heading, paragraph, list item, caption or table row.

    `depth`: level of a heading (1 is outermost), nesting of an item (0 is outermost). `cells` are those of a row;
    `names` tells that they name the columns. `page` is the page of the original, from 1.
    """

    kind: BlockKind
    text: str = ""
    depth: int = 0
    numbered: bool = False
    cells: tuple[str, ...] = ()
    names: bool = False
    page: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Material:
    """One publication. `body`: Markdown that is taken over as it is; `fields`: front matter that it brought along.

    `licence` is what the source says about it, `excerpt` that there is only an abstract, `warning` what a curator
    should look at.
    """

    pieces: tuple[Piece, ...] = ()
    title: str = ""
    authors: tuple[str, ...] = ()
    journal: str = ""
    year: int | None = None
    doi: str = ""
    pmid: str = ""
    url: str = ""
    licence: str = ""
    excerpt: bool = False
    body: str = ""
    fields: Mapping[str, object] = field(default_factory=dict)
    warning: str = ""


class UnreadableError(Exception):
    """A file, or one publication in it, that can't be read: what is wrong, and what to do about it."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy


def tidy(text: str) -> str:
    """Text on one line without invisible characters, ligatures spelt out."""
    return " ".join(HIDDEN.sub("", unicodedata.normalize("NFC", text)).translate(LIGATURES).split())


def find_doi(text: str) -> str:
    """The first DOI in a text."""
    match = DOI.search(text)
    return match.group() if match else ""


def find_year(text: str) -> int | None:
    """The first year in a text."""
    match = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)
    return int(match.group()) if match else None


def rows(grid: list[list[str]], heads: int, page: int | None = None) -> list[Piece]:
    """A table's rows; the first `heads` of them name the columns and become one."""
    width = max((len(line) for line in grid), default=0)
    lines = [[*(tidy(cell) for cell in line), *[""] * (width - len(line))] for line in grid]
    lines = [line for line in lines if any(line)]
    names = [_joined([line[column] for line in lines[:heads]]) for column in range(width)] if heads else [""] * width
    kept = [column for column in range(width) if names[column] or any(line[column] for line in lines[heads:])]
    body = [Piece(kind=BlockKind.ROW, cells=tuple(line[c] for c in kept), page=page) for line in lines[heads:]]
    named = Piece(kind=BlockKind.ROW, cells=tuple(names[c] for c in kept), names=True, page=page)
    return [named, *body] if body else []


def _joined(names: list[str]) -> str:
    """The names of a column that stand above each other: `Responders – n`."""
    return " – ".join(dict.fromkeys(name for name in names if name))
