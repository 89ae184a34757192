"""Opens the database, brings it up to date, and hands out transactions.

SQLAlchemy is imported when a database is opened, not before. Alembic only when a step is missing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Self

from bot.domain.errors import StoreError
from bot.stores.explaining import explained
from bot.stores.migrations import NEWEST
from bot.stores.postgres import DRIVERS, connect_postgres, lock_for_migrating, readable
from bot.stores.sqlite import connect_sqlite

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

MIGRATIONS = Path(__file__).parent / "migrations"
URLS = "Write sqlite+aiosqlite:///path/to/file or postgresql://user:password@host/database."


class Database:
    """An open, up-to-date database. Close it, or use it as an async context manager."""

    def __init__(self, engine: AsyncEngine, *, place: str) -> None:
        self._engine = engine
        self.place = place
        self._server = engine.dialect.name == "postgresql"
        if self._server:
            self._reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            self._writing = engine
        else:
            self._reading = engine
            self._writing = engine.execution_options(writes=True)
        # SQLite lets who waits for its lock sleep, ever longer, and wakes nobody: the unlucky would wait for seconds.
        self._turn = nullcontext() if self._server else asyncio.Lock()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees one state of the database."""
        with explained(self.place, server=self._server):
            async with self._reading.connect() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A connection in a transaction: all of it is stored at the end, or nothing.

        SQLite has one writer at a time, in order of arrival. PostgreSQL has many: each sees what others have committed
        before each of its statements.
        """
        with explained(self.place, server=self._server):
            async with self._turn, self._writing.begin() as connection:
                yield connection

    async def clear_log(self) -> None:
        """Let what was deleted leave SQLite's write-ahead log, too. A PostgreSQL server sees to its log itself."""
        if self._server:
            return
        with explained(self.place):
            async with self._turn, self._engine.connect() as connection:
                # By the driver: SQLAlchemy would begin a transaction, in which the log can't be cleared.
                driver = (await connection.get_raw_connection()).driver_connection
                assert driver is not None
                await driver.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    async def __aenter__(self) -> Self:
        """Itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close."""
        await self.close()


async def open_database(url: str) -> Database:
    """Open the database at a URL and bring it up to date.

    A URL is such as `sqlite+aiosqlite:////home/me/footnote.db`, whose folder and file are created, or
    `postgresql://user:password@host/database`. Several processes may open it at once; one of them runs the migrations.

    Raises:
        StoreError: it can't be opened, holds something else, or was written by a newer Footnote.

    """
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreError("The database URL can't be read.", remedy=URLS) from None
    database = await _connect(parsed)
    try:
        async with database.reading() as connection:
            current = await connection.run_sync(_revision, database.place)
        if current != NEWEST:
            async with database.writing() as connection:
                await connection.run_sync(_migrate, database.place)
    except BaseException:
        await database.close()
        raise
    return database


async def _connect(url: URL) -> Database:
    if url.drivername in DRIVERS:
        return Database(connect_postgres(url), place=readable(url))
    if url.drivername != "sqlite+aiosqlite":
        raise StoreError(f"Databases of type {url.drivername!r} aren't supported.", remedy=URLS)
    place = url.database or "the database in memory"
    with explained(place):
        return Database(await connect_sqlite(url), place=place)


def _revision(connection: Connection, place: str) -> str | None:
    """The last step that the database has had; None for an empty one."""
    from sqlalchemy import inspect, text

    names = inspect(connection).get_table_names()
    if names and "alembic_version" not in names:
        raise StoreError(
            f"The database {place} belongs to another program.", remedy="Choose another data folder or database."
        )
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version")) if names else None
    return revision


def _migrate(connection: Connection, place: str) -> None:
    """Run the missing steps, under a lock: SQLite's caller holds it since its transaction began."""
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    if connection.dialect.name == "postgresql":
        lock_for_migrating(connection)
    current = _revision(connection, place)
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        raise StoreError(
            f"The database {place} was written by a newer version of Footnote ({current}).",
            remedy="Update Footnote, or choose another data folder.",
        )
    command.upgrade(config, NEWEST)
