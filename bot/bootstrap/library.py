"""The indexed library with what belongs to it, opened for searching."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.errors import ConfigurationError, DocumentError
from bot.domain.glossary import Glossary, TermKind
from bot.places import shipped
from bot.settings import Settings

if TYPE_CHECKING:
    import numpy as np

    from bot.domain.documents import RetrievedPassage
    from bot.knowledge.index import IndexReport, KnowledgeIndex
    from bot.knowledge.retrieval import HybridRetriever
    from bot.knowledge.spelling import Speller

STARTERS = 3
PATIENCE_S = 300.0
"""Seconds to wait for another process that is building the same index."""
Progress = Callable[[int, int], None]
Notice = Callable[[str], None]


def quiet(*_: object) -> None:
    """Nobody hears."""


@dataclass(frozen=True, kw_only=True)
class Library:
    """The indexed library, ready to search. `faults` are the files that could not be read."""

    retriever: "HybridRetriever"
    index: "KnowledgeIndex"
    glossary: Glossary
    faults: tuple[DocumentError, ...]
    report: "IndexReport"
    embed: Callable[[str], "np.ndarray"]
    is_english: Callable[[str], bool]
    spellers: dict[str, "Speller"] = field(default_factory=dict, compare=False)
    begun: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    read: "dict[str, tuple[RetrievedPassage, ...]]" = field(default_factory=dict, compare=False)

    @property
    def fingerprint(self) -> str:
        """Identifies the indexed content."""
        return self.index.fingerprint

    @property
    def is_empty(self) -> bool:
        """Is there nothing to answer from?"""
        return not self.report.documents and self.index.is_empty

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
            speller = Speller((*names, *self.index.texts()), self.is_english, drugs)
            self.spellers.clear()
            self.spellers[self.fingerprint] = speller
        return speller.mend(text)

    def holds(self, document: str, passage: str) -> bool:
        """Does this passage still stand in this document?"""
        return any(held.id == passage for held in self.index.passages_of(document))

    def everything(self) -> "tuple[RetrievedPassage, ...]":
        """Every passage, document by document, as if each had been found last."""
        from bot.domain.documents import RetrievedPassage

        if self.fingerprint not in self.read:
            documents = {document.path: document for document in self.index.documents()}
            held = (
                (document, passage) for path, document in documents.items() for passage in self.index.passages_of(path)
            )
            self.read.clear()
            self.read[self.fingerprint] = tuple(
                RetrievedPassage(passage=passage, document=document, rank=rank, score=0.0)
                for rank, (document, passage) in enumerate(held)
            )
        return self.read[self.fingerprint]

    def starters(self) -> tuple[str, ...]:
        """The first question of a few documents that bring questions of their own."""
        if self.fingerprint not in self.begun:
            asked = tuple(document.questions[0] for document in self.index.documents() if document.questions)
            self.begun.clear()
            self.begun[self.fingerprint] = asked[:STARTERS]
        return self.begun[self.fingerprint]


def open_glossary(settings: Settings) -> Glossary:
    """The library's own glossary, or the shipped one where the library has none."""
    from bot.knowledge.glossary import load_glossary

    return load_glossary(curated(settings, "glossary.yaml"))


def curated(settings: Settings, name: str) -> Path:
    """A file of the library's own, or the shipped one where it has none."""
    own = settings.knowledge / name
    return own if own.is_file() else shipped("knowledge") / name


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
            remedy="Set FOOTNOTE_DATA to a folder of yours, or change its owner.",
        ) from error


def open_library(settings: Settings, *, progress: Progress = quiet, notice: Notice = quiet) -> Library:
    """Read the library, bring its index up to date (only what changed) and open it for searching."""
    from bot.knowledge.embeddings import MiniLmEmbedder
    from bot.knowledge.index import build_index, open_index
    from bot.knowledge.retrieval import HybridRetriever
    from bot.knowledge.signature import remember, remembered, sign_library

    prepare_data(settings.data)
    glossary = open_glossary(settings)
    embedder = MiniLmEmbedder()
    signature = sign_library(settings.knowledge)
    report = remembered(settings.data, signature, embedder)
    faults: tuple[DocumentError, ...] = ()
    if report is None:
        from bot.knowledge.documents import read_library

        read = read_library(settings.knowledge)
        faults = read.faults
        report = build_index(
            settings.data, read.documents, embedder, progress=progress, notice=notice, patience=PATIENCE_S
        )
        if not faults:
            remember(settings.data, signature, report)
    index = open_index(settings.data, embedder)
    retriever = HybridRetriever(index, embedder, glossary)
    return Library(
        retriever=retriever,
        index=index,
        glossary=glossary,
        faults=faults,
        report=report,
        embed=embedder.embed_query,
        is_english=embedder.is_word,
    )
