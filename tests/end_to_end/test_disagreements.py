"""On the shipped library both sides are shown where sources disagree, and nowhere else."""

import asyncio

from bot.domain.answers import Answer
from tests.benchmarks.disagreements import OTHER_WORDS, QUESTIONS, Case, ask, read_cases


def test_both_sides_are_shown_where_sources_disagree_and_only_there() -> None:
    asked, _ = asyncio.run(ask(read_cases(QUESTIONS)))
    assert {bool(case.between) for case, _ in asked} == {True, False}
    assert [case.question for case, outcome in asked if not case.is_met(outcome)] == []


def test_the_same_in_other_words_is_shown_as_well() -> None:
    asked, _ = asyncio.run(ask(read_cases(OTHER_WORDS)))
    assert [case.question for case, outcome in asked if not case.is_met(outcome)] == []


def test_no_matter_is_set_apart_twice() -> None:
    questions = ("What is the dose of rituximab?", "How safe are JAK inhibitors in JDM?", "Does rituximab work in JDM?")
    asked, _ = asyncio.run(ask([Case(question=question) for question in questions]))
    for case, outcome in asked:
        assert isinstance(outcome, Answer), case.question
        topics = [each.topic for each in outcome.disagreements]
        assert topics, case.question
        assert len(topics) == len(set(topics)), case.question
