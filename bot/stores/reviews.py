"""Answers in review: reported, and decided upon by a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from bot.domain.errors import StoreError
from bot.domain.messages import Reply
from bot.domain.reviews import AnswerReview, ReviewDecision
from bot.stores.answers import Answers
from bot.stores.times import in_utc, to_utc
from bot.stores.upserting import upserting

if TYPE_CHECKING:
    from sqlalchemy import Executable

    from bot.stores.connection import Connection
    from bot.stores.database import Database

EMPTY: dict[str, Any] = {
    "reason": "",
    "reported_by": "",
    "decision": None,
    "decided_by": "",
    "note": "",
    "decided_at": None,
}


class ReviewQueue:
    """The reviews in a database. Every method raises `StoreError` where the database can't be used."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._approved: tuple[Any, tuple[AnswerReview, ...]] = (None, ())

    async def report(self, answer_id: str, reason: str, by: str) -> None:
        """Ask for a review of an answer, a decided one anew. Raises StoreError for an unknown answer."""
        reported = {"reason": reason, "reported_by": self._database.pseudonyms.user(by)}
        async with self._database.writing() as connection:
            await _put(connection, answer_id, {**EMPTY, **reported})

    async def decide(self, answer_id: str, decision: ReviewDecision, note: str, by: str, at: datetime) -> None:
        """Record what was decided about an answer, reported or not. Raises StoreError for an unknown answer."""
        decided = {"decision": decision.value, "note": note, "decided_by": by, "decided_at": to_utc(at)}
        async with self._database.writing() as connection:
            await _put(connection, answer_id, decided)

    async def get(self, answer_id: str, *, asking: str = "") -> AnswerReview | None:
        """The review of an answer; None where nobody asked for one. Only who asks is named as who reported it."""
        found = await self._list(answer_id=answer_id)
        names = self._database.pseudonyms
        return replace(found[0], reported_by=names.known(found[0].reported_by, asking)) if found else None

    async def pending(self) -> tuple[AnswerReview, ...]:
        """What waits for a decision, in the order in which the answers were given."""
        return await self._list(decision=None)

    async def approved(self) -> tuple[AnswerReview, ...]:
        """What was approved, the newest decision first: the same tuple as long as nothing was decided or deleted.

        That is told from their number and the time of the newest, whichever process decided. Who acts on a review of
        them asks `get` for it, since two decisions may leave both as they were where the clocks of processes differ.
        """
        async with self._database.asking() as connection:
            mark = tuple((await connection.execute(_mark())).one())
        if mark != self._approved[0]:
            found = await self._list(decision=ReviewDecision.APPROVED.value) if mark[0] else ()
            newest = sorted(found, key=lambda one: (one.decided_at, one.answer_id), reverse=True)
            self._approved = (mark, tuple(newest))
        return self._approved[1]

    async def answer(self, answer_id: str) -> Reply | None:
        """The answer with this id, as it was given."""
        return await Answers(self._database).get(answer_id)

    async def _list(self, **where: str | None) -> tuple[AnswerReview, ...]:
        asked = _reviews(frozenset((name, value is None) for name, value in where.items()))
        values = {f"{name}_": value for name, value in where.items() if value is not None}
        async with self._database.asking() as connection:
            rows = (await connection.execute(asked, values)).all()
        return tuple(
            AnswerReview(
                answer_id=row.answer_id,
                question=row.standalone_question,
                reason=row.reason,
                reported_by=row.reported_by,
                decision=ReviewDecision(row.decision) if row.decision else None,
                decided_by=row.decided_by,
                note=row.note,
                decided_at=in_utc(row.decided_at) if row.decided_at else None,
            )
            for row in rows
        )


@cache
def _mark() -> Executable:
    from sqlalchemy import func, select

    from bot.stores.tables import reviews

    approved = reviews.c.decision == ReviewDecision.APPROVED.value
    return select(func.count(), func.max(reviews.c.decided_at)).where(approved)


@cache
def _reviews(where: frozenset[tuple[str, bool]]) -> Executable:
    """The reviews whose columns have the given values, or none."""
    from sqlalchemy import bindparam, select

    from bot.stores.tables import reviews, turns

    asked = select(reviews, turns.c.standalone_question).join(turns, turns.c.answer_id == reviews.c.answer_id)
    for name, is_none in where:
        asked = asked.where(reviews.c[name].is_(None) if is_none else reviews.c[name] == bindparam(f"{name}_"))
    return asked.order_by(turns.c.created_at, turns.c.answer_id)


async def _put(connection: Connection, answer_id: str, values: dict[str, Any]) -> None:
    from sqlalchemy import select

    from bot.stores.tables import reviews, turns

    if await connection.scalar(select(turns.c.answer_id).where(turns.c.answer_id == answer_id)) is None:
        raise StoreError(
            f"There is no answer {answer_id!r}.", remedy="Its id stands in the JSON as provenance.answer_id."
        )
    fresh = tuple(name for name in EMPTY if name not in values)
    put = upserting(reviews, ("answer_id",), tuple(values), fresh=fresh, dialect=connection.dialect.name)
    await connection.execute(put, {**EMPTY, **values, "answer_id": answer_id})
