"""The one table of all benchmarks: what ended, failed or was stopped, and how its output is shown."""

import sys
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as bench
from tests.benchmarks.__main__ import BENCHMARKS, FULL, QUICK, describe, framed, run

PRINTING = "print('| a |\\n|---|\\n| 1 |')"
FAILING = "print('half'); raise SystemExit('No such table.')"
WAITING = "import signal; print('begun', flush=True); signal.pause()"


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_benchmark_ends_fails_or_is_stopped_and_what_it_printed_stays() -> None:
    assert (done := run("a", "", python(PRINTING), 60)).ended == "ok"
    assert done.output.startswith("| a |")
    assert (failed := run("b", "", python(FAILING), 60)).ended == "failed"
    assert failed.output.split() == ["half", "No", "such", "table."]
    assert (stopped := run("c", "", python(WAITING), 2)).ended == "stopped"
    assert stopped.output in {"begun", ""}


def test_no_folder_of_this_machine_stands_on_the_page() -> None:
    result = run("a", "", python(f"print({str(bench.ROOT)!r} + '/knowledge')"), 60)
    page = describe([result], QUICK, "2026-01-01")
    assert "./knowledge" in page
    assert str(bench.ROOT) not in page


def test_the_page_lists_each_with_its_options_and_how_it_ended(tmp_path: Path) -> None:
    results = [run("peer", "beside a chain", python(PRINTING), 60), run("b", "fails", python(FAILING), 60)]
    page = describe(results, FULL, "2026-01-01")
    assert "# Benchmarks of 2026-01-01, full" in page
    assert "| [b](#b) | fails | failed after" in page
    assert "## peer" in page


def test_headings_move_below_the_page_s_own_and_plain_output_is_framed() -> None:
    assert framed("# One\n| a |") == "### One\n| a |"
    assert framed("name   3 ms") == "```text\nname   3 ms\n```"
    assert framed("") == "It printed nothing."


def test_one_that_failed_fails_the_command_and_plots_go_beside_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[list[str]] = []

    def ran(name: str, about: str, command: list[str], limit_s: float) -> bench.Result:
        told.append(command)
        return bench.Result(name=name, about=about, ended="failed", seconds=1, output="")

    monkeypatch.setattr(bench, "run", ran)
    assert bench.main(["--only", "peer", "stages", "--write", str(tmp_path)]) == 1
    assert [command[2] for command in told] == ["tests.benchmarks.stages", "tests.benchmarks.peer"]
    assert [path.name.startswith("bench-") for path in tmp_path.iterdir()] == [True]
    written = next(each for each in BENCHMARKS if each.writes)
    assert written.command(QUICK, tmp_path)[-2:] == ["--write", str(tmp_path)]


def test_quick_runs_fit_together_into_their_budget() -> None:
    assert len({each.name for each in BENCHMARKS}) == len(BENCHMARKS)
    assert all(each.limit_s <= bench.BUDGET_S[QUICK] / 4 for each in BENCHMARKS)
