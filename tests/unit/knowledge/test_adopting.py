"""An index that came with the program is where a data folder without one begins."""

from pathlib import Path

import pytest

from bot.knowledge.adopting import adopt_index


@pytest.fixture
def made(tmp_path: Path) -> Path:
    (tmp_path / "made" / "000001").mkdir(parents=True)
    (tmp_path / "made" / "current").write_text("000001")
    return tmp_path / "made"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


def test_it_is_copied_whole_and_leaves_nothing_beside_it(made: Path, data: Path) -> None:
    adopt_index(data, made)
    assert sorted(path.relative_to(data).as_posix() for path in data.rglob("*")) == [
        "index",
        "index/000001",
        "index/current",
    ]


def test_an_index_that_is_there_already_is_left_alone(made: Path, data: Path) -> None:
    (data / "index").mkdir()
    (data / "index" / "current").write_text("000007")
    adopt_index(data, made)
    assert (data / "index" / "current").read_text() == "000007"


def test_without_one_nothing_happens(data: Path) -> None:
    adopt_index(data, data / "nowhere")
    assert list(data.iterdir()) == []


def test_what_was_half_copied_is_removed_and_told(
    made: Path, data: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    adopt_index(data, made)
    assert list(data.iterdir()) == []
    assert "No space left on device" in caplog.text


def test_where_another_process_was_quicker_its_index_stays(
    made: Path, data: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def too_late(self: Path, target: Path) -> None:
        target.mkdir()
        raise OSError(39, "Directory not empty")

    monkeypatch.setattr(Path, "rename", too_late)
    adopt_index(data, made)
    assert [path.name for path in data.iterdir()] == ["index"]
    assert caplog.records == []
