"""Keeps the index in step with the library's files: what hasn't changed since it was indexed isn't even opened."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.domain.documents import CuratedDocument
from bot.domain.errors import DocumentError, IndexUnavailableError
from bot.knowledge.building import Progress, is_intact, is_worth_keeping
from bot.knowledge.chroma_server import ServerAddress
from bot.knowledge.documents import Known, Library, read_library
from bot.knowledge.embeddings import Embedder
from bot.knowledge.fitness import Notice, mismatch
from bot.knowledge.generations import Generations
from bot.knowledge.indexing import IndexChangedError, IndexReport, build_index
from bot.knowledge.readers import READER_VERSION
from bot.knowledge.signature import Remembered, recall, remember, sign, stamp_files
from bot.knowledge.store import PassageStore

Keep = Callable[[Library], Sequence[CuratedDocument]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """The index after it was brought up to date, and the faults of files that couldn't be read."""

    report: IndexReport
    faults: tuple[DocumentError, ...]
    signature: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Before:
    """What the index holds of files that haven't changed: for the reader, and the digest of each by path."""

    known: Known
    digests: dict[str, str]


def nothing(_: Library) -> Sequence[CuratedDocument]:
    """Of a file that can't be read nothing is kept."""
    return ()


def keep_up(
    folder: Path,
    data: Path,
    embedder: Embedder,
    *,
    keep: Keep = nothing,
    progress: Progress,
    notice: Notice,
    patience: float = 0.0,
    server: ServerAddress | None = None,
) -> Kept:
    """Read what changed in the library and index it, with a `server` on that one.

    `keep` gives documents for files that can't be read. Raises ConfigurationError where there's no such folder, and
    IndexUnavailableError.
    """
    # Told before reading: what is written meanwhile has another stamp the next time.
    stamps = stamp_files(folder)
    before = _before(folder, data, embedder, stamps or {}, shared=server is not None)
    while True:
        read = read_library(folder, before.known)
        digests = {path: before.digests[path] for path in read.unchanged}
        try:
            report = build_index(
                data,
                [*read.documents, *keep(read)],
                embedder,
                progress=progress,
                notice=notice,
                patience=patience,
                unchanged=digests,
                server=server,
            )
        except IndexChangedError:
            before = _Before(known=Known(), digests={})
        else:
            break
    faulty = {fault.path for fault in read.faults}
    remember(
        data,
        Remembered(
            fingerprint=report.fingerprint,
            signature="" if faulty or stamps is None else sign(folder, stamps),
            repeated=read.repeated or before.known.repeated,
            reader=READER_VERSION,
            folder=str(folder.resolve()),
            files={path: stamp for path, stamp in (stamps or {}).items() if path not in faulty},
        ),
    )
    return Kept(report=report, faults=read.faults, signature="" if stamps is None else sign(folder, stamps))


def _before(folder: Path, data: Path, embedder: Embedder, stamps: dict[str, str], *, shared: bool) -> _Before:
    """What the index in use holds of the files that have the same stamps as then; nothing where it can't go on."""
    files = recall(data)
    if files is None or (files.reader, files.folder) != (READER_VERSION, str(folder.resolve())):
        return _Before(known=Known(), digests={})
    try:
        current = Generations(data).current()
    except IndexUnavailableError:
        current = None
    if current is None or mismatch(current, embedder) or not is_intact(current, shared=shared):
        return _Before(known=Known(), digests={})
    if current.manifest.fingerprint != files.fingerprint:
        return _Before(known=Known(), digests={})
    with closing(PassageStore(current.passages)) as store:
        held = store.held()
    same = {path for path in held if path in stamps and stamps[path] == files.files.get(path)}
    if not is_worth_keeping(held, same):
        return _Before(known=Known(), digests={})
    known = Known(
        ids={path: held[path][0] for path in same},
        repeated=files.repeated,
        gone=files.files.keys() - stamps.keys(),
    )
    return _Before(known=known, digests={path: held[path][1] for path in same})
