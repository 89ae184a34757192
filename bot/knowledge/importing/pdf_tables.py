"""Finds the tables of a page, by ruled lines or by columns of short text, and reads their rows."""

from collections.abc import Sequence
from itertools import pairwise

from bot.knowledge.importing.pdf_text import Run, Sheet

CLEAR_PT = 4.0
WORDS_A_CELL = 6.0


def lines_of(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs on one height together, from the top, each line from the left."""
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: run.base):
        if lines and abs(lines[-1][0].base - run.base) < 0.4 * min(run.size, lines[-1][0].size):
            lines[-1].append(run)
        else:
            lines.append([run])
    return [sorted(line, key=lambda run: run.x0) for line in lines]


def ruled_areas(sheet: Sheet) -> list[tuple[float, float, list[float]]]:
    """Where three or more rules of the same extent stand above each other: left, right, and their heights."""
    joined: list[tuple[float, float, float]] = []
    for x0, x1, y in sorted(sheet.rules, key=lambda rule: (round(rule[2]), rule[0])):
        if joined and abs(joined[-1][2] - y) < 1.5 and x0 - joined[-1][1] < CLEAR_PT:
            joined[-1] = (joined[-1][0], max(x1, joined[-1][1]), joined[-1][2])
        else:
            joined.append((x0, x1, y))
    areas: list[tuple[float, float, list[float]]] = []
    for x0, x1, y in sorted(joined, key=lambda rule: rule[2]):
        if x1 - x0 < 60:
            continue
        for left, right, heights in areas:
            if abs(left - x0) < 6 and abs(right - x1) < 6:
                if y - heights[-1] > 1.5:
                    heights.append(y)
                break
        else:
            areas.append((x0, x1, [y]))
    return [area for area in areas if len(area[2]) >= 3 and area[2][1] - area[2][0] < 0.2 * sheet.height]


def read_table(
    runs: Sequence[Run], rules: Sequence[float] = (), uprights: Sequence[float] = ()
) -> tuple[list[list[str]], int] | None:
    """The cells line by line and how many lines are heads; None where the runs are no table."""
    columns = _columns(runs, uprights)
    lines = lines_of(runs)
    if len(columns) < 2 or len(lines) < 2 or sum(run.words for run in runs) > WORDS_A_CELL * len(runs):
        return None
    banded = len(rules) >= 4
    grid: list[list[str]] = []
    bands: list[int] = []
    for line in lines:
        band = sum(rule < line[0].base for rule in rules)
        cells = ["" for _ in columns]
        for run in line:
            middle = (run.x0 + run.x1) / 2
            place = min(range(len(columns)), key=lambda at: _distance(columns[at], middle))
            cells[place] = f"{cells[place]} {run.text}".strip()
        together = bool(bands) and band == bands[-1] and (banded or (band == 1 and bool(rules)) or not cells[0])
        if together:
            grid[-1] = [f"{above} {cell}".strip() for above, cell in zip(grid[-1], cells, strict=True)]
        else:
            grid.append(cells)
            bands.append(band)
    return (grid, 1) if len(grid) > 1 else None


def _distance(column: tuple[float, float], x: float) -> float:
    return max(column[0] - x, x - column[1], 0.0)


def _columns(runs: Sequence[Run], uprights: Sequence[float]) -> list[tuple[float, float]]:
    """The columns' left and right ends: between upright lines, or where white space runs from top to bottom."""
    left, right = min(run.x0 for run in runs), max(run.x1 for run in runs)
    inner = sorted({round(x) for x in uprights if left + CLEAR_PT < x < right - CLEAR_PT})
    if inner:
        return list(pairwise([left, *map(float, inner), right]))
    columns: list[tuple[float, float]] = []
    for run in sorted((run for run in runs if run.x1 - run.x0 < 0.6 * (right - left)), key=lambda run: run.x0):
        if columns and run.x0 - columns[-1][1] < CLEAR_PT:
            columns[-1] = (columns[-1][0], max(columns[-1][1], run.x1))
        else:
            columns.append((run.x0, run.x1))
    return columns
