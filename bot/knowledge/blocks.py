"""The pieces of a page in reading order: headings, paragraphs, list items, table rows, captions.

Every reader (plain text, Markdown) produces these; what follows doesn't know where they came from.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.knowledge.traced import Traced

CAPTION = re.compile(
    r"(?:(?:Supplement(?:ary|al)|Extended Data)\s)?(?:FIGURE|Figure|FIG|Fig|TABLE|Table|Box|Scheme|Chart)\.?\s?"
    r"(?:S?\d{1,2}[A-Za-z]?|[IVX]{1,4})(?:[.:|]|\s[–—-])?\s+(?=[A-Z(“\"])"
)


class BlockKind(StrEnum):
    """What sort of piece a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"
    CAPTION = "caption"


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """One piece. `depth`: level of a heading (1 is outermost), nesting of an item (0 is outermost).

    The cells of a row stand on lines of their own in `text`; `labels` are the names of its columns. `alone` tells that
    blank lines surround it, `repeated` that other documents have the same line, `glued` that another link ran into it.
    """

    kind: BlockKind
    text: Traced
    depth: int = 0
    marker: str = ""
    labels: tuple[str, ...] = ()
    page: int | None = None
    alone: bool = True
    repeated: bool = False
    glued: bool = False

    @property
    def is_lead(self) -> bool:
        """Whether it only announces what follows: `For predominant skin disease:`."""
        return self.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM) and self.text.text.endswith(":")

    @property
    def words(self) -> int:
        """How long it is."""
        return len(self.text.text.split())

    def having(self, text: Traced) -> "Block":
        """The same piece with other text."""
        return replace(self, text=text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """What a document says of itself. `text` is for reading, `parts` are the places in the file that say it."""

    text: str
    parts: tuple[Traced, ...]
    lead: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """The pieces under one heading. `path` runs from the outermost heading inwards, without the title."""

    path: tuple[str, ...]
    blocks: tuple[Block, ...]


def row(cells: Sequence[Traced], labels: Sequence[str], page: int | None = None) -> Block:
    """A table row under the names of its columns."""
    named = tuple(labels) if len(labels) == len(cells) else ("",) * len(cells)
    return Block(kind=BlockKind.ROW, text=Traced.joined(cells, "\n"), labels=named, page=page)
