"""Deletes what is remembered: all of one user, or all that is too old."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.domain.forgetting import Forgotten
from bot.domain.inbox import ArrivalState
from bot.domain.reviews import ReviewDecision
from bot.stores.times import to_utc

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.stores.database import Database


class Forgetting:
    """Deletes over all stores of a database, in one transaction. Raises `StoreError` where it can't be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def forget_user(self, user: str, private_chat: int) -> Forgotten:
        """Delete everything of a user such as `telegram:5`, and everything in their private chat.

        In groups their questions go with the answers to them, and the messages of both. A decision of a reviewer
        stays where its answer does, without who asked for it. What is being dealt with just now stays until it's done.
        """
        from sqlalchemy import or_, select, tuple_, update

        from bot.stores.tables import conversations, feedback, inbox, message_map, readers, reviews, spending, turns

        chat = f"{user.partition(':')[0]}:{private_chat}"
        private = or_(conversations.c.id == chat, conversations.c.id.startswith(f"{chat}:", autoescape=True))
        own = select(conversations.c.id).where(private)
        async with self._database.writing() as connection:
            await connection.execute(own.order_by(conversations.c.id).with_for_update())
            theirs = or_(turns.c.user == user, turns.c.conversation.in_(own))
            answers = select(turns.c.answer_id).where(theirs)
            touched = set(await connection.scalars(select(turns.c.conversation).where(theirs)))
            arrived = select(inbox.c.chat, inbox.c.message).where(inbox.c.user == user, inbox.c.message.is_not(None))
            counts = {
                "messages": await _delete(
                    connection,
                    message_map,
                    or_(
                        message_map.c.chat_id == private_chat,
                        message_map.c.user == user,
                        message_map.c.conversation.in_(own),
                        message_map.c.answer_id.in_(answers),
                        # A button stands under a message that isn't its presser's.
                        message_map.c.by_user & tuple_(message_map.c.chat_id, message_map.c.message_id).in_(arrived),
                    ),
                ),
                "feedback": await _delete(
                    connection, feedback, or_(feedback.c.user == user, feedback.c.answer_id.in_(answers))
                ),
                "reviews": await _delete(
                    connection,
                    reviews,
                    or_(
                        (reviews.c.reported_by == user) & reviews.c.decision.is_(None),
                        reviews.c.answer_id.in_(answers),
                    ),
                ),
            }
            kept = update(reviews).where(reviews.c.reported_by == user).values(reported_by="", reason="")
            counts["reviews"] += (await connection.execute(kept)).rowcount
            counts["turns"] = await _delete(connection, turns, theirs)
            finished = inbox.c.state != ArrivalState.NEW.value
            counts["arrivals"] = await _delete(
                connection, inbox, finished & or_(inbox.c.user == user, inbox.c.chat == private_chat)
            )
            scopes = [f"user:{user}", f"chat:{private_chat}"]
            counts["audience"] = await _delete(connection, readers, readers.c.scope.in_(scopes))
            counts["spending"] = await _delete(connection, spending, spending.c.user == user)
            await _delete(connection, conversations, private)
            await _delete_empty(connection, conversations.c.id.in_(touched))
        await self._database.clear_log()
        return Forgotten(counts=counts)

    async def purge_older(self, before: datetime) -> Forgotten:
        """Delete turns, messages and feedback from before.

        An answer that a reviewer approved stays, because it is given again; who asked for it is deleted.
        """
        from sqlalchemy import exists, or_, true, update

        from bot.stores.tables import feedback, message_map, reviews, turns

        before = to_utc(before, "before")
        approved = exists().where(
            reviews.c.answer_id == turns.c.answer_id, reviews.c.decision == ReviewDecision.APPROVED.value
        )
        old = turns.c.asked_at < before
        async with self._database.writing() as connection:
            await connection.execute(update(turns).where(old, approved, turns.c.user.is_not(None)).values(user=None))
            gone = exists().where(turns.c.answer_id == feedback.c.answer_id, old, ~approved)
            counts = {
                "feedback": await _delete(connection, feedback, or_(feedback.c.given_at < before, gone)),
                "messages": await _delete(connection, message_map, message_map.c.said_at < before),
                "turns": await _delete(connection, turns, old & ~approved),
            }
            await _delete_empty(connection, true())
        await self._database.clear_log()
        return Forgotten(counts=counts)


async def _delete(connection: AsyncConnection, table: Table, where: ColumnElement[bool]) -> int:
    from sqlalchemy import delete

    return (await connection.execute(delete(table).where(where))).rowcount


async def _delete_empty(connection: AsyncConnection, where: Any) -> None:
    """Delete the conversations of which nothing is left."""
    from sqlalchemy import exists

    from bot.stores.tables import conversations, message_map, turns

    said = exists().where(message_map.c.conversation == conversations.c.id)
    answered = exists().where(turns.c.conversation == conversations.c.id)
    await _delete(connection, conversations, ~said & ~answered & where)
