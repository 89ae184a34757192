import json
import os
import sqlite3
import sys
import threading
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from bot.domain.documents import (
    Conflict,
    CuratedDocument,
    Directness,
    DocumentKind,
    PassageKind,
    ReviewStatus,
    Sentence,
    Span,
)
from bot.domain.errors import IndexUnavailableError
from bot.knowledge import building
from bot.knowledge.cache import EmbeddingCache
from bot.knowledge.chroma_server import ServerAddress
from bot.knowledge.generations import Generations
from bot.knowledge.index import KnowledgeIndex, build_index, open_index
from bot.knowledge.lexical import LexicalIndex
from bot.knowledge.records import decode_document, decode_passage, encode_document, encode_passage
from tests.fake_embedder import HashEmbedder, document, passage

LIBRARY = [document("a.md"), document("b.md"), document("c.md"), document("d.md")]


EMBEDDED = pytest.mark.parametrize("index_server", ["embedded Chroma"], indirect=True)


@pytest.fixture(autouse=True)
def _on_both(index_server: ServerAddress | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test runs with vectors in the folder and on a server."""
    here = sys.modules[__name__]
    monkeypatch.setattr(here, "build_index", partial(build_index, server=index_server))
    monkeypatch.setattr(here, "open_index", partial(open_index, server=index_server))


@pytest.fixture
def embedder() -> HashEmbedder:
    return HashEmbedder()


def found(index: KnowledgeIndex, embedder: HashEmbedder, text: str, depth: int = 100) -> list[str]:
    hits = index.search(embedder.embed_query(text), text, depth)
    return [hit.passage.split("#")[0] for hit in sorted(hits, key=lambda hit: -hit.dense - hit.lexical)]


def generations_in(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "index").iterdir() if path.name.isdigit())


def test_what_was_indexed_is_found_by_meaning_and_by_words(tmp_path: Path, embedder: HashEmbedder) -> None:
    build_index(tmp_path, LIBRARY, embedder)
    index = open_index(tmp_path, embedder)
    assert found(index, embedder, "What is c.md about?")[0] == "c.md"
    assert [d.path for d in index.documents()] == ["a.md", "b.md", "c.md", "d.md"]
    assert index.passages_of("b.md") == LIBRARY[1].passages
    assert index.passages_of("unknown.md") == ()
    assert index.idf("c.md") > 0
    index.close()


def test_the_report_counts_what_was_done(tmp_path: Path, embedder: HashEmbedder) -> None:
    steps: list[tuple[int, int]] = []
    report = build_index(tmp_path, LIBRARY, embedder, progress=lambda done, total: steps.append((done, total)))
    assert (report.documents, report.passages, report.embedded, report.removed) == (4, 4, 4, 0)
    assert (report.generation, report.seconds > 0) == ("000001", True)
    assert steps == [(0, 4), (4, 4)]


def test_an_unchanged_library_is_not_touched(tmp_path: Path, embedder: HashEmbedder) -> None:
    first = build_index(tmp_path, LIBRARY, embedder)
    again = build_index(
        tmp_path, list(reversed(LIBRARY)), embedder, progress=lambda *_: pytest.fail("something was done")
    )
    assert (again.generation, again.fingerprint, again.embedded) == (first.generation, first.fingerprint, 0)


def test_only_what_changed_is_embedded(tmp_path: Path, embedder: HashEmbedder) -> None:
    build_index(tmp_path, LIBRARY, embedder)
    embedder.embedded.clear()
    changed = document("b.md", passage("b.md", "Now it is about calcinosis."))
    report = build_index(tmp_path, [LIBRARY[0], changed, *LIBRARY[2:]], embedder)
    assert embedder.embedded == ["A title. Now it is about calcinosis."]
    assert (report.embedded, report.removed, report.passages) == (1, 1, 4)
    index = open_index(tmp_path, embedder)
    assert found(index, embedder, "calcinosis")[0] == "b.md"
    assert LIBRARY[1].passages[0].id not in index.generation.load([LIBRARY[1].passages[0].id])
    index.close()


def test_changed_metadata_is_taken_over_without_embedding(tmp_path: Path, embedder: HashEmbedder) -> None:
    build_index(tmp_path, LIBRARY, embedder)
    embedder.embedded.clear()
    reviewed = replace(LIBRARY[1], reviewed_by="A. Reviewer")
    build_index(tmp_path, [LIBRARY[0], reviewed, *LIBRARY[2:]], embedder)
    assert embedder.embedded == []
    index = open_index(tmp_path, embedder)
    assert index.documents()[1].reviewed_by == "A. Reviewer"
    index.close()


def test_a_changed_title_is_embedded_and_searched_under_the_same_passage_ids(
    tmp_path: Path, embedder: HashEmbedder
) -> None:
    build_index(tmp_path, LIBRARY, embedder)
    titled = replace(LIBRARY[1], title="Tofacitinib")
    report = build_index(tmp_path, [LIBRARY[0], titled, *LIBRARY[2:]], embedder)
    assert (report.embedded, report.removed) == (1, 0)
    index = open_index(tmp_path, embedder)
    assert found(index, embedder, "tofacitinib")[0] == "b.md"
    index.close()


def test_a_removed_document_is_found_no_more(tmp_path: Path, embedder: HashEmbedder) -> None:
    build_index(tmp_path, LIBRARY, embedder)
    report = build_index(tmp_path, LIBRARY[1:], embedder)
    assert (report.removed, report.embedded, report.documents) == (1, 0, 3)
    index = open_index(tmp_path, embedder)
    assert "a.md" not in found(index, embedder, "about a.md")
    index.close()


@pytest.mark.parametrize("first", [False, True])
def test_a_retired_document_never_enters(tmp_path: Path, embedder: HashEmbedder, first: bool) -> None:
    if not first:
        build_index(tmp_path, LIBRARY, embedder)
    build_index(tmp_path, [document("a.md", status=ReviewStatus.RETIRED), *LIBRARY[1:]], embedder)
    index = open_index(tmp_path, embedder)
    assert "a.md" not in {d.path for d in index.documents()}
    assert "a.md" not in found(index, embedder, "This is about a.md.")
    index.close()


def test_a_document_past_its_review_date_stays(tmp_path: Path, embedder: HashEmbedder) -> None:
    build_index(tmp_path, [replace(LIBRARY[0], review_by=date(2001, 1, 1))], embedder)
    index = open_index(tmp_path, embedder)
    assert [d.path for d in index.documents()] == ["a.md"]
    index.close()


def test_an_index_built_in_steps_is_the_one_built_at_once(tmp_path: Path, embedder: HashEmbedder) -> None:
    other = document("b.md", passage("b.md", "Something else about doses."), passage("b.md", "And more."))
    for library in (LIBRARY[:3], LIBRARY, [LIBRARY[0], other, LIBRARY[3]]):
        stepwise = build_index(tmp_path / "steps", library, embedder)
    once = build_index(tmp_path / "once", [LIBRARY[0], other, LIBRARY[3]], embedder)
    assert stepwise.fingerprint == once.fingerprint
    indexes = [open_index(tmp_path / name, embedder) for name in ("steps", "once")]
    for text in ("about a.md", "doses", "more d.md"):
        one, two = (
            {
                (hit.passage, round(hit.dense, 5), round(hit.lexical, 5))
                for hit in index.search(embedder.embed_query(text), text, 50)
            }
            for index in indexes
        )
        assert one == two
    for index in indexes:
        index.close()


def test_an_empty_library_gives_an_index_in_which_nothing_is_found(tmp_path: Path, embedder: HashEmbedder) -> None:
    report = build_index(tmp_path, [], embedder)
    index = open_index(tmp_path, embedder)
    assert (report.passages, found(index, embedder, "anything"), index.documents()) == (0, [], ())
    build_index(tmp_path, LIBRARY, embedder)
    assert index.refresh()
    assert found(index, embedder, "about a.md")[0] == "a.md"
    index.close()


def test_an_open_index_adopts_a_newer_one_when_asked_to(tmp_path: Path, embedder: HashEmbedder) -> None:
    build_index(tmp_path, LIBRARY[:2], embedder)
    index = open_index(tmp_path, embedder)
    before, old = index.fingerprint, index.generation
    assert not index.refresh()
    build_index(tmp_path, LIBRARY, embedder)
    assert index.fingerprint == before
    assert index.refresh()
    assert index.fingerprint != before
    assert "d.md" in found(index, embedder, "about d.md")
    assert old.search(embedder.embed_query("a.md"), "a.md", 5), "a search that had begun goes on in the old one"
    old.close()
    index.close()


def test_a_newer_index_of_another_model_is_not_adopted(tmp_path: Path, embedder: HashEmbedder) -> None:
    build_index(tmp_path, LIBRARY, embedder)
    index = open_index(tmp_path, embedder)
    build_index(tmp_path, LIBRARY[:2], HashEmbedder("other"))
    assert not index.refresh()
    assert len(index.documents()) == 4
    assert not index.refresh()
    index.close()


def test_a_pointer_that_vanished_leaves_the_open_index_in_use(tmp_path: Path, embedder: HashEmbedder) -> None:
    build_index(tmp_path, LIBRARY, embedder)
    index = open_index(tmp_path, embedder)
    (tmp_path / "index" / "current").unlink()
    assert not index.refresh()
    assert found(index, embedder, "about a.md")[0] == "a.md"
    index.close()


def test_the_generation_before_is_kept_and_older_ones_go(tmp_path: Path, embedder: HashEmbedder) -> None:
    for count in range(1, 5):
        build_index(tmp_path, LIBRARY[:count], embedder)
    assert generations_in(tmp_path) == ["000003", "000004"]


def test_a_generation_that_is_open_is_not_removed(tmp_path: Path, embedder: HashEmbedder) -> None:
    build_index(tmp_path, LIBRARY[:1], embedder)
    index = open_index(tmp_path, embedder)
    for count in range(2, 5):
        build_index(tmp_path, LIBRARY[:count], embedder)
    assert generations_in(tmp_path) == ["000001", "000003", "000004"]
    assert found(index, embedder, "about a.md") == ["a.md"]
    index.close()
    build_index(tmp_path, LIBRARY[:1], embedder)
    assert generations_in(tmp_path) == ["000004", "000005"]


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


@EMBEDDED
def test_the_cache_forgets_what_the_library_no_longer_holds_once_that_is_more(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    build_index(tmp_path, LIBRARY, embedder)
    build_index(tmp_path, LIBRARY[:2], embedder)
    assert build_index(tmp_path, LIBRARY, embedder).embedded == 0
    build_index(tmp_path, LIBRARY[:1], embedder)
    assert build_index(tmp_path, LIBRARY, embedder).embedded == 3


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


def test_two_builders_at_once_are_kept_apart(tmp_path: Path, embedder: HashEmbedder) -> None:
    with (
        Generations(tmp_path).building(),
        pytest.raises(IndexUnavailableError, match=r"Another process is building.*Wait"),
    ):
        build_index(tmp_path, LIBRARY, embedder)
    build_index(tmp_path, LIBRARY, embedder)


def test_a_patient_builder_waits_for_the_other(tmp_path: Path) -> None:
    entered, reports = threading.Event(), []
    slow = HashEmbedder()

    def build_slowly() -> None:
        def wait(*_: object) -> None:
            entered.set()

        reports.append(build_index(tmp_path, LIBRARY, slow, progress=wait))

    other = threading.Thread(target=build_slowly)
    other.start()
    entered.wait(30)
    reports.append(build_index(tmp_path, LIBRARY, HashEmbedder(), patience=30))
    other.join()
    assert {report.generation for report in reports} == {"000001"}
    assert sum(report.embedded for report in reports) == 4


def test_many_threads_search_while_the_index_is_replaced(tmp_path: Path, embedder: HashEmbedder) -> None:
    build_index(tmp_path, LIBRARY[:3], embedder)
    index = open_index(tmp_path, embedder)
    stop, seen, errors = threading.Event(), set[int](), list[Exception]()

    def search() -> None:
        try:
            while not stop.is_set():
                index.refresh()
                generation = index.generation
                hits = generation.search(embedder.embed_query("about a.md"), "about", 10)
                assert len(generation.load([hit.passage for hit in hits])) == len(hits)
                seen.add(len(hits))
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            errors.append(error)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    build_index(tmp_path, LIBRARY, embedder)
    build_index(tmp_path, LIBRARY[:3], embedder)
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert seen <= {3, 4}
    index.close()


def test_more_passages_than_one_batch_are_all_there(
    tmp_path: Path, embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "AT_ONCE", 3)
    many = document("many.md", *(passage("many.md", f"Passage number {number}.") for number in range(10)))
    steps: list[int] = []
    build_index(tmp_path, [many], embedder, progress=lambda done, _: steps.append(done))
    assert steps == [0, 3, 6, 9, 10]
    index = open_index(tmp_path, embedder)
    assert index.passages_of("many.md") == many.passages
    assert len(found(index, embedder, "passage")) == 10
    index.close()


def test_a_document_comes_back_as_it_was() -> None:
    whole = replace(
        document("a.md"),
        kind=DocumentKind.CONSENSUS,
        authors=("Å. Müller", "B. Other"),
        year=2020,
        directness=Directness.JDM,
        n=25,
        questions=("What dose?",),
        reviewed_on=date(2026, 1, 2),
        excerpt_only=True,
        conflicts_with=(
            Conflict(document="b", topic="dose", reason="Nobody knows."),
            Conflict(document="c", topic="x"),
        ),
    )
    assert decode_document(encode_document(whole)) == replace(whole, passages=())
    bare = CuratedDocument(path="b", id="b", title="B")
    assert decode_document(encode_document(bare)) == bare


def test_a_passage_comes_back_as_it_was() -> None:
    sentences = (
        Sentence(text="Split words", quote="Split… words", spans=(Span(start=1, end=3), Span(start=5, end=9))),
        Sentence(
            text="Same", quote="Same", spans=(Span(start=9, end=12),), lead=("For skin", "For calcinosis"), is_item=True
        ),
    )
    whole = replace(passage("a.md", headings=("One", "Two")), sentences=sentences, kind=PassageKind.CAPTION, page=3)
    assert decode_passage(whole.id, "a.md", encode_passage(whole)) == whole
