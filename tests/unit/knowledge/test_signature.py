"""A library is read again exactly when one of its files changed."""

import os
from pathlib import Path

import pytest

from bot.knowledge import signature
from bot.knowledge.signature import remembered, sign_library, stamp_files
from tests.fake_embedder import HashEmbedder


def library(folder: Path) -> Path:
    (folder / "library").mkdir()
    (folder / "library" / "a.md").write_text("# A\n\nText of a.\n", encoding="utf-8")
    return folder / "library"


def test_the_same_files_have_the_same_signature(tmp_path: Path) -> None:
    folder = library(tmp_path)
    assert sign_library(folder) == sign_library(folder) != ""


def test_an_edit_of_the_same_size_changes_the_signature_even_with_the_old_time(tmp_path: Path) -> None:
    folder = library(tmp_path)
    before, status = sign_library(folder), (folder / "a.md").stat()
    (folder / "a.md").write_text("# A\n\nText of b.\n", encoding="utf-8")
    os.utime(folder / "a.md", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert sign_library(folder) != before


def test_another_file_changes_the_signature(tmp_path: Path) -> None:
    folder = library(tmp_path)
    before = sign_library(folder)
    (folder / "b.md").write_text("# B\n\nMore.\n", encoding="utf-8")
    assert sign_library(folder) != before


def test_an_emptied_folder_and_a_missing_one_have_another_signature(tmp_path: Path) -> None:
    folder = library(tmp_path)
    before = sign_library(folder)
    (folder / "a.md").unlink()
    assert sign_library(folder) not in {"", before}
    assert sign_library(tmp_path / "nowhere") not in {"", before}


def test_folders_of_folders_count_and_hidden_ones_dont(tmp_path: Path) -> None:
    folder = library(tmp_path)
    (folder / "b").mkdir()
    (folder / "b" / "c.md").write_text("# C\n\nText.\n", encoding="utf-8")
    (folder / ".git").mkdir()
    (folder / ".git" / "d.md").write_text("# D\n\nText.\n", encoding="utf-8")
    stamps = stamp_files(folder)
    assert stamps is not None
    assert set(stamps) == {"a.md", "b/c.md"}


def test_links_that_lead_in_circles_come_to_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = library(tmp_path)
    (folder / "one").symlink_to(folder)
    (folder / "two").symlink_to(folder)
    monkeypatch.setattr(signature, "MOST_FILES", 500)
    assert stamp_files(folder) is None


def test_without_an_index_nothing_is_remembered(tmp_path: Path) -> None:
    assert remembered(tmp_path, "anything", HashEmbedder()) is None
