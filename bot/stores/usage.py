"""What the recorded turns tell of the library: questions without an answer, and how often a document was cited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.answers import Abstention, Answer, Outcome
from bot.domain.reviews import ReviewDecision
from bot.domain.usage import Unanswered, WordsUsed
from bot.stores.codec import decode_reply
from bot.stores.times import in_utc

if TYPE_CHECKING:
    from bot.stores.database import Database


class Usage:
    """The recorded turns of a database, without users and conversations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def unanswered(self, since: datetime) -> tuple[Unanswered, ...]:
        """The questions that ended in an abstention, or in an answer that somebody doubted, oldest first.

        Doubted is an answer that was reported, or voted down, and that no reviewer approved.

        Raises StoreError.
        """
        from sqlalchemy import and_, exists, or_, select

        from bot.stores.tables import feedback, reviews, turns

        approved = reviews.c.decision == ReviewDecision.APPROVED.value
        voted_down = exists().where(feedback.c.answer_id == turns.c.answer_id, feedback.c.vote < 0)
        doubted = and_(or_(reviews.c.answer_id.is_not(None), voted_down), or_(reviews.c.decision.is_(None), ~approved))
        wanted = (
            select(turns.c.asked_at, turns.c.reply)
            .outerjoin(reviews, reviews.c.answer_id == turns.c.answer_id)
            .where(turns.c.asked_at >= since, or_(turns.c.kind == "abstention", doubted))
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(wanted.order_by(turns.c.asked_at, turns.c.answer_id))).all()
        found = []
        for row in rows:
            reply = decode_reply(row.reply)
            nearest = _nearest(reply.outcome)
            asked = reply.standalone_question
            found.append(Unanswered(question=asked, asked_at=in_utc(row.asked_at), nearest=nearest))
        return tuple(found)

    async def kinds(self, since: datetime) -> Mapping[str, int]:
        """How many replies of each kind were given. Raises StoreError."""
        from sqlalchemy import func, select

        from bot.stores.tables import turns

        counted = select(turns.c.kind, func.count()).where(turns.c.asked_at >= since).group_by(turns.c.kind)
        async with self._database.reading() as connection:
            return {row[0]: row[1] for row in await connection.execute(counted)}

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

    async def words(self) -> tuple[WordsUsed, ...]:
        """Which prompts and sentences made answers, by name and digest, those used last first. Raises StoreError."""
        from sqlalchemy import select

        from bot.stores.tables import turns

        uses: dict[tuple[str, str], list[datetime]] = {}
        async with self._database.reading() as connection:
            for row in await connection.execute(select(turns.c.asked_at, turns.c.reply)):
                for used in decode_reply(row.reply).provenance.prompts.items():
                    uses.setdefault(used, []).append(in_utc(row.asked_at))
        found = (
            WordsUsed(name=name, digest=digest, answers=len(times), first=min(times), last=max(times))
            for (name, digest), times in uses.items()
        )
        return tuple(sorted(found, key=lambda one: (one.last, one.name, one.digest), reverse=True))


def _nearest(outcome: Outcome) -> tuple[str, ...]:
    """The titles of the documents that came closest, or on which a doubted answer stood."""
    match outcome:
        case Abstention(nearest=nearest):
            return nearest
        case Answer(citations=citations):
            return tuple(dict.fromkeys(citation.title for citation in citations))
        case _:
            return ()
