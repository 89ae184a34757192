"""What Chroma's client wrote is found by the engine alone, and a broken file is told as what it is."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from bot.knowledge.vectors import COLLECTION, VectorIndex, VectorSearch

ROOT = Path(__file__).parents[3]
DIMENSION = 16


def unit_vectors(number: int) -> "np.ndarray":
    found = np.random.default_rng(1).normal(size=(number, DIMENSION))
    unit: np.ndarray = (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)
    return unit


def write(folder: Path, vectors: "np.ndarray") -> list[str]:
    ids = [f"passage {number}" for number in range(len(vectors))]
    with closing(VectorIndex(folder, create=True)) as index:
        index.upsert(ids, vectors)
        index.delete(ids[:1])
    return ids


def test_the_nearest_come_first_with_their_cosines_and_what_was_deleted_is_gone(tmp_path: Path) -> None:
    vectors = unit_vectors(50)
    ids = write(tmp_path, vectors)
    with closing(VectorSearch(tmp_path)) as search:
        found = search.search(vectors[7], 5)
        everything = search.search(vectors[7], 100)
    cosines = vectors @ vectors[7]
    nearest = sorted(range(1, 50), key=lambda place: -cosines[place])[:5]
    assert [name for name, _ in found] == [ids[place] for place in nearest]
    assert [cosine for _, cosine in found] == pytest.approx([float(cosines[place]) for place in nearest], abs=1e-6)
    assert {name for name, _ in everything} == set(ids[1:])


def test_the_client_and_the_engine_find_the_same(tmp_path: Path) -> None:
    vectors = unit_vectors(300)
    write(tmp_path, vectors)
    with closing(VectorSearch(tmp_path)) as search:
        found = [search.search(vector, 20) for vector in vectors[:20]]
    with closing(VectorIndex(tmp_path, create=False)) as index:
        asked = index._client.get_collection(COLLECTION, embedding_function=None)
        told = asked.query(query_embeddings=vectors[:20], n_results=20, include=["distances"])
    assert [[name for name, _ in each] for each in found] == told["ids"]
    assert [[cosine for _, cosine in each] for each in found] == [
        [1.0 - distance for distance in each] for each in told["distances"]
    ]


def test_searching_imports_nothing_of_chromas_client(tmp_path: Path) -> None:
    write(tmp_path, unit_vectors(5))
    program = (
        "import sys, pathlib, numpy; from bot.knowledge.vectors import VectorSearch; "
        f"VectorSearch(pathlib.Path({str(tmp_path)!r})).search(numpy.ones({DIMENSION}, numpy.float32), 2); "
        "print('chromadb' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stdout.strip() == "False"


@pytest.mark.parametrize("content", [b"no database" * 100, b""])
def test_a_broken_file_is_told_as_chromas_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(content)
    with pytest.raises(RuntimeError, match=r"^Chroma: "):
        VectorSearch(tmp_path)


def test_a_missing_file_is_never_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="is missing"):
        VectorSearch(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_closed_search_says_so(tmp_path: Path) -> None:
    write(tmp_path, unit_vectors(5))
    search = VectorSearch(tmp_path)
    search.close()
    with pytest.raises(RuntimeError, match="closed"):
        search.search(unit_vectors(1)[0], 1)
