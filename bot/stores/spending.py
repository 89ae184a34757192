"""How many tokens each user's questions have cost on each day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bot.domain.spending import Spent
from bot.stores.upserting import inserting

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

    from bot.stores.database import Database


class Spending:
    """The spending in a database. Every method raises `StoreError` where the database can't be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def spent(self, user: str, day: date) -> Spent:
        """What a user and all users together have spent on a day."""
        from sqlalchemy import case, func, select

        from bot.stores.tables import spending

        own = case((spending.c.user == self._database.pseudonyms.user(user), spending.c.tokens), else_=0)
        sums = select(func.coalesce(func.sum(own), 0), func.coalesce(func.sum(spending.c.tokens), 0))
        async with self._database.asking() as connection:
            by_user, by_all = (await connection.execute(sums.where(spending.c.day == day))).one()
        # PostgreSQL sums whole numbers to decimals.
        return Spent(by_user=int(by_user), by_all=int(by_all))

    async def add(self, user: str, day: date, tokens: int) -> None:
        """Add to what a user has spent on a day; whoever adds at the same time, nothing is lost.

        Raises:
            ValueError: `tokens` is negative.

        """
        if tokens < 0:
            raise ValueError("tokens that were spent can't be negative")
        stored = self._database.pseudonyms.user(user)
        async with self._database.writing() as connection:
            await connection.execute(adding(stored, day, tokens, dialect=connection.dialect.name))


def adding(user: str, day: date, tokens: int, *, dialect: str) -> postgresql.Insert | sqlite.Insert:
    """One statement that adds, so that no other process comes between reading and writing."""
    from bot.stores.tables import spending

    row = inserting(spending, dialect=dialect).values(user=user, day=day, tokens=tokens)
    added = spending.c.tokens + row.excluded.tokens
    return row.on_conflict_do_update(index_elements=[spending.c.user, spending.c.day], set_={"tokens": added})
