"""A few hundred inputs to every target, always the same; `make fuzz` runs thousands, led by coverage where it can."""

import random
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.__main__ import Watched, main
from tests.fuzz.registry import TARGETS
from tests.fuzz.target import BrokenPromiseError, Draw, HangError, Target, limited, mutate

HANGS_S = 20
"""Processor seconds after which a test is stopped rather than left to run for ever."""
EXAMPLES = 120
SLOW = {
    "wording": 8, "prompt": 20, "import-pdf": 10, "import-html": 30, "import-docx": 15, "triage": 40, "markdown": 40,
    "plain": 40,
    "conversation": 40, "header": 60, "import-xml": 40, "import-nbib": 30, "import-ris": 30, "claims": 60,
    "patterns": 120, "gate": 300,
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_no_input_breaks_a_promise(name: str) -> None:
    target = TARGETS[name]
    seeds = list(target.seeds())
    for seed in seeds[:3]:
        target.run(seed)

    @settings(
        max_examples=SLOW.get(name, EXAMPLES), deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.one_of(st.integers(0, 2**32), st.integers(0, 2**32), st.binary(max_size=300)))
    def run(made: int | bytes) -> None:
        data = made if isinstance(made, bytes) else mutate(seeds, target.fragments, random.Random(made))
        with limited(HANGS_S), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            target.run(data)

    run()


def test_a_choice_without_bytes_left_is_the_first() -> None:
    draw = Draw(b"\x02")
    assert [draw.one("abc"), draw.one("abc")] == ["c", "a"]
    assert draw.rest() == ""


def test_a_pattern_that_never_ends_is_stopped() -> None:
    import re

    with pytest.raises(HangError), limited(0.05):
        re.match(r"(a+)+b", "a" * 40)


def test_a_true_sentence_with_another_number_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.domain.answers import SupportLabel
    from tests.fuzz import gate

    monkeypatch.setattr(gate, "judge", lambda *_: SupportLabel.SUPPORTED)
    changed = TARGETS["gate"]

    def run_all() -> None:
        for seed in changed.seeds():
            changed.run(seed)

    with pytest.raises(BrokenPromiseError, match="isn't what"):
        run_all()


def test_the_command_tells_what_it_ran() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "dates", "--runs", "20", "--blind"],
        cwd=Path(__file__).resolve().parents[2], capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "| dates | 20 | 0 |" in done.stdout


def test_an_unknown_target_is_refused_with_all_names(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["tests.fuzz", "nothing", "--blind"])
    with pytest.raises(SystemExit):
        main()
    assert "there is no target nothing; choose of: markdown" in capsys.readouterr().err


def test_what_breaks_is_told_once_with_its_input_and_kept(tmp_path: Path) -> None:
    def run(data: bytes) -> None:
        if data:
            raise ValueError("no such thing")

    broken = Target(name="broken", promise="none", run=run, seeds=lambda: [b""])
    watched = Watched(broken, 1.0, tmp_path)
    for data in (b"", b"a", b"b"):
        watched(data)
    assert len(watched.findings) == 1
    assert watched.row(2).startswith("| broken | 3 | 1 | ")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"a"]


def test_a_line_with_a_number_too_large_for_anything_gets_its_error_and_the_next_is_answered() -> None:
    TARGETS["lines"].run(b'{"text": "a", "number": 1' + b"0" * 400 + b'}\n{"text": "b"}\n')
