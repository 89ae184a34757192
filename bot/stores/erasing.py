"""Deletes what was recorded for arrivals that were in work while their user was forgotten, once they are done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.domain.inbox import ArrivalState

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Row, Table

    from bot.stores.connection import Connection


async def erase_finished(connection: Connection, *where: ColumnElement[bool]) -> int:
    """Delete these arrivals, as far as they are to be forgotten and not NEW; returns how many rows went in all."""
    from sqlalchemy import delete

    from bot.stores.tables import inbox

    done = inbox.c.forgotten & (inbox.c.state != ArrivalState.NEW.value)
    rows = (await connection.execute(delete(inbox).where(done, *where).returning(inbox))).all()
    return len(rows) + sum([await _erase(connection, row) for row in rows])


async def _erase(connection: Connection, row: Row[Any]) -> int:
    """Delete the answer that was made for an arrival, where it stands, what it cost, and what its user said by it."""
    from sqlalchemy import or_, select

    from bot.stores.tables import feedback, message_map, readers, reviews, spending, turns

    made = turns.c.answer_id == row.answer_id
    here = message_map.c.chat_id == row.chat
    shown = or_(
        message_map.c.message_id.in_(row.shown or []), message_map.c.by_user & (message_map.c.message_id == row.message)
    )
    noted = or_(message_map.c.answer_id == row.answer_id, here & shown)
    touched = {
        *await connection.scalars(select(turns.c.conversation).where(made)),
        *await connection.scalars(select(message_map.c.conversation).where(noted)),
    }
    opinion = (feedback.c.user == row.user) & (feedback.c.given_at >= row.received_at)
    report = (reviews.c.reported_by == row.user) & reviews.c.decision.is_(None)
    gone = [
        await delete_rows(connection, message_map, noted),
        await delete_rows(connection, turns, made),
        await delete_rows(connection, spending, spending.c.user == row.user),
        await delete_rows(connection, feedback, opinion),
        await delete_rows(connection, reviews, report),
        await delete_rows(connection, readers, readers.c.scope == f"user:{row.user}"),
    ]
    await delete_empty(connection, touched)
    return sum(gone)


async def delete_rows(connection: Connection, table: Table, where: ColumnElement[bool]) -> int:
    """Delete rows; returns how many."""
    from sqlalchemy import delete

    return (await connection.execute(delete(table).where(where))).rowcount


async def delete_empty(connection: Connection, among: set[str] | None = None) -> None:
    """Delete the conversations of which nothing is left, all or some of them."""
    from sqlalchemy import exists, true

    from bot.stores.tables import conversations, message_map, turns

    said = exists().where(message_map.c.conversation == conversations.c.id)
    answered = exists().where(turns.c.conversation == conversations.c.id)
    which = true() if among is None else conversations.c.id.in_(among)
    await delete_rows(connection, conversations, ~said & ~answered & which)
