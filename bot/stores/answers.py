"""Answers by their id, as they were given."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from bot.domain.messages import Reply
from bot.stores.codec import decode_reply

if TYPE_CHECKING:
    from sqlalchemy import Executable

    from bot.stores.database import Database


class Answers:
    """The answers in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, answer_id: str, *, chat: int | None = None) -> Reply | None:
        """The reply with this id. Its conversation is named as ever where it belongs to this chat.

        Raises:
            StoreError: the database can't be used, or the record is damaged or of a newer format.

        """
        async with self._database.asking() as connection:
            record = await connection.scalar(_given(), {"answer_id_": answer_id})
        if record is None:
            return None
        reply = decode_reply(record)
        if chat is None:
            return reply
        return replace(reply, conversation=self._database.pseudonyms.known_in(reply.conversation, chat))


@cache
def _given() -> Executable:
    from sqlalchemy import bindparam, select

    from bot.stores.tables import turns

    return select(turns.c.reply).where(turns.c.answer_id == bindparam("answer_id_"))
