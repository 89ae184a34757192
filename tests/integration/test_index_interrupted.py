"""A run that is killed at any point leaves a usable index, and the next run goes on where it was."""

import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.errors import IndexUnavailableError
from bot.knowledge.chroma_server import ServerAddress
from bot.knowledge.index import open_index
from bot.knowledge.indexing import build_index
from bot.knowledge.sharing import Patience
from tests.chroma_server import RunningChroma
from tests.fake_embedder import HashEmbedder, document

ROOT = Path(__file__).parents[2]
OLD = [document(f"{number}.md") for number in range(3)]
NEW = [document(f"{number}.md") for number in range(20)]

# Says where it is and waits there for a line, so that it's killed at exactly that point.
BUILDER = """
import sys
from pathlib import Path
from bot.knowledge import building, cache, chroma_server, generations, lexical, sharing, store, vectors
from bot.knowledge.chroma_server import ServerAddress
from bot.knowledge.indexing import build_index
from tests.fake_embedder import HashEmbedder, document

def pause(point):
    print(point, flush=True)
    sys.stdin.readline()

def paused(owner, name, point):
    real = getattr(owner, name)
    def stand_in(*args, **kwargs):
        pause("before " + point)
        result = real(*args, **kwargs)
        pause("after " + point)
        return result
    setattr(owner, name, stand_in)

paused(building, "copy", "the copy")
paused(cache.EmbeddingCache, "put", "a batch")
paused(vectors.VectorIndex, "upsert", "the vectors")
paused(sharing, "put_rows", "the vectors")
paused(chroma_server.ChromaServer, "create", "the collection")
paused(chroma_server.SharedVectors, "mark_used", "completing")
paused(store.PassageStore, "commit", "the passages")
lexical.LexicalIndex.build = staticmethod(lexical.LexicalIndex.build)
paused(lexical.LexicalIndex, "build", "the words")
paused(generations, "write_durably", "a small file")
paused(generations.Generations, "publish", "publishing")
paused(generations.Generations, "sweep", "sweeping")
building.AT_ONCE = 4
server = ServerAddress(url=sys.argv[2]) if sys.argv[2] else None
build_index(Path(sys.argv[1]), [document(f"{number}.md") for number in range(20)], HashEmbedder(), server=server)
print("done", flush=True)
"""
POINTS = [
    ("before the copy", 1),
    ("after the copy", 1),
    ("before a batch", 1),
    ("after a batch", 3),
    ("before the vectors", 1),
    ("after the vectors", 1),
    ("after the passages", 1),
    ("after the words", 1),
    ("after a small file", 1),
    ("before a small file", 2),
    ("after a small file", 2),
    ("after publishing", 1),
    ("after sweeping", 1),
]
ON_SERVER = [
    ("before the collection", 1),
    ("after the collection", 1),
    ("before the vectors", 1),
    ("after the vectors", 3),
    ("before completing", 1),
    ("after completing", 1),
    ("after the words", 1),
    ("after publishing", 1),
]
PUBLISHED = {"after publishing", "after sweeping"}
AT_ONCE = Patience(stalled=0.0)


def run_to(data: Path, point: str, times: int, server: ServerAddress | None = None) -> "subprocess.Popen[str]":
    """A builder that stands at this point."""
    builder = subprocess.Popen(
        [sys.executable, "-c", BUILDER, str(data), server.url if server else ""],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert builder.stdin
    assert builder.stdout
    for line in builder.stdout:
        times -= line.strip() == point
        if times == 0:
            return builder
        builder.stdin.write("\n")
        builder.stdin.flush()
    raise AssertionError(f"the builder never came to {point!r}")


def check_usable(data: Path, server: ServerAddress | None = None) -> int:
    """The number of documents of an index that opens and finds its own."""
    embedder = HashEmbedder()
    index = open_index(data, embedder, server)
    held = len(index.documents())
    hits = index.search(embedder.embed_query("This is about 2.md."), "This is about 2.md.", 100)
    assert len(hits) == held
    assert len(index.generation.load([hit.passage for hit in hits])) == held
    index.close()
    return held


@pytest.mark.parametrize(("point", "times"), POINTS)
def test_a_builder_killed_anywhere_leaves_a_whole_index_and_the_next_one_finishes(
    tmp_path: Path, point: str, times: int
) -> None:
    build_index(tmp_path, OLD, HashEmbedder())
    with run_to(tmp_path, point, times) as builder:
        builder.send_signal(signal.SIGKILL)
    assert check_usable(tmp_path) == len(NEW if point in PUBLISHED else OLD)
    report = build_index(tmp_path, NEW, HashEmbedder())
    assert check_usable(tmp_path) == len(NEW)
    assert report.embedded <= len(NEW) - len(OLD)
    folders = [path.name for path in (tmp_path / "index").iterdir() if path.is_dir()]
    assert len(folders) == 2, "what the killed run left was swept"


@pytest.mark.parametrize(("point", "times"), ON_SERVER)
def test_a_builder_killed_anywhere_leaves_no_half_index_on_the_server_and_another_replica_finishes(
    tmp_path: Path, chroma_server: RunningChroma, point: str, times: int
) -> None:
    server = chroma_server.address
    one, two = tmp_path / "one", tmp_path / "two"
    build_index(one, OLD, HashEmbedder(), server=server)
    with run_to(one, point, times, server) as builder:
        builder.send_signal(signal.SIGKILL)
    assert check_usable(one, server) == len(NEW if point in PUBLISHED else OLD)
    build_index(two, NEW, HashEmbedder(), server=server, still=AT_ONCE)
    embedder = HashEmbedder()
    build_index(one, NEW, embedder, server=server, still=AT_ONCE)
    assert embedder.embedded == [], "what the other replica computed was taken over"
    assert (check_usable(one, server), check_usable(two, server)) == (len(NEW), len(NEW))
    with closing(open_index(one, embedder, server)) as index:
        assert index.look() is None


def test_what_was_embedded_before_a_kill_is_not_embedded_again(tmp_path: Path) -> None:
    with run_to(tmp_path, "after a batch", 3) as builder:
        builder.send_signal(signal.SIGKILL)
    embedder = HashEmbedder()
    assert build_index(tmp_path, NEW, embedder).embedded == len(NEW) - 3 * 4
    assert len(embedder.embedded) == len(NEW) - 3 * 4


def test_while_one_process_builds_another_is_told_and_searches_the_old_index(tmp_path: Path) -> None:
    build_index(tmp_path, OLD, HashEmbedder())
    with run_to(tmp_path, "after a batch", 1) as builder:
        with pytest.raises(IndexUnavailableError, match="Another process is building"):
            build_index(tmp_path, NEW, HashEmbedder())
        assert check_usable(tmp_path) == len(OLD)
        builder.communicate("\n" * 200)
    assert builder.returncode == 0
    assert check_usable(tmp_path) == len(NEW)
