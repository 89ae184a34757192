"""The figures that readers are told: written by whoever measures, refused where nobody can have measured them."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.channels.about import Facts, describe_figures, of_writer, sections
from bot.domain.errors import ConfigurationError
from bot.domain.validation import Figure
from bot.evaluation.intervals import Estimate
from bot.evaluation.metrics import METRICS
from bot.evaluation.outcome import Result
from bot.evaluation.validation import NAME, figures_of, read_figures, write_figures
from bot.places import shipped
from bot.prompts import load_set
from bot.prompts.cases import FOLDER

WORDINGS = load_set(shipped("prompts"), shipped("prompts")).wordings
ENGLISH = WORDINGS["en"]
DAY = date(2026, 11, 22)


def figure(name: str = "outcome", **changes: Any) -> Figure:
    values = {"name": name, "value": 0.8163, "n": 98, "date": DAY, "command": "footnote eval --renew", **changes}
    return Figure(**values)


def result(**estimates: Estimate) -> Result:
    return Result(sides=("extractive",), estimates={"extractive": estimates}, differences=(), changes=(), records=())


def test_a_run_gives_a_figure_for_each_metric_of_which_more_is_better() -> None:
    measured = result(
        outcome=Estimate(mean=0.81634, low=0.7, high=0.9, cases=98),
        restraint=Estimate(mean=1.0, low=1.0, high=1.0, cases=14),
        words=Estimate(mean=99, low=90, high=110, cases=98),
    )
    outcome, restraint = figures_of(measured, "extractive", on=DAY, command="a command")
    assert (outcome.name, outcome.value, outcome.low, outcome.n) == ("outcome", 0.8163, 0.7, 98)
    assert (restraint.value, restraint.low, restraint.high, restraint.n) == (1.0, None, None, 14)


def test_what_is_measured_anew_takes_the_place_of_what_was_and_all_else_stays(tmp_path: Path) -> None:
    path = tmp_path / NAME
    assert read_figures(path) == ()
    other = figure("emergencies", writer="", command="another command")
    write_figures(path, [figure(writer="extractive"), other])
    write_figures(path, [figure(writer="extractive", value=0.9), figure(writer="openai:any")])
    assert set(read_figures(path)) == {
        figure(writer="extractive", value=0.9),
        figure(writer="openai:any"),
        other,
    }


@pytest.mark.parametrize("changes", [{"value": 1.2}, {"value": -0.1}, {"n": 0}, {"low": 0.1}])
def test_what_nobody_can_have_measured_is_refused(changes: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"outcome"):
        figure(**changes)
    path = tmp_path / NAME
    kept = {"name": "outcome", "value": 0.5, "n": 2, "date": "2026-11-22", "command": "x", **changes}
    path.write_text(json.dumps([kept]), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="footnote eval --renew"):
        read_figures(path)


@pytest.mark.parametrize("text", ["", "{", '[{"name": 1}]', '[{"date": "x"}]', "[7]", '{"a": 1}'])
def test_a_broken_file_is_named_with_its_remedy(text: str, tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=NAME):
        read_figures(path)


def test_the_shipped_figures_can_be_read_and_those_of_the_cases_are_of_metrics_that_there_are() -> None:
    figures = read_figures(shipped("prompts") / FOLDER / NAME)
    assert {one.name for one in figures if "footnote eval" in one.command} <= {metric.name for metric in METRICS}
    assert any(one.name == "abstention_recall" for one in figures), "also what is measured badly is told"
    assert all(one.command for one in figures)


@pytest.mark.parametrize("language", sorted(WORDINGS))
def test_figures_are_told_in_every_language_with_interval_number_and_day(language: str) -> None:
    wording = WORDINGS[language]
    strange = figure("something-without-a-sentence", value=0.123)
    told = describe_figures([figure("facts", value=0.999), figure(low=0.73, high=0.89), strange], wording)
    assert "2026-11-22" in told
    lines = told.splitlines()[1:]
    assert lines[0].startswith(f"• {wording.say('figure.outcome')}: 82 % (95")
    assert "73–89 %, n=98)" in lines[0]
    assert lines[1] == f"• {wording.say('about.figure', what=wording.say('figure.facts'), value=99, n=98)}"
    assert len(lines) == 2


def test_without_figures_none_are_claimed() -> None:
    assert describe_figures([], ENGLISH) == ENGLISH.say("about.no_figures")


@pytest.mark.parametrize("language", sorted(WORDINGS))
def test_the_page_says_for_whom_and_for_what_not_how_and_where_its_limits_are(language: str) -> None:
    facts = Facts(version="1", models=(), documents=(), figures=[figure()])
    page = sections(facts, WORDINGS[language])
    assert len({one.title for one in page}) == len(page) == 8
    text = "\n".join(f"{one.title}\n{one.text}" for one in page)
    assert "2017/745" in text
    assert "520(o)(1)(E)" in text
    assert "82 %" in text
    seen_at_once = [one.title for one in page if not one.folded]
    assert WORDINGS[language].say("about.not_title") in seen_at_once
    assert WORDINGS[language].say("about.limits_title") in seen_at_once


def test_only_figures_of_whoever_writes_are_told() -> None:
    of_all, quoting, other = figure("red_flags"), figure(writer="extractive"), figure(writer="openai:other")
    assert of_writer([of_all, quoting, other]) == [of_all, quoting]
    assert of_writer([of_all, quoting, other], ["openai:other", "openai:judge"]) == [of_all, other]
