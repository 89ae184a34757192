"""The index is brought up to date with the library; what did it, and what had to be done, is reported."""

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from errno import EACCES, EPERM, EROFS
from pathlib import Path

from bot.domain.documents import CuratedDocument, ReviewStatus
from bot.domain.errors import IndexUnavailableError
from bot.knowledge.building import NOTHING, Progress, can_carry, is_intact, publish_next, source_of
from bot.knowledge.chroma_server import ServerAddress
from bot.knowledge.embeddings import Embedder
from bot.knowledge.fitness import Notice, matching, mismatch, usable
from bot.knowledge.generations import Generation, Generations, is_full
from bot.knowledge.sharing import Patience, Sharing, sharing_on
from bot.knowledge.store import PassageStore


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
