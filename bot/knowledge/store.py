"""Passages, their vectors and their documents' metadata in one SQLite file."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from bot.domain.documents import CuratedDocument, Passage
from bot.knowledge.encoding import PassageVectors
from bot.knowledge.records import decode_document, decode_passage, encode_document, encode_passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (path TEXT PRIMARY KEY, digest TEXT NOT NULL, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS passages (
    id TEXT PRIMARY KEY, document TEXT NOT NULL, position INTEGER NOT NULL, text TEXT NOT NULL,
    words TEXT NOT NULL, record TEXT NOT NULL, vector BLOB NOT NULL, sentences BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS vocabulary (word TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS passages_of_document ON passages (document, position);
"""
PASSAGES = """
SELECT id, document, record, vector, sentences FROM passages WHERE id IN (SELECT value FROM json_each(?))
"""
VECTORS = "SELECT id, vector FROM passages WHERE id IN (SELECT value FROM json_each(?))"
NEXT_VECTORS = "SELECT rowid, id, vector FROM passages WHERE rowid > ? ORDER BY rowid LIMIT ?"
NEXT_ROWS = "SELECT rowid, id, text, vector, sentences FROM passages WHERE rowid > ? ORDER BY rowid LIMIT ?"
AT_ONCE = 4_096


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class StoredPassage:
    """A passage with its vectors, as it was indexed."""

    passage: Passage
    vectors: PassageVectors


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class StoredVectors:
    """A passage's vectors without the passage; `text` is the digest of what the encoder read."""

    id: str
    text: str
    vectors: PassageVectors


class PassageStore:
    """One file. Many threads may read it; it's written only while a generation is built."""

    def __init__(self, path: Path, *, writable: bool = False) -> None:
        if writable:
            self._connection = sqlite3.connect(path, check_same_thread=False)
            self._connection.executescript(SCHEMA)
        else:
            self._connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
        self._lock = Lock()

    def _rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple]:  # type: ignore[type-arg]
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def documents(self) -> tuple[CuratedDocument, ...]:
        """Every document without its passages, by path."""
        return tuple(decode_document(record) for (record,) in self._rows("SELECT record FROM documents ORDER BY path"))

    def digests(self) -> dict[str, str]:
        """The digest under which each document was indexed, by path."""
        return dict(self._rows("SELECT path, digest FROM documents"))

    def size(self) -> int:
        """The number of passages."""
        return int(self._rows("SELECT count(*) FROM passages")[0][0])

    def passages_of(self, document: str) -> tuple[Passage, ...]:
        """A document's passages in order."""
        statement = "SELECT id, document, record FROM passages WHERE document = ? ORDER BY position"
        return tuple(decode_passage(*row) for row in self._rows(statement, (document,)))

    def held(self) -> dict[str, tuple[str, str]]:
        """The id and the digest of each document, by path."""
        rows = self._rows("SELECT path, json_extract(record, '$.id'), digest FROM documents")
        return {path: (name, digest) for path, name, digest in rows}

    def words(self) -> Iterator[tuple[str, str]]:
        """The folded words that each passage is found by, with its id; read as they're used, for the builder alone."""
        yield from self._connection.execute("SELECT id, words FROM passages")

    def digests_of_texts(self) -> frozenset[str]:
        """The digests of all that the encoder read."""
        return frozenset(text for (text,) in self._rows("SELECT text FROM passages"))

    def vocabulary(self) -> dict[str, int]:
        """How often the library uses each word that is all letters."""
        return dict(self._rows("SELECT word, count FROM vocabulary"))

    def texts_of(self, documents: Iterable[str]) -> dict[str, str]:
        """The digest of what the encoder read, by passage id."""
        statement = "SELECT id, text FROM passages WHERE document = ?"
        return {name: text for path in documents for name, text in self._rows(statement, (path,))}

    def ids_of(self, documents: Iterable[str]) -> frozenset[str]:
        """The ids of the passages of documents."""
        statement = "SELECT id FROM passages WHERE document IN (SELECT value FROM json_each(?))"
        return frozenset(name for (name,) in self._rows(statement, (json.dumps(sorted(documents)),)))

    def places(self, ids: Sequence[str]) -> dict[str, str]:
        """The paths of the documents in which passages stand, by passage id."""
        statement = "SELECT id, document FROM passages WHERE id IN (SELECT value FROM json_each(?))"
        return dict(self._rows(statement, (json.dumps(ids),)))

    def load(self, ids: Sequence[str]) -> dict[str, StoredPassage]:
        """Passages with vectors, by id; unknown ids are missing."""
        import numpy as np

        found = {}
        for name, document, record, vector, sentences in self._rows(PASSAGES, (json.dumps(ids),)):
            whole = np.frombuffer(vector, dtype=np.float32)
            vectors = PassageVectors(
                passage=whole, sentences=np.frombuffer(sentences, dtype=np.float16).reshape(-1, len(whole))
            )
            found[name] = StoredPassage(passage=decode_passage(name, document, record), vectors=vectors)
        return found

    def vectors(self, ids: Sequence[str]) -> "dict[str, NDArray[np.float32]]":
        """The passages' own vectors, by id."""
        import numpy as np

        rows = self._rows(VECTORS, (json.dumps(ids),))
        return {name: np.frombuffer(vector, dtype=np.float32) for name, vector in rows}

    def all_vectors(self) -> "tuple[list[str], NDArray[np.float32]]":
        """The ids of all passages and their vectors (n, dimension)."""
        import numpy as np

        names: list[str] = []
        parts: list[NDArray[np.float32]] = []
        last = 0
        while rows := self._rows(NEXT_VECTORS, (last, AT_ONCE)):
            last = rows[-1][0]
            names += [row[1] for row in rows]
            parts.append(np.frombuffer(b"".join(row[2] for row in rows), dtype=np.float32).reshape(len(rows), -1))
        return names, np.concatenate(parts) if parts else np.empty((0, 0), dtype=np.float32)

    def batches(self, size: int) -> Iterator[list[StoredVectors]]:
        """The vectors of all passages."""
        import numpy as np

        last = 0
        while rows := self._rows(NEXT_ROWS, (last, size)):
            last = rows[-1][0]
            batch = []
            for _, name, text, vector, sentences in rows:
                whole = np.frombuffer(vector, dtype=np.float32)
                each = np.frombuffer(sentences, dtype=np.float16).reshape(-1, len(whole))
                batch.append(StoredVectors(id=name, text=text, vectors=PassageVectors(passage=whole, sentences=each)))
            yield batch

    def remove(self, documents: Iterable[str]) -> None:
        """Take documents out, with their passages."""
        paths = [(path,) for path in documents]
        self._connection.executemany("DELETE FROM passages WHERE document = ?", paths)
        self._connection.executemany("DELETE FROM documents WHERE path = ?", paths)

    def add_document(self, document: CuratedDocument, digest: str) -> None:
        """Put a document's metadata in."""
        self._connection.execute(
            "INSERT OR REPLACE INTO documents VALUES (?, ?, ?)", (document.path, digest, encode_document(document))
        )

    def add_passage(self, passage: Passage, position: int, text: str, words: str, vectors: PassageVectors) -> None:
        """Put a passage in; `text` is the digest of what the encoder read, `words` are the folded words of it."""
        record = (
            passage.id,
            passage.document,
            position,
            text,
            words,
            encode_passage(passage),
            vectors.passage.tobytes(),
            vectors.sentences.tobytes(),
        )
        self._connection.execute("INSERT OR REPLACE INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?)", record)

    def write_vocabulary(self, counts: Mapping[str, int]) -> None:
        """Put the library's words in, in place of those that are there."""
        self._connection.execute("DELETE FROM vocabulary")
        self._connection.executemany("INSERT INTO vocabulary VALUES (?, ?)", counts.items())

    def commit(self) -> None:
        """Write what was put in and taken out."""
        self._connection.commit()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()
