"""One statement that inserts a row or changes the one that is there, in either database."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.dialects import postgresql, sqlite


def inserting(table: Table, *, dialect: str) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT."""
    from sqlalchemy.dialects import postgresql, sqlite

    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@cache
def upserting(
    table: Table, key: tuple[str, ...], values: tuple[str, ...], *, dialect: str, fresh: tuple[str, ...] = ()
) -> postgresql.Insert | sqlite.Insert:
    """Give the row with this key these values, by the names of the columns; made once.

    `fresh`: what a new row has besides, while one that is there keeps what it has.
    """
    from sqlalchemy import bindparam

    row = inserting(table, dialect=dialect).values({name: bindparam(name) for name in (*key, *values, *fresh)})
    return row.on_conflict_do_update(index_elements=list(key), set_={name: row.excluded[name] for name in values})
