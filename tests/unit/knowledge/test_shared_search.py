"""A search on a server that may be away, and the search in one's own copy."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from bot.knowledge.building import work_of
from bot.knowledge.chroma_server import ServerAddress, ServerAwayError
from bot.knowledge.encoding import PassageVectors
from bot.knowledge.shared_search import REST_S, OwnSearch, SharedSearch
from bot.knowledge.sharing import pack, unpack
from bot.knowledge.store import PassageStore
from tests.fake_embedder import document, passage

RANDOM = np.random.default_rng(7)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PassageStore]:
    with closing(PassageStore(tmp_path / "passages.sqlite", writable=True)) as opened:
        yield opened


def unit(count: int) -> np.ndarray:
    vectors = RANDOM.standard_normal((count, 32)).astype(np.float32)
    scaled: np.ndarray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return scaled


def fill(store: PassageStore, vectors: np.ndarray) -> list[str]:
    held = document("a.md", *(passage("a.md", f"Sentence {number}.") for number in range(len(vectors))))
    for item, vector in zip(work_of(held), vectors, strict=True):
        each = PassageVectors(passage=vector, sentences=vector[None].astype(np.float16))
        store.add_passage(item.passage, item.position, item.digest, item.words, each)
    return [item.id for item in held.passages]


def test_the_nearest_of_all_are_found_in_their_order(store: PassageStore) -> None:
    vectors = unit(300)
    names = fill(store, vectors)
    search = OwnSearch(store)
    for question in unit(5):
        order = np.argsort(-(vectors @ question))
        for k in (0, 1, 7, 299, 300, 1000):
            assert search.nearest(question, k) == [names[place] for place in order[:k]]
    search.forget()
    assert search.nearest(vectors[3], 1) == [names[3]]


def test_nothing_is_found_where_nothing_is(store: PassageStore) -> None:
    assert OwnSearch(store).nearest(unit(1)[0], 5) == []


def test_batches_hold_every_passage_once_to_the_bit(store: PassageStore) -> None:
    vectors = unit(10)
    names = fill(store, vectors)
    batches = list(store.batches(4))
    assert [len(batch) for batch in batches] == [4, 4, 2]
    assert [row.id for batch in batches for row in batch] == names
    for row, vector in zip((row for batch in batches for row in batch), vectors, strict=True):
        again = unpack(pack(row.text, row.vectors), row.text, 1, 32)
        assert again is not None
        assert np.array_equal(again.passage, vector)
        assert np.array_equal(again.sentences, vector[None].astype(np.float16))


def test_a_server_that_failed_is_left_alone_for_a_while_and_then_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds, asked = 0.0, list[float]()

    def fail(*_: object) -> None:
        asked.append(seconds)
        raise ServerAwayError("it can't be reached")

    address = ServerAddress(url="http://127.0.0.1:1")
    search = SharedSearch(address, fingerprint="f" * 64, passages=3, clock=lambda: seconds)
    monkeypatch.setattr("bot.knowledge.chroma_server.ChromaServer.call", fail)
    for step in range(5):
        seconds = step * REST_S / 2
        assert search.nearest(unit(1)[0], 3) is None
    assert asked == [0.0, REST_S, 2 * REST_S]
    assert str(search.look()) == "it can't be reached"
    search.close()


def test_many_threads_read_the_vectors_once(store: PassageStore, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors, reads = unit(50), list[int]()
    names = fill(store, vectors)
    read = store.all_vectors

    def counted() -> tuple[list[str], np.ndarray]:
        reads.append(1)
        return read()

    monkeypatch.setattr(store, "all_vectors", counted)
    search, found = OwnSearch(store), list[list[str]]()
    threads = [
        threading.Thread(target=lambda number=number: found.append(search.nearest(vectors[number], 1)))
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(reads) == 1
    assert sorted(found) == sorted([[names[number]] for number in range(8)])
