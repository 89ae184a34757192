"""The index of the library: brought up to date, opened for searching, adopted anew when another process rebuilt it."""

import sqlite3
import time
import weakref
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import date
from errno import EACCES, ENOSPC, EPERM, EROFS
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from bot.domain.documents import CuratedDocument, Passage, ReviewStatus
from bot.domain.errors import IndexUnavailableError
from bot.knowledge.admission import Admission, Admitted, admit
from bot.knowledge.building import NOTHING, Progress, can_carry, is_intact, publish_next, source_of
from bot.knowledge.chroma_server import ServerAddress, ServerAwayError
from bot.knowledge.embeddings import Embedder
from bot.knowledge.fitness import Notice, damage, matching, mismatch, usable
from bot.knowledge.generations import Generation, Generations, broken, lease
from bot.knowledge.lexical import LexicalIndex, Terms
from bot.knowledge.shared_search import OwnSearch, SharedSearch
from bot.knowledge.sharing import Patience, Sharing, sharing_on
from bot.knowledge.store import PassageStore, StoredPassage
from bot.knowledge.vectors import VectorSearch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class IndexChangedError(IndexUnavailableError):
    """What was taken for unchanged is no longer in the index as it was."""


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexReport:
    """What `build_index` did. `embedded` and `removed` count passages; both are 0 where nothing had changed."""

    generation: str
    fingerprint: str
    documents: int
    passages: int
    embedded: int
    removed: int
    seconds: float


class Hit(NamedTuple):
    """A passage that either side found: its cosine, and its BM25 score (0 where no word matches)."""

    passage: str
    dense: float
    lexical: float


def _quiet(*_: object) -> None:
    pass


def build_index(
    data_folder: Path,
    documents: Sequence[CuratedDocument],
    embedder: Embedder,
    *,
    progress: Progress = _quiet,
    notice: Notice = _quiet,
    patience: float = 0.0,
    unchanged: Mapping[str, str] = NOTHING,
    server: ServerAddress | None = None,
    still: Patience | None = None,
) -> IndexReport:
    """Bring the index up to date with the library; only what changed is embedded.

    With a `server` the vectors are put there, or fetched where another replica was first; where it can't be used,
    `notice` is told, and the index is complete without it. `still` says how long another's may stand still.

    May be killed at any point: the index in use stays whole, and the next run resumes. `unchanged` documents stay as
    the index holds them, by path under these digests. `progress` is given passages done and in all, `notice` a sentence
    where the old index can't be used. Waits up to `patience` seconds for another builder. Raises IndexUnavailableError,
    IndexChangedError where the index no longer holds what is unchanged.
    """
    started = time.perf_counter()
    source = source_of([d for d in documents if d.review_status is not ReviewStatus.RETIRED], embedder, unchanged)
    generations = Generations(data_folder)
    shared = server is not None
    with explained(generations.folder), ExitStack() as stack:
        sharing: Sharing | None = None
        if server is not None:
            opened = sharing_on(
                server,
                fingerprint=source.fingerprint,
                dimension=embedder.dimension,
                progress=progress,
                notice=notice,
                patience=still,
            )
            sharing = stack.enter_context(opened)
        same = matching(generations, source, shared=shared)
        if same is None:
            with generations.building(patience):
                # Another process may have built it while we waited.
                same = matching(generations, source, shared=shared)
                if same is None:
                    before = usable(generations, embedder, notice, shared=shared)
                    if not can_carry(before, source):
                        raise IndexChangedError(
                            "Another process has changed the index meanwhile.",
                            remedy="Try again: the library is read anew.",
                        )
                    generation, counts = publish_next(generations, before, source, embedder, progress, sharing=sharing)
                    return report_of(generation, started, embedded=counts.embedded, removed=counts.removed)
        if sharing is not None:
            with closing(PassageStore(same.passages)) as store:
                sharing.share(store)
        return report_of(same, started)


def current_report(data_folder: Path, embedder: Embedder, *, shared: bool = False) -> IndexReport | None:
    """The report on the index in use; None where this program can't use it as it is."""
    started = time.perf_counter()
    try:
        current = Generations(data_folder).current()
    except IndexUnavailableError:
        return None
    fits = current and not mismatch(current, embedder) and is_intact(current, shared=shared)
    return report_of(current, started) if current and fits else None


def report_of(generation: Generation, started: float, *, embedded: int = 0, removed: int = 0) -> IndexReport:
    """The report on this generation."""
    manifest = generation.manifest
    return IndexReport(
        generation=generation.folder.name,
        fingerprint=manifest.fingerprint,
        documents=manifest.documents,
        passages=manifest.passages,
        embedded=embedded,
        removed=removed,
        seconds=time.perf_counter() - started,
    )


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn what disks and engines raise into one sentence with a remedy."""
    try:
        yield
    except (OSError, sqlite3.Error, ValueError, RuntimeError) as error:
        code = getattr(error, "errno", None)
        text = str(error).lower()
        if is_full(error):
            remedy = "Free some space on that disk and try again; what was embedded so far is kept."
        elif code in (EACCES, EPERM, EROFS) or "readonly" in text or "read-only" in text or "permission" in text:
            remedy = "Give the folder to the user who runs this, or set FOOTNOTE_DATA to another one."
        else:
            remedy = f"Try again; if it fails again, delete {folder}: it's built anew, and nothing is lost."
        raise IndexUnavailableError(f"The index in {folder} can't be written: {error}.", remedy=remedy) from error


def is_full(error: Exception) -> bool:
    """Does this say that the disk is full?"""
    text = str(error).lower()
    return getattr(error, "errno", None) == ENOSPC or "is full" in text or "no space" in text


class OpenGeneration:
    """One generation opened for searching; it never changes. Any thread may use it.

    With a `server` its vectors are searched there, and here while that can't be used: the passages are found that are
    nearest of all, and every cosine is our own, so that no outage costs an answer.
    """

    def __init__(self, generation: Generation, server: ServerAddress | None = None) -> None:
        self.manifest = generation.manifest
        self._documents: dict[str, CuratedDocument] | None = None
        self._admitted: tuple[tuple[Admission, date], Admitted] | None = None
        with ExitStack() as stack:
            stack.enter_context(lease(generation.folder))
            self.store = PassageStore(generation.passages)
            stack.callback(self.store.close)
            self._own = OwnSearch(self.store)
            self.lexical = LexicalIndex(generation.tantivy)
            self.vectors: VectorSearch | SharedSearch
            if server is None:
                self.vectors = VectorSearch(generation.chroma)
            else:
                manifest = generation.manifest
                self.vectors = SharedSearch(server, fingerprint=manifest.fingerprint, passages=manifest.passages)
            stack.callback(self.vectors.close)
            self.close = weakref.finalize(self, stack.pop_all().close)

    def search(self, vector: "NDArray[np.float32]", words: str | Terms, depth: int) -> list[Hit]:
        """The `depth` best of either side. A passage that only its words found gets its exact cosine too."""
        dense = self._nearest(vector, depth)
        lexical = dict(self.lexical.search(words, depth))
        others = self.store.vectors([name for name in lexical if name not in dense])
        dense |= {name: float(other @ vector) for name, other in others.items()}
        return [Hit(name, cosine, lexical.get(name, 0.0)) for name, cosine in dense.items()]

    def _nearest(self, vector: "NDArray[np.float32]", depth: int) -> dict[str, float]:
        """The nearest passages with their cosines."""
        if isinstance(self.vectors, VectorSearch):
            return dict(self.vectors.search(vector, depth))
        names = self.vectors.nearest(vector, depth)
        if names is None:
            names = self._own.nearest(vector, depth)
        else:
            self._own.forget()
        held = self.store.vectors(names)
        return {name: float(own @ vector) for name, own in held.items()}

    def load(self, ids: Sequence[str]) -> dict[str, StoredPassage]:
        """Passages with their vectors, by id."""
        return self.store.load(ids)

    def admitted(self, admission: Admission) -> Admitted:
        """What may be quoted today; found out once a day."""
        asked = (admission, admission.today())
        if self._admitted is None or self._admitted[0] != asked:
            self._admitted = (asked, admit(self.documents(), admission, self.store.ids_of))
        return self._admitted[1]

    def document(self, path: str) -> CuratedDocument:
        """A document's metadata. Raises KeyError for an unknown path."""
        return self._by_path()[path]

    def documents(self) -> Collection[CuratedDocument]:
        """Every document without its passages, by path."""
        return self._by_path().values()

    def _by_path(self) -> dict[str, CuratedDocument]:
        if self._documents is None:
            self._documents = {document.path: document for document in self.store.documents()}
        return self._documents


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
