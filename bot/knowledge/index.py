"""The index of the library: brought up to date, opened for searching, adopted anew when another process rebuilt it."""

import sqlite3
import time
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from errno import EACCES, ENOSPC, EPERM, EROFS
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from bot.domain.documents import CuratedDocument, Passage, ReviewStatus
from bot.domain.errors import IndexUnavailableError
from bot.knowledge.admission import Admission, Admitted, admit
from bot.knowledge.building import NOTHING, Progress, Source, can_carry, is_intact, publish_next, source_of
from bot.knowledge.embeddings import Embedder
from bot.knowledge.generations import FORMAT, Generation, Generations, broken, lease
from bot.knowledge.lexical import LexicalIndex, Terms
from bot.knowledge.store import PassageStore, StoredPassage
from bot.knowledge.vectors import VectorIndex

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Notice = Callable[[str], None]


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
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
) -> IndexReport:
    """Bring the index up to date with the library; only what changed is embedded.

    May be killed at any point: the index in use stays whole, and the next run resumes. `unchanged` documents stay as
    the index holds them, by path under these digests. `progress` is given passages done and in all, `notice` a sentence
    where the old index can't be used. Waits up to `patience` seconds for another builder. Raises IndexUnavailableError,
    IndexChangedError where the index no longer holds what is unchanged.
    """
    started = time.perf_counter()
    source = source_of([d for d in documents if d.review_status is not ReviewStatus.RETIRED], embedder, unchanged)
    generations = Generations(data_folder)
    with explained(generations.folder):
        same = matching(generations, source)
        if same:
            return report_of(same, started)
        with generations.building(patience):
            same = matching(generations, source)  # another process may have built it while we waited
            if same:
                return report_of(same, started)
            before = usable(generations, embedder, notice)
            if not can_carry(before, source):
                raise IndexChangedError(
                    "Another process has changed the index meanwhile.", remedy="Try again: the library is read anew."
                )
            generation, counts = publish_next(generations, before, source, embedder, progress)
            return report_of(generation, started, embedded=counts.embedded, removed=counts.removed)


def current_report(data_folder: Path, embedder: Embedder) -> IndexReport | None:
    """The report on the index in use; None where this program can't use it as it is."""
    started = time.perf_counter()
    try:
        current = Generations(data_folder).current()
    except IndexUnavailableError:
        return None
    return report_of(current, started) if current and not mismatch(current, embedder) and is_intact(current) else None


def matching(generations: Generations, source: Source) -> Generation | None:
    """The generation in use, where it holds exactly this library and is whole."""
    try:
        current = generations.current()
    except IndexUnavailableError:
        return None
    return current if current and current.manifest.fingerprint == source.fingerprint and is_intact(current) else None


def usable(generations: Generations, embedder: Embedder, notice: Notice) -> Generation | None:
    """The generation in use, where the next one can start from it; else `notice` is told why not."""
    try:
        current = generations.current()
    except IndexUnavailableError as error:
        notice(f"{error.problem} It's built anew from the library; nothing is lost.")
        return None
    if current is None:
        return None
    reason = mismatch(current, embedder) or ("" if is_intact(current) else "parts of it are missing or damaged")
    if reason:
        notice(f"The index can't be used, {reason}; it's built anew from the library, and nothing is lost.")
    return None if reason else current


def mismatch(generation: Generation, embedder: Embedder) -> str:
    """Why this program can't search this generation; empty where it can."""
    manifest = generation.manifest
    if manifest.format != FORMAT:
        return f"it's of another version (format {manifest.format}, this version writes {FORMAT})"
    if manifest.model_digest != embedder.digest:
        return f"it was made with another embedding model ({manifest.model}, not this {embedder.name})"
    return ""


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
        if code == ENOSPC or "full" in text or "no space" in text:
            remedy = "Free some space on that disk and try again; what was embedded so far is kept."
        elif code in (EACCES, EPERM, EROFS) or "readonly" in text or "read-only" in text or "permission" in text:
            remedy = "Give the folder to the user who runs this, or set FOOTNOTE_DATA to another one."
        else:
            remedy = f"Try again; if it fails again, delete {folder}: it's built anew, and nothing is lost."
        raise IndexUnavailableError(f"The index in {folder} can't be written: {error}.", remedy=remedy) from error


class OpenGeneration:
    """One generation opened for searching; it never changes. Any thread may use it."""

    def __init__(self, generation: Generation) -> None:
        self.manifest = generation.manifest
        self._documents: dict[str, CuratedDocument] | None = None
        self._admitted: tuple[tuple[Admission, date], Admitted] | None = None
        with ExitStack() as stack:
            stack.enter_context(lease(generation.folder))
            self.store = PassageStore(generation.passages)
            stack.callback(self.store.close)
            self.lexical = LexicalIndex(generation.tantivy)
            self.vectors = VectorIndex(generation.chroma)
            stack.callback(self.vectors.close)
            self.close = weakref.finalize(self, stack.pop_all().close)

    def search(self, vector: "NDArray[np.float32]", words: str | Terms, depth: int) -> list[Hit]:
        """The `depth` best of either side. A passage that only its words found gets its exact cosine too."""
        dense = dict(self.vectors.search(vector, depth))
        lexical = dict(self.lexical.search(words, depth))
        others = self.store.vectors([name for name in lexical if name not in dense])
        dense |= {name: float(other @ vector) for name, other in others.items()}
        return [Hit(passage=name, dense=cosine, lexical=lexical.get(name, 0.0)) for name, cosine in dense.items()]

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

    def __init__(self, data_folder: Path, embedder: Embedder) -> None:
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
        if not is_intact(current):
            raise broken(self._generations.folder, "parts of it are missing or damaged")
        try:
            return OpenGeneration(current)
        except (OSError, sqlite3.Error, ValueError, RuntimeError) as error:
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


def open_index(data_folder: Path, embedder: Embedder) -> KnowledgeIndex:
    """Open the index for searching. Raises IndexUnavailableError where there is none that this program can use."""
    return KnowledgeIndex(data_folder, embedder)
