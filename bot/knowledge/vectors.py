"""The passages' vectors in Chroma: a small port of four verbs.

Chroma is given ids and vectors and asked for ids and distances. Texts live in our own store, and what must never be
found isn't put in: a filter would cost more than the search.

Writing goes through Chroma's client. Reading asks the engine under it, which is the same: the client's import alone
costs a fifth of a start and 50 MB, and a process that answers needs nothing of it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COLLECTION = "passages"
PLACE = ("default_tenant", "default_database")
"""Where Chroma's client puts a collection."""
BATCH = 5_000  # Chroma takes at most 5,461 at once
HELD = 8  # collections that an engine may hold in memory; there is one
# The defaults find 7 in 10 of the true neighbours among random vectors; a wider search costs a millisecond.
GRAPH = {"space": "cosine", "ef_construction": 200, "ef_search": 400, "max_neighbors": 32}


class VectorIndex:
    """A collection in a folder, while it's built. Only one process may write."""

    def __init__(self, folder: Path, *, create: bool) -> None:
        import chromadb
        from chromadb.config import Settings

        # Chroma would read a `.env` of the working directory, and names such as MIGRATIONS in it.
        settings = Settings(_env_file=None, anonymized_telemetry=False, chroma_otel_collection_endpoint="")  # type: ignore[call-arg]
        with reported():
            self._client: Any = chromadb.PersistentClient(str(folder), settings)
            if create:
                how: Any = {"hnsw": GRAPH}
                self._collection: Any = self._client.create_collection(
                    COLLECTION, configuration=how, embedding_function=None
                )
            else:
                self._collection = self._client.get_collection(COLLECTION, embedding_function=None)

    def upsert(self, ids: Sequence[str], vectors: "NDArray[np.float32]") -> None:
        """Put vectors (n, dimension) under their ids, replacing what was there."""
        for start in range(0, len(ids), BATCH):
            part = slice(start, start + BATCH)
            with reported():
                self._collection.upsert(ids=list(ids[part]), embeddings=vectors[part])

    def delete(self, ids: Sequence[str]) -> None:
        """Take vectors out; unknown ids are fine."""
        for start in range(0, len(ids), BATCH):
            with reported():
                self._collection.delete(ids=list(ids[start : start + BATCH]))

    def close(self) -> None:
        """Release files and threads."""
        self._client.close()


class VectorSearch:
    """A finished collection in a folder. Any thread may search it; the graph is read at the first search."""

    def __init__(self, folder: Path) -> None:
        from chromadb_rust_bindings import Bindings, MigrationHash, MigrationMode, SqliteDBConfig

        file = folder / "chroma.sqlite3"
        if not file.is_file():  # it would be made
            raise FileNotFoundError(f"{file} is missing")
        database = SqliteDBConfig(url=str(file), hash_type=MigrationHash.MD5, migration_mode=MigrationMode.Apply)
        with reported():
            self._engine: Any = Bindings(
                allow_reset=False, sqlite_db_config=database, persist_path=str(folder), hnsw_cache_size=HELD
            )
            self._collection = str(self._engine.get_collection(COLLECTION, *PLACE).id)

    def search(self, vector: "NDArray[np.float32]", k: int) -> list[tuple[str, float]]:
        """The nearest `k` ids with their cosines, best first."""
        if k < 1:
            return []
        if (engine := self._engine) is None:
            raise RuntimeError("The index is closed.")
        with reported():
            found = engine.query(self._collection, None, [vector.tolist()], k, None, None, ["distances"], *PLACE)
        return [(name, 1.0 - distance) for name, distance in zip(found.ids[0], found.distances[0], strict=True)]

    def close(self) -> None:
        """Release files and threads."""
        self._engine = None


@contextmanager
def reported() -> Iterator[None]:
    """Chroma's own errors as RuntimeError, so that nobody else needs to import it to catch them."""
    try:
        yield
    except Exception as error:
        from chromadb.errors import ChromaError  # imported by whoever raises it

        if not isinstance(error, ChromaError):
            raise
        raise RuntimeError(f"Chroma: {error}") from error
