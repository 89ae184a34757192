"""A run is written down as it goes on, can be gone on with, and becomes a page that needs nothing else."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.domain.answers import SupportLabel
from bot.domain.errors import ConfigurationError
from bot.domain.messages import Audience
from bot.evaluation.baseline import compare_baseline, describe_losses, read_baseline, write_baseline
from bot.evaluation.capture import capture
from bot.evaluation.cases import Case
from bot.evaluation.forecast import foresee
from bot.evaluation.judging import ask_judge
from bot.evaluation.metrics import Seen
from bot.evaluation.outcome import Judgement, conclude
from bot.evaluation.promptfoo import export_cases
from bot.evaluation.records import Run, append, open_log, read_log, values_of
from bot.evaluation.report import mark, write_report
from bot.evaluation.running import digest_cases, run_cases
from tests.unit.evaluation.replies import abstention, answer, case, seen

CASES = [case(name=f"case-{number}", must_cite=(("trial",),)) for number in range(12)]
RUN = Run(sides={"a": {"model": "extractive"}}, knowledge="k", cases="c")
NOW = datetime(2026, 11, 22, tzinfo=UTC)


class Player:
    """Replies to every case, and remembers which; from the `breaks_at`th on it fails."""

    def __init__(self, *, good: bool = True, breaks_at: int = 1000) -> None:
        self.played: list[str] = []
        self.good, self.breaks_at = good, breaks_at

    async def __call__(self, one: Case) -> Seen:
        if len(self.played) >= self.breaks_at:
            raise KeyboardInterrupt
        self.played.append(one.name)
        return seen(answer("It was 5 mg.") if self.good else abstention())


async def test_every_case_is_played_and_written_down_in_order(tmp_path: Path) -> None:
    player, told = Player(), []
    records = await run_cases(
        CASES, {"a": player}, RUN, tmp_path / "x" / "run.jsonl", at_once=3, progress=lambda *at: told.append(at)
    )
    assert [record["case"] for record in records] == [one.name for one in CASES]
    first, kept = read_log(tmp_path / "x" / "run.jsonl")
    assert first is not None
    assert first["knowledge"] == "k"
    assert {record["case"] for record in kept} == {one.name for one in CASES}
    assert (told[0], told[-1]) == ((0, 12), (12, 12))


async def test_a_stopped_run_goes_on_where_it_was(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    whole = await run_cases(CASES, {"a": Player()}, RUN, path, at_once=1)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:6], lines[6][:40]]), encoding="utf-8")
    player = Player()
    again = await run_cases(CASES, {"a": player}, RUN, path, at_once=1)
    assert player.played == [one.name for one in CASES[5:]]
    assert again == whole
    assert len(read_log(path)[1]) == len(CASES)


async def test_a_case_of_which_a_side_is_missing_is_played_on_both(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    run = Run(sides={"a": {}, "b": {}}, knowledge="k", cases="c", same_passages=True)
    await run_cases(CASES, {"a": Player(), "b": Player()}, run, path, at_once=1)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    first, second = Player(), Player()
    records = await run_cases(CASES, {"a": first, "b": second}, run, path, at_once=1)
    assert first.played == second.played == ["case-11"]
    assert len(records) == 2 * len(CASES)


async def test_a_run_that_had_ended_or_is_about_something_else_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    await run_cases(CASES, {"a": Player()}, RUN, path, at_once=4)
    player = Player()
    await run_cases(CASES, {"a": player}, RUN, path, at_once=4)
    assert len(player.played) == len(CASES)
    append(path, [])
    assert open_log(path, Run(sides={}, knowledge="other", cases="c")) == []


def test_a_file_that_holds_no_run_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text("[1]\nnothing\n", encoding="utf-8")
    assert open_log(path, RUN) == []
    assert json.loads(path.read_text(encoding="utf-8"))["run"]["knowledge"] == "k"


def test_cases_that_expect_something_else_are_other_cases() -> None:
    assert digest_cases([case()]) == digest_cases([case()])
    assert digest_cases([case()]) != digest_cases([case(must_say=(("5",),))])


async def compared(tmp_path: Path) -> list[Any]:
    run = Run(sides={"old": {}, "new <b>": {}}, knowledge="k", cases="c")
    sides = {"old": Player(), "new <b>": Player(good=False)}
    return await run_cases(CASES, sides, run, tmp_path / "run.jsonl", at_once=4)


async def test_the_page_tells_what_is_worse_shows_what_changed_and_needs_nothing_else(tmp_path: Path) -> None:
    result = conclude(await compared(tmp_path), ["old", "new <b>"])
    assert result.verdict == "worse"
    assert len(result.changes) == len(CASES)
    page = write_report(result, {"Cases": "12"}, NOW)
    assert "<b>new &lt;b&gt;</b> is worse than <b>old</b>" in page
    assert page.count("<article") == len(CASES)
    assert "<del>It</del>" in page
    assert "<ins>found</ins>" in page
    assert 'href="#p' in page
    assert "What the trial says." in page
    assert "<svg" in page
    assert not [strange for strange in ("<script", "http:", "https:", "<link", "<img", "@import") if strange in page]


async def test_a_page_of_one_side_shows_the_cases_that_fall_short(tmp_path: Path) -> None:
    records = await run_cases(CASES, {"a": Player(good=False)}, RUN, tmp_path / "run.jsonl", at_once=4)
    result = conclude(records, ["a"])
    page = write_report(result, {}, NOW)
    assert "12 cases, 12 of them fall short" in page
    assert json.loads(json.dumps(result.as_json()))["verdict"] is None


def test_words_that_differ_are_marked_on_their_side() -> None:
    assert mark("It may help <x>.", "It should help <x>.") == (
        "It <del>may</del> help &lt;x&gt;.",
        "It <ins>should</ins> help &lt;x&gt;.",
    )


async def test_the_baseline_keeps_each_writers_scores_and_tells_a_loss(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    records = await compared(tmp_path)
    good, bad = values_of(records, "old"), values_of(records, "new <b>")
    assert read_baseline(path, "a") is None
    write_baseline(path, "a", good)
    write_baseline(path, "b", bad)
    kept = read_baseline(path, "a")
    assert kept is not None
    assert kept.keys() == good.keys()
    assert compare_baseline(kept, good).losses == ()
    lost = compare_baseline(kept, bad).losses
    assert {one.metric for one in lost} >= {"outcome", "citation_recall"}
    assert "Citation recall fell from 1.00 to 0.00" in " ".join(describe_losses(lost))
    fewer = {name: scores for name, scores in good.items() if name != "case-0"} | {"case-x": {"outcome": 1.0}}
    assert (compare_baseline(kept, fewer).new, compare_baseline(kept, fewer).gone) == (("case-x",), ("case-0",))


def test_a_broken_baseline_is_named(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"baseline\.json can't be read"):
        read_baseline(path, "a")


def test_promptfoo_gets_every_case_with_what_it_can_assert() -> None:
    told = case(
        conversation=("Why?", "And then?"), must_say=(("5",), ("a", "b")), must_not_say=("x",), origin=("t: y",)
    )
    exported = yaml.safe_load(export_cases([told]))
    (test,) = exported["tests"]
    assert test["vars"] == {"question": "And then?", "history": "Why?\n"}
    assert [one["type"] for one in test["assert"]] == ["icontains", "icontains-any", "not-icontains"]
    assert exported["prompts"] == ["{{history}}{{question}}"]


def test_a_forecast_grows_with_cases_sides_and_prices() -> None:
    one, two = (
        foresee(CASES, sides=sides, prompt_tokens=3000, price_told=1.0, price_written=4.0, at_once=4)
        for sides in (1, 2)
    )
    assert one.calls == 15
    assert one.dollars == pytest.approx((15 * 3000 + 15 * 450 * 4) / 1_000_000)
    assert two.calls == 2 * one.calls
    assert two.dollars == pytest.approx(2 * one.dollars)
    assert "$0.07" in str(one)
    free = foresee(CASES, sides=1, prompt_tokens=3000, price_told=0.0, price_written=0.0, at_once=4)
    assert "once prices are given" in str(free)


class Objecting:
    """Objects to claims with a certain word."""

    async def objects(self, claim: str, passages: Sequence[str], user: str) -> str | None:
        assert passages == ["The text."]
        return "No." if "wrong" in claim else None


async def test_a_judges_agreement_with_the_gate_is_counted_claim_by_claim() -> None:
    supported, refused = SupportLabel.SUPPORTED.value, SupportLabel.CONTRADICTED.value
    checked = [("right", supported), ("wrong", supported), ("wrong", refused), ("right", refused), ("right", supported)]
    record = {
        "checked": [{"text": text, "support": support} for text, support in checked],
        "retrieved": [{"passage": "p"}, {"passage": "gone"}],
    }
    told: list[int] = []
    found = await ask_judge("m", Objecting(), [record], {"p": "The text."}, at_once=2, tell=lambda: told.append(1))
    assert (found.both_support, found.both_refuse, found.only_gate, found.only_judge) == (2, 1, 1, 1)
    assert (found.agreement, len(told)) == (0.6, 5)
    assert found.kappa == pytest.approx((0.6 - 0.52) / 0.48)


def test_kappa_is_not_defined_where_both_always_say_the_same() -> None:
    same = Judgement(model="m", claims=3, both_support=3, both_refuse=0, only_gate=0, only_judge=0)
    assert (same.agreement, same.kappa) == (1.0, None)


def test_an_answer_becomes_a_case_that_is_to_be_completed() -> None:
    reply = seen(answer("A."), standalone='What is the "dose" of rituximab?').reply
    text = capture(reply, {"folder/trial.md": "trial"}, Audience.FAMILY, date(2026, 11, 22))
    (entry,) = yaml.safe_load(text)
    assert entry["name"] == "what-is-the-dose-of-rituximab"
    assert entry["conversation"] == ['What is the "dose" of rituximab?']
    assert (entry["audience"], entry["must_cite"], entry["origin"], entry["reviewer"]) == (
        "family",
        ["trial"],
        "",
        "none",
    )
    (entry,) = yaml.safe_load(capture(seen(abstention()).reply, {}, Audience.CLINICIAN, date(2026, 11, 22)))
    assert entry["kind"] == "unanswerable"
