"""Reads plain text: wrapped lines become paragraphs, one line a block on web pages, lists keep their nesting.

A caption or the furniture of a page in the middle of a sentence is lifted out, and the sentence is whole again.
"""

import re
from collections.abc import Set as AbstractSet

from bot.knowledge.blocks import CAPTION, Block, BlockKind
from bot.knowledge.cleaning import Vocabulary
from bot.knowledge.layout import ENDED, Layout, looks_like_title, runs_on
from bot.knowledge.lines import Line, page_furniture, read_lines
from bot.knowledge.pieces import Piece, make_blocks
from bot.knowledge.references import ENTRY, REFERENCES

DANGLING = re.compile(r"(?:\b(?:in|see|and|of|by|to|from|as|with|the|or|also)|[(,])$", re.IGNORECASE)


def read_plain(source: str, vocabulary: Vocabulary, repeated: AbstractSet[str] = frozenset()) -> list[Block]:
    """The paragraphs, items, rows and captions of a plain text. Headings are told apart later, by their surroundings.

    `repeated`: lines that other documents of the library have too.
    """
    lines = read_lines(source)
    pieces = _Page(lines).read()
    return list(make_blocks(pieces, vocabulary, repeated, paged=lines[-1].page > 1))


class _Page:
    """Goes through the lines once. `current` is the text that may go on, also behind a caption that broke it."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.furniture = page_furniture(lines)
        self.layout = Layout([line for index, line in enumerate(lines) if index not in self.furniture])
        self.pieces: list[Piece] = []
        self.current: Piece | None = None
        self.interrupted = False
        self.gap = True
        self.last_entry: int | None = None

    def read(self) -> list[Piece]:
        """All pieces of the page in order."""
        index = 0
        while index < len(self.lines):
            if index in self.furniture or self.lines[index].is_blank:
                self.interrupted = self.interrupted or index in self.furniture
                self.gap = True
                index += 1
            elif (end := self._caption_end(index)) > index:
                parts = self.lines[index:end]
                self.pieces.append(Piece(BlockKind.CAPTION, parts, [part.text for part in parts]))
                self.interrupted = self.gap = True
                index = end
            elif (end := self._table_end(index)) > index + 1:
                rows = enumerate(self.lines[index:end])
                self.pieces += [Piece(BlockKind.ROW, [part], [part.text], apart=not place) for place, part in rows]
                self.current, self.interrupted, self.gap = None, False, True
                index = end
            else:
                self._take(self.lines[index])
                self.interrupted = self.gap = False
                index += 1
        return self.pieces

    def _take(self, line: Line) -> None:
        """A line of text: the next one of a paragraph, or the first of a new one."""
        if REFERENCES.fullmatch(line.text.text):
            self.last_entry = 0
        elif entry := self._reference(line):
            self._begin(line, entry)
            return
        if self.current is not None and self._belongs(self.current, line):
            self.current.lines.append(line)
            self.current.text.append(line.text)
        else:
            self._begin(line, line.marker)

    def _begin(self, line: Line, marker: re.Match[str] | None) -> None:
        kind = BlockKind.ITEM if marker else BlockKind.PARAGRAPH
        text = line.text.part(marker.end()) if marker else line.text
        self.current = Piece(kind, [line], [text], marker["marker"] if marker else "", self.gap)
        self.pieces.append(self.current)

    def _reference(self, line: Line) -> re.Match[str] | None:
        """The number at the head of a reference list's next entry."""
        if self.last_entry is None or (match := ENTRY.match(line.text.text)) is None:
            return None
        number = int(match["bracketed"] or match["bare"])
        if number != self.last_entry + 1 and self.last_entry:
            return None
        self.last_entry = number
        return match

    def _belongs(self, piece: Piece, line: Line) -> bool:
        """Whether a line goes on with the text before it."""
        after = line.text.text
        if line.marker and not (self.layout.wrapped and piece.is_open and not self.gap and after[0].isdigit()):
            return False
        if self.interrupted:
            return piece.is_open or (after[0].islower() and not ENDED.search(piece.last))
        if self.gap:
            return self.layout.wrapped and piece.is_open and after[0].islower()
        hanging = piece.kind is BlockKind.ITEM and line.indent > piece.indent
        if hanging and (runs_on(piece.last, after) or not looks_like_title(after)):
            return True
        return self.layout.continues(piece.last, after, first=len(piece.text) == 1)

    def _caption_end(self, index: int) -> int:
        """One past the last line of a caption that starts here; `index` itself where none does."""
        match = CAPTION.match(self.lines[index].text.text)
        dangling = not self.gap and self.current is not None and DANGLING.search(self.current.last)
        if match is None or dangling:
            return index
        end = index + 1
        while end < len(self.lines) and not self.lines[end].is_blank and end not in self.furniture:
            before, after = self.lines[end - 1].text.text, self.lines[end].text.text
            if ENDED.search(before) and (after[0].islower() or len(before) < 0.75 * self.layout.width):
                break
            if self.lines[end].marker or not self.layout.wrapped or CAPTION.match(after):
                break
            end += 1
        return end

    def _table_end(self, index: int) -> int:
        """One past the last row of a table whose columns stand apart by tabs or pipes."""
        for separator in "\t|":
            columns = self.lines[index].text.text.strip("|").count(separator)
            end = index
            while columns and end < len(self.lines):
                if self.lines[end].text.text.strip("|").count(separator) != columns:
                    break
                end += 1
            if end > index + 1:
                return end
        return index
