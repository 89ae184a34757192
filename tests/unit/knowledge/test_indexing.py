"""The index is brought up to date with the library: only what changed is embedded, one builder at a time."""

import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.domain.documents import (
    ReviewStatus,
)
from bot.domain.errors import IndexUnavailableError
from bot.knowledge import building
from bot.knowledge.generations import Generations
from bot.knowledge.index import open_index
from bot.knowledge.indexing import build_index
from tests.fake_embedder import HashEmbedder, document, passage
from tests.unit.knowledge.indexes import EMBEDDED, LIBRARY, found, generations_in

pytestmark = pytest.mark.usefixtures("on_both")


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


@EMBEDDED
def test_the_cache_forgets_what_the_library_no_longer_holds_once_that_is_more(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    build_index(tmp_path, LIBRARY, embedder)
    build_index(tmp_path, LIBRARY[:2], embedder)
    assert build_index(tmp_path, LIBRARY, embedder).embedded == 0
    build_index(tmp_path, LIBRARY[:1], embedder)
    assert build_index(tmp_path, LIBRARY, embedder).embedded == 3


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
