"""Joins everything once, by plain arguments; the only place that chooses concrete classes."""

import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from bot.bootstrap.identifiers import open_finder
from bot.bootstrap.library import (
    Library,
    Notice,
    Progress,
    curated,
    open_glossary,
    open_library,
    prepare_data,
    quiet,
)
from bot.bootstrap.live import LiveService, Make
from bot.bootstrap.models import Models, open_allowance, open_composer, open_models, read_whole
from bot.bootstrap.relaying import Relay
from bot.domain.errors import DocumentError
from bot.domain.glossary import Glossary
from bot.places import shipped
from bot.prompts import PromptSet, Wording, Words, check_set, load_set
from bot.settings import EXTRACTIVE, Settings

if TYPE_CHECKING:
    from bot.answering.allowance import Allowance, Ledger
    from bot.answering.identifiers import IdentifierFinder
    from bot.answering.retriever import Retriever
    from bot.bootstrap.processes.pool import Processes
    from bot.bootstrap.watching import Watches
    from bot.channels.telegram.office import Stores
    from bot.channels.telegram.turns import Lease
    from bot.conversation.ports import Conversations, Reviews
    from bot.stores.database import Database
    from bot.stores.reviews import ReviewQueue
    from bot.stores.usage import Usage

__all__ = [
    "Bot",
    "Library",
    "Progress",
    "database_url",
    "describe_faults",
    "load_words",
    "open_allowance",
    "open_bot",
    "open_composer",
    "open_glossary",
    "open_library",
    "open_models",
    "open_record",
    "open_reviews",
    "open_store",
    "prepare_data",
    "quiet",
    "telegram_stores",
    "watch_files",
]

OpenModels = Callable[[Settings, Glossary, PromptSet, "Allowance | None"], Models]
"""Opens the language models that a set of words is told to."""


@dataclass(frozen=True, kw_only=True)
class Bot:
    """Everything that answers. `stores` and `usage` are None where `conversations` replaced the database.

    `polling_lease` gives the right of one of several processes to fetch a bot's updates, by the bot's number; `secret`
    a secret for a purpose, the same for all processes that share the database.
    `watches` follow the files of library and words, where they are followed; `faults` tells of edited words that can't
    be used.
    """

    service: LiveService
    library: Library
    identifiers: "IdentifierFinder"
    stores: "Stores | None" = None
    usage: "Usage | None" = None
    polling_lease: "Callable[[int], Lease | None] | None" = None
    secret: "Callable[[str], str] | None" = None
    watches: "Watches | None" = None
    faults: Relay = field(default_factory=Relay)

    @property
    def wording(self) -> Wording:
        """The English sentences of the moment."""
        return self.service.words.wording

    @property
    def words(self) -> Words:
        """The sentences of the moment in every language, for channels that speak to readers of several."""
        return self.service


def load_words(settings: Settings) -> PromptSet:
    """Prompts and sentences, overridden by the folder of FOOTNOTE_PROMPTS where that isn't the shipped one."""
    return load_set(shipped("prompts"), settings.prompts)


@asynccontextmanager
async def open_bot(
    settings: Settings,
    *,
    progress: Progress = quiet,
    notice: Notice = quiet,
    conversations: "Conversations | None" = None,
    models: OpenModels = open_models,
    words: PromptSet | None = None,
    library: Library | None = None,
    retriever: "Retriever | None" = None,
    in_processes: bool = False,
) -> AsyncIterator[Bot]:
    """Everything opened in order and closed in reverse.

    `conversations` replaces the database, `models` the language models, `words`, `library` and `retriever` what the
    settings name, where something is only tried out. `in_processes`: answers may be made in as many processes as the
    settings say.
    """
    from bot.answering.graph import build_chain
    from bot.answering.steps import Steps
    from bot.answering.suggest import Suggester
    from bot.answering.triage.likeness import open_likeness
    from bot.conversation.answering import make_with
    from bot.conversation.approved import ApprovedAnswers
    from bot.conversation.service import ConversationService
    from bot.knowledge.helplines import load_helplines
    from bot.knowledge.policy import load_policy
    from bot.knowledge.triage import load_triage

    words = words or load_words(settings)
    rules = load_triage(curated(settings, "triage.yaml"))
    helplines = load_helplines(curated(settings, "helplines.yaml"), settings.country)
    if library is None:
        library = open_library(settings, progress=progress, notice=notice)
        here = settings.answering_processes == 1 or not in_processes
        Thread(target=library.warm, kwargs={"searching": here}, name="warming").start()
    searched = retriever or library.retriever
    identifiers = open_finder(settings.identifiers, library)
    likeness = open_likeness(library.embedder.embed_query, library.embedder.digest)

    def service(
        memory: "Conversations",
        ledger: "Ledger | None" = None,
        reviews: "Reviews | None" = None,
        pool: "Processes | None" = None,
    ) -> LiveService:
        allowance = open_allowance(settings, ledger) if ledger else None
        whole = read_whole(settings, library)

        def build(words: PromptSet) -> Make:
            opened = models(settings, library.glossary, words, allowance)
            version = pool.version(words) if pool else None

            def make(wording: Wording) -> ConversationService:
                steps = Steps(searched, opened.composer, library.glossary, wording, whole=whole, judges=opened.judges)
                suggester = Suggester(steps, lambda: library.fingerprint)
                here = make_with(build_chain(steps, suggester.look_ahead), suggester.suggest)
                return ConversationService(
                    make=pool.maker(version, wording.language, here) if pool and version else here,
                    conversations=memory,
                    rules=rules,
                    helplines=helplines,
                    likeness=likeness,
                    glossary=library.glossary,
                    identifiers=identifiers,
                    wording=wording,
                    library=library,
                    rewriter=opened.rewriter,
                    approved=(
                        ApprovedAnswers(reviews=reviews, library=library, glossary=library.glossary, wording=wording)
                        if reviews
                        else None
                    ),
                    now=lambda: datetime.now(UTC),
                    new_id=lambda: uuid.uuid4().hex[:12],
                    max_length=settings.max_message_length,
                    policy=load_policy(curated(settings, "policy.md")),
                    models=opened.used,
                )

            return make

        return LiveService(words, build)

    if conversations is not None:
        yield Bot(service=service(conversations), library=library, identifiers=identifiers)
        return
    from bot.bootstrap.clearing import clear_daily
    from bot.stores.conversations import Conversations as StoredConversations
    from bot.stores.forgetting import Forgetting
    from bot.stores.reviews import ReviewQueue
    from bot.stores.spending import Spending
    from bot.stores.usage import Usage

    database = await open_store(settings)
    try:
        async with (
            _processes(settings, library, notice) if in_processes else nullcontext() as pool,
            clear_daily(Forgetting(database).purge, settings.retention_days),
        ):
            answering = service(StoredConversations(database), Spending(database), ReviewQueue(database), pool)
            yield Bot(
                service=answering,
                library=library,
                identifiers=identifiers,
                stores=telegram_stores(database),
                usage=Usage(database),
                polling_lease=database.polling_lease,
                secret=database.pseudonyms.secret,
            )
    finally:
        await database.close()


@asynccontextmanager
async def _processes(settings: Settings, library: Library, notice: Notice) -> "AsyncIterator[Processes | None]":
    """The processes that answer; None where this one does."""
    if settings.answering_processes == 1:
        yield None
        return
    if settings.model != EXTRACTIVE:
        notice("FOOTNOTE_ANSWERING_PROCESSES is left out: a language model writes the answers, and that is waiting.")
        yield None
        return
    from bot.bootstrap.processes.pool import open_processes

    async with open_processes(settings, library.kept) as pool:
        yield pool


def telegram_stores(database: "Database") -> "Stores":
    """What the Telegram bot remembers, in one database."""
    from bot.channels.telegram.office import Stores
    from bot.stores.answers import Answers
    from bot.stores.exporting import Exporting
    from bot.stores.feedback import Feedback
    from bot.stores.forgetting import Forgetting
    from bot.stores.inbox import Inbox
    from bot.stores.messages import Messages
    from bot.stores.readers import Readers
    from bot.stores.reviews import ReviewQueue

    return Stores(
        inbox=Inbox(database, lambda: datetime.now(UTC)),
        messages=Messages(database),
        answers=Answers(database),
        readers=Readers(database),
        feedback=Feedback(database),
        reviews=ReviewQueue(database),
        forgetting=Forgetting(database),
        exporting=Exporting(database),
    )


@asynccontextmanager
async def open_reviews(settings: Settings) -> "AsyncIterator[ReviewQueue]":
    """The answers in review."""
    from bot.stores.reviews import ReviewQueue

    prepare_data(settings.data)
    async with await open_store(settings) as database:
        yield ReviewQueue(database)


@asynccontextmanager
async def open_record(settings: Settings) -> "AsyncIterator[Usage]":
    """What the recorded answers tell of the library's use."""
    from bot.stores.usage import Usage

    prepare_data(settings.data)
    async with await open_store(settings) as database:
        yield Usage(database)


@contextmanager
def watch_files(bot: Bot, settings: Settings, say: Notice, on_fault: Notice | None = None) -> "Iterator[Watches]":
    """Follow the edits of library and words as long as this is open; both can be told to read at once, too.

    `say` takes one line for the operator, from a thread of its own; `on_fault` takes those that tell of a fault, for
    whoever can reach the admins.
    """
    from bot.bootstrap.tending import SharedWatch
    from bot.bootstrap.watching import LibraryWatch, Watch, Watches, WordsWatch, watched

    def tell(line: str) -> None:
        say(line)
        if on_fault is not None:
            on_fault(line)

    folders = tuple(dict.fromkeys((shipped("prompts"), settings.prompts)))
    words = WordsWatch(
        folders,
        words=bot.service.words,
        check=lambda: check_set(*folders),
        renew=bot.service.renew,
        say=say,
        on_fault=tell,
    )
    library = LibraryWatch(settings.knowledge, settings.data, bot.library, tell)
    followed: dict[str, Watch] = {"library": library, "prompts": words}
    if (server := bot.library.index.server) is not None:
        followed["Chroma server"] = SharedWatch(bot.library, server, say)
    with watched(followed, say):
        yield Watches(library=library, words=words)


async def open_store(settings: Settings) -> "Database":
    """The database of the settings, under the key of the settings or the one beside it. Raises StoreError.

    A server's key is kept in the data folder.
    """
    from bot.stores.database import open_database
    from bot.stores.restoring import clear_unfinished

    url = database_url(settings)
    key = settings.hash_key.get_secret_value() if settings.hash_key else ""
    of_server = None if url.startswith("sqlite") else settings.data / "database.key"
    database = await open_database(url, key=key, key_file=of_server)
    if of_server is None:
        clear_unfinished(Path(database.place))
    return database


def database_url(settings: Settings) -> str:
    """The database: SQLite in the data folder unless FOOTNOTE_DATABASE_URL says otherwise."""
    return settings.database_url.get_secret_value() or f"sqlite:///{settings.data / 'footnote.sqlite'}"


def describe_faults(faults: Sequence[DocumentError]) -> list[str]:
    """A line for each file of the library that was left out."""
    return [f"left out: {fault}" for fault in faults]
