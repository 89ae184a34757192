"""Makes paragraphs of what stands on a page: running heads out, tables and columns apart, lines joined."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from bot.knowledge.blocks import CAPTION
from bot.knowledge.importing.pdf_columns import split_columns
from bot.knowledge.importing.pdf_tables import lines_of, read_table, ruled_areas
from bot.knowledge.importing.pdf_text import Run, Sheet

MARGIN = 0.09
CAPTION_PT = 60.0
ENDED = re.compile(r"[.!?:;][\"”’)\]⁰¹²³⁴-⁹,–-]*$")
BULLET = re.compile(r"(?:[•‣▪◦●○■□∙·➢✓–—*-]|\(?(?P<number>\d{1,2})[.)]|\(?[a-z]\))\s+(?=\S)")
WORD = re.compile(r"[^\W\d_]{3}")
PAGE_NUMBER = re.compile(r"(?:page\s*)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?", re.IGNORECASE)


Grid = tuple[list[list[str]], int]
"""The cells of a table line by line, and how many lines name its columns."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table and the name that stands above it."""

    grid: Grid
    caption: str = ""


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together, or the grid of a table. `first`: it stands at the top of its column."""

    page: int
    lines: list[tuple[int, str]] = field(default_factory=list)
    size: float = 0.0
    bold: bool = False
    first: bool = False
    caption: bool = False
    marker: re.Match[str] | None = None
    grid: Grid | None = None

    @property
    def text(self) -> str:
        """Its words on one line."""
        return " ".join(text for _, text in self.lines)


@dataclass(slots=True)
class _Line:
    text: str
    x0: float
    x1: float
    base: float
    size: float
    bold: bool
    table: Table | None = None


def without_furniture(sheets: Sequence[Sheet]) -> Iterator[tuple[Sheet, list[Run]]]:
    """Each page with its runs, but for running heads and page numbers: whole lines, so that no figure is lost."""
    margins = [[line for line in lines_of(sheet.runs) if _in_margin(line, sheet)] for sheet in sheets]
    counted: Counter[str] = Counter()
    for lines in margins:
        counted.update({_pattern(line) for line in lines})
    often = max(2, 0.4 * len(sheets))
    for sheet, lines in zip(sheets, margins, strict=True):
        again = [line for line in lines if counted[_pattern(line)] >= often and WORD.search(_pattern(line))]
        again += [line for line in lines if len(line) == 1 and PAGE_NUMBER.fullmatch(line[0].text)]
        repeated = {id(run) for line in again for run in line}
        text = [run for run in sheet.runs if id(run) not in repeated]
        furniture = {id(run) for line in again if _stands_apart(line[0], text) for run in line}
        yield sheet, [run for run in sheet.runs if id(run) not in furniture]


def _in_margin(line: Sequence[Run], sheet: Sheet) -> bool:
    edges = MARGIN * sheet.height, (1 - MARGIN) * sheet.height
    return all(run.top < edges[0] or run.bottom > edges[1] for run in line)


def _pattern(line: Sequence[Run]) -> str:
    return re.sub(r"\d+", "0", " ".join(run.text for run in line).casefold())


def _stands_apart(run: Run, text: Sequence[Run]) -> bool:
    """Whether there is more than a line's space between a line and the text of the page."""
    return all(abs(other.base - run.base) > 1.7 * min(run.size, other.size) for other in text)


def read_paragraphs(sheet: Sheet, runs: list[Run]) -> Iterator[Paragraph]:
    """The paragraphs and tables of a page in reading order."""
    tables: dict[Run, Table] = {}
    for left, right, heights in ruled_areas(sheet):
        inside = [
            run
            for run in runs
            if left - 3 <= (run.x0 + run.x1) / 2 <= right + 3 and heights[0] - 1 <= run.base <= heights[-1] + 1
        ]
        uprights = [x for x, top, end in sheet.uprights if top < heights[-1] and end > heights[0]]
        table = read_table(inside, heights, uprights) if inside else None
        if table is not None:
            named = _caption(runs, left, right, heights[0])
            look = replace(inside[0], text="", bold=False)
            stand_in = replace(look, x0=left, x1=right, top=heights[0], bottom=heights[-1], base=heights[0] + 1)
            tables[stand_in] = Table(grid=table, caption=" ".join(run.text for run in named))
            runs = [run for run in runs if run not in inside and run not in named] + [stand_in]
    for column in split_columns(runs):
        yield from _paragraphs(list(_lines(column, tables)), sheet.number)


def _caption(runs: Sequence[Run], left: float, right: float, top: float) -> list[Run]:
    """The lines between a table and the name above it, in a row of columns of text as much as below its own."""
    above = [run for run in runs if left - 6 <= run.x0 and run.x1 <= right + 6 and top - CAPTION_PT < run.base < top]
    first = max((run for run in above if CAPTION.match(f"{run.text} A")), key=lambda run: run.base, default=None)
    return sorted((run for run in above if first and run.base >= first.base - 1), key=lambda run: (run.base, run.x0))


def _lines(runs: Sequence[Run], tables: dict[Run, Table]) -> Iterator[_Line]:
    """The lines of a column; neighbouring lines of several short runs that stand in columns become a table."""
    lines = lines_of(runs)
    index = 0
    while index < len(lines):
        line = lines[index]
        if table := next((tables[run] for run in line if run in tables), None):
            yield _Line("", line[0].x0, line[-1].x1, line[0].base, line[0].size, bold=False, table=table)
            index += 1
            continue
        end = index
        while end < len(lines) and len(lines[end]) > 1 and not any(run in tables for run in lines[end]):
            end += 1
        together = [run for part in lines[index:end] for run in part]
        grid = read_table(together) if end - index >= 3 and not _runs_on(together) else None
        if grid is not None:
            found = Table(grid=grid)
            yield _Line("", line[0].x0, line[-1].x1, line[0].base, line[0].size, bold=False, table=found)
            index = end
            continue
        size = Counter({run.size: len(run.text) for run in line}).most_common(1)[0][0]
        bold = sum(len(run.text) for run in line if run.bold) * 2 > sum(len(run.text) for run in line)
        text = " ".join(run.text for run in line)
        yield _Line(text, line[0].x0, max(run.x1 for run in line), line[0].base, size, bold)
        index += 1


def _runs_on(runs: Sequence[Run]) -> bool:
    """Whether these are lines of text that happen to stand side by side: many begin in the middle of a sentence."""
    return sum(run.text[:1].islower() for run in runs) > 0.4 * len(runs)


def _paragraphs(lines: list[_Line], page: int) -> Iterator[Paragraph]:
    written = [line for line in lines if line.table is None]
    left = median(line.x0 for line in written) if written else 0.0
    left = min((line.x0 for line in written if line.x0 >= left - 40), default=left)
    right = max((line.x1 for line in written), default=0.0)
    steps = [b.base - a.base for a, b in pairwise(written) if 0 < b.base - a.base < 2.2 * b.size]
    leading = median(steps) if steps else 0.0
    paragraph: Paragraph | None = None
    before: _Line | None = None
    for line in lines:
        if line.table is not None:
            if paragraph is not None:
                yield paragraph
            paragraph = None
            if line.table.caption:
                yield Paragraph(page=page, lines=[(page, line.table.caption)], size=line.size, caption=True)
            yield Paragraph(page=page, grid=line.table.grid)
        elif paragraph is None or before is None or _begins(line, before, paragraph, (left, right, leading)):
            if paragraph is not None:
                yield paragraph
            marker = BULLET.match(line.text)
            paragraph = Paragraph(
                page=page,
                lines=[(page, line.text[marker.end() :] if marker else line.text)],
                size=line.size,
                bold=line.bold,
                first=before is None,
                caption=CAPTION.match(line.text) is not None,
                marker=marker,
            )
        else:
            paragraph.lines.append((page, line.text))
        before = line
    if paragraph is not None:
        yield paragraph


def _begins(line: _Line, before: _Line, paragraph: Paragraph, column: tuple[float, float, float]) -> bool:
    """Whether a line begins a new paragraph."""
    left, right, leading = column
    ended = ENDED.search(before.text) is not None
    step = line.base - before.base
    leading = max(leading, 1.15 * line.size)
    if (
        step > 1.35 * leading
        or step < 0
        or abs(line.size - before.size) > 0.08 * before.size
        or line.bold != before.bold
    ):
        return True
    if marker := BULLET.match(line.text):
        return not marker["number"] or ended or paragraph.marker is not None
    if CAPTION.match(line.text) and ended:
        return True
    indented = line.x0 > left + 0.7 * line.size and before.x0 <= left + 0.7 * line.size
    if indented and ended and paragraph.marker is None:
        return True
    return ended and before.x1 < right - 0.2 * (right - left) and line.text[:1].isupper()
