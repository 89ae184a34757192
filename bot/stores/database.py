"""Opens the database, brings it up to date, and hands out transactions.

SQLAlchemy is imported when a database is opened, not before. Alembic only when a step is missing.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from bot.domain.errors import StoreError
from bot.stores import sqlite
from bot.stores.connection import Connection
from bot.stores.explaining import explained
from bot.stores.migrations import NEWEST
from bot.stores.polling import FileLease, ServerLease
from bot.stores.postgres import DRIVERS, PostgresServer, connect_postgres, lock_for_migrating, readable
from bot.stores.pseudonyms import Pseudonyms, read_key
from bot.stores.sqlite import SqliteFile, connect_sqlite

if TYPE_CHECKING:
    import sqlalchemy
    from sqlalchemy import URL

MIGRATIONS = Path(__file__).parent / "migrations"
URLS = "Write sqlite:///path/to/file or postgresql://user:password@host/database."

ENCODE = "In user and password write @ as %40, / as %2F, ? as %3F and # as %23."


class Database:
    """An open, up-to-date database. Close it, or use it as an async context manager."""

    def __init__(self, engine: SqliteFile | PostgresServer, *, place: str, pseudonyms: Pseudonyms) -> None:
        self._engine = engine
        self.place = place
        self.pseudonyms = pseudonyms
        self._server = isinstance(engine, PostgresServer)

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[Connection]:
        """A connection for reading at the least cost: each statement sees one state by itself, two may see two."""
        with explained(self.place, server=self._server):
            async with self._engine.asking() as connection:
                yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """A connection on which several statements see one state of the database."""
        with explained(self.place, server=self._server):
            async with self._engine.reading() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self, *, softly: bool = False, patiently: bool = False) -> AsyncIterator[Connection]:
        """A connection in a transaction: all of it is stored at the end, or nothing.

        SQLite has one writer at a time, in order of arrival. PostgreSQL has many: each sees what others have committed
        before each of its statements. What is written `softly` outlasts the process, but maybe not the computer's
        power: for what can be done again, and needn't wait for the disk. A server gets a few seconds for each
        statement; what changes a whole table waits `patiently`.
        """
        with explained(self.place, server=self._server):
            async with self._engine.writing(softly=softly, patiently=patiently) as connection:
                yield connection

    async def wipe(self) -> None:
        """Let what was deleted leave the files, too: SQLite's is written anew, without what lay in its gaps.

        A PostgreSQL server reuses the room by itself (`VACUUM`), and so it does with its log.
        """
        with explained(self.place, server=self._server):
            await self._engine.wipe()

    def polling_lease(self, bot: int) -> ServerLease | FileLease | None:
        """The right of one process to fetch the updates of this bot; None for a database that nobody can share."""
        if isinstance(self._engine, PostgresServer):
            return ServerLease(self._engine.engine, bot, place=self.place)
        return FileLease(Path(self.place), bot) if Path(self.place).is_file() else None

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.close()

    async def __aenter__(self) -> Self:
        """Itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close."""
        await self.close()


async def open_database(url: str, *, key: str = "", key_file: Path | None = None) -> Database:
    """Open the database at a URL and bring it up to date.

    Users and chats are stored under `key`, or under the one in `key_file`, which is made where there is none. Without
    either, a SQLite file has its key beside it, in a file that ends in `.key`.

    A URL is such as `sqlite:////home/me/footnote.db`, whose folder and file are created, or
    `postgresql://user:password@host/database`. Several processes may open it at once; one of them runs the migrations.

    Raises:
        StoreError: it can't be opened, holds something else, was written by a newer Footnote or with another key.

    """
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    if not url.startswith("sqlite") and set(url.partition("://")[2].rpartition("@")[0]) & set("@/?#"):
        # A parser would take a part of the password for the host, and errors name the host.
        raise StoreError("The database URL can't be read.", remedy=f"{URLS} {ENCODE}")
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreError("The database URL can't be read.", remedy=URLS) from None
    engine, place = await connect(parsed)
    made: Path | None = None
    try:
        file = None if key else key_file or _beside(parsed)
        if file is not None:
            key, is_new = read_key(file)
            made = file if is_new else None
        database = Database(engine, place=place, pseudonyms=Pseudonyms(key or secrets.token_hex(32)))
        async with database.reading() as connection:
            current = await connection.run_sync(_revision, place)
        if current != NEWEST:
            async with database.writing(patiently=True) as connection:
                await connection.run_sync(_migrate, place, database.pseudonyms)
            await database.wipe()
        await _check_key(database, made)
    except BaseException:
        await engine.close()
        if made is not None:  # A key under which nothing was stored would only hide that the right one is missing.
            made.unlink(missing_ok=True)
        raise
    return database


def _beside(url: URL) -> Path | None:
    """Where the key of a database is kept; None for one in memory.

    Raises:
        StoreError: a server has no such place.

    """
    if url.drivername in DRIVERS:
        raise StoreError("A PostgreSQL database needs a key for what it stores.", remedy="Set FOOTNOTE_HASH_KEY.")
    in_memory = url.database in {None, "", ":memory:"}
    return None if in_memory else Path(f"{url.database}.key")


async def _check_key(database: Database, made: Path | None) -> None:
    from sqlalchemy import select

    from bot.stores.tables import hash_key

    async with database.reading() as connection:
        noted = await connection.scalar(select(hash_key.c.key_check))
    if noted != database.pseudonyms.check:
        raise StoreError(
            f"The database {database.place} was written with another key than the one given."
            if made is None
            else f"The key of the database {database.place} is missing: there is no file {made}.",
            remedy="Set FOOTNOTE_HASH_KEY to the first one, or put its file back from a backup. Where it is lost, "
            "begin with a new database: nobody's data could be found in this one.",
        )


async def connect(url: URL) -> tuple[SqliteFile | PostgresServer, str]:
    """The way to a database as it is, and what errors call it. Raises StoreError."""
    if url.drivername in DRIVERS:
        return connect_postgres(url), readable(url)
    if url.drivername not in sqlite.DRIVERS:
        raise StoreError(f"Databases of type {url.drivername!r} aren't supported.", remedy=URLS)
    place = url.database or "the database in memory"
    with explained(place):
        return await connect_sqlite(url), place


def _revision(connection: sqlalchemy.Connection, place: str) -> str | None:
    """The last step that the database has had; None for an empty one."""
    from sqlalchemy import inspect, text

    names = inspect(connection).get_table_names()
    if names and "alembic_version" not in names:
        raise StoreError(
            f"The database {place} belongs to another program.", remedy="Choose another data folder or database."
        )
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version")) if names else None
    return revision


def _migrate(connection: sqlalchemy.Connection, place: str, pseudonyms: Pseudonyms) -> None:
    """Run the missing steps, under a lock: SQLite's caller holds it since its transaction began."""
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    if connection.dialect.name == "postgresql":
        lock_for_migrating(connection)
    current = _revision(connection, place)
    config = Config(attributes={"connection": connection, "pseudonyms": pseudonyms})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        raise StoreError(
            f"The database {place} was written by a newer version of Footnote ({current}).",
            remedy="Update Footnote, or choose another data folder.",
        )
    command.upgrade(config, NEWEST)
