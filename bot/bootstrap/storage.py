"""The database of the settings, and what stands in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.bootstrap.library import prepare_data
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.channels.telegram.office import Stores
    from bot.stores.database import Database
    from bot.stores.reviews import ReviewQueue
    from bot.stores.usage import Usage


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
