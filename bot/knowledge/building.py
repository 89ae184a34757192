"""How a generation of the index is written: a copy of the one before with what changed, or from scratch."""

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path

from bot.domain.documents import CuratedDocument, Passage
from bot.domain.text import words
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
WRITTEN_AT_ONCE = 4_096  # passages whose vectors wait in memory to be put into the graph
NOTHING: Mapping[str, str] = {}
COPY_UP_TO = 0.5  # of the documents changed; beyond that, a graph of vectors full of gaps isn't worth keeping


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """What is to be indexed: the digest of every document by path, and of those in `documents` all that they hold.

    The others are in the index as they are, under these very digests.
    """

    documents: Mapping[str, CuratedDocument]
    digests: Mapping[str, str]
    fingerprint: str

    @property
    def unchanged(self) -> Mapping[str, str]:
        """The digests of the documents that only the index holds, by path."""
        return {path: digest for path, digest in self.digests.items() if path not in self.documents}


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """One passage on its way into the index."""

    passage: Passage
    position: int
    text: EncoderText
    digest: str

    @property
    def words(self) -> str:
        """The folded words that it's found by, with a space between them."""
        return " ".join(words(self.text.text))


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """Passages that were embedded (not found among the known vectors), that are no more, and that there are in all."""

    embedded: int
    removed: int
    passages: int


def source_of(
    documents: Sequence[CuratedDocument], embedder: Embedder, unchanged: Mapping[str, str] = NOTHING
) -> Source:
    """The documents with their digests, and one fingerprint for all of it, the model and the format."""
    by_path = {document.path: document for document in documents}
    digests = {**unchanged, **{path: digest_of(document) for path, document in by_path.items()}}
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
        continued = before is not None and is_alike(before, digests)
        if before and continued:
            copy(before, fresh, shared=self.sharing is not None)
        with closing(PassageStore(fresh.passages, writable=True)) as store:
            known = store.digests()
            changed = [documents[path] for path in documents if known.get(path) != digests[path]]
            gone = [path for path in known if path not in digests]
            touched = [*(document.path for document in changed), *gone]
            old = store.texts_of(touched)
            store.remove(touched)
            stale = old.keys() - {passage.id for document in changed for passage in document.passages}
            if self.sharing is None:
                with closing(VectorIndex(fresh.chroma, create=not continued)) as vectors:
                    vectors.delete(sorted(stale))
                    embedded = self._write_documents(changed, old, store, vectors)
            else:
                self.sharing.begin(store.size() + sum(len(document.passages) for document in changed))
                embedded = self._write_documents(changed, old, store, None)
            counts: Counter[str] = Counter()
            LexicalIndex.build(fresh.tantivy, counted(store.words(), counts))
            store.write_vocabulary({word: count for word, count in counts.items() if word.isalpha()})
            store.commit()
            if self.sharing is not None:
                self.sharing.complete(store)
            return Counts(embedded=embedded, removed=len(stale), passages=store.size())

    def _write_documents(
        self,
        changed: Sequence[CuratedDocument],
        old: Mapping[str, str],
        store: PassageStore,
        vectors: VectorIndex | None,
    ) -> int:
        """Embed and put in, a batch at a time; gives how many had to be embedded."""
        embedded = done = 0
        total = sum(len(document.passages) for document in changed)
        fresh: dict[str, PassageVectors] = {}
        self.progress(0, total)
        for document in changed:
            store.add_document(document, self.source.digests[document.path])
        for batch in batched(chain.from_iterable(map(work_of, changed)), AT_ONCE):
            found, computed = self._embed(batch)
            embedded += computed
            for item in batch:
                store.add_passage(item.passage, item.position, item.digest, item.words, found[item.digest])
                if old.get(item.passage.id) != item.digest:
                    fresh[item.passage.id] = found[item.digest]
            if self.sharing is not None:
                self.sharing.put(batch, found)
            done += len(batch)
            self.progress(done, total)
            if len(fresh) >= WRITTEN_AT_ONCE:
                put_in(vectors, fresh)
                fresh = {}
        put_in(vectors, fresh)
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


def batched(items: Iterable[Work], size: int) -> Iterator[list[Work]]:
    """The items in lists of so many; the last one may be shorter."""
    left = iter(items)
    while batch := list(islice(left, size)):
        yield batch


def put_in(vectors: VectorIndex | None, fresh: Mapping[str, PassageVectors]) -> None:
    """Put the passages' own vectors into the graph."""
    import numpy as np

    if fresh and vectors is not None:
        vectors.upsert(list(fresh), np.stack([found.passage for found in fresh.values()]))


def counted(passages: Iterable[tuple[str, str]], counts: Counter[str]) -> Iterator[tuple[str, str]]:
    """The same passages; on the way their words are counted."""
    for name, found in passages:
        counts.update(found.split())
        yield name, found


def is_alike(before: Generation, digests: Mapping[str, str]) -> bool:
    """Is enough of the old generation still good?"""
    with closing(PassageStore(before.passages)) as store:
        known = store.digests()
    return is_worth_keeping(known, {path for path, digest in digests.items() if known.get(path) == digest})


def is_worth_keeping(known: Collection[str], kept: Collection[str]) -> bool:
    """Does a generation that holds `known` documents still serve when only `kept` ones of them stay?"""
    return bool(kept) and len(known) - len(kept) <= COPY_UP_TO * len(known)


def can_carry(before: Generation | None, source: Source) -> bool:
    """Does the generation hold the documents that nobody has read again, and is it worth going on with?"""
    if not source.unchanged:
        return True
    if before is None or not is_alike(before, source.digests):
        return False
    with closing(PassageStore(before.passages)) as store:
        known = store.digests()
    return all(known.get(path) == digest for path, digest in source.unchanged.items())


def copy(before: Generation, fresh: Generation, *, shared: bool = False) -> None:
    """Copy what a changed generation starts from; its words are indexed anew."""
    shutil.copyfile(before.passages, fresh.passages)  # nobody writes it any more
    if not shared:
        shutil.copytree(before.chroma, fresh.chroma, copy_function=copy_file)


def copy_file(source: str, target: str) -> str:
    """Databases through SQLite, since Chroma may write to one that it has open; other files as they are."""
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
        documents=len(source.digests),
        passages=0,
    )
    fresh = Generation(folder=generations.begin(), manifest=manifest)
    with closing(EmbeddingCache(generations.folder / "embeddings.sqlite", embedder.digest)) as cache:
        try:
            builder = Builder(source=source, embedder=embedder, cache=cache, progress=progress, sharing=sharing)
            counts = builder.write(fresh, before)
            fresh = replace(fresh, manifest=replace(manifest, passages=counts.passages))
            generations.publish(fresh)
        except BaseException:
            shutil.rmtree(fresh.folder, ignore_errors=True)
            raise
        with closing(PassageStore(fresh.passages)) as store:
            cache.prune(store.digests_of_texts())
    generations.sweep()
    return fresh, counts
