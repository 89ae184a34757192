"""Everything that is held of a user, for the user: what `Forgetting` would delete, and its note that it did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from bot.stores.times import in_utc
from bot.stores.whose import Whose

if TYPE_CHECKING:
    from bot.stores.database import Database

OF_OTHERS = frozenset({"user", "reported_by"})
"""Columns that may say who somebody else is; a user learns of them only whether it was themselves."""


class Exporting:
    """Reads over all stores of a database. Raises `StoreError` where it can't be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def everything_of(self, user: str, private_chat: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """The records of a user such as `telegram:5` and of their private chat by kind, as JSON takes them."""
        from sqlalchemy import select

        whose = Whose.named(self._database.pseudonyms, user, private_chat)
        held = {}
        async with self._database.reading() as connection:
            for kind, (table, where) in {**whose.rows, "erasures": whose.noted}.items():
                chosen = select(table).where(where).order_by(*table.primary_key.columns)
                rows = (await connection.execute(chosen)).mappings()
                held[kind] = [
                    {name: _plain(name, value, whose.user, user) for name, value in row.items()} for row in rows
                ]
        return held


def _plain(name: str, value: Any, stored: str, user: str) -> Any:
    if name in OF_OTHERS and value:
        return user if value == stored else "somebody else"
    if isinstance(value, datetime):
        return in_utc(value).isoformat()
    return value.isoformat() if isinstance(value, date) else value
