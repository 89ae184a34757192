"""The file that tells whether the program still turns, and `footnote health`, which reads it."""

import asyncio
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.heartbeat import LATE_S, beating, forget_beats, heart, last_beat

RUNNER = CliRunner()


async def beaten(data: Path, since: float) -> None:
    """Return as soon as the file is fresher than that."""
    while not heart(data).exists() or heart(data).stat().st_mtime <= since:  # noqa: ASYNC110 - a file tells nobody
        await asyncio.sleep(0)


async def test_it_beats_while_the_program_runs_and_is_gone_after(tmp_path: Path) -> None:
    async with beating(tmp_path, every=0):
        await asyncio.wait_for(beaten(tmp_path, 0), 20)
        os.utime(heart(tmp_path), (1, 1))
        await asyncio.wait_for(beaten(tmp_path, 1), 20)
    assert last_beat(tmp_path) is None


async def test_containers_that_share_a_folder_hide_nothing_of_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "first")
    async with beating(tmp_path, every=0):
        await asyncio.wait_for(beaten(tmp_path, 0), 20)
        monkeypatch.setattr("socket.gethostname", lambda: "second")
        assert last_beat(tmp_path) is None
        forget_beats(tmp_path)
        monkeypatch.setattr("socket.gethostname", lambda: "first")
        assert last_beat(tmp_path) is not None


def test_what_containers_of_another_day_left_is_cleared_away(tmp_path: Path) -> None:
    for name, at in (("heartbeat", 1), ("heartbeat-gone", 1), ("heartbeat-here", None)):
        (tmp_path / name).touch()
        if at:
            os.utime(tmp_path / name, (at, at))
    forget_beats(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["heartbeat-here"]


async def test_a_folder_that_is_gone_is_told_once_and_beats_again_when_it_is_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data = tmp_path / "volume"
    async with beating(data, every=0):
        for _ in range(10):
            await asyncio.sleep(0)
        data.mkdir()
        await asyncio.wait_for(beaten(data, 0), 20)
    assert [record.getMessage() for record in caplog.records] == [
        "The data folder can't be written: No such file or directory"
    ]


def test_what_a_killed_program_left_is_forgotten(tmp_path: Path) -> None:
    heart(tmp_path).touch()
    forget_beats(tmp_path)
    forget_beats(tmp_path / "nowhere")
    assert last_beat(tmp_path) is None


@pytest.mark.parametrize(
    ("ago", "code", "says"),
    [
        (None, 1, "Footnote isn't running, or hasn't finished starting: there is no "),
        (0.0, 0, "Footnote is at work; its last sign is "),
        (LATE_S + 60, 1, "Footnote hangs or was killed: its last sign, "),
    ],
)
def test_health_says_whether_it_is_at_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ago: float | None, code: int, says: str
) -> None:
    monkeypatch.setenv("FOOTNOTE_DATA", str(tmp_path))
    if ago is not None:
        heart(tmp_path).touch()
        at = heart(tmp_path).stat().st_mtime - ago
        os.utime(heart(tmp_path), (at, at))
    done = RUNNER.invoke(app, ["health"])
    assert done.exit_code == code
    assert done.output.startswith(says)
