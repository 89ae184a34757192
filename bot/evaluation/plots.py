"""Values with their intervals as SVG that stands in a page by itself."""

from collections.abc import Sequence
from html import escape

from bot.evaluation.intervals import Difference, Estimate
from bot.evaluation.metrics import Metric

WIDTH, HEIGHT, MARGIN = 300, 26, 10
"""Pixels of one plot, and of the space on both of its sides."""
MIDDLE = HEIGHT / 2


def draw_estimate(metric: Metric, sides: Sequence[tuple[str, Estimate]]) -> str:
    """Each side's mean with its interval between 0 and 1, or between 0 and the highest end."""
    top = 1.0 if metric.better else max((one.high for _, one in sides), default=1.0) or 1.0
    step = HEIGHT / (len(sides) + 1)
    parts = [f'<line class="axis" x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{HEIGHT - 1}" y2="{HEIGHT - 1}"/>']
    for number, (name, one) in enumerate(sides):
        y = step * (number + 1)
        told = f"{name}: {one.mean:.{metric.digits}f} ({one.low:.{metric.digits}f} to {one.high:.{metric.digits}f})"
        parts.append(_mark(f"side{number}", (one.low / top, one.mean / top, one.high / top), y, told))
    return _frame(metric.title, parts)


def draw_difference(metric: Metric, difference: Difference) -> str:
    """The difference with its interval around zero."""
    reach = max(abs(difference.low), abs(difference.high), abs(difference.mean), 0.05 if metric.better else 1e-9)
    low, mean, high = ((value / reach + 1) / 2 for value in (difference.low, difference.mean, difference.high))
    about, start, end = (f"{value:+.{metric.digits}f}" for value in (difference.mean, difference.low, difference.high))
    zero = _x(0.5)
    parts = [
        f'<line class="axis" x1="{zero}" x2="{zero}" y1="2" y2="{HEIGHT - 2}"/>',
        _mark(difference.verdict.replace(" ", "-"), (low, mean, high), MIDDLE, f"{about} ({start} to {end})"),
    ]
    return _frame(f"{metric.title}: difference", parts)


def _mark(kind: str, place: tuple[float, float, float], y: float, told: str) -> str:
    """A dot on its line; `place` holds low end, mean and high end from 0 to 1."""
    low, mean, high = place
    return (
        f'<g class="{kind}"><title>{escape(told)}</title>'
        f'<line x1="{_x(low)}" x2="{_x(high)}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<circle cx="{_x(mean)}" cy="{y:.1f}" r="4"/></g>'
    )


def _x(share: float) -> float:
    return round(MARGIN + min(1.0, max(0.0, share)) * (WIDTH - 2 * MARGIN), 1)


def _frame(label: str, parts: Sequence[str]) -> str:
    inner = "".join(parts)
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}">{inner}</svg>'
