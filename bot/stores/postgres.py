"""Opens a database of a PostgreSQL server."""

from __future__ import annotations

import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

from bot.domain.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection
    from sqlalchemy.ext.asyncio import AsyncEngine
    from sqlalchemy.pool import ConnectionPoolEntry

    from bot.stores import connection as stores

DRIVERS = {"postgres", "postgresql", "postgresql+asyncpg"}
OPTIONS = {"host", "port", "ssl", "sslmode", "prepared_statement_cache_size"}
CONNECT_TIMEOUT_S = 10
REST_S = 1.0
LOCK_TIMEOUT_S = 10
STATEMENT_TIMEOUT_S = LOCK_TIMEOUT_S + 5
"""A server that doesn't answer for so long counts as away, even if its machine still takes what is sent to it."""
MIGRATION_TIMEOUT_S = 120

MIGRATING = 0x466F6F746E6F7465
"""The key of the lock under which one process migrates and the others wait."""
ARRIVING = MIGRATING + 1
"""The key of the lock under which arrivals are numbered, so that their numbers appear in order."""
POLLING = MIGRATING + 2
"""The key of the locks, one a bot, under which one process fetches updates."""
PURGING = MIGRATING + 3
"""The key of the lock under which one process deletes what is old."""


def readable(url: URL) -> str:
    """What errors call the database: its name and its server, without user and password."""
    host = url.host or str(url.query.get("host", "")) or "localhost"
    port = f":{url.port}" if url.port else ""
    return f"{url.database or 'of the user'} on {host}{port}"


class PostgresServer:
    """The transactions of a server's database."""

    def __init__(self, engine: AsyncEngine, patient: AsyncEngine) -> None:
        """`patient` leads to the same server, for what takes its time there."""
        self.engine = engine
        self._patient = patient
        self._reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._writing = engine.execution_options(isolation_level="READ COMMITTED")

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[stores.Connection]:
        """A connection without a transaction: each statement costs one message to the server instead of three."""
        async with self.engine.connect() as connection:
            yield cast("stores.Connection", connection)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[stores.Connection]:
        """A connection that sees one state of the database."""
        async with self._reading.connect() as connection:
            yield cast("stores.Connection", connection)  # mypy stumbles over two ways to write `run_sync`.

    @asynccontextmanager
    async def writing(
        self,
        *,
        softly: bool,  # noqa: ARG002 - all is kept alike
        patiently: bool = False,
    ) -> AsyncIterator[stores.Connection]:
        """A connection in a transaction. Writers run side by side."""
        async with (self._patient if patiently else self._writing).begin() as connection:
            yield cast("stores.Connection", connection)

    async def wipe(self) -> None:
        """A server sees to its files itself."""

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
        await self._patient.dispose()


def connect_postgres(url: URL) -> PostgresServer:
    """A server's database; it connects when it is first used.

    Raises:
        StoreError: the URL holds an option that isn't known.

    """
    from sqlalchemy import NullPool
    from sqlalchemy.ext.asyncio import create_async_engine

    if unknown := url.query.keys() - OPTIONS:
        raise StoreError(
            f"The database URL has an unknown option: {', '.join(sorted(unknown))}.",
            remedy=f"Known are {', '.join(sorted(OPTIONS))}.",
        )
    query = {{"sslmode": "ssl"}.get(name, name): value for name, value in url.query.items()}
    settings = {
        "application_name": "footnote",
        "timezone": "UTC",
        "lock_timeout": f"{LOCK_TIMEOUT_S}s",
        "idle_in_transaction_session_timeout": "60s",
        # A server may be set to answer before it has written to its disk; we promise more.
        "synchronous_commit": "on",
    }
    url = url.set(drivername="postgresql+asyncpg", query=query)
    arguments: dict[str, Any] = {"timeout": CONNECT_TIMEOUT_S, "server_settings": settings}
    engine = create_async_engine(
        url,
        connect_args=arguments | {"command_timeout": STATEMENT_TIMEOUT_S},
        hide_parameters=True,
        # A connection at rest is in no transaction, so that the question whether it still stands is one message.
        isolation_level="AUTOCOMMIT",
        pool_timeout=CONNECT_TIMEOUT_S,
    )
    _ask_after_rest(engine)
    return PostgresServer(
        engine, create_async_engine(url, connect_args=arguments, hide_parameters=True, poolclass=NullPool)
    )


def _ask_after_rest(engine: AsyncEngine) -> None:
    """Make a new connection where one that was closed would be used, or one that has rested and doesn't answer.

    What the server closes is known here without a message. To ask each time costs as much as what is asked for.
    """
    from sqlalchemy import event
    from sqlalchemy.exc import InvalidatePoolError

    dialect = engine.dialect

    def rest(_: object, record: ConnectionPoolEntry) -> None:
        record.info["rests_since"] = time.monotonic()

    def ask(connection: Any, record: ConnectionPoolEntry, _: object) -> None:
        if connection.driver_connection.is_closed():
            raise InvalidatePoolError
        if time.monotonic() - record.info.get("rests_since", math.inf) < REST_S:
            return
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error:
            raise InvalidatePoolError from None

    event.listen(engine.sync_engine, "checkin", rest)
    event.listen(engine.sync_engine, "checkout", ask)


def lock_for_migrating(connection: Connection) -> None:
    """Wait until no other process migrates; the lock goes with the transaction."""
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{MIGRATION_TIMEOUT_S}s'")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATING})")


async def lock_for_purging(connection: stores.Connection) -> bool:
    """Is it this process that deletes what is old, for the time of this transaction? Two would only meet."""
    if connection.dialect.name != "postgresql":
        return True
    asked = await connection.exec_driver_sql(f"SELECT pg_try_advisory_xact_lock({PURGING})")
    return bool(asked.scalar())


async def lock_for_arriving(connection: stores.Connection) -> None:
    """Wait until no other process numbers an arrival. In SQLite, where each writer has the database, do nothing."""
    if connection.dialect.name == "postgresql":
        await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ARRIVING})")
