"""Is a difference more than chance? Paired bootstrap by case (Efron and Tibshirani 1993, percentile intervals)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from bot.evaluation.metrics import BY_NAME, DECIDING

RESAMPLES = 10_000
LEVEL = 0.95
TOGETHER = 0.99
"""How surely all deciding metrics hold at once: more, since these intervals are too narrow where few cases change."""
Values = Mapping[str, Mapping[str, float]]
"""Of each case, by name, its values by metric."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """A mean over `cases` with its interval."""

    mean: float
    low: float
    high: float
    cases: int

    def describe(self, digits: int) -> str:
        """The mean and, in brackets, its interval."""
        mean, low, high = (f"{value:.{digits}f}" for value in (self.mean, self.low, self.high))
        return f"{mean} ({low}–{high})"


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """What B has more than A of one metric. `before` and `after` are the means, `changed` the cases whose value did."""

    metric: str
    before: float
    after: float
    low: float
    high: float
    changed: int
    cases: int

    @property
    def mean(self) -> float:
        """The difference of the means."""
        return self.after - self.before

    @property
    def is_clear(self) -> bool:
        """Does the interval leave zero out?"""
        return self.low > 0 or self.high < 0

    @property
    def verdict(self) -> str:
        """`better`, `worse`, `higher`, `lower`, or `no difference` where the interval holds zero."""
        if not self.is_clear:
            return "no difference"
        direction = BY_NAME[self.metric].better
        if direction == 0:
            return "higher" if self.low > 0 else "lower"
        return "better" if (self.low > 0) == (direction > 0) else "worse"


def estimate(values: Values, metric: str, seed: int = 0) -> Estimate | None:
    """The mean of a metric over the cases that have it; None where none has."""
    own = np.array([scores[metric] for scores in values.values() if metric in scores])
    if not len(own):
        return None
    means = _weights(len(own), seed) @ own / len(own)
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(mean=float(own.mean()), low=float(low), high=float(high), cases=len(own))


def compare(before: Values, after: Values, metrics: Sequence[str], seed: int = 0) -> tuple[Difference, ...]:
    """What differs, metric by metric, over the cases that both sides have.

    The intervals of the metrics that decide hold together (Bonferroni), so that one of a dozen isn't told different by
    chance alone.
    """
    names = sorted(before.keys() & after.keys())
    together = 1 - (1 - TOGETHER) / max(1, sum(metric in DECIDING for metric in metrics))
    found = (
        _difference(metric, names, (before, after), together if metric in DECIDING else LEVEL, seed)
        for metric in metrics
    )
    return tuple(one for one in found if one is not None)


def _difference(
    metric: str, names: Sequence[str], sides: tuple[Values, Values], level: float, seed: int
) -> Difference | None:
    """A case that only one side has a value for (only one abstained, say) counts for that side."""
    old, held = _column(sides[0], names, metric)
    new, holds = _column(sides[1], names, metric)
    if not held.any() or not holds.any():
        return None
    weights = _weights(len(names), seed)
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = weights @ new / (weights @ holds) - weights @ old / (weights @ held)
    spread = spread[np.isfinite(spread)]
    margin = (1 - level) / 2
    low, high = np.quantile(spread, [margin, 1 - margin])
    return Difference(
        metric=metric,
        before=float(old.sum() / held.sum()),
        after=float(new.sum() / holds.sum()),
        low=_zero(low),
        high=_zero(high),
        changed=int(((old != new) | (held != holds)).sum()),
        cases=int((held | holds).sum()),
    )


def _zero(value: float) -> float:
    """Rounding errors of a sum are no difference."""
    return 0.0 if abs(value) < 1e-9 else float(value)


def _column(values: Values, names: Sequence[str], metric: str) -> "tuple[np.ndarray, np.ndarray]":
    held = np.array([metric in values[name] for name in names], dtype=bool)
    return np.array([values[name].get(metric, 0.0) for name in names]), held


@cache
def _weights(cases: int, seed: int) -> "np.ndarray":
    """How often each resample draws each case."""
    random = np.random.default_rng(seed)
    return random.multinomial(cases, np.full(cases, 1 / cases), size=RESAMPLES).astype(float)
