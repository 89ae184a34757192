"""How a generation of the index is written: a copy of the one before with what changed, or from scratch."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from bot.domain.documents import CuratedDocument, Passage
from bot.knowledge.cache import EmbeddingCache
from bot.knowledge.embeddings import Embedder
from bot.knowledge.encoding import EncoderText, PassageVectors, encoder_text
from bot.knowledge.generations import FORMAT, Generation, Generations, Manifest
from bot.knowledge.lexical import LexicalIndex
from bot.knowledge.records import encode_document
from bot.knowledge.sharing import Sharing
from bot.knowledge.store import PassageStore
from bot.knowledge.vectors import VectorIndex

Progress = Callable[[int, int], None]

AT_ONCE = 64  # passages embedded between two commits: what a kill can cost
COPY_UP_TO = 0.5  # of the documents changed; beyond that, a graph of vectors full of gaps isn't worth keeping


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """The documents to be indexed by path, and the digest of each."""

    documents: Mapping[str, CuratedDocument]
    digests: Mapping[str, str]
    fingerprint: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """One passage on its way into the index."""

    passage: Passage
    position: int
    text: EncoderText
    digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """Passages that were embedded (not found among the known vectors), and passages that are no more."""

    embedded: int
    removed: int


def source_of(documents: Sequence[CuratedDocument], embedder: Embedder) -> Source:
    """The documents with their digests, and one fingerprint for all of it, the model and the format."""
    by_path = {document.path: document for document in documents}
    digests = {path: digest_of(document) for path, document in by_path.items()}
    content = json.dumps([FORMAT, embedder.digest, sorted(digests.items())])
    return Source(documents=by_path, digests=digests, fingerprint=sha256(content.encode()).hexdigest())


def digest_of(document: CuratedDocument) -> str:
    """Changes with a document's content, what is known of it, and how it was cut into passages."""
    passages = [(passage.id, len(passage.sentences)) for passage in document.passages]
    return sha256(json.dumps([encode_document(document), passages]).encode()).hexdigest()


def is_intact(generation: Generation, *, shared: bool = False) -> bool:
    """A cheap look at whether all parts are there; where the vectors are `shared`, Chroma's folder is none."""
    try:
        with closing(PassageStore(generation.passages)) as store:
            same = store.size() == generation.manifest.passages
    except sqlite3.Error:
        return False
    has_vectors = shared or (generation.chroma / "chroma.sqlite3").is_file()
    return same and has_vectors and (generation.tantivy / "meta.json").is_file()


@dataclass(frozen=True, kw_only=True, slots=True)
class Builder:
    """Writes generations of this source. `progress` is given the passages done and in all.

    With `sharing` the vectors are on a server, and the generation has the words and the passages alone.
    """

    source: Source
    embedder: Embedder
    cache: EmbeddingCache
    progress: Progress
    sharing: Sharing | None = None

    def write(self, fresh: Generation, before: Generation | None) -> Counts:
        """Fill the folder of a generation that nobody uses yet."""
        documents, digests = self.source.documents, self.source.digests
        continued = before is not None and is_alike(before, self.source)
        if before and continued:
            copy(before, fresh, shared=self.sharing is not None)
        with closing(PassageStore(fresh.passages, writable=True)) as store:
            known = store.digests()
            changed = [path for path, digest in digests.items() if known.get(path) != digest]
            gone = [path for path in known if path not in digests]
            old = store.texts_of([*changed, *gone])
            store.remove([*changed, *gone])
            for path in changed:
                store.add_document(documents[path], digests[path])
            work = [item for path in changed for item in work_of(documents[path])]
            stale = old.keys() - {item.passage.id for item in work}
            if self.sharing is None:
                with closing(VectorIndex(fresh.chroma, create=not continued)) as vectors:
                    vectors.delete(sorted(stale))
                    embedded = self._write_passages(work, old, store, vectors)
            else:
                self.sharing.begin(store.size() + len(work))
                embedded = self._write_passages(work, old, store, None)
            store.commit()
            if self.sharing is not None:
                self.sharing.complete(store)
        every = (item for document in documents.values() for item in work_of(document))
        LexicalIndex.build(fresh.tantivy, ((item.passage.id, item.text.text) for item in every))
        return Counts(embedded=embedded, removed=len(stale))

    def _write_passages(
        self, work: Sequence[Work], old: Mapping[str, str], store: PassageStore, vectors: VectorIndex | None
    ) -> int:
        """Embed and put in, a batch at a time; gives how many had to be embedded."""
        import numpy as np

        embedded = 0
        fresh: list[tuple[str, PassageVectors]] = []
        self.progress(0, len(work))
        for start in range(0, len(work), AT_ONCE):
            batch = work[start : start + AT_ONCE]
            found, computed = self._embed(batch)
            embedded += computed
            for item in batch:
                store.add_passage(item.passage, item.position, item.digest, found[item.digest])
                if old.get(item.passage.id) != item.digest:
                    fresh.append((item.passage.id, found[item.digest]))
            if self.sharing is not None:
                self.sharing.put(batch, found)
            self.progress(start + len(batch), len(work))
        if fresh and vectors is not None:
            vectors.upsert([name for name, _ in fresh], np.stack([found.passage for _, found in fresh]))
        return embedded

    def _embed(self, batch: Sequence[Work]) -> tuple[dict[str, PassageVectors], int]:
        """Vectors by text digest, and how many of them were new."""
        found = self.cache.get([item.digest for item in batch])
        missing = {item.digest: item.text for item in batch if item.digest not in found}
        if missing and self.sharing is not None and (fetched := self.sharing.fetch(batch)):
            self.cache.put(fetched)
            found.update(fetched)
            missing = {digest: text for digest, text in missing.items() if digest not in fetched}
        if missing:
            computed = dict(zip(missing, self.embedder.embed_passages(list(missing.values())), strict=True))
            self.cache.put(computed)
            found.update(computed)
        return found, len(missing)


def work_of(document: CuratedDocument) -> Iterator[Work]:
    """A document's passages as they'll be read by the encoder and by the word index."""
    for position, passage in enumerate(document.passages):
        text = encoder_text(document.title, passage)
        yield Work(passage=passage, position=position, text=text, digest=text.digest)


def is_alike(before: Generation, source: Source) -> bool:
    """Is enough of the old generation still good?"""
    with closing(PassageStore(before.passages)) as store:
        known = store.digests()
    kept = sum(known.get(path) == digest for path, digest in source.digests.items())
    return kept > 0 and len(known) - kept <= COPY_UP_TO * len(known)


def copy(before: Generation, fresh: Generation, *, shared: bool = False) -> None:
    """Copy what a changed generation starts from; its words are indexed anew."""
    copy_database(before.passages, fresh.passages)
    if not shared:
        shutil.copytree(before.chroma, fresh.chroma, copy_function=copy_file)


def copy_file(source: str, target: str) -> str:
    """Databases through SQLite, since a reader may hold one open; other files as they are."""
    if source.endswith(".sqlite3"):
        copy_database(Path(source), Path(target))
    elif not source.endswith(("-journal", "-wal", "-shm")):
        shutil.copyfile(source, target)
    return target


def copy_database(source: Path, target: Path) -> None:
    """A consistent copy of a SQLite file."""
    readable = sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)
    with closing(readable) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def publish_next(
    generations: Generations,
    before: Generation | None,
    source: Source,
    embedder: Embedder,
    progress: Progress,
    *,
    sharing: Sharing | None = None,
) -> tuple[Generation, Counts]:
    """Write the next generation and make it the one in use. Whatever goes wrong, the old one stays."""
    manifest = Manifest(
        format=FORMAT,
        model=embedder.name,
        model_digest=embedder.digest,
        fingerprint=source.fingerprint,
        documents=len(source.documents),
        passages=sum(len(document.passages) for document in source.documents.values()),
    )
    fresh = Generation(folder=generations.begin(), manifest=manifest)
    with closing(EmbeddingCache(generations.folder / "embeddings.sqlite", embedder.digest)) as cache:
        try:
            builder = Builder(source=source, embedder=embedder, cache=cache, progress=progress, sharing=sharing)
            counts = builder.write(fresh, before)
            generations.publish(fresh)
        except BaseException:
            shutil.rmtree(fresh.folder, ignore_errors=True)
            raise
        cache.prune(item.digest for document in source.documents.values() for item in work_of(document))
    generations.sweep()
    return fresh, counts
