"""Joins everything once, by plain arguments; the only place that chooses concrete classes."""

import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.errors import ConfigurationError, DocumentError
from bot.domain.glossary import Glossary, TermKind
from bot.places import shipped
from bot.prompts import Wording, load_prompt, load_wording
from bot.settings import Settings

if TYPE_CHECKING:
    import numpy as np

    from bot.answering.allowance import Ledger
    from bot.answering.composing import Composer
    from bot.answering.judging import Judge
    from bot.conversation.ports import Conversations, Rewriter
    from bot.conversation.service import ConversationService
    from bot.domain.documents import RetrievedPassage
    from bot.knowledge.index import IndexReport, KnowledgeIndex
    from bot.knowledge.retrieval import HybridRetriever
    from bot.knowledge.spelling import Speller
    from bot.providers.models import Connection
    from bot.stores.messages import Messages

EXTRACTIVE = "extractive"
STARTERS = 3
PATIENCE_S = 300.0
"""Seconds to wait for another process that is building the same index."""
Progress = Callable[[int, int], None]
Notice = Callable[[str], None]


def _quiet(*_: object) -> None:
    pass


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


@dataclass(frozen=True, kw_only=True)
class Bot:
    """Everything that answers. `messages` is None where `conversations` replaced the database."""

    service: "ConversationService"
    library: Library
    wording: Wording
    messages: "Messages | None" = None


def load_words(settings: Settings) -> Wording:
    """The fixed sentences, overridden by the folder of FOOTNOTE_PROMPTS where that isn't the shipped one."""
    return load_wording(shipped("prompts"), settings.prompts)


def open_glossary(settings: Settings) -> Glossary:
    """The library's own glossary, or the shipped one where the library has none."""
    from bot.knowledge.glossary import load_glossary

    return load_glossary(_curated(settings, "glossary.yaml"))


def _curated(settings: Settings, name: str) -> Path:
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


def open_library(settings: Settings, *, progress: Progress = _quiet, notice: Notice = _quiet) -> Library:
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


def open_rewriter(settings: Settings, glossary: Glossary, wording: Wording) -> "Rewriter | None":
    """The language model that helps to understand follow-ups; None where none is set. Sends nothing."""
    if not settings.small_model:
        return None
    from bot.conversation.model_contextualizer import ModelContextualizer
    from bot.providers.models import open_model

    prompt = load_prompt(shipped("prompts"), settings.prompts, "contextualize")
    limit = ModelContextualizer.timeout
    model = open_model(
        settings.small_model, timeout=limit, temperature=prompt.temperature, connection=_connection(settings)
    )
    return ModelContextualizer(model=model, prompt=prompt, glossary=glossary, topic=wording.say("topic"))


def open_composer(
    settings: Settings, glossary: Glossary, wording: Wording, ledger: "Ledger | None" = None
) -> "tuple[Composer, tuple[Judge, ...]]":
    """Who writes the answers, and who reads them over before they leave. Sends nothing."""
    from bot.answering.compose import ExtractiveComposer

    quoting = ExtractiveComposer(glossary, settings.answer_words)
    if settings.model == EXTRACTIVE:
        return quoting, ()
    from bot.answering.allowance import Allowance
    from bot.answering.model_composer import LanguageModelComposer
    from bot.answering.model_judge import ModelJudge
    from bot.providers.streaming import open_streaming

    compose, repair, judge = (
        load_prompt(shipped("prompts"), settings.prompts, name) for name in ("compose", "repair", "judge")
    )
    connection = _connection(settings)
    names = [name for name in (settings.model, settings.fallback_model) if name]
    allowance = None
    if ledger is not None:
        limits = {"per_user": settings.daily_tokens_per_user, "in_all": settings.daily_tokens}
        allowance = Allowance(ledger=ledger, today=_today, **limits)
    composer = LanguageModelComposer(
        models=[open_streaming(name, connection, compose.temperature) for name in names],
        compose_prompt=compose,
        repair_prompt=repair,
        last=quoting,
        wording=wording,
        allowance=allowance,
        answer_words=settings.answer_words,
    )
    if not settings.judge_model:
        return composer, ()
    second = open_streaming(settings.judge_model, connection, judge.temperature)
    return composer, (ModelJudge(model=second, prompt=judge, allowance=allowance),)


def _connection(settings: Settings) -> "Connection":
    """How every model is reached: a server of one's own gets all questions, and nobody else any."""
    from bot.providers.models import Connection

    return Connection(url=settings.model_url, key=settings.model_key, patience=settings.model_patience)


def _today() -> date:
    return datetime.now(UTC).date()


def read_whole(settings: Settings, library: Library) -> "Callable[[], tuple[RetrievedPassage, ...]] | None":
    """Every passage of the library for a model that may read it whole, none if it's too long; None where it may not."""
    if settings.context != "library" or settings.model == EXTRACTIVE:
        return None
    from bot.answering.language_model import count_tokens

    def every_passage() -> "tuple[RetrievedPassage, ...]":
        passages = library.everything()
        return passages if count_tokens(*(item.passage.text for item in passages)) <= settings.context_tokens else ()

    return every_passage


@asynccontextmanager
async def open_bot(
    settings: Settings,
    *,
    progress: Progress = _quiet,
    notice: Notice = _quiet,
    conversations: "Conversations | None" = None,
) -> AsyncIterator[Bot]:
    """Everything opened in order and closed in reverse. `conversations` replaces the database in tests."""
    from bot.answering.graph import build_chain
    from bot.answering.steps import Steps
    from bot.answering.suggest import Suggester
    from bot.conversation.service import ConversationService
    from bot.knowledge.triage import load_triage

    wording = load_words(settings)
    rules = load_triage(_curated(settings, "triage.yaml"))
    library = open_library(settings, progress=progress, notice=notice)
    rewriter = open_rewriter(settings, library.glossary, wording)

    def service(memory: "Conversations", ledger: "Ledger | None" = None) -> ConversationService:
        composer, judges = open_composer(settings, library.glossary, wording, ledger)
        whole = read_whole(settings, library)
        steps = Steps(library.retriever, composer, library.glossary, wording, whole=whole, judges=judges)
        suggester = Suggester(steps, lambda: library.fingerprint)
        return ConversationService(
            chain=build_chain(steps),
            suggest=suggester.suggest,
            conversations=memory,
            rules=rules,
            glossary=library.glossary,
            wording=wording,
            library=library,
            rewriter=rewriter,
            now=lambda: datetime.now(UTC),
            new_id=lambda: uuid.uuid4().hex[:12],
            max_length=settings.max_message_length,
        )

    if conversations is not None:
        yield Bot(service=service(conversations), library=library, wording=wording)
        return
    from bot.stores.conversations import Conversations as StoredConversations
    from bot.stores.database import open_database
    from bot.stores.messages import Messages
    from bot.stores.spending import Spending

    database = await open_database(database_url(settings))
    try:
        answering = service(StoredConversations(database), Spending(database))
        yield Bot(service=answering, library=library, wording=wording, messages=Messages(database))
    finally:
        await database.close()


def database_url(settings: Settings) -> str:
    """The database: SQLite in the data folder unless FOOTNOTE_DATABASE_URL says otherwise."""
    return settings.database_url or f"sqlite+aiosqlite:///{settings.data / 'footnote.sqlite'}"


def describe_faults(faults: Sequence[DocumentError]) -> list[str]:
    """A line for each file of the library that was left out."""
    return [f"left out: {fault}" for fault in faults]
