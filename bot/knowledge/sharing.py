"""Puts an index's vectors on a server that replicas share, or takes them from there.

Whoever creates the collection fills it. The others wait as long as it grows; where it stands still, its builder was
killed, and the next one goes on where that one was. No clock of another machine decides, and a wrong guess only means
that the same is written twice.
"""

import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.knowledge.chroma_server import (
    PREFIX,
    ChromaServer,
    CollectionGoneError,
    ServerAddress,
    ServerAwayError,
    SharedVectors,
    now,
)
from bot.knowledge.encoding import PassageVectors
from bot.knowledge.store import PassageStore, StoredVectors

if TYPE_CHECKING:
    from bot.knowledge.building import Work

STALLED_S = 20.0
"""A collection that hasn't grown for as long has lost its builder: one that lives puts in a batch every few seconds."""
LOOK_EVERY_S = 0.5
AT_ONCE = 256
KEPT_S = 24 * 3600.0
"""A collection that no replica has used for as long is deleted."""
USED_EVERY_S = 3600.0
UNIT = 1e-3
Progress = Callable[[int, int], None]


@dataclass(kw_only=True, slots=True)
class Patience:
    """How long a collection may stand still, and how the time until then passes."""

    stalled: float = STALLED_S
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(kw_only=True)
class Sharing:
    """One index on its way to the server or from there. After a failure it does nothing more and keeps the reason."""

    server: ChromaServer
    fingerprint: str
    dimension: int
    progress: Progress
    patience: Patience = field(default_factory=Patience)
    trouble: str = field(default="", init=False)
    passages: int = field(default=0, init=False)
    _filling: SharedVectors | None = field(default=None, init=False)
    _taken_over: SharedVectors | None = field(default=None, init=False)
    _complete: SharedVectors | None = field(default=None, init=False)

    def begin(self, passages: int) -> None:
        """Find out whether the vectors are there, or are to be put there by us; waits while another replica does.

        `passages` is the number that the index will have.
        """
        self.passages = passages
        with self._failing_softly():
            try:
                self.server.find(self.fingerprint)
            except CollectionGoneError:
                self._filling = self.server.create(self.fingerprint, now())
            if self._filling is None:
                self._wait()

    def _wait(self) -> None:
        clock, size, grown = self.patience.clock, -1, self.patience.clock()
        while True:
            found = self.server.find(self.fingerprint)
            if found.standing.is_complete and found.size() == self.passages:
                self._complete = found
                return
            if (held := found.size()) != size:
                size, grown = held, clock()
            if clock() - grown >= self.patience.stalled:
                self._filling = self._taken_over = found
                return
            self.progress(min(size, self.passages), self.passages)
            self.patience.sleep(LOOK_EVERY_S)

    def fetch(self, work: Sequence["Work"]) -> dict[str, PassageVectors]:
        """Vectors by text digest that another replica has computed; what doesn't fit is left out and computed here."""
        found: dict[str, PassageVectors] = {}
        if (others := self._complete or self._taken_over) is not None:
            with self._failing_softly():
                extras = others.extras([item.passage.id for item in work])
                for item in work:
                    vectors = unpack(
                        extras.get(item.passage.id, {}), item.digest, len(item.text.sentences), self.dimension
                    )
                    if vectors is not None:
                        found[item.digest] = vectors
        return found

    def put(self, batch: Sequence["Work"], vectors: Mapping[str, PassageVectors]) -> None:
        """Put a batch there, if that is ours to do: the others see that it grows."""
        rows = [StoredVectors(id=item.passage.id, text=item.digest, vectors=vectors[item.digest]) for item in batch]
        with self._failing_softly():
            if self._filling is not None and rows:
                put_rows(self._filling, rows)

    def share(self, store: PassageStore) -> None:
        """See to it that the vectors of a store are there."""
        self.begin(store.size())
        self.complete(store)

    def complete(self, store: PassageStore) -> None:
        """Put there what is still missing, and say that it is complete."""
        with self._failing_softly():
            if self._complete is not None:
                self._complete.mark_used(self.passages, now())
            if self._filling is not None:
                self._fill(self._filling, store)

    def _fill(self, vectors: SharedVectors, store: PassageStore) -> None:
        done = 0
        for rows in store.batches(AT_ONCE):
            held = vectors.held([row.id for row in rows])
            missing = [row for row in rows if row.id not in held]
            if missing:
                put_rows(vectors, missing)
                self.progress(min(done + len(rows), self.passages), self.passages)
            done += len(rows)
        if vectors.size() != self.passages:
            self.server.drop(PREFIX + self.fingerprint)  # It holds what isn't ours, and is made anew.
            raise ServerAwayError("the collection holds other passages than the library")
        vectors.mark_used(self.passages, now())

    def sweep(self) -> None:
        """Delete the collections that nobody has used for a day, never our own."""
        if self.trouble:
            return
        with self._failing_softly():
            for standing in self.server.collections():
                if standing.name != PREFIX + self.fingerprint and now() - standing.used > KEPT_S:
                    self.server.drop(standing.name)

    @contextmanager
    def _failing_softly(self) -> Iterator[None]:
        """The index works without the server: what fails here is kept to be told, and made good later."""
        try:
            yield
        except ServerAwayError as error:
            self.trouble = str(error)
            self._filling = self._taken_over = self._complete = None


@contextmanager
def sharing_on(
    address: ServerAddress,
    *,
    fingerprint: str,
    dimension: int,
    progress: Progress,
    notice: Callable[[str], None],
    patience: Patience | None = None,
) -> Iterator[Sharing]:
    """Share an index; at the end old ones are swept, and `notice` is told where the server couldn't be used."""
    with closing(ChromaServer(address)) as server:
        sharing = Sharing(
            server=server,
            fingerprint=fingerprint,
            dimension=dimension,
            progress=progress,
            patience=patience or Patience(),
        )
        yield sharing
        sharing.sweep()
        if sharing.trouble:
            notice(told(address, sharing.trouble))


def told(address: ServerAddress, trouble: str) -> str:
    """The sentence about a server that can't be used."""
    return (
        f"The Chroma server {address} can't be used: {trouble}. Answers stay the same meanwhile: the passages are "
        "searched here, and the server is used again by itself. `footnote doctor` looks at it."
    )


def put_rows(vectors: SharedVectors, rows: Sequence[StoredVectors]) -> None:
    """Put rows of a passage store into a collection."""
    import numpy as np

    extras = [pack(row.text, row.vectors) for row in rows]
    vectors.put([row.id for row in rows], np.stack([row.vectors.passage for row in rows]), extras)


def pack(text: str, vectors: PassageVectors) -> dict[str, str]:
    """All vectors of a passage, to the bit, with the digest of what the encoder read."""
    return {
        "text": text,
        "passage": b64encode(vectors.passage.astype("<f4").tobytes()).decode(),
        "sentences": b64encode(vectors.sentences.astype("<f2").tobytes()).decode(),
    }


def unpack(extra: Mapping[str, object], text: str, sentences: int, dimension: int) -> PassageVectors | None:
    """The vectors of a passage; None where they don't belong to this text or can't be right."""
    import numpy as np

    try:
        passage = np.frombuffer(b64decode(str(extra["passage"]), validate=True), dtype="<f4")
        each = np.frombuffer(b64decode(str(extra["sentences"]), validate=True), dtype="<f2")
    except (KeyError, ValueError):
        return None
    fits = extra.get("text") == text and len(passage) == dimension and len(each) == sentences * dimension
    if not fits or not np.isfinite(each).all() or not abs(float(np.linalg.norm(passage)) - 1.0) < UNIT:
        return None
    return PassageVectors(
        passage=passage.astype(np.float32), sentences=each.reshape(sentences, dimension).astype(np.float16)
    )
