"""Who reads, as they chose it."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from bot.domain.messages import Audience
from bot.stores.times import to_utc
from bot.stores.upserting import upserting

if TYPE_CHECKING:
    from sqlalchemy import Executable

    from bot.stores.database import Database


class Readers:
    """The chosen audiences in a database, by scope: a user, such as `user:telegram:5`, or a chat, such as `chat:-100`.

    Every method raises `StoreError` where the database can't be used.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def audience(self, scope: str) -> Audience | None:
        """The chosen audience; None where nobody chose."""
        async with self._database.asking() as connection:
            found = await connection.scalar(_chosen(), {"scope_": self._stored(scope)})
        return None if found is None else Audience(found)

    async def choose(self, scope: str, audience: Audience, at: datetime) -> None:
        """Choose, or choose anew."""
        from bot.stores.tables import readers

        row = {"scope": self._stored(scope), "audience": audience.value, "chosen_at": to_utc(at)}
        async with self._database.writing() as connection:
            chosen = upserting(readers, ("scope",), ("audience", "chosen_at"), dialect=connection.dialect.name)
            await connection.execute(chosen, row)

    def _stored(self, scope: str) -> str:
        return self._database.pseudonyms.scope(scope)


@cache
def _chosen() -> Executable:
    from sqlalchemy import bindparam, select

    from bot.stores.tables import readers

    return select(readers.c.audience).where(readers.c.scope == bindparam("scope_"))
