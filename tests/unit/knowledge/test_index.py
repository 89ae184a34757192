"""The index in use is searched, and adopts what another process has published."""

import threading
from pathlib import Path

import pytest

from bot.knowledge.index import open_index
from bot.knowledge.indexing import build_index
from tests.fake_embedder import HashEmbedder
from tests.unit.knowledge.indexes import LIBRARY, found

pytestmark = pytest.mark.usefixtures("on_both")


def test_what_was_indexed_is_found_by_meaning_and_by_words(tmp_path: Path, embedder: HashEmbedder) -> None:
    build_index(tmp_path, LIBRARY, embedder)
    index = open_index(tmp_path, embedder)
    assert found(index, embedder, "What is c.md about?")[0] == "c.md"
    assert [d.path for d in index.documents()] == ["a.md", "b.md", "c.md", "d.md"]
    assert index.passages_of("b.md") == LIBRARY[1].passages
    assert index.passages_of("unknown.md") == ()
    assert index.idf("c.md") > 0
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


def test_many_threads_search_while_the_index_is_replaced(tmp_path: Path, embedder: HashEmbedder) -> None:
    build_index(tmp_path, LIBRARY[:3], embedder)
    index = open_index(tmp_path, embedder)
    stop, seen, errors = threading.Event(), set[int](), list[Exception]()

    def search() -> None:
        try:
            while True:
                stopped = stop.is_set()
                index.refresh()
                generation = index.generation
                hits = generation.search(embedder.embed_query("about a.md"), "about", 10)
                assert len(generation.load([hit.passage for hit in hits])) == len(hits)
                seen.add(len(hits))
                if stopped:
                    return
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
    assert {3} <= seen <= {3, 4}
    index.close()
