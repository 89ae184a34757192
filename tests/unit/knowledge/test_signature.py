"""A library is read again exactly when one of its files changed."""

import os
from pathlib import Path

from bot.knowledge.index import IndexReport
from bot.knowledge.signature import remember, remembered, sign_library
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


def test_a_missing_folder_has_no_signature_that_could_match(tmp_path: Path) -> None:
    report = IndexReport(generation="1", fingerprint="f", documents=0, passages=0, embedded=0, removed=0, seconds=0.0)
    (tmp_path / "index").mkdir()
    remember(tmp_path, sign_library(tmp_path / "nowhere"), report)
    assert remembered(tmp_path, sign_library(tmp_path / "nowhere"), HashEmbedder()) is None


def test_without_an_index_nothing_is_remembered(tmp_path: Path) -> None:
    assert remembered(tmp_path, "anything", HashEmbedder()) is None
