"""What readers say of answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.errors import StoreError
from bot.domain.feedback import Opinion
from bot.stores.texts import storable
from bot.stores.times import in_utc, to_utc
from bot.stores.upserting import inserting

if TYPE_CHECKING:
    from bot.stores.database import Database


class Feedback:
    """The opinions in a database: one changeable vote of each reader on each answer.

    They go when their answer does. Every method raises `StoreError` where the database can't be used.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def vote(self, answer_id: str, user: str, vote: int, at: datetime) -> None:
        """Vote 1 or -1, or 0 where there are only words; a changed mind drops the old vote's reason and comment.

        Raises:
            StoreError: there is no such answer.
            ValueError: the vote is another number, or the time has no zone.

        """
        from sqlalchemy import case, select

        from bot.stores.tables import feedback, turns

        if vote not in {1, 0, -1}:
            raise ValueError("a vote is 1, 0 or -1")
        stored = self._database.pseudonyms.user(user)
        given = {"vote": vote, "given_at": to_utc(at)}
        async with self._database.writing() as connection:
            if await connection.scalar(select(turns.c.answer_id).where(turns.c.answer_id == answer_id)) is None:
                raise StoreError(f"There is no answer {answer_id!r}.", remedy="It may have been forgotten.")
            row = inserting(feedback, dialect=connection.dialect.name)
            row = row.values(answer_id=answer_id, user=stored, reason="", comment="", **given)
            same = feedback.c.vote.in_((vote, 0))  # Words that came before any vote go on with the first one.
            kept = {name: case((same, feedback.c[name]), else_="") for name in ("reason", "comment")}
            key = [feedback.c.answer_id, feedback.c.user]
            await connection.execute(row.on_conflict_do_update(index_elements=key, set_={**given, **kept}))

    async def explain(
        self, answer_id: str, user: str, *, reason: str | None = None, comment: str | None = None
    ) -> bool:
        """Add a reason or a comment to one's vote. False: there is no vote of this user on this answer."""
        from sqlalchemy import update

        from bot.stores.tables import feedback

        said = {"reason": reason, "comment": None if comment is None else storable(comment)}
        values = {name: text for name, text in said.items() if text is not None}
        own = (feedback.c.answer_id == answer_id) & (feedback.c.user == self._database.pseudonyms.user(user))
        # Without a word to add, the vote is named as it is: an update needs something to set.
        async with self._database.writing() as connection:
            changed = await connection.execute(update(feedback).where(own).values(values or {"vote": feedback.c.vote}))
            return bool(changed.rowcount)

    async def of(self, answer_id: str, *, asking: str = "") -> Sequence[Opinion]:
        """Everybody's opinion on an answer, the oldest first. Only who asks is named; others stand as stored."""
        from sqlalchemy import select

        from bot.stores.tables import feedback

        about = select(feedback).where(feedback.c.answer_id == answer_id)
        async with self._database.reading() as connection:
            rows = (await connection.execute(about.order_by(feedback.c.given_at, feedback.c.user))).all()
        return tuple(
            Opinion(
                answer_id=row.answer_id,
                user=self._database.pseudonyms.known(row.user, asking),
                vote=row.vote,
                reason=row.reason,
                comment=row.comment,
                given_at=in_utc(row.given_at),
            )
            for row in rows
        )
