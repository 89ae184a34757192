"""A run as lines to read on a screen."""

from collections.abc import Iterator

from bot.evaluation.metrics import METRICS
from bot.evaluation.outcome import Result


def describe_result(result: Result) -> Iterator[str]:
    """The scores of each side, what differs, and how far a judge agrees."""
    differences = {one.metric: one for one in result.differences}
    yield f"{'':22}{''.join(f'{side[-22:]:>24}' for side in result.sides)}"
    for metric in METRICS:
        found = [result.estimates[side].get(metric.name) for side in result.sides]
        if not any(found):
            continue
        cells = "".join(f"{one.describe(metric.digits) if one else '–':>24}" for one in found)
        difference = differences.get(metric.name)
        yield f"{metric.title:22}{cells}{f'   {difference.verdict}' if difference else ''}"
    if result.differences:
        first, second = result.sides
        words = (
            "no difference is shown"
            if result.verdict == "no difference"
            else f"{second} is {result.verdict} than {first}"
        )
        yield f"\n{words}; {len(result.changes)} cases changed"
    if result.judgement:
        told = result.judgement
        kappa = "not defined" if told.kappa is None else f"{told.kappa:.2f}"
        yield f"\n{told.model} agrees with the gate on {told.agreement:.0%} of {told.claims} claims (kappa {kappa})"
