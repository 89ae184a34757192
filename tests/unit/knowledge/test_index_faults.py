"""An index that is missing, damaged or of another kind is named with what to do, and built anew."""

import json
import os
import sqlite3
from pathlib import Path

import pytest

from bot.domain.errors import IndexUnavailableError
from bot.knowledge.cache import EmbeddingCache
from bot.knowledge.index import open_index
from bot.knowledge.indexing import build_index
from bot.knowledge.lexical import LexicalIndex
from tests.fake_embedder import HashEmbedder
from tests.unit.knowledge.indexes import EMBEDDED, LIBRARY, found, generations_in

pytestmark = pytest.mark.usefixtures("on_both")


def test_no_index_is_said_with_the_command_that_makes_one(tmp_path: Path, embedder: HashEmbedder) -> None:
    with pytest.raises(IndexUnavailableError, match=r"no index in .*footnote index"):
        open_index(tmp_path, embedder)


def test_an_index_of_another_model_is_refused_and_built_anew_with_one_notice(
    tmp_path: Path, embedder: HashEmbedder
) -> None:
    build_index(tmp_path, LIBRARY, embedder)
    other, notices = HashEmbedder("other"), list[str]()
    with pytest.raises(
        IndexUnavailableError, match=r"another embedding model \(hash, not this other\).*footnote index"
    ):
        open_index(tmp_path, other)
    report = build_index(tmp_path, LIBRARY, other, notice=notices.append)
    assert report.embedded == 4
    assert len(notices) == 1
    assert "another embedding model" in notices[0]
    open_index(tmp_path, other).close()


def test_an_index_of_another_version_is_refused_and_built_anew_from_known_vectors(
    tmp_path: Path, embedder: HashEmbedder
) -> None:
    report = build_index(tmp_path, LIBRARY, embedder)
    manifest = tmp_path / "index" / report.generation / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": 0, "fingerprint": "old"}))
    with pytest.raises(IndexUnavailableError, match=r"another version"):
        open_index(tmp_path, embedder)
    notices: list[str] = []
    assert build_index(tmp_path, LIBRARY, embedder, notice=notices.append).embedded == 0
    assert len(notices) == 1
    open_index(tmp_path, embedder).close()


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "manifest.json").write_text("{"),
        lambda folder: (folder / "manifest.json").write_text('{"unknown": 1}'),
        lambda folder: (folder / "manifest.json").unlink(),
        lambda folder: (folder / "passages.sqlite").unlink(),
        lambda folder: (folder / "passages.sqlite").write_bytes(b"no database" * 1000),
        lambda folder: (folder / "tantivy" / "meta.json").unlink(),
    ],
)
def test_a_damaged_index_is_named_and_built_anew(tmp_path: Path, embedder: HashEmbedder, damage: object) -> None:
    check_damage(tmp_path, embedder, damage)


@EMBEDDED
def test_damaged_vectors_in_the_folder_are_named_and_built_anew(tmp_path: Path, embedder: HashEmbedder) -> None:
    check_damage(tmp_path, embedder, lambda folder: (folder / "chroma" / "chroma.sqlite3").unlink())


def check_damage(tmp_path: Path, embedder: HashEmbedder, damage: object) -> None:
    report = build_index(tmp_path, LIBRARY, embedder)
    assert callable(damage)
    damage(tmp_path / "index" / report.generation)
    with pytest.raises(IndexUnavailableError, match=r"is broken.*Delete"):
        open_index(tmp_path, embedder)
    notices: list[str] = []
    again = build_index(tmp_path, LIBRARY, embedder, notice=notices.append)
    assert (again.passages, again.embedded, len(notices)) == (4, 0, 1)
    index = open_index(tmp_path, embedder)
    assert found(index, embedder, "about d.md")[0] == "d.md"
    index.close()


@EMBEDDED
@pytest.mark.parametrize("name", ["tantivy/meta.json", "chroma/chroma.sqlite3"])
def test_damage_inside_an_engine_is_named_with_what_to_do(tmp_path: Path, embedder: HashEmbedder, name: str) -> None:
    report = build_index(tmp_path, LIBRARY, embedder)
    (tmp_path / "index" / report.generation / name).write_bytes(b"nonsense" * 1000)
    with pytest.raises(IndexUnavailableError, match=r"is broken.*Delete"):
        open_index(tmp_path, embedder)


def test_a_pointer_to_nowhere_is_said(tmp_path: Path, embedder: HashEmbedder) -> None:
    build_index(tmp_path, LIBRARY, embedder)
    (tmp_path / "index" / "current").write_text("000099")
    with pytest.raises(IndexUnavailableError, match=r"broken: its manifest is missing"):
        open_index(tmp_path, embedder)
    assert build_index(tmp_path, LIBRARY, embedder).embedded == 0


def test_a_damaged_cache_of_vectors_is_replaced(tmp_path: Path, embedder: HashEmbedder) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "embeddings.sqlite").write_bytes(b"no database" * 1000)
    assert build_index(tmp_path, LIBRARY, embedder).embedded == 4


def test_a_failure_leaves_the_old_index_in_use_and_says_what_to_do(
    tmp_path: Path, embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(tmp_path, LIBRARY[:2], embedder)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(LexicalIndex, "build", fail)
        with pytest.raises(IndexUnavailableError, match=r"No space left on device.*Free some space"):
            build_index(tmp_path, LIBRARY, embedder)
    assert generations_in(tmp_path) == ["000001"]
    index = open_index(tmp_path, embedder)
    assert len(index.documents()) == 2
    index.close()
    assert build_index(tmp_path, LIBRARY, embedder).embedded == 0, "what was embedded before the failure is known"


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (PermissionError(13, "Permission denied"), "FOOTNOTE_DATA"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "FOOTNOTE_DATA"),
        (sqlite3.OperationalError("database or disk is full"), "Free some space"),
        (ValueError("a thread died"), "delete"),
    ],
)
def test_what_an_engine_raises_becomes_a_sentence_with_a_remedy(
    tmp_path: Path, embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch, error: Exception, remedy: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(EmbeddingCache, "put", fail)
    with pytest.raises(IndexUnavailableError) as raised:
        build_index(tmp_path, LIBRARY, embedder)
    assert remedy in raised.value.remedy


def test_a_full_disk_is_no_broken_index(
    tmp_path: Path, embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("Chroma: error returned from database: (code: 13) database or disk is full")

    build_index(tmp_path, LIBRARY, embedder)
    monkeypatch.setattr("bot.knowledge.index.OpenGeneration", fail)
    with pytest.raises(IndexUnavailableError, match="disk is full") as raised:
        open_index(tmp_path, embedder)
    assert raised.value.remedy == "Free some space on that disk and try again."


def test_a_data_folder_that_is_a_file_is_said(tmp_path: Path, embedder: HashEmbedder) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(IndexUnavailableError, match="can't be written"):
        build_index(tmp_path / "data", LIBRARY, embedder)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_data_folder_is_said(tmp_path: Path, embedder: HashEmbedder) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(IndexUnavailableError, match="FOOTNOTE_DATA"):
        build_index(tmp_path, LIBRARY, embedder)
