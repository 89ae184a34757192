"""The lines that belong together on a plain page, and the blocks they become."""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import pairwise

from bot.knowledge.blocks import Block, BlockKind, row
from bot.knowledge.cleaning import Vocabulary, mend, split_glued
from bot.knowledge.layout import ENDED
from bot.knowledge.lines import Line
from bot.knowledge.traced import Traced

TICKED = re.compile(r"(?<!\s)\s*[✓✔☑✅]+$")
INLINE_BULLETS = re.compile(r"\s[•◦▪●■]\s")
INLINE_DASHES = re.compile(r"(?:^|(?<=:))\s?-\s(?=[A-Z(])|\s-\s(?=[A-Z(])")
LISTED_INLINE = re.compile(r"[^:]{0,200}:\s-\s")
COLUMN = re.compile(r"[\t|]")


@dataclass(slots=True)
class Piece:
    """A block in the making. `apart`: a blank line stands above it."""

    kind: BlockKind
    lines: list[Line]
    text: list[Traced] = field(default_factory=list)
    marker: str = ""
    apart: bool = True

    @property
    def indent(self) -> int:
        """How far its first line is set in."""
        return self.lines[0].indent

    @property
    def last(self) -> str:
        """Its last line so far."""
        return self.text[-1].text

    @property
    def is_open(self) -> bool:
        """Whether it stops in the middle of a sentence."""
        words = sum(len(part.text.split()) for part in self.text[:6])
        return words >= 6 and not ENDED.search(self.last)


def make_blocks(
    pieces: Sequence[Piece], vocabulary: Vocabulary, repeated: AbstractSet[str], *, paged: bool
) -> Iterator[Block]:
    """The blocks of the pieces, in order, their words mended. `paged`: form feeds count pages."""
    indents: list[tuple[int, bool]] = []
    labels: tuple[str, ...] = ()
    for number, piece in enumerate(pieces):
        page = piece.lines[0].page if paged else None
        if piece.kind is BlockKind.ROW:
            cells = _cells(piece.text[0])
            if piece.apart:
                labels = _labels(pieces, number)
            if not (piece.apart and any(labels)) and any(cell.text.strip("-: ") for cell in cells):
                yield row(cells, labels, page)
            continue
        if piece.kind is BlockKind.PARAGRAPH:
            indents.clear()
        depth = _nest(indents, piece) if piece.kind is BlockKind.ITEM else 0
        alone = piece.apart and (number + 1 == len(pieces) or pieces[number + 1].apart)
        known = all(line.text.text in repeated for line in piece.lines)
        parts = list(_parts(piece, vocabulary))
        glued = len(parts) > 1 and all(kind is BlockKind.PARAGRAPH for kind, _ in parts)
        for kind, text in parts:
            yield Block(
                kind=kind,
                text=text,
                depth=depth,
                marker=piece.marker,
                page=page,
                alone=alone,
                repeated=known,
                glued=glued,
            )


def _parts(piece: Piece, vocabulary: Vocabulary) -> Iterator[tuple[BlockKind, Traced]]:
    """What a piece holds: one block, links that ran together, or a list on one line."""
    text = mend(Traced.joined(piece.text, "\n"), vocabulary)
    if ticked := TICKED.search(text.text):
        text = text.part(0, ticked.start())
    if piece.kind is not BlockKind.PARAGRAPH or len(piece.lines) > 1:
        if text.text:
            yield piece.kind, text
        return
    pattern = INLINE_DASHES if LISTED_INLINE.match(text.text) else INLINE_BULLETS
    bullets = [match.span() for match in pattern.finditer(text.text)]
    if len(bullets) < 2:
        for part in split_glued(text, vocabulary):
            yield piece.kind, part
        return
    starts = [0, *(end for _, end in bullets)]
    ends = [*(start for start, _ in bullets), len(text.text)]
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        part = text.part(start, end)
        if part.text:
            yield BlockKind.PARAGRAPH if not number and part.text.endswith(":") else BlockKind.ITEM, part


def _nest(indents: list[tuple[int, bool]], piece: Piece) -> int:
    """How deep an item stands in its list, told by indentation, or by bullets below a numbered line."""
    numbered = piece.marker[-1] in ".)"
    while indents and piece.indent < indents[-1][0]:
        indents.pop()
    if not indents or piece.indent > indents[-1][0]:
        indents.append((piece.indent, numbered))
    elif numbered != indents[-1][1]:
        if not numbered:
            indents.append((piece.indent, numbered))
        elif len(indents) > 1 and indents[-2] == (piece.indent, True):
            indents.pop()
    return len(indents) - 1


def _labels(pieces: Sequence[Piece], first: int) -> tuple[str, ...]:
    """The names of a table's columns: of a first row that is ruled off, or that names columns of numbers."""
    rows = [_cells(pieces[first].text[0])]
    for piece in pieces[first + 1 :]:
        if piece.kind is not BlockKind.ROW or piece.apart:
            break
        rows.append(_cells(piece.text[0]))
    head, rest = [cell.text for cell in rows[0]], rows[1:]
    ruled = bool(rest) and not any(cell.text.strip("-:= ") for cell in rest[0])
    names = all(cell[:1].isupper() and not re.search(r"\d", cell) for cell in head)
    numbers = any(
        sum(bool(re.search(r"\d", line[at].text)) for line in rest) * 2 >= len(rest) for at in range(len(head))
    )
    return tuple(head) if ruled or (names and numbers) else ()


def _cells(text: Traced) -> list[Traced]:
    separator = "\t" if "\t" in text.text else "|"
    framed = separator == "|" and len(text.text) > 1 and text.text[0] == text.text[-1] == "|"
    inner = text.part(1, -1) if framed else text
    borders = [-1, *(at for at, character in enumerate(inner.text) if character == separator), len(inner.text)]
    return [inner.part(before + 1, after).collapsed() for before, after in pairwise(borders)]
