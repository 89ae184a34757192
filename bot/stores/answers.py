"""Answers by their id, as they were given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.messages import Reply
from bot.stores.codec import decode_reply

if TYPE_CHECKING:
    from bot.stores.database import Database


class Answers:
    """The answers in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, answer_id: str) -> Reply | None:
        """The reply with this id.

        Raises:
            StoreError: the database can't be used, or the record is damaged or of a newer format.

        """
        from sqlalchemy import select

        from bot.stores.tables import turns

        async with self._database.reading() as connection:
            record = await connection.scalar(select(turns.c.reply).where(turns.c.answer_id == answer_id))
        return None if record is None else decode_reply(record)
