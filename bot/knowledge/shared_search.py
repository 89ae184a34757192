"""Searching on a server that may be away: the caller searches its own copy then, and the server is tried again."""

import time
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

from bot.knowledge.chroma_server import (
    WHILE_SEARCHING_S,
    ChromaServer,
    CollectionGoneError,
    ServerAddress,
    ServerAwayError,
    SharedVectors,
)
from bot.knowledge.store import PassageStore

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

INCOMPLETE = "the index's collection there isn't complete"
REST_S = 3.0
"""After a failure the server is left alone for as long, so that an outage costs few searches a time limit."""


class OwnSearch:
    """Looks at every vector of a passage store. They are read at the first search and kept until `forget`.

    That is 1.5 KB a passage; a search costs less than a millisecond for 1,000 passages.
    """

    def __init__(self, store: PassageStore) -> None:
        self._store = store
        self._lock = Lock()
        self._held: tuple[list[str], NDArray[np.float32]] | None = None

    def nearest(self, vector: "NDArray[np.float32]", k: int) -> list[str]:
        """The ids of the nearest `k`, best first."""
        import numpy as np

        with self._lock:
            names, matrix = self._held = self._held or self._store.all_vectors()
        if not names or k < 1:
            return []
        cosines = matrix @ vector
        best = np.argpartition(-cosines, k - 1)[:k] if k < len(names) else np.arange(len(names))
        return [names[place] for place in best[np.argsort(-cosines[best], kind="stable")]]

    def forget(self) -> None:
        """Give the memory back."""
        with self._lock:
            self._held = None


class SharedSearch:
    """The search in one index's collection. Any thread may use it."""

    def __init__(
        self,
        address: ServerAddress,
        *,
        fingerprint: str,
        passages: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.address = address
        self._server = ChromaServer(address, WHILE_SEARCHING_S)
        self._fingerprint = fingerprint
        self._passages = passages
        self._clock = clock
        self._vectors: SharedVectors | None = None
        self._rest_until = 0.0

    def nearest(self, vector: "NDArray[np.float32]", k: int) -> list[str] | None:
        """The ids of the nearest `k`; None where the server can't be used now."""
        if self._clock() < self._rest_until:
            return None
        try:
            return self._opened().nearest(vector, k)
        except ServerAwayError:
            self._rest()
            return None

    def look(self) -> ServerAwayError | None:
        """Why the server can't be used at this moment; None where it can."""
        try:
            if self._opened().size() != self._passages:
                raise CollectionGoneError(INCOMPLETE)
        except ServerAwayError as error:
            self._rest()
            return error
        self._rest_until = 0.0
        return None

    def _opened(self) -> SharedVectors:
        """The collection, looked up anew after a failure: a server that was started anew may have lost it."""
        vectors = self._vectors
        if vectors is None:
            vectors = self._server.find(self._fingerprint)
            standing = vectors.standing
            if not standing.is_complete or standing.passages != self._passages or vectors.size() != self._passages:
                raise CollectionGoneError(INCOMPLETE)
            self._vectors = vectors
        return vectors

    def _rest(self) -> None:
        self._vectors = None
        self._rest_until = self._clock() + REST_S

    def close(self) -> None:
        """Close the connection."""
        self._server.close()
