"""One statement that inserts a row or changes the one that is there, in either database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.dialects import postgresql, sqlite


def inserting(table: Table, *, dialect: str) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT."""
    from sqlalchemy.dialects import postgresql, sqlite

    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def upserting(
    table: Table,
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    *,
    dialect: str,
    fresh: Mapping[str, Any] | None = None,
) -> postgresql.Insert | sqlite.Insert:
    """Give the row with this key these values. `fresh`: what a new row has besides."""
    row = inserting(table, dialect=dialect).values({**key, **(fresh or {}), **values})
    return row.on_conflict_do_update(index_elements=[table.c[name] for name in key], set_=dict(values))
