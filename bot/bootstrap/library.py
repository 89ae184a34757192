"""The indexed library with what belongs to it, opened for searching."""

import sqlite3
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.errors import ConfigurationError, DocumentError, FootnoteError
from bot.domain.glossary import Glossary, TermKind
from bot.knowledge.admission import QUOTABLE, Admission
from bot.places import shipped, who
from bot.settings import Settings

if TYPE_CHECKING:
    import numpy as np

    from bot.domain.documents import CuratedDocument, RetrievedPassage
    from bot.knowledge.chroma_server import ServerAddress
    from bot.knowledge.embeddings import Embedder, KeptVectors, MiniLmEmbedder
    from bot.knowledge.index import KnowledgeIndex
    from bot.knowledge.indexing import IndexReport
    from bot.knowledge.retrieval import HybridRetriever
    from bot.knowledge.spelling import Speller

WARMING = "a"
"""Searched once while a bot opens; its answer is thrown away."""
PATIENCE_S = 300.0
"""Seconds to wait for another process that is building the same index."""
Progress = Callable[[int, int], None]
Notice = Callable[[str], None]


def quiet(*_: object) -> None:
    """Nobody hears."""


@dataclass(frozen=True, kw_only=True)
class Library:
    """The indexed library, ready to search. `faults` are the files that could not be read.

    `signature` tells the files that it was made from.
    """

    retriever: "HybridRetriever"
    index: "KnowledgeIndex"
    glossary: Glossary
    faults: tuple[DocumentError, ...]
    report: "IndexReport"
    embed: Callable[[str], "np.ndarray"]
    is_english: Callable[[str], bool]
    embedder: "Embedder"
    signature: str
    admission: Admission = QUOTABLE
    kept: "KeptVectors | None" = None
    spellers: dict[str, "Speller"] = field(default_factory=dict, compare=False)
    begun: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    read: "dict[str, tuple[RetrievedPassage, ...]]" = field(default_factory=dict, compare=False)

    @property
    def fingerprint(self) -> str:
        """Identifies the indexed content."""
        return self.index.fingerprint

    @property
    def passages(self) -> int:
        """How many passages are indexed, those that may not be quoted today included."""
        return self.index.generation.manifest.passages

    @property
    def is_empty(self) -> bool:
        """Is there nothing to answer from?"""
        self.index.refresh()
        return not self.documents()

    @property
    def is_barred(self) -> bool:
        """Does it hold documents, but none that may be quoted?"""
        return self.is_empty and not self.index.is_empty

    def documents(self) -> "tuple[CuratedDocument, ...]":
        """The documents that may be quoted today."""
        return self.index.admitted(self.admission)

    def warm(self, *, searching: bool) -> None:
        """Read what the first question needs: the model, the documents, and where it's searched here, the graph.

        What goes wrong is left to the question that needs it, which is told.
        """
        with suppress(FootnoteError, OSError, RuntimeError, sqlite3.Error):
            self.documents()
            vector = self.embedder.embed_query(WARMING)
            if searching and self.index.server is None:
                self.index.search(vector, WARMING, 1)

    def weight(self, word: str) -> float:
        """How much a stem tells."""
        return self.retriever.weight(word)

    def knows(self, text: str) -> bool:
        """Does the library use each of these words?"""
        return self.index.knows(text)

    def respell(self, text: str) -> str:
        """The text with typing errors mended by the library's and the glossary's words."""
        speller = self.spellers.get(self.fingerprint)
        if speller is None:
            from bot.knowledge.spelling import Speller

            names = (name for term in self.glossary.terms for name in term.all_names)
            drugs = (term.name for term in self.glossary.terms if term.kind is TermKind.DRUG)
            speller = Speller(self.index.vocabulary(), self.is_english, names=names, drugs=drugs)
            self.spellers.clear()
            self.spellers[self.fingerprint] = speller
        return speller.mend(text)

    def holds(self, document: str, passage: str) -> bool:
        """Does this passage still stand in this document, and may that be quoted?"""
        return self.passage(document, passage) is not None

    def passage(self, document: str, passage: str) -> "RetrievedPassage | None":
        """A passage that may be quoted today, with its document; None where there is none."""
        from bot.domain.documents import RetrievedPassage

        one = self.index.document(document)
        if one is None or not self.admission.admits(one):
            return None
        held = next((each for each in self.index.passages_of(document) if each.id == passage), None)
        return RetrievedPassage(passage=held, document=one, rank=1, score=1.0) if held else None

    def everything(self) -> "tuple[RetrievedPassage, ...]":
        """Every passage, document by document, as if each had been found last."""
        from bot.domain.documents import RetrievedPassage

        content = f"{self.fingerprint} {self.admission.today()}"
        if content not in self.read:
            documents = {document.path: document for document in self.documents()}
            held = (
                (document, passage) for path, document in documents.items() for passage in self.index.passages_of(path)
            )
            self.read.clear()
            self.read[content] = tuple(
                RetrievedPassage(passage=passage, document=document, rank=rank, score=0.0)
                for rank, (document, passage) in enumerate(held)
            )
        return self.read[content]

    def starters(self) -> tuple[str, ...]:
        """The questions that documents bring themselves, the first of each before the second of any."""
        content = f"{self.fingerprint} {self.admission.today()}"
        if content not in self.begun:
            brought = zip_longest(*(document.questions for document in self.documents()))
            self.begun.clear()
            self.begun[content] = tuple(question for each in brought for question in each if question)
        return self.begun[content]


def open_glossary(settings: Settings) -> Glossary:
    """The library's own glossary, or the shipped one where the library has none."""
    from bot.knowledge.glossary import load_glossary

    return load_glossary(curated(settings, "glossary.yaml"))


def curated(settings: Settings, name: str) -> Path:
    """A file of the library's own, or the shipped one where it has none."""
    own = settings.knowledge / name
    return own if own.is_file() else shipped("knowledge") / name


def chroma_address(settings: Settings) -> "ServerAddress | None":
    """The Chroma server that is shared; None where each replica has its own index."""
    if not (url := settings.chroma_url.get_secret_value()):
        return None
    from bot.bootstrap.external import is_own_address
    from bot.knowledge.chroma_server import ServerAddress

    if settings.external_models == "forbidden" and not is_own_address(url):
        raise ConfigurationError(
            "FOOTNOTE_EXTERNAL_MODELS is forbidden, and FOOTNOTE_CHROMA_URL leads outside this machine and its private "
            "network: a question's vector tells much of the question.",
            remedy="Name a server of your own network, or set FOOTNOTE_EXTERNAL_MODELS=allowed.",
        )
    return ServerAddress(url=url, token=settings.chroma_token.get_secret_value() if settings.chroma_token else "")


def prepare_data(folder: Path) -> None:
    """Make the data folder. Raises ConfigurationError where it can't be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".writable-{uuid.uuid4().hex}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ConfigurationError(
            f"The data folder {folder} can't be written: {error.strerror or error}.",
            remedy=f"Give it to the user that Footnote runs as{who()}: chown -R it, in a container the folder of "
            "the host that is mounted there, or mount a named volume. Or set FOOTNOTE_DATA to another folder.",
        ) from error


@dataclass(frozen=True, kw_only=True)
class Search:
    """An index that stands, opened for searching only."""

    retriever: "HybridRetriever"
    index: "KnowledgeIndex"
    embedder: "MiniLmEmbedder"
    glossary: Glossary
    admission: Admission


def open_search(
    settings: Settings, embedder: "MiniLmEmbedder | None" = None, glossary: Glossary | None = None
) -> Search:
    """Search what is indexed, and each newer index that is published; nothing is written."""
    from bot.knowledge.embeddings import MiniLmEmbedder
    from bot.knowledge.index import open_index
    from bot.knowledge.retrieval import HybridRetriever

    glossary, embedder = glossary or open_glossary(settings), embedder or MiniLmEmbedder()
    index = open_index(settings.data, embedder, chroma_address(settings))
    admission = Admission(only_approved=settings.only_approved)
    retriever = HybridRetriever(index, embedder, glossary, admission)
    return Search(retriever=retriever, index=index, embedder=embedder, glossary=glossary, admission=admission)


def open_library(settings: Settings, *, progress: Progress = quiet, notice: Notice = quiet) -> Library:
    """Read the library, bring its index up to date (only what changed) and open it for searching."""
    from bot.knowledge.adopting import adopt_index
    from bot.knowledge.embeddings import MiniLmEmbedder
    from bot.knowledge.signature import remembered, sign_library

    prepare_data(settings.data)
    if settings.knowledge == shipped("knowledge"):
        adopt_index(settings.data, shipped("index"))
    glossary = open_glossary(settings)  # Its faults are told before anything is built.
    embedder = MiniLmEmbedder()
    signature = sign_library(settings.knowledge)
    server = chroma_address(settings)
    report = remembered(settings.data, signature, embedder, shared=server is not None)
    faults: tuple[DocumentError, ...] = ()
    is_remembered = report is not None
    if report is None:
        from bot.knowledge.upkeep import keep_up

        kept = keep_up(
            settings.knowledge,
            settings.data,
            embedder,
            progress=progress,
            notice=notice,
            patience=PATIENCE_S,
            server=server,
        )
        report, faults, signature = kept.report, kept.faults, kept.signature
    search = open_search(settings, embedder, glossary)
    if server is not None and is_remembered and (fault := search.index.look()):
        from bot.knowledge.sharing import told

        notice(told(server, str(fault)))
    return Library(
        retriever=search.retriever,
        index=search.index,
        glossary=search.glossary,
        faults=faults,
        report=report,
        embed=embedder.embed_query,
        is_english=embedder.is_word,
        embedder=embedder,
        signature=signature,
        admission=search.admission,
        kept=embedder.kept,
    )


def describe_faults(faults: Sequence[DocumentError]) -> list[str]:
    """A line for each file of the library that was left out."""
    return [f"left out: {fault}" for fault in faults]
