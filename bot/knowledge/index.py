"""The index in use: opened for searching, adopted anew when another process rebuilt it."""

import sqlite3
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from bot.domain.documents import CuratedDocument, Passage
from bot.domain.errors import IndexUnavailableError
from bot.knowledge.admission import Admission
from bot.knowledge.chroma_server import ServerAddress, ServerAwayError
from bot.knowledge.embeddings import Embedder
from bot.knowledge.fitness import damage, mismatch
from bot.knowledge.generations import Generations, broken, is_full
from bot.knowledge.lexical import Terms
from bot.knowledge.open_generation import Hit, OpenGeneration
from bot.knowledge.shared_search import SharedSearch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class KnowledgeIndex:
    """The index in use. `refresh` adopts what another process has published since."""

    def __init__(self, data_folder: Path, embedder: Embedder, server: ServerAddress | None = None) -> None:
        self.server = server
        self._generations = Generations(data_folder)
        self._embedder = embedder
        self._lock = Lock()
        self._stamp = self._generations.stamp()
        self.generation = self._open()

    def _open(self) -> OpenGeneration:
        current = self._generations.current()
        if current is None:
            raise IndexUnavailableError(
                f"There's no index in {self._generations.folder}.", remedy="Run `footnote index` to build it."
            )
        if reason := mismatch(current, self._embedder):
            raise IndexUnavailableError(
                f"The index in {self._generations.folder} can't be used: {reason}.",
                remedy="Run `footnote index`: it's built anew from the library, and nothing is lost.",
            )
        if reason := damage(current, shared=self.server is not None):
            raise broken(self._generations.folder, reason)
        try:
            return OpenGeneration(current, self.server)
        except (OSError, sqlite3.Error, ValueError, RuntimeError) as error:
            if is_full(error):
                raise IndexUnavailableError(
                    f"The index in {self._generations.folder} can't be opened: {error}.",
                    remedy="Free some space on that disk and try again.",
                ) from error
            raise broken(self._generations.folder, str(error)) from error

    @property
    def fingerprint(self) -> str:
        """Of the library as it's indexed, with model and format: it stands in the record of every answer."""
        return self.generation.manifest.fingerprint

    def refresh(self) -> bool:
        """Adopt a newer generation, if there is one that this process can use; costs one look at a file otherwise."""
        if self._generations.stamp() == self._stamp:
            return False
        with self._lock:
            stamp = self._generations.stamp()
            if stamp == self._stamp or stamp is None:
                return False
            self._stamp = stamp
            try:
                self.generation = self._open()
            except IndexUnavailableError:
                return False
        return True

    def look(self) -> ServerAwayError | None:
        """Why the server that is shared can't be used at this moment; None where it can, or where there is none."""
        vectors = self.generation.vectors
        return vectors.look() if isinstance(vectors, SharedSearch) else None

    def search(self, vector: "NDArray[np.float32]", words: str | Terms, depth: int) -> list[Hit]:
        """The `depth` best by vector and by words, in no order."""
        return self.generation.search(vector, words, depth)

    def documents(self) -> tuple[CuratedDocument, ...]:
        """Every indexed document without its passages, by path."""
        return tuple(self.generation.documents())

    def admitted(self, admission: Admission) -> tuple[CuratedDocument, ...]:
        """The documents that may be quoted today, by path."""
        return self.generation.admitted(admission).documents

    def document(self, path: str) -> CuratedDocument | None:
        """A document without its passages; None for an unknown path."""
        try:
            return self.generation.document(path)
        except KeyError:
            return None

    def passages_of(self, path: str) -> tuple[Passage, ...]:
        """A document's passages in order; none for an unknown path."""
        return self.generation.store.passages_of(path)

    @property
    def is_empty(self) -> bool:
        """Does it hold no document?"""
        return not self.generation.store.size()

    def knows(self, text: str) -> bool:
        """Does the library use each of these words in some form?"""
        return self.generation.lexical.knows(text)

    def vocabulary(self) -> dict[str, int]:
        """How often the library uses each word that is all letters."""
        return self.generation.store.vocabulary()

    def idf(self, word: str) -> float:
        """How telling a word is in this library (BM25's inverse document frequency); microseconds a word."""
        return self.generation.lexical.idf(word)

    def close(self) -> None:
        """Release the files; a closed index can't be used again."""
        self.generation.close()


def open_index(data_folder: Path, embedder: Embedder, server: ServerAddress | None = None) -> KnowledgeIndex:
    """Open the index for searching. Raises IndexUnavailableError where there is none that this program can use."""
    return KnowledgeIndex(data_folder, embedder, server)
