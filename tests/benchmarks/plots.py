"""Measured values as an SVG file that is readable on light and dark pages."""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 150, 40, 50
"""Pixels around the plotted area; the names of the lines stand on its right."""
LINE = 16
"""Pixels that a line's name needs at least."""
DASHES = ("", "6 3", "2 3", "8 3 2 3")
STYLE = """
text{font:12px sans-serif;fill:#24292f}.title{font-size:14px;font-weight:bold}.axis,.grid{stroke:#57606a}
.grid{opacity:.25}path{fill:none;stroke-width:2}.s0{stroke:#0550ae}.s1{stroke:#b35900}.s2{stroke:#116329}
.s3{stroke:#8250df}.s4{stroke:#a40e26}.s5{stroke:#57606a}circle{stroke-width:2;fill:#fff}.limit{stroke:#a40e26}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.axis,.grid{stroke:#9198a1}circle{fill:#0d1117}.s0{stroke:#79c0ff}
.s1{stroke:#ffa657}.s2{stroke:#7ee787}.s3{stroke:#d2a8ff}.s4{stroke:#ff7b72}.s5{stroke:#9198a1}.limit{stroke:#ff7b72}}
"""


@dataclass(frozen=True, kw_only=True)
class Series:
    """One line of a plot: its name, and its points (x, y)."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, kw_only=True)
class Axis:
    """What is measured along an axis, with its unit; on a logarithmic one every value must be above 0."""

    label: str
    is_log: bool = False


def draw(title: str, x: Axis, y: Axis, series: Sequence[Series], *, limit: float | None = None) -> str:
    """The plot as SVG. `limit` is drawn as a line across: what was to be kept.

    Raises ValueError where there is no point, or one can't stand on a logarithmic axis.
    """
    points = [point for one in series for point in one.points]
    if not points:
        raise ValueError("a plot needs at least one point")
    across = _Scale.over([a for a, _ in points], LEFT, WIDTH - RIGHT, x)
    up = _Scale.over([b for _, b in points] + ([limit] if limit is not None else []), HEIGHT - BOTTOM, TOP, y)
    parts = [f'<text class="title" x="{LEFT}" y="20">{escape(title)}</text>', *_axes(across, up, x, y)]
    if limit is not None:
        level = up.place(limit)
        parts.append(f'<line class="limit" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{level}" y2="{level}"/>')
        parts.append(f'<text x="{LEFT + 4}" y="{level - 4}">at most {_tell(limit)}</text>')
    drawn = [(number, one) for number, one in enumerate(series) if one.points]
    levels = _apart([up.place(one.points[-1][1]) for _, one in drawn])
    for (number, one), level in zip(drawn, levels, strict=True):
        parts += _line(one, number, level, across.place, up.place)
    inner = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="{escape(title)}">\n<style>{STYLE}</style>\n{inner}\n</svg>\n'
    )


@dataclass(frozen=True, kw_only=True)
class _Scale:
    """From values to pixels."""

    low: float
    high: float
    start: float
    end: float
    is_log: bool
    ticks: tuple[float, ...]

    @classmethod
    def over(cls, values: Sequence[float], start: float, end: float, axis: Axis) -> "_Scale":
        if axis.is_log:
            if min(values) <= 0:
                raise ValueError(f"{axis.label}: a logarithmic axis has no place for {min(values)}")
            low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
            high = max(high, low + 1)
            ticks = tuple(10.0**power for power in range(low, high + 1))
        else:
            step = _round_step(max(values) - min(0.0, *values))
            low = math.floor(min(0.0, *values) / step)
            high = max(math.ceil(max(values) / step), low + 1)
            ticks = tuple(number * step for number in range(low, high + 1))
        return cls(low=ticks[0], high=ticks[-1], start=start, end=end, is_log=axis.is_log, ticks=ticks)

    def place(self, value: float) -> float:
        if self.is_log:
            share = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)


def _round_step(reach: float) -> float:
    """1, 2 or 5 times a power of ten, so that an axis has at most about six of them."""
    least = (reach or 1.0) / 6
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least * (1 - 1e-9))


def _axes(across: _Scale, up: _Scale, x: Axis, y: Axis) -> list[str]:
    right, bottom, middle = WIDTH - RIGHT, HEIGHT - BOTTOM, (HEIGHT - BOTTOM + TOP) / 2
    parts = [
        f'<line class="axis" x1="{LEFT}" x2="{right}" y1="{bottom}" y2="{bottom}"/>',
        f'<line class="axis" x1="{LEFT}" x2="{LEFT}" y1="{TOP}" y2="{bottom}"/>',
        f'<text text-anchor="middle" x="{(LEFT + right) / 2}" y="{HEIGHT - 10}">{escape(x.label)}</text>',
        f'<text text-anchor="middle" transform="rotate(-90 16 {middle})" x="16" y="{middle}">{escape(y.label)}</text>',
    ]
    for tick in across.ticks:
        at = across.place(tick)
        parts.append(f'<line class="grid" x1="{at}" x2="{at}" y1="{TOP}" y2="{bottom}"/>')
        parts.append(f'<text text-anchor="middle" x="{at}" y="{bottom + 16}">{_tell(tick)}</text>')
    for tick in up.ticks:
        at = up.place(tick)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{right}" y1="{at}" y2="{at}"/>')
        parts.append(f'<text text-anchor="end" x="{LEFT - 6}" y="{at + 4}">{_tell(tick)}</text>')
    return parts


def _line(
    one: Series, number: int, level: float, across: Callable[[float], float], up: Callable[[float], float]
) -> list[str]:
    """A series: its line, its points, which tell their values, and its name at `level`."""
    places = [(across(a), up(b)) for a, b in one.points]
    way = "M" + " L".join(f"{a} {b}" for a, b in places)
    kind, dashes = f"s{number % 6}", DASHES[number % len(DASHES)]
    parts = [f'<path class="{kind}" stroke-dasharray="{dashes}" d="{way}"/>']
    for (a, b), (value, measured) in zip(places, one.points, strict=True):
        told = escape(f"{one.name}: {_tell(measured)} at {_tell(value)}")
        parts.append(f'<circle class="{kind}" cx="{a}" cy="{b}" r="3.5"><title>{told}</title></circle>')
    parts.append(f'<text x="{places[-1][0] + 8}" y="{level + 4}">{escape(one.name)}</text>')
    return parts


def _apart(levels: Sequence[float]) -> list[float]:
    """The same levels, moved so far that no two names overlap and none stands below the plot."""
    order = sorted(range(len(levels)), key=lambda number: levels[number])
    moved = list(levels)
    for before, number in itertools.pairwise(order):
        moved[number] = max(moved[number], moved[before] + LINE)
    limit = float(HEIGHT - BOTTOM)
    for number in reversed(order):
        moved[number] = min(moved[number], limit)
        limit = moved[number] - LINE
    return moved


def _tell(value: float) -> str:
    """A number as a reader writes it: 100,000; 12.5; 0.05."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == round(value) else f"{value:.3g}"
