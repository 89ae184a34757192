"""The pieces of a page in reading order: headings, paragraphs, list items, table rows, captions.

Every reader (plain text, Markdown) produces these; what follows doesn't know where they came from.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.documents import Span
from bot.knowledge.traced import Traced


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

    `reading` replaces the text for reading where the characters alone don't read well (a row with its column names).
    """

    kind: BlockKind
    text: Traced
    depth: int = 0
    marker: str = ""
    reading: str = ""
    page: int | None = None

    @property
    def is_lead(self) -> bool:
        """Whether it announces what follows: `For predominant skin disease:`."""
        return self.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM) and self.text.text.endswith(":")

    def with_text(self, text: Traced) -> "Block":
        """The same piece with other text."""
        return replace(self, text=text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """Something that a document says of itself (`Journal: …`), for reading, and where it says so."""

    label: str
    reading: str
    text: Traced
    lead: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """The pieces under one heading. `path` runs from the outermost heading inwards, without the title."""

    path: tuple[str, ...]
    blocks: tuple[Block, ...]


__all__ = ["Block", "BlockKind", "Fact", "Section", "Span"]
