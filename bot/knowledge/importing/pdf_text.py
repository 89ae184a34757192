"""What is printed on a page of a PDF: runs of characters with their place and look, and ruled lines; nothing hidden."""

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.knowledge.importing.material import LOWERED, RAISED, tidy

SPACE = 0.17
APART = 0.7
TINY_PT = 2.0
FAINT = 12
INVISIBLE = 3
THIN_PT = 2.5
SMALLEST_FIELD_PT = 4.0
MOST_SHAPES = 2_000
"""A page with more is a drawing: its shapes tell nothing about text, and comparing them all takes minutes."""


@dataclass(frozen=True, slots=True)
class Run:
    """Characters side by side. `top` and `bottom` count in points from the page's upper edge, `base` is their line."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    base: float
    size: float
    bold: bool

    @property
    def words(self) -> int:
        """How many."""
        return len(self.text.split())


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """One page. `rules` are its horizontal lines (x0, x1, y), `uprights` the vertical ones (x, top, bottom)."""

    number: int
    width: float
    height: float
    runs: tuple[Run, ...]
    rules: tuple[tuple[float, float, float], ...] = ()
    uprights: tuple[tuple[float, float, float], ...] = ()
    pictured: bool = False
    recognised: bool = False


@dataclass(slots=True)
class _Character:
    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    base: float
    size: float
    bold: bool
    spaced: bool = False


@dataclass(slots=True)
class _Drawn:
    """Filled areas with their colours, lines, and whether a picture covers most of the page."""

    areas: list[tuple[float, float, float, float, tuple[int, int, int] | None]]
    rules: list[tuple[float, float, float]]
    uprights: list[tuple[float, float, float]]
    pictured: bool = False


def read_sheet(page: Any, number: int) -> Sheet:
    """A page of pypdfium2. Text that no reader sees is left out, except a scan's recognised text on a picture."""
    left, bottom, right, top = page.get_cropbox()
    corner = min(left, right), min(bottom, top)
    width, height = abs(right - left), abs(top - bottom)
    drawn = _drawn(page, corner, width, height)
    seen = list(_characters(page, corner, (width, height), drawn, unseen=False))
    recognised = not any(character.text.isalnum() for character in seen) and drawn.pictured
    if recognised:
        seen = list(_characters(page, corner, (width, height), drawn, unseen=True))
    return Sheet(
        number=number,
        width=width,
        height=height,
        runs=tuple(_merged(_runs(seen))),
        rules=tuple(drawn.rules),
        uprights=tuple(drawn.uprights),
        pictured=drawn.pictured,
        recognised=recognised and bool(seen),
    )


def _drawn(page: Any, corner: tuple[float, float], width: float, height: float) -> _Drawn:
    from pypdfium2 import raw

    drawn = _Drawn([], [], [])
    left, bottom = corner
    for drawing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        if len(drawn.areas) + len(drawn.rules) + len(drawn.uprights) > MOST_SHAPES:
            break
        x0, y0, x1, y1 = drawing.get_bounds()
        x0, x1, top, end = x0 - left, x1 - left, height - (y1 - bottom), height - (y0 - bottom)
        if drawing.type == raw.FPDF_PAGEOBJ_IMAGE:
            drawn.areas.append((x0, x1, top, end, None))
            drawn.pictured |= (x1 - x0) * (end - top) > 0.5 * width * height
        elif end - top <= THIN_PT < x1 - x0:
            drawn.rules.append((x0, x1, (top + end) / 2))
        elif x1 - x0 <= THIN_PT < end - top:
            drawn.uprights.append(((x0 + x1) / 2, top, end))
        elif (colour := _fill(drawing, raw)) is not None:
            if min(x1 - x0, end - top) >= SMALLEST_FIELD_PT:
                drawn.areas.append((x0, x1, top, end, colour))
        else:
            drawn.rules += [(x0, x1, top), (x0, x1, end)]
            drawn.uprights += [(x0, top, end), (x1, top, end)]
    return drawn


def _fill(drawing: Any, raw: Any) -> tuple[int, int, int] | None:
    """The colour of a filled shape; None for an outline."""
    mode, stroked = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(drawing, mode, stroked)
    parts = [ctypes.c_uint() for _ in range(4)]
    if not mode.value or not raw.FPDFPageObj_GetFillColor(drawing, *parts) or parts[3].value < FAINT:
        return None
    return parts[0].value, parts[1].value, parts[2].value


def _characters(
    page: Any, corner: tuple[float, float], size: tuple[float, float], drawn: _Drawn, *, unseen: bool
) -> Iterator[_Character]:
    """The characters of a page as they were written; `unseen` takes the invisible ones too."""
    from pypdfium2 import raw

    text = page.get_textpage()
    (left, bottom), (width, height) = corner, size
    box, x, y, matrix = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double(), raw.FS_MATRIX()
    count = text.count_chars()
    turned = Counter(round(raw.FPDFText_GetCharAngle(text, at) / (math.pi / 2)) % 4 for at in range(count))
    upright = turned.most_common(1)[0][0] if turned else 0
    for at in range(count):
        code = raw.FPDFText_GetUnicode(text, at)
        angle = raw.FPDFText_GetCharAngle(text, at) / (math.pi / 2)
        if raw.FPDFText_IsGenerated(text, at) or code in {0, 0xFFFE, 0xFFFF} or abs(angle - round(angle)) > 0.05:
            continue
        if round(angle) % 4 != upright:
            continue
        raw.FPDFText_GetLooseCharBox(text, at, box)
        raw.FPDFText_GetCharOrigin(text, at, x, y)
        raw.FPDFText_GetMatrix(text, at, matrix)
        points = raw.FPDFText_GetFontSize(text, at) * math.hypot(matrix.c, matrix.d)
        x0, x1 = box.left - left, box.right - left
        top, end, base = height - (box.top - bottom), height - (box.bottom - bottom), height - (y.value - bottom)
        inside = -1 <= (x0 + x1) / 2 <= width + 1 and -1 <= base <= height + 1
        if not inside or (
            not unseen and (points < TINY_PT or _is_unseen(text, at, drawn, (x0 + x1) / 2, base - points / 3))
        ):
            continue
        if upright:
            x0, x1, top, end, base = _turned(upright, width, height, (x0, x1, top, end), x.value - left)
        said = "-" if code == 2 else chr(code)
        bold = raw.FPDFText_GetFontWeight(text, at) >= 600 or "bold" in _font(text, at, raw)
        yield _Character(said, x0, x1, top, end, base, points, bold)


def _turned(
    quarter: int, width: float, height: float, box: tuple[float, float, float, float], x: float
) -> tuple[float, float, float, float, float]:
    """A character's box and line on a page that lies on its side or head."""
    x0, x1, top, end = box
    if quarter == 3:
        return height - end, height - top, x0, x1, x
    if quarter == 1:
        return top, end, width - x1, width - x0, width - x
    return width - x1, width - x0, height - end, height - top, height - top


def _font(text: Any, at: int, raw: Any) -> str:
    name, flags = ctypes.create_string_buffer(96), ctypes.c_int()
    raw.FPDFText_GetFontInfo(text, at, name, 96, flags)
    return name.value.decode("utf-8", "ignore").casefold()


def _is_unseen(text: Any, at: int, drawn: _Drawn, x: float, y: float) -> bool:
    """Whether a character is invisible, clear, or has the colour of what it stands on."""
    from pypdfium2 import raw

    written = raw.FPDFText_GetTextObject(text, at)
    if written and raw.FPDFTextObj_GetTextRenderMode(written) == INVISIBLE:
        return True
    parts = [ctypes.c_uint() for _ in range(4)]
    if not raw.FPDFText_GetFillColor(text, at, *parts):
        return False
    *ink, clear = (part.value for part in parts)
    under: tuple[int, int, int] | None = (255, 255, 255)
    for x0, x1, top, end, colour in drawn.areas:
        if x0 <= x <= x1 and top <= y <= end:
            under = colour
    return clear < FAINT or (under is not None and max(abs(a - b) for a, b in zip(ink, under, strict=True)) < FAINT)


def _runs(characters: Sequence[_Character]) -> Iterator[Run]:
    """Neighbours in the order of writing that stand side by side."""
    run: list[_Character] = []
    spaced = False
    for character in characters:
        if character.text.isspace():
            spaced = True
            continue
        character.spaced, spaced = spaced, False
        if run and not _goes_on(run, character):
            yield _run(run)
            run = []
        run.append(character)
    if run:
        yield _run(run)


def _goes_on(run: list[_Character], character: _Character) -> bool:
    before = run[-1]
    size = max(before.size, character.size)
    overlap = min(before.bottom, character.bottom) - max(before.top, character.top)
    level = abs(before.base - character.base) < 0.1 * size or (
        overlap > 0.4 * min(before.bottom - before.top, character.bottom - character.top)
        and abs(before.base - character.base) < 0.6 * size
    )
    ligature = (character.x0, character.x1) == (before.x0, before.x1)
    return level and (ligature or -0.6 * size < character.x0 - before.x1 < APART * size)


def _run(characters: Sequence[_Character]) -> Run:
    size = Counter(round(character.size, 1) for character in characters).most_common(1)[0][0]
    size = max(size, 0.75 * max(character.size for character in characters))
    main = [character for character in characters if character.size > 0.8 * size] or list(characters)
    base = Counter(round(character.base, 1) for character in main).most_common(1)[0][0]
    parts = []
    for index, character in enumerate(characters):
        if index and (character.spaced or character.x0 - characters[index - 1].x1 > SPACE * size):
            parts.append(" ")
        rise = base - character.base if character.size < 0.85 * size else 0.0
        if abs(rise) > 0.1 * size and re.fullmatch(r"[\d+−-]", character.text):
            parts.append(character.text.translate(RAISED if rise > 0 else LOWERED))
        else:
            parts.append(character.text)
    return Run(
        text=tidy("".join(parts)),
        x0=min(character.x0 for character in characters),
        x1=max(character.x1 for character in characters),
        top=min(character.top for character in main),
        bottom=max(character.bottom for character in main),
        base=base,
        size=size,
        bold=sum(character.bold for character in characters) * 2 > len(characters),
    )


def _merged(runs: Iterator[Run]) -> list[Run]:
    """Runs that were written apart but stand on one line side by side become one."""
    ordered = sorted((run for run in runs if run.text), key=lambda run: (round(run.base), run.x0))
    merged: list[Run] = []
    for run in ordered:
        before = merged[-1] if merged else None
        if before and abs(before.base - run.base) < 0.3 * run.size and -1 < run.x0 - before.x1 < APART * run.size:
            space = " " if run.x0 - before.x1 > SPACE * run.size else ""
            merged[-1] = Run(
                f"{before.text}{space}{run.text}", before.x0, run.x1, min(before.top, run.top),
                max(before.bottom, run.bottom), before.base, max(before.size, run.size), before.bold and run.bold,
            )  # fmt: skip
        else:
            merged.append(run)
    return merged
