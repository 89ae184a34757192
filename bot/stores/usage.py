"""What the recorded turns tell of the library: questions without an answer, and how often a document was cited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.answers import Abstention, Answer
from bot.domain.usage import Unanswered
from bot.stores.codec import decode_reply
from bot.stores.times import in_utc

if TYPE_CHECKING:
    from bot.stores.database import Database


class Usage:
    """The recorded turns of a database, without users and conversations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def unanswered(self, since: datetime) -> tuple[Unanswered, ...]:
        """The questions that ended in an abstention, oldest first. Raises StoreError."""
        from sqlalchemy import select

        from bot.stores.tables import turns

        wanted = select(turns.c.asked_at, turns.c.reply).where(turns.c.kind == "abstention", turns.c.asked_at >= since)
        async with self._database.reading() as connection:
            rows = (await connection.execute(wanted.order_by(turns.c.asked_at, turns.c.answer_id))).all()
        found = []
        for row in rows:
            reply = decode_reply(row.reply)
            nearest = reply.outcome.nearest if isinstance(reply.outcome, Abstention) else ()
            asked = reply.standalone_question
            found.append(Unanswered(question=asked, asked_at=in_utc(row.asked_at), nearest=nearest))
        return tuple(found)

    async def citations(self) -> Mapping[str, int]:
        """In how many answers each document, by its path, was cited. Raises StoreError."""
        from sqlalchemy import select

        from bot.stores.tables import turns

        wanted = select(turns.c.reply).where(turns.c.kind.in_(["answer", "partial_answer"]))
        counted: Counter[str] = Counter()
        async with self._database.reading() as connection:
            for record in await connection.scalars(wanted):
                outcome = decode_reply(record).outcome
                if isinstance(outcome, Answer):
                    counted.update({citation.document for citation in outcome.citations})
        return counted
