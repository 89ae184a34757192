"""On the shipped library both sides are shown where sources disagree, and nowhere else."""

import asyncio

from tests.benchmarks.disagreements import OTHER_WORDS, QUESTIONS, ask, read_cases


def test_both_sides_are_shown_where_sources_disagree_and_only_there() -> None:
    asked, _ = asyncio.run(ask(read_cases(QUESTIONS)))
    assert {bool(case.between) for case, _ in asked} == {True, False}
    assert [case.question for case, outcome in asked if not case.is_met(outcome)] == []


def test_the_same_in_other_words_is_shown_as_well() -> None:
    asked, _ = asyncio.run(ask(read_cases(OTHER_WORDS)))
    assert [case.question for case, outcome in asked if not case.is_met(outcome)] == []
