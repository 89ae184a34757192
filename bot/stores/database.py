"""Opens the database, brings it up to date, and hands out transactions.

SQLAlchemy is imported when a database is opened, not before. Alembic only when a step is missing.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from bot.domain.errors import StoreError
from bot.stores.migrations import NEWEST

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_S = 10
PAUSE_S = 0.02
REMEDIES = (
    ("not a database", "The file is something else. Choose another data folder, or restore it from a backup."),
    ("malformed", "The file is damaged. Restore it from a backup."),
    ("readonly", "Give this user the right to write to the file and its folder."),
    ("unable to open", "Give this user the right to write to the folder, or choose another data folder."),
    ("locked", "Another program holds the database. Close it and try again."),
    ("disk is full", "Free some space on the disk."),
)
OTHER_REMEDY = "Check the disk and the rights on the file."


class Database:
    """An open, up-to-date database. Close it, or use it as an async context manager."""

    def __init__(self, engine: AsyncEngine, *, place: str) -> None:
        self._engine = engine
        self._writing = engine.execution_options(writes=True)
        self._place = place
        # SQLite lets who waits for its lock sleep, ever longer, and wakes nobody: the unlucky would wait for seconds.
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees one state of the database."""
        with explained(self._place):
            async with self._engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A connection in a transaction: all of it is stored at the end, or nothing. Writers go in order of arrival."""
        with explained(self._place):
            async with self._turn, self._writing.begin() as connection:
                yield connection

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
    """Open the database at a URL such as `sqlite+aiosqlite:////home/me/footnote.db` and bring it up to date.

    The folder and the file are created. Several processes may open it at once; one of them runs the migrations.

    Raises:
        StoreError: it can't be opened, holds something else, or was written by a newer Footnote.

    """
    from sqlalchemy import event, make_url
    from sqlalchemy.exc import ArgumentError
    from sqlalchemy.ext.asyncio import create_async_engine

    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreError("The database URL can't be read.", remedy="Write sqlite+aiosqlite:///path/to/file.") from None
    if parsed.drivername != "sqlite+aiosqlite":
        raise StoreError(
            f"Databases of type {parsed.drivername!r} aren't supported.",
            remedy="Write sqlite+aiosqlite:///path/to/file.",
        )
    place = parsed.database or "the database in memory"
    with explained(place):
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            await asyncio.to_thread(_probe, parsed.database)
        engine = create_async_engine(parsed, connect_args={"timeout": BUSY_TIMEOUT_S}, hide_parameters=True)
        event.listen(engine.sync_engine, "connect", _configure)
        event.listen(engine.sync_engine, "begin", _begin)
    database = Database(engine, place=place)
    try:
        async with database.reading() as connection:
            current = await connection.run_sync(_revision, place)
        if current != NEWEST:
            async with database.writing() as connection:
                await connection.run_sync(_migrate, place)
    except BaseException:
        await database.close()
        raise
    return database


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Turn what SQLAlchemy and the file system raise into a `StoreError` that names no stored text."""
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.exc import TimeoutError as PoolTimeout

    try:
        yield
    except (DBAPIError, PoolTimeout, OSError, UnicodeEncodeError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
        reason = (cause.strerror if isinstance(cause, OSError) else None) or str(cause) or type(cause).__name__
        remedy = next((remedy for sign, remedy in REMEDIES if sign in reason.lower()), OTHER_REMEDY)
        raise StoreError(f"The database {place} can't be used: {reason}.", remedy=remedy) from None


def _probe(path: str) -> None:
    """Fail here where the file is no database: a connection that breaks while it opens leaves a thread behind.

    The file is set to WAL here, too. SQLite doesn't wait for others that do the same at the same moment, so we do.
    """
    given_up = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            with closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT_S)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > given_up:
                raise
            time.sleep(PAUSE_S)
        else:
            return


def _configure(connection: Any, _: object) -> None:
    # None: the driver shall not begin transactions on its own, only before some statements; `_begin` does it.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A writer takes the lock at once: a lock that is taken later, after a read, can't be waited for.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


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
    """Run the missing steps. The caller's transaction holds the write lock, so no other process runs them too."""
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

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
