"""Vectors that were computed once, by model and text: what makes a killed indexing run resume where it was."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bot.knowledge.encoding import PassageVectors

SCHEMA = """
CREATE TABLE IF NOT EXISTS embeddings (
    model TEXT NOT NULL, text TEXT NOT NULL, passage BLOB NOT NULL, sentences BLOB NOT NULL, PRIMARY KEY (model, text)
) WITHOUT ROWID;
"""
KNOWN = """
SELECT text, passage, sentences FROM embeddings WHERE model = ? AND text IN (SELECT value FROM json_each(?))
"""


class EmbeddingCache:
    """One SQLite file. A damaged one is thrown away: it only saves time."""

    def __init__(self, path: Path, model: str) -> None:
        self._model = model
        try:
            self._connection = self._open(path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            for file in path.parent.glob(f"{path.name}*"):
                file.unlink()
            self._connection = self._open(path)

    @staticmethod
    def _open(path: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(path)
        try:
            # A commit a batch: a write-ahead log makes it cheap and keeps it safe across a kill.
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.executescript(SCHEMA)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def get(self, texts: Sequence[str]) -> dict[str, PassageVectors]:
        """The known vectors of these text digests."""
        import numpy as np

        found = {}
        for text, passage, sentences in self._connection.execute(KNOWN, (self._model, json.dumps(texts))):
            whole = np.frombuffer(passage, dtype=np.float32)
            each = np.frombuffer(sentences, dtype=np.float16).reshape(-1, len(whole))
            found[text] = PassageVectors(passage=whole, sentences=each)
        return found

    def put(self, vectors: Mapping[str, PassageVectors]) -> None:
        """Keep vectors by text digest, at once and for good."""
        rows = [
            (self._model, text, found.passage.tobytes(), found.sentences.tobytes()) for text, found in vectors.items()
        ]
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?, ?)", rows)

    def prune(self, used: Iterable[str]) -> None:
        """Forget what the library no longer holds, once that is more than what it holds."""
        wanted = {(self._model, text) for text in used}
        known = set(self._connection.execute("SELECT model, text FROM embeddings"))
        stale = known - wanted
        if len(stale) > len(wanted):
            with self._connection:
                self._connection.executemany("DELETE FROM embeddings WHERE model = ? AND text = ?", stale)
            self._connection.execute("VACUUM")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
