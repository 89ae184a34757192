"""Reads plain text: wrapped lines become paragraphs, one line a block on web pages, lists keep their nesting.

A caption or the furniture of a page in the middle of a sentence is lifted out, and the sentence is whole again.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from bot.knowledge.blocks import Block, BlockKind, row
from bot.knowledge.cleaning import Vocabulary, mend, split_glued
from bot.knowledge.lines import ENTRY, Line, page_furniture, paragraphs_of, read_lines
from bot.knowledge.traced import Traced

WIDEST = 140
CAPTION = re.compile(
    r"(?:(?:Supplement(?:ary|al)|Extended Data)\s)?(?:FIGURE|Figure|FIG|Fig|TABLE|Table|Box|Scheme|Chart)\.?\s?"
    r"(?:S?\d{1,2}[A-Za-z]?|[IVX]{1,4})(?P<stop>[.:|]|\s[–—-])?\s+(?=[A-Z(“\"])"
)
DANGLING = re.compile(r"(?:\b(?:in|see|and|of|by|to|from|as|with|the|or|also)|[(,])$", re.IGNORECASE)
ENDED = re.compile(r"[.!?:;][\"'’”)\]]*\d{0,3}$")
TICKED = re.compile(r"\s*[✓✔☑✅]+$")
REFERENCES = re.compile(
    r"(?:key |selected |cited )?(?:references?|bibliography|literature(?: cited)?|citations|sources|works cited)(?: \(\d+\))?:?",
    re.IGNORECASE,
)
INLINE_BULLETS = re.compile(r"\s[•◦▪●■]\s")


@dataclass(slots=True)
class _Piece:
    """A block in the making."""

    kind: BlockKind
    lines: list[Line]
    text: list[Traced] = field(default_factory=list)
    marker: str = ""
    indent: int = 0
    cut: bool = False

    @property
    def last(self) -> str:
        return self.text[-1].text

    @property
    def is_open(self) -> bool:
        words = sum(len(part.text.split()) for part in self.text)
        return words >= 6 and not ENDED.search(self.last)


class _Layout:
    """How the lines of one text run: wrapped at a width, or one block a line."""

    def __init__(self, lines: Sequence[Line]) -> None:
        pairs = [(line, after) for line, after in paragraphs_of(lines) if not after.marker]
        lengths = sorted(len(line.text.text) for line, _ in pairs)
        self.width = lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0
        running = sum(_runs_on(line.text.text, after.text.text) for line, after in pairs)
        self.wrapped = self.width <= WIDEST and bool(pairs) and running >= 0.4 * len(pairs)

    def continues(self, piece: _Piece, line: Line) -> bool:
        """Whether a line that follows without a blank line belongs to the same paragraph."""
        before, after = piece.last, line.text.text
        if re.search(r"[^\W\d_][-\u00ad]$", before) and after[0].islower():
            return True
        if not self.wrapped:
            return _runs_on(before, after) and len(before) >= 40 and len(after.split()) > 1
        if _runs_on(before, after):
            return True
        if len(piece.text) == 1 and looks_like_title(before) and not ENDED.search(before):
            return False
        full = len(before) + 1 + len(after.split()[0]) > 0.9 * self.width
        return full or (not ENDED.search(before) and len(before) >= 0.5 * self.width)


def _runs_on(before: str, after: str) -> bool:
    """Whether a sentence evidently runs from one line into the next."""
    return not ENDED.search(before) and (after[0].islower() or before[-1] in ",-–/(" or after[0] in ")%,")


def looks_like_title(text: str) -> bool:
    """Whether most longer words are capitalised."""
    longer = [word for word in re.findall(r"[^\W\d_][\w'’-]*", text) if len(word) > 3]
    return bool(longer) and sum(word[0].isupper() for word in longer) >= 0.6 * len(longer) and text[0].isupper()


def read_plain(source: str, vocabulary: Vocabulary, repeated: Set[str] = frozenset()) -> list[Block]:
    """The paragraphs, items, rows and captions of a plain text. Headings are told apart later, by their surroundings.

    `repeated`: lines that other documents of the library have too.
    """
    lines = read_lines(source)
    furniture = page_furniture(lines)
    layout = _Layout([line for index, line in enumerate(lines) if index not in furniture])
    pieces: list[_Piece] = []
    current: _Piece | None = None
    broken: _Piece | None = None
    entry: int | None = None
    gap = True
    index = 0
    while index < len(lines):
        line = lines[index]
        if line.is_blank or index in furniture:
            broken = current if index in furniture else broken
            gap = True
            index += 1
            continue
        if end := _caption_end(lines, index, furniture, layout, current, gap):
            broken = current
            pieces.append(_Piece(BlockKind.CAPTION, lines[index:end], [part.text for part in lines[index:end]]))
            gap, index = True, end
            continue
        if end := _table_end(lines, index):
            pieces += [_Piece(BlockKind.ROW, [part], [part.text]) for part in lines[index:end]]
            current, broken, gap, index = None, None, True, end
            continue
        if REFERENCES.fullmatch(line.text.text):
            entry = 0
        elif entry is not None and (match := _entry(line, entry)):
            entry = int(match["a"] or match["b"])
            current = _Piece(BlockKind.ITEM, [line], [line.text.part(match.end())], match["marker"], line.indent, gap)
            pieces.append(current)
            broken, gap, index = None, False, index + 1
            continue
        if current is not None and _belongs(current, line, layout, gap=gap, interrupted=broken is not None):
            current.lines.append(line)
            current.text.append(line.text)
        else:
            current = _begin(line, gap)
            pieces.append(current)
        broken, gap = None, False
        index += 1
    return _blocks(pieces, vocabulary, repeated, paged=lines[-1].page > 1)


def _entry(line: Line, last: int) -> re.Match[str] | None:
    """The number of a reference list's next entry at the head of a line."""
    match = ENTRY.match(line.text.text)
    number = int(match["a"] or match["b"]) if match else 0
    return match if match and (number == last + 1 or (not last and 0 < number < 300)) else None


def _begin(line: Line, gap: bool) -> _Piece:
    marker = line.marker
    if marker is None:
        return _Piece(BlockKind.PARAGRAPH, [line], [line.text], indent=line.indent, cut=gap)
    return _Piece(BlockKind.ITEM, [line], [line.text.part(marker.end())], marker["marker"], line.indent, gap)


def _belongs(piece: _Piece, line: Line, layout: _Layout, *, gap: bool, interrupted: bool) -> bool:
    after = line.text.text
    if line.marker and not (layout.wrapped and piece.is_open and not gap and re.match(r"\d", after)):
        return False
    if piece.kind in (BlockKind.CAPTION, BlockKind.ROW):
        return False
    if interrupted:
        return piece.is_open or (after[0].islower() and not ENDED.search(piece.last))
    if gap:
        return layout.wrapped and piece.is_open and after[0].islower()
    if piece.kind is BlockKind.ITEM and line.indent > piece.indent:
        return layout.continues(piece, line) or _runs_on(piece.last, after) or not looks_like_title(after)
    return layout.continues(piece, line)


def _caption_end(
    lines: Sequence[Line], index: int, furniture: set[int], layout: _Layout, current: _Piece | None, gap: bool
) -> int | None:
    """One past the last line of a caption that starts here; None where none does."""
    match = CAPTION.match(lines[index].text.text)
    if match is None or (not gap and current is not None and DANGLING.search(current.last)):
        return None
    end = index + 1
    while end < len(lines) and not lines[end].is_blank and end not in furniture:
        before, after = lines[end - 1].text.text, lines[end].text.text
        if ENDED.search(before) and (after[0].islower() or len(before) < 0.75 * layout.width):
            break
        if lines[end].marker or not layout.wrapped or CAPTION.match(after):
            break
        end += 1
    return end


def _table_end(lines: Sequence[Line], index: int) -> int | None:
    """One past the last row of a table that starts here; its columns stand apart by tabs or pipes."""
    for separator in "\t|":
        columns = lines[index].text.text.strip("|").count(separator)
        end = index
        while columns and end < len(lines) and lines[end].text.text.strip("|").count(separator) == columns:
            end += 1
        if end - index >= 2:
            return end
    return None


def _cells(text: Traced) -> list[Traced]:
    separator = "\t" if "\t" in text.text else "|"
    inner = text.part(1, -1) if separator == "|" and text.text[0] == text.text[-1] == "|" else text
    borders = [-1, *(at for at, character in enumerate(inner.text) if character == separator), len(inner.text)]
    return [inner.part(a + 1, b).collapsed() for a, b in zip(borders, borders[1:], strict=False)]


def _blocks(pieces: Sequence[_Piece], vocabulary: Vocabulary, repeated: Set[str], *, paged: bool) -> list[Block]:
    blocks: list[Block] = []
    indents: list[tuple[int, bool]] = []
    header: tuple[str, ...] = ()
    for number, piece in enumerate(pieces):
        page = piece.lines[0].page if paged else None
        if piece.kind is BlockKind.ROW:
            cells = _cells(piece.text[0])
            if all(not cell.text.strip("-: ") for cell in cells):
                continue
            if not header:
                header = tuple(cell.text for cell in cells)
                if not any(re.search(r"\d", label) for label in header):
                    continue
                header = ("",) * len(cells)
            blocks.append(row(cells, header, page))
            continue
        header = ()
        text = mend(Traced.joined(piece.text, "\n"), vocabulary)
        if ticked := TICKED.search(text.text):
            text = text.part(0, ticked.start())
        if not text.text:
            continue
        after = pieces[number + 1].cut if number + 1 < len(pieces) else True
        depth = _nest(indents, piece) if piece.kind is BlockKind.ITEM else 0
        if piece.kind is BlockKind.PARAGRAPH:
            indents.clear()
        for part in _split(text, piece, vocabulary):
            blocks.append(
                Block(
                    kind=part[0], text=part[1], depth=depth, marker=piece.marker, page=page,
                    alone=piece.cut and after, repeated=all(line.text.text in repeated for line in piece.lines),
                )
            )  # fmt: skip
    return blocks


def _split(text: Traced, piece: _Piece, vocabulary: Vocabulary) -> list[tuple[BlockKind, Traced]]:
    """A line that holds several blocks: links that ran together, a list on one line."""
    if piece.kind is not BlockKind.PARAGRAPH or len(piece.lines) > 1:
        return [(piece.kind, text)]
    bullets = [match.span() for match in INLINE_BULLETS.finditer(text.text)]
    if len(bullets) >= 2:
        starts = [0, *(end for _, end in bullets)]
        ends = [*(start for start, _ in bullets), len(text.text)]
        parts = [text.part(start, end) for start, end in zip(starts, ends, strict=True)]
        lead = parts[0].text.endswith(":")
        kinds = [BlockKind.PARAGRAPH if lead and not at else BlockKind.ITEM for at in range(len(parts))]
        return [(kind, part) for kind, part in zip(kinds, parts, strict=True) if part.text]
    return [(piece.kind, part) for part in split_glued(text, vocabulary)]


def _nest(indents: list[tuple[int, bool]], piece: _Piece) -> int:
    """How deep an item stands in its list, told by indentation, or by bullets below a numbered line."""
    numbered = piece.marker[-1] in ".)"
    while indents and piece.indent < indents[-1][0]:
        indents.pop()
    if not indents or piece.indent > indents[-1][0]:
        indents.append((piece.indent, numbered))
    elif numbered != indents[-1][1]:
        if numbered and len(indents) > 1 and indents[-2] == (piece.indent, True):
            indents.pop()
        elif not numbered:
            indents.append((piece.indent, numbered))
    return len(indents) - 1
