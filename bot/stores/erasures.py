"""Notes that somebody was forgotten, so that a copy that is put back can be made to forget them, too.

A copy that doesn't hold such a note, or only an earlier one of the same user, was made before that deletion: all that
it holds of the user is older. One that holds it was made afterwards, and what it holds was written since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.errors import StoreError
from bot.domain.forgetting import Erasure
from bot.stores.database import Database, connect
from bot.stores.postgres import DRIVERS
from bot.stores.pseudonyms import Pseudonyms
from bot.stores.times import in_utc, to_utc
from bot.stores.upserting import upserting

if TYPE_CHECKING:
    import sqlalchemy

    from bot.stores.connection import Connection
    from bot.stores.whose import Whose


async def note(connection: Connection, whose: Whose, now: datetime) -> None:
    """Note that a user is forgotten now, and in any case later than the last time, also where a clock was set back."""
    from sqlalchemy import select

    from bot.stores.tables import erasures

    last = await connection.scalar(select(erasures.c.erased_at).where(erasures.c.user == whose.user))
    at = now if last is None else max(now, in_utc(last) + timedelta(microseconds=1))
    await keep(connection, Erasure(user=whose.user, chat=whose.chat, scope=whose.scope, at=at))


async def keep(connection: Connection, erasure: Erasure) -> None:
    """Keep a note, instead of an earlier one of the same user."""
    from bot.stores.tables import erasures

    kept = upserting(erasures, ("user",), ("chat", "scope", "erased_at"), dialect=connection.dialect.name)
    at = to_utc(erasure.at)
    values = {"user": erasure.user, "chat": erasure.chat, "scope": erasure.scope, "erased_at": at}
    await connection.execute(kept, values)


async def unknown_among(connection: Connection, noted: Iterable[Erasure]) -> Sequence[Erasure]:
    """The deletions that this database hasn't seen."""
    known = {one.user: one.at for one in await _read(connection)}
    return [one for one in noted if one.user not in known or known[one.user] < one.at]


async def numbers_of(connection: Connection, noted: Iterable[Erasure], names: Pseudonyms) -> Mapping[str, int]:
    """The chats of these notes by their hashes, as far as the database holds their plain numbers."""
    from sqlalchemy import select, union

    from bot.stores.tables import inbox, message_map

    channels = {one.chat.partition(":")[0] for one in noted}
    if not channels:
        return {}
    numbers = await connection.scalars(union(select(message_map.c.chat_id), select(inbox.c.chat)))
    return {names.user(f"{channel}:{number}"): number for number in numbers for channel in channels}


async def erasures_in(url: str, names: Pseudonyms) -> Sequence[Erasure]:
    """The notes in a database that is there and is about to be replaced. It is only read, whatever version it has.

    Raises:
        StoreError: it can't be opened, was written under another key, or by a version that made no notes.

    """
    from sqlalchemy import make_url, select

    from bot.stores.tables import hash_key

    engine, place = await connect(make_url(url))
    database = Database(engine, place=place, pseudonyms=names)

    async with database, database.reading() as connection:
        held = await connection.run_sync(_tables)
        if {"hash_key", "erasures"} - held:
            raise StoreError(
                f"The database {place} is of a version that made no notes of deletions."
                if "alembic_version" in held
                else f"The database {place} holds no notes of deletions."
            )
        if await connection.scalar(select(hash_key.c.key_check)) != names.check:
            raise StoreError(f"The database {place} was written with another key.")
        return await _read(connection)


async def makes_notes(url: str) -> bool:
    """Is the database of a version that makes notes of deletions, or a new one? It is only read."""
    from sqlalchemy import make_url

    engine, place = await connect(make_url(url))
    async with Database(engine, place=place, pseudonyms=Pseudonyms("")) as database, database.reading() as connection:
        held = await connection.run_sync(_tables)
    return not held or "erasures" in held


def _tables(connection: sqlalchemy.Connection) -> set[str]:
    from sqlalchemy import inspect

    return set(inspect(connection).get_table_names())


async def _read(connection: Connection) -> Sequence[Erasure]:
    from sqlalchemy import select

    from bot.stores.tables import erasures

    rows = (await connection.execute(select(erasures).order_by(erasures.c.erased_at))).all()
    return [Erasure(user=row.user, chat=row.chat, scope=row.scope, at=in_utc(row.erased_at)) for row in rows]


def former_of(url: str, name: str) -> str:
    """The URL of another database of the same server. Raises StoreError where there is no server or no other one."""
    from sqlalchemy import make_url

    parsed = make_url(url)
    if parsed.drivername not in DRIVERS:
        raise StoreError(
            "Only a PostgreSQL server has several databases.", remedy="Put a SQLite database back by its copy's file."
        )
    if parsed.database == name:
        raise StoreError(
            f"{name} is the database in use.", remedy="Name the one that was in use before the copy was put back."
        )
    return parsed.set(database=name).render_as_string(hide_password=False)
