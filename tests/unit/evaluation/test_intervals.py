"""What is told different is different, and chance alone is told so seldom."""

import random

import pytest

from bot.evaluation.intervals import Values, compare, estimate
from bot.evaluation.metrics import DECIDING

CASES = [f"case-{number}" for number in range(98)]


def test_a_run_compared_with_itself_shows_no_difference() -> None:
    values = {name: {"outcome": float(number % 3 > 0)} for number, name in enumerate(CASES)}
    (one,) = compare(values, values, ["outcome"])
    assert (one.mean, one.low, one.high, one.verdict, one.changed) == (0, 0, 0, "no difference", 0)


def test_a_clear_loss_is_told_worse_and_its_interval_leaves_zero_out() -> None:
    before = {name: {"groundedness": 1.0, "words": 100.0} for name in CASES}
    after = {name: {"groundedness": 0.6, "words": 140.0} for name in CASES}
    grounded, words = compare(before, after, ["groundedness", "words"])
    assert (grounded.verdict, words.verdict) == ("worse", "higher")
    assert grounded.high < 0
    (better,) = compare(after, before, ["groundedness"])
    assert better.verdict == "better"


def test_one_case_out_of_many_proves_nothing() -> None:
    before = {name: {"outcome": 1.0} for name in CASES}
    after = {**before, "case-0": {"outcome": 0.0}}
    (one,) = compare(before, after, ["outcome"])
    assert (one.changed, one.verdict) == (1, "no difference")


def test_a_metric_that_only_some_cases_have_is_compared_over_these() -> None:
    before: Values = {name: {"abstention_precision": 1.0} if number < 20 else {} for number, name in enumerate(CASES)}
    after: Values = {name: {"abstention_precision": 0.0} if number < 30 else {} for number, name in enumerate(CASES)}
    (one,) = compare(before, after, ["abstention_precision", "facts"])
    assert (one.before, one.after, one.cases, one.verdict) == (1.0, 0.0, 30, "worse")


def test_the_same_thing_with_other_luck_is_told_different_at_most_3_times_out_of_50() -> None:
    told = 0
    for seed in range(50):
        first, second = (moody(random.Random(f"{seed} {side}")) for side in "ab")
        told += any(one.is_clear for one in compare(first, second, DECIDING, seed))
    assert told <= 3


def moody(luck: random.Random) -> Values:
    """Every case has its own chance in every metric; which it has is the same on both sides."""
    chances = random.Random("cases")
    return {
        name: {metric: float(luck.random() < chances.choice((0.5, 0.8, 0.95))) for metric in DECIDING} for name in CASES
    }


def test_a_mean_lies_in_its_interval() -> None:
    values = {name: {"facts": float(number % 4 > 0)} for number, name in enumerate(CASES)}
    found = estimate(values, "facts")
    assert found is not None
    assert found.low < found.mean < found.high
    assert found.mean == pytest.approx(sum(v["facts"] for v in values.values()) / len(CASES))
    assert estimate(values, "rewrite") is None
