"""Which of several processes fetches a bot's updates: Telegram gives them to one at a time.

On PostgreSQL it's a lock that lives as long as its connection: when its holder dies, the server gives it to the next.
On SQLite, whose file one machine has, a second process is refused.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from bot.domain.errors import ConfigurationError
from bot.stores.explaining import explained
from bot.stores.postgres import POLLING

if TYPE_CHECKING:
    from types import ModuleType

    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows has no such locks: there, one process is up to the operator.
    fcntl = None

KEEPALIVE = ("tcp_keepalives_idle = 10", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 3")
"""Seconds, and how often: after 25 s the server knows that a machine is gone, and frees the lock."""
ANSWER_S = 5.0


class ServerLease:
    """The right to poll for a bot, held by a connection of its own.

    It needs a session: PgBouncer must pool by session, not by transaction.
    """

    def __init__(self, engine: AsyncEngine, bot: int, *, place: str) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._bot = bot
        self._place = place
        self._connection: AsyncConnection | None = None

    async def take(self) -> bool:
        """Take it, unless another process has it. Raises StoreError."""
        from sqlalchemy import text

        with explained(self._place, server=True):
            connection = await self._engine.connect()
            try:
                for option in KEEPALIVE:
                    await connection.exec_driver_sql(f"SET {option}")
                asked = text("SELECT pg_try_advisory_lock(hashtextextended(:bot, :key))")
                taken = bool(await connection.scalar(asked, {"bot": str(self._bot), "key": POLLING}))
            except BaseException:
                await connection.close()
                raise
        if taken:
            self._connection = connection
        else:
            await connection.close()
        return taken

    async def holds(self) -> bool:
        """Is it still ours? No, once the connection is lost: the server has freed it then."""
        if self._connection is None:
            return False
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._connection.exec_driver_sql("SELECT 1")
        except Exception:  # noqa: BLE001 - whatever it was, nobody knows any more whose the lock is
            await self.give_back()
            return False
        return True

    async def give_back(self) -> None:
        """Let the next one have it. The connection is closed, not put back: the lock would stay with it."""
        connection, self._connection = self._connection, None
        if connection is not None:
            for step in (connection.invalidate, connection.close):
                with suppress(Exception):
                    async with asyncio.timeout(ANSWER_S):
                        await step()


class FileLease:
    """The right to poll for a bot with a SQLite file, held as long as a file beside it is open."""

    def __init__(self, database: Path, bot: int) -> None:
        self._path = database.with_name(f"{database.name}.polling-{bot}")
        self._file: IO[str] | None = None

    async def take(self) -> bool:
        """Take it. Raises ConfigurationError where another process has it."""
        if fcntl is None:
            return True
        file = self._path.open("a+", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read(20).strip()
            file.close()
            who = f"Process {holder}" if holder else "Another process"
            raise ConfigurationError(
                f"{who} polls for this bot with the same database.",
                remedy="Stop it first. For several processes side by side set FOOTNOTE_DATABASE_URL to PostgreSQL.",
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file
        return True

    async def holds(self) -> bool:
        """Always: nobody takes it from a process that lives."""
        return True

    async def give_back(self) -> None:
        """Let the next one have it."""
        if self._file is not None:
            self._file.close()
            self._file = None
