"""Tells the columns of a page apart and puts them into the order in which they are read."""

from collections.abc import Sequence
from statistics import median

from bot.knowledge.importing.pdf_tables import lines_of
from bot.knowledge.importing.pdf_text import Run

GUTTER_PT = 3.0


def split_columns(runs: Sequence[Run]) -> list[list[Run]]:
    """The runs of a page in groups that are read one after the other, each from top to bottom."""
    gutter = _gutter(runs) if len(runs) >= 6 else None
    if gutter is None:
        return _with_notes_apart(runs)
    across = _with_last_lines([run for run in runs if _crosses(run, gutter)], runs)
    groups: list[list[Run]] = []
    spanning: list[Run] = []
    rest = [run for run in runs if run not in across]
    for index, run in enumerate([*across, None]):
        above = across[index - 1].base if index else float("-inf")
        below = run.base if run is not None else float("inf")
        band = [other for other in rest if above <= other.base < below]
        if band:
            groups += [spanning] if spanning else []
            spanning = []
            groups += split_columns([other for other in band if other.x1 <= gutter])
            groups += split_columns([other for other in band if other.x1 > gutter])
        if run is not None:
            spanning.append(run)
    return groups + ([spanning] if spanning else [])


def _with_notes_apart(runs: Sequence[Run]) -> list[list[Run]]:
    """One column, and after it the few words that stand in the margin beside it."""
    ordered = sorted(runs, key=lambda run: run.base)
    long = [run for run in runs if run.words >= 6]
    if len(long) < 5:
        return [ordered] if ordered else []
    left, right = sorted(run.x0 for run in long)[len(long) // 10], max(run.x1 for run in long)
    notes = [run for run in ordered if run.x1 < left - GUTTER_PT or run.x0 > right + GUTTER_PT]
    if not notes or len(notes) > 0.25 * len(runs):
        return [ordered]
    return [[run for run in ordered if run not in notes], notes]


def _with_last_lines(across: list[Run], runs: Sequence[Run]) -> list[Run]:
    """Lines over the whole width, and the short lines that close their paragraphs, from the top."""
    whole = sorted(across, key=lambda run: run.base)
    lines = {id(run): line for line in lines_of(runs) for run in line}
    alone = [run for run in runs if len(lines[id(run)]) == 1]
    for above in whole:
        for run in alone:
            step = run.base - above.base
            follows = 0.5 * run.size < step < 1.6 * run.size and abs(run.size - above.size) < 0.08 * run.size
            inside = above.x0 - run.size <= run.x0 and run.x1 <= above.x1 + run.size
            if follows and inside and run not in whole:
                whole.append(run)
    return sorted(whole, key=lambda run: run.base)


def _crosses(run: Run, x: float) -> bool:
    return run.x0 < x - GUTTER_PT + 1 and run.x1 > x + GUTTER_PT - 1


def _gutter(runs: Sequence[Run]) -> float | None:
    """Where white space parts two columns of running text; None where there is one column, or a table."""
    left, right = min(run.x0 for run in runs), max(run.x1 for run in runs)
    best: tuple[int, float] | None = None
    places = [left + (right - left) * step / 200 for step in range(40, 161)]
    for x in places:
        one = [run for run in runs if run.x1 <= x - GUTTER_PT]
        other = [run for run in runs if run.x0 >= x + GUTTER_PT]
        crossing = len(runs) - len(one) - len(other)
        if min(len(one), len(other)) < 3 or crossing > 0.35 * len(runs):
            continue
        together = min(max(r.base for r in one), max(r.base for r in other)) > max(
            min(r.base for r in one), min(r.base for r in other)
        )
        ranked = (crossing, abs(x - (left + right) / 2))
        if together and (best is None or ranked < (best[0], abs(best[1] - (left + right) / 2))):
            best = (crossing, x)
    if best is None:
        return None
    sides = ([r for r in runs if r.x1 <= best[1]], [r for r in runs if r.x0 >= best[1]])
    return best[1] if all(_is_prose(side) for side in sides) else None


def _is_prose(runs: Sequence[Run]) -> bool:
    """Whether most lines fill their column with several words; a side may hold two columns itself."""
    if median(run.words for run in runs) >= 4:
        return True
    lines = lines_of(runs)
    width = max(run.x1 for run in runs) - min(run.x0 for run in runs)
    filled = [line[-1].x1 - line[0].x0 for line in lines]
    return median(filled) >= 0.6 * width and median(sum(run.words for run in line) for line in lines) >= 3
