"""Replicas that share one index on a Chroma server: built once, never seen half, and no answer lost without it."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from bot.knowledge import sharing
from bot.knowledge.building import source_of, work_of
from bot.knowledge.chroma_server import (
    PREFIX,
    ChromaServer,
    CollectionGoneError,
    ServerAddress,
    ServerAwayError,
    SharedVectors,
    now,
)
from bot.knowledge.index import KnowledgeIndex, open_index
from bot.knowledge.indexing import build_index
from bot.knowledge.sharing import KEPT_S, Patience, pack, put_rows
from bot.knowledge.store import StoredVectors
from tests.chroma_server import RunningChroma
from tests.fake_embedder import HashEmbedder, document, passage

LIBRARY = [document(f"{number}.md") for number in range(20)]
FINGERPRINT = source_of(LIBRARY, HashEmbedder()).fingerprint
QUESTIONS = ("This is about 3.md", "about 7", "what is this?")


class Time:
    """Passes when somebody waits; `step` is done each time."""

    def __init__(self, step: Callable[[], object] = lambda: None) -> None:
        self.seconds = 0.0
        self._step = step

    def patience(self) -> Patience:
        return Patience(stalled=10.0, clock=lambda: self.seconds, sleep=self.sleep)

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        self._step()


def hits(index: KnowledgeIndex) -> list[dict[str, tuple[float, float]]]:
    """What each question finds, with its scores."""
    embed = HashEmbedder().embed_query
    found = [index.search(embed(question), question, 8) for question in QUESTIONS]
    return [{hit.passage: (hit.dense, hit.lexical) for hit in each} for each in found]


def scores(found: list[dict[str, tuple[float, float]]]) -> list[list[tuple[float, float]]]:
    """The scores alone: of passages that are equally near, either side may give any."""
    return [sorted((round(dense, 5), round(words, 5)) for dense, words in each.values())[-8:] for each in found]


def rows(count: int) -> list[StoredVectors]:
    work = [item for each in LIBRARY[:count] for item in work_of(each)]
    vectors = HashEmbedder().embed_passages([item.text for item in work])
    return [
        StoredVectors(id=item.passage.id, text=item.digest, vectors=one)
        for item, one in zip(work, vectors, strict=True)
    ]


def begun(server: ChromaServer, count: int) -> SharedVectors:
    """A collection of which somebody has put in the first passages."""
    created = server.create(FINGERPRINT, now())
    assert created is not None
    put_rows(created, rows(count))
    return created


@pytest.fixture
def server(chroma_server: RunningChroma) -> Iterator[ChromaServer]:
    with chroma_server.connected() as opened:
        yield opened


def test_a_second_replica_computes_nothing_and_finds_the_very_same(
    tmp_path: Path, chroma_server: RunningChroma
) -> None:
    first, second, alone = HashEmbedder(), HashEmbedder(), HashEmbedder()
    said: list[str] = []
    build_index(tmp_path / "one", LIBRARY, first, server=chroma_server.address, notice=said.append)
    build_index(tmp_path / "two", LIBRARY, second, server=chroma_server.address, notice=said.append)
    build_index(tmp_path / "alone", LIBRARY, alone)
    assert said == []
    assert (len(first.embedded), second.embedded) == (20, [])
    with (
        closing(open_index(tmp_path / "one", first, chroma_server.address)) as one,
        closing(open_index(tmp_path / "two", second, chroma_server.address)) as two,
        closing(open_index(tmp_path / "alone", alone)) as embedded,
    ):
        assert (one.look(), two.look(), embedded.look()) == (None, None, None)
        assert scores(hits(one)) == scores(hits(two))
        assert scores(hits(one)) == scores(hits(embedded))
        held = one.generation.load([LIBRARY[3].passages[0].id, LIBRARY[4].passages[0].id])
        other = two.generation.load(list(held))
        for name, stored in held.items():
            assert np.array_equal(stored.vectors.passage, other[name].vectors.passage)
            assert np.array_equal(stored.vectors.sentences, other[name].vectors.sentences)


def test_of_two_replicas_that_begin_at_once_one_computes(tmp_path: Path, chroma_server: RunningChroma) -> None:
    embedders = [HashEmbedder(), HashEmbedder(), HashEmbedder()]
    gate = threading.Barrier(len(embedders))

    def build(number: int) -> None:
        gate.wait()
        build_index(tmp_path / str(number), LIBRARY, embedders[number], server=chroma_server.address)

    threads = [threading.Thread(target=build, args=(number,)) for number in range(len(embedders))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(embedder.embedded) for embedder in embedders) == [0, 0, 20]
    indexes = [open_index(tmp_path / str(number), embedders[number], chroma_server.address) for number in range(3)]
    assert [index.look() for index in indexes] == [None, None, None]
    assert scores(hits(indexes[0])) == scores(hits(indexes[1])) == scores(hits(indexes[2]))
    for index in indexes:
        index.close()


def test_a_collection_that_is_not_complete_is_never_searched(
    tmp_path: Path, chroma_server: RunningChroma, server: ChromaServer
) -> None:
    build_index(tmp_path, LIBRARY, HashEmbedder(), server=chroma_server.address)
    with closing(open_index(tmp_path, HashEmbedder(), chroma_server.address)) as index:
        whole = hits(index)
    server.drop(PREFIX + FINGERPRINT)
    half = begun(server, 5)
    with closing(open_index(tmp_path, HashEmbedder(), chroma_server.address)) as index:
        assert isinstance(index.look(), CollectionGoneError)
        assert scores(hits(index)) == scores(whole)
    half.mark_used(len(LIBRARY), now())  # says so, but isn't
    with closing(open_index(tmp_path, HashEmbedder(), chroma_server.address)) as index:
        assert isinstance(index.look(), CollectionGoneError)
        assert scores(hits(index)) == scores(whole)


def test_who_comes_later_waits_as_long_as_it_grows_and_then_takes_the_vectors(
    tmp_path: Path, chroma_server: RunningChroma, server: ChromaServer
) -> None:
    shared = begun(server, 1)
    count = iter(range(2, 1000))

    def grow() -> None:
        """A slow builder: a passage in nine seconds."""
        if int(time.seconds) % 9 == 0:
            put_rows(shared, rows(min(next(count), 20)))
            if shared.size() == 20:
                shared.mark_used(20, now())

    time, embedder, steps = Time(grow), HashEmbedder(), list[tuple[int, int]]()
    build_index(
        tmp_path,
        LIBRARY,
        embedder,
        server=chroma_server.address,
        still=time.patience(),
        progress=lambda done, total: steps.append((done, total)),
    )
    assert embedder.embedded == []
    assert steps[0] == (1, 20)
    assert (10, 20) in steps


def test_where_a_builder_was_killed_the_next_one_goes_on(
    tmp_path: Path, chroma_server: RunningChroma, server: ChromaServer
) -> None:
    begun(server, 7)
    embedder, time = HashEmbedder(), Time()
    build_index(tmp_path, LIBRARY, embedder, server=chroma_server.address, still=time.patience())
    assert len(embedder.embedded) == 13
    (standing,) = server.collections()
    assert (standing.is_complete, standing.passages, time.seconds >= 10) == (True, 20, True)
    with closing(open_index(tmp_path, embedder, chroma_server.address)) as index:
        assert index.look() is None


def test_a_builder_that_was_only_slow_does_no_harm_when_it_comes_back(
    tmp_path: Path, chroma_server: RunningChroma, server: ChromaServer
) -> None:
    slow = begun(server, 7)
    build_index(tmp_path, LIBRARY, HashEmbedder(), server=chroma_server.address, still=Time().patience())
    with closing(open_index(tmp_path, HashEmbedder(), chroma_server.address)) as index:
        before = scores(hits(index))
        put_rows(slow, rows(20))
        assert (slow.size(), index.look(), scores(hits(index))) == (20, None, before)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda extra: {**extra, "text": "another"},
        lambda extra: {**extra, "passage": "?"},
        lambda extra: {**extra, "passage": extra["passage"][:8]},
        lambda extra: {**extra, "passage": "AAAA" * (len(extra["passage"]) // 4 - 1) + "AAA="},
        lambda extra: {**extra, "sentences": ""},
        lambda extra: {"text": extra["text"]},
    ],
)
def test_vectors_that_do_not_fit_their_text_are_computed_anew(
    tmp_path: Path, chroma_server: RunningChroma, server: ChromaServer, spoil: Callable[[Mapping[str, str]], object]
) -> None:
    build_index(tmp_path / "one", LIBRARY, HashEmbedder(), server=chroma_server.address)
    row = rows(1)[0]
    spoilt = spoil(pack(row.text, row.vectors))
    assert isinstance(spoilt, dict)
    server.find(FINGERPRINT).put([row.id], row.vectors.passage[None], [{"sentences": "", "passage": "", **spoilt}])
    embedder = HashEmbedder()
    build_index(tmp_path / "two", LIBRARY, embedder, server=chroma_server.address)
    assert embedder.embedded == ["A title. This is about 0.md."]


def test_what_the_server_says_of_passages_that_nobody_knows_reaches_no_answer(
    tmp_path: Path, chroma_server: RunningChroma, server: ChromaServer
) -> None:
    build_index(tmp_path, LIBRARY, HashEmbedder(), server=chroma_server.address)
    row = rows(1)[0]
    with closing(open_index(tmp_path, HashEmbedder(), chroma_server.address)) as index:
        assert index.look() is None
        stranger = replace(row, id="nowhere.md#1")
        put_rows(server.find(FINGERPRINT), [stranger])
        assert all("nowhere.md#1" not in found for found in hits(index))
        assert isinstance(index.look(), CollectionGoneError)
    # Whoever fills it next makes it anew.
    build_index(tmp_path, LIBRARY, HashEmbedder(), server=chroma_server.address, still=Time().patience())
    build_index(tmp_path, LIBRARY, HashEmbedder(), server=chroma_server.address, still=Time().patience())
    assert server.find(FINGERPRINT).size() == 20


def test_versions_live_beside_each_other_and_only_what_nobody_uses_is_swept(
    tmp_path: Path, chroma_server: RunningChroma, server: ChromaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = HashEmbedder(), HashEmbedder("other")
    build_index(tmp_path / "old", LIBRARY, old, server=chroma_server.address)
    build_index(tmp_path / "new", LIBRARY, new, server=chroma_server.address)
    build_index(tmp_path / "edited", LIBRARY[:5], new, server=chroma_server.address)
    foreign = server.call(lambda api: api.create_collection("footnote-of-somebody-else")).name
    names = {standing.name for standing in server.collections()}
    assert (len(names), all(standing.is_complete for standing in server.collections())) == (3, True)
    later = now() + KEPT_S + 60
    monkeypatch.setattr(sharing, "now", lambda: later)
    build_index(tmp_path / "new", LIBRARY, new, server=chroma_server.address)
    assert {standing.name for standing in server.collections()} == {PREFIX + source_of(LIBRARY, new).fingerprint}
    assert foreign in {model.name for model in server.call(lambda api: api.list_collections())}
    server.drop(foreign)
    with closing(open_index(tmp_path / "old", old, chroma_server.address)) as index:
        assert isinstance(index.look(), CollectionGoneError)
        assert all(hits(index)), "who was away for so long still answers"


def test_an_index_of_a_folder_becomes_a_shared_one_and_back(tmp_path: Path, chroma_server: RunningChroma) -> None:
    embedder, said = HashEmbedder(), list[str]()
    build_index(tmp_path, LIBRARY, embedder)
    again = build_index(tmp_path, LIBRARY, embedder, server=chroma_server.address, notice=said.append)
    with closing(open_index(tmp_path, embedder, chroma_server.address)) as index:
        assert (again.embedded, index.look(), said) == (0, None, [])
    build_index(tmp_path, LIBRARY[:7], embedder, server=chroma_server.address, notice=said.append)
    assert said == []
    build_index(tmp_path, LIBRARY[:7], embedder, notice=said.append)
    assert ["FOOTNOTE_CHROMA_URL isn't set any more" in line for line in said] == [True]
    with closing(open_index(tmp_path, embedder)) as index:
        assert all(hits(index))
    assert len(embedder.embedded) == 20


@contextmanager
def answering(status: int, page: str, seen: list[Mapping[str, str]]) -> Iterator[str]:
    """A server that says the same to everybody."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            seen.append(dict(self.headers))
            self.send_response(status)
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            pass

    for method in ("GET", "POST"):
        setattr(Handler, f"do_{method}", Handler.answer)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("status", "page", "told"),
    [
        (401, "<html>Who are you? Bearer opensesame</html>", "it refuses the token (HTTP 401)"),
        (403, "", "it refuses the token (HTTP 403)"),
        (502, "<html>Bad gateway</html>", "it fails (HTTP 502)"),
        (200, "<html>Welcome</html>", "it answers unlike a Chroma server"),
        (200, json.dumps({"name": 3}), "it answers unlike a Chroma server"),
        (500, json.dumps({"error": "InternalError", "message": "The disk is full."}), "it says: The disk is full."),
    ],
)
def test_a_server_that_can_not_be_used_is_told_in_a_sentence_without_secrets(
    tmp_path: Path, status: int, page: str, told: str
) -> None:
    seen, said = list[Mapping[str, str]](), list[str]()
    with answering(status, page, seen) as url:
        address = ServerAddress(url=url.replace("//", "//user:opensesame@"), token="opensesame")
        report = build_index(tmp_path, LIBRARY, HashEmbedder(), server=address, notice=said.append)
    assert report.embedded == 20
    assert len(said) == 1
    assert told in said[0]
    assert "opensesame" not in said[0]
    assert "Answers stay the same" in said[0]
    assert {headers["Authorization"] for headers in seen} == {"Bearer opensesame"}
    assert {headers["X-Chroma-Token"] for headers in seen} == {"opensesame"}
    assert [header for header in seen[0].values() if "trace" in header] == []


def test_user_and_password_of_the_address_are_sent_as_such(tmp_path: Path) -> None:
    seen = list[Mapping[str, str]]()
    with (
        answering(200, '"1.0.0"', seen) as url,
        closing(ChromaServer(ServerAddress(url=url.replace("//", "//me:p%40ss@")))) as server,
    ):
        assert server.version() == "1.0.0"
        assert str(server.address) == url.replace("//", "//…@")
    assert seen[0]["Authorization"] == "Basic bWU6cEBzcw=="


def test_an_index_is_built_and_searched_without_the_server_and_put_there_later(
    tmp_path: Path, own_chroma_server: RunningChroma
) -> None:
    address, embedder, said = own_chroma_server.address, HashEmbedder(), list[str]()
    own_chroma_server.kill()
    build_index(tmp_path, LIBRARY, embedder, server=address, notice=said.append)
    with closing(open_index(tmp_path, embedder, address)) as index:
        assert isinstance(index.look(), ServerAwayError)
        assert len(said) == 1
        assert "can't be reached" in said[0]
        alone = hits(index)
        own_chroma_server.start()
        assert isinstance(index.look(), CollectionGoneError)
        build_index(tmp_path, LIBRARY, embedder, server=address, notice=said.append)
        assert (index.look(), len(said), len(embedder.embedded)) == (None, 1, 20)
        assert scores(hits(index)) == scores(alone)


def test_an_outage_costs_no_answer_and_changes_none(tmp_path: Path, own_chroma_server: RunningChroma) -> None:
    library = [*LIBRARY, document("more.md", *(passage("more.md", f"Part {part} of more.") for part in range(9)))]
    build_index(tmp_path, library, HashEmbedder(), server=own_chroma_server.address)
    with closing(open_index(tmp_path, HashEmbedder(), own_chroma_server.address)) as index:
        before = scores(hits(index))
        own_chroma_server.freeze()
        assert scores(hits(index)) == before
        assert "in time" in str(index.look())
        own_chroma_server.thaw()
        assert index.look() is None
        assert scores(hits(index)) == before
        own_chroma_server.kill()
        assert scores(hits(index)) == before
        assert "can't be reached" in str(index.look())
        own_chroma_server.start()
        assert index.look() is None, "nothing of ours was started anew, and the vectors survived the kill"
        assert scores(hits(index)) == before
