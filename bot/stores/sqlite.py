"""Opens a SQLite file so that what is stored stays stored."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection
    from sqlalchemy.ext.asyncio import AsyncEngine

BUSY_TIMEOUT_S = 10
PAUSE_S = 0.02


async def connect_sqlite(url: URL) -> AsyncEngine:
    """The engine of a file, which is created with its folder. Raises what SQLite and the file system raise."""
    from sqlalchemy import event
    from sqlalchemy.ext.asyncio import create_async_engine

    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        await asyncio.to_thread(_probe, url.database)
    engine = create_async_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S}, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _configure)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


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
