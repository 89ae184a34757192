"""A SQLite file, so that what is stored stays stored, and statements cost no more than SQLite itself.

A file needs no network: statements run where they stand, and only what may wait, for another process or for the disk,
goes to a thread. (A driver that sends each step to a thread costs several times what SQLite does.)
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, CursorResult, Dialect, Engine, Executable, RootTransaction, ScalarResult

P = ParamSpec("P")
T = TypeVar("T")
DRIVERS = {"sqlite", "sqlite+aiosqlite", "sqlite+pysqlite"}
BUSY_TIMEOUT_S = 10
PAUSE_S = 0.02


class SqliteConnection:
    """SQLAlchemy's connection in the shape of its asynchronous one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def dialect(self) -> Dialect:
        """Which SQL this is."""
        return self._connection.dialect

    async def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[*tuple[Any, ...]]:
        """The result of a statement."""
        return self._connection.execute(statement, parameters)

    async def exec_driver_sql(self, statement: str) -> CursorResult[*tuple[Any, ...]]:
        """The result of a statement in SQLite's own words."""
        return self._connection.exec_driver_sql(statement)

    async def scalar(self, statement: Executable, parameters: Any = None) -> Any:
        """The first value of a statement's first row."""
        return self._connection.scalar(statement, parameters)

    async def scalars(self, statement: Executable) -> ScalarResult[Any]:
        """The first values of a statement's rows."""
        return self._connection.scalars(statement)

    async def run_sync(self, work: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What `work` does with the connection."""
        return work(self._connection, *args, **kwargs)


class SqliteFile:
    """The transactions of one file."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(writes=True)
        self._softly = engine.execution_options(writes=True, softly=True)
        # SQLite lets who waits for its lock sleep, ever longer, and wakes nobody: the unlucky would wait for seconds.
        self._turn = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite")

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[SqliteConnection]:
        """A connection that sees one state of the file. Readers wait for nobody."""
        with self._engine.connect() as connection:
            yield SqliteConnection(connection)

    asking = reading
    """To begin a transaction and to end it costs next to nothing in a file."""

    @asynccontextmanager
    async def writing(
        self,
        *,
        softly: bool,
        patiently: bool = False,  # noqa: ARG002 - a file is always waited for
    ) -> AsyncIterator[SqliteConnection]:
        """A connection in a transaction. Writers go in order of arrival."""
        async with self._turn:
            with (self._softly if softly else self._writing).connect() as connection:
                transaction = _begin_at_once(connection)
                if transaction is None:
                    transaction = await self._wait_for(connection.begin)
                try:
                    yield SqliteConnection(connection)
                except BaseException:
                    transaction.rollback()
                    raise
                if softly:
                    transaction.commit()
                else:
                    await self._wait_for(transaction.commit)

    async def wipe(self) -> None:
        """Write the file anew and empty its log, so that nothing of what was deleted is left in either."""
        async with self._turn:
            await self._wait_for(self._rewrite)

    async def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()
        self._thread.shutdown()

    def _rewrite(self) -> None:
        # By the driver: SQLAlchemy would begin a transaction, in which neither is possible.
        with closing(self._engine.raw_connection()) as connection:
            # Deleting overwrites rows with zeros, but pages that were rearranged before may hold copies of them.
            connection.cursor().execute("VACUUM")
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    async def _wait_for(self, step: Callable[[], T]) -> T:
        """What a step gives that may wait. Whoever is cancelled meanwhile still leaves the connection at rest."""
        waiting = asyncio.get_running_loop().run_in_executor(self._thread, step)
        try:
            return await asyncio.shield(waiting)
        except asyncio.CancelledError:
            await asyncio.wait([waiting])
            raise


async def connect_sqlite(url: URL) -> SqliteFile:
    """A file, which is created with its folder. Raises what SQLite and the file system raise."""
    from sqlalchemy import create_engine, event

    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        # A new file is its owner's alone, and so are those that SQLite makes beside it; what can't be is said below.
        with suppress(OSError):
            os.close(os.open(url.database, os.O_RDWR | os.O_CREAT, 0o600))
        await asyncio.to_thread(_probe, url.database)
    engine = create_engine(
        url.set(drivername="sqlite+pysqlite"),
        connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return SqliteFile(engine)


def _begin_at_once(connection: Connection) -> RootTransaction | None:
    """The transaction, unless another process writes just now."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA busy_timeout=0")
    try:
        return connection.begin()
    except sqlite3.OperationalError:  # As the driver says it: `_begin` asks the driver.
        return None
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_S * 1000}")


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
    options = connection.get_execution_options()
    driver = connection.connection.driver_connection
    assert driver is not None
    # By the driver: for statements as small as these SQLAlchemy costs several times what SQLite does.
    if writes := options.get("writes", False):
        driver.execute(f"PRAGMA synchronous={'NORMAL' if options.get('softly') else 'FULL'}")
    driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
