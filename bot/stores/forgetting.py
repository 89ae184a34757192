"""Deletes what is remembered: all of one user, or all that is too old. Of the first, a note is kept (`erasures.py`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.domain.forgetting import Erasure, Forgotten, ForgottenAgain
from bot.domain.inbox import ArrivalState
from bot.domain.keeping import APPROVED, AUDIENCE, ERASURES, FEEDBACK, MESSAGES, REVIEWS, SPENDING, TURNS, WAITING
from bot.domain.reviews import ReviewDecision
from bot.stores.erasing import delete_empty, delete_rows, erase_finished
from bot.stores.erasures import keep, note, numbers_of, unknown_among
from bot.stores.inbox_statements import unfinished
from bot.stores.postgres import lock_for_purging
from bot.stores.times import to_utc
from bot.stores.whose import Whose

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from bot.stores.connection import Connection
    from bot.stores.database import Database


def _now() -> datetime:
    return datetime.now(UTC)


class Forgetting:
    """Deletes over all stores of a database, in one transaction. Raises `StoreError` where it can't be used."""

    def __init__(self, database: Database, now: Callable[[], datetime] = _now) -> None:
        self._database = database
        self._now = now

    async def forget_user(self, user: str, private_chat: int) -> Forgotten:
        """Delete everything of a user such as `telegram:5`, and everything in their private chat.

        In groups their questions go with the answers to them, and the messages of both. A decision of a reviewer
        stays where its answer does, without who asked for it. What is being dealt with just now stays until it's done,
        and goes then with all that it left (`erasing.py`).
        """
        from sqlalchemy import or_, update

        from bot.stores.tables import inbox

        whose = Whose.named(self._database.pseudonyms, user, private_chat)
        now = to_utc(self._now())
        async with self._database.writing() as connection:
            claimed = inbox.c.leased_until.is_not(None) & (inbox.c.leased_until > now)
            in_work = or_(unfinished(inbox), claimed)
            counts = await _delete_all(connection, whose, arrivals=~in_work)
            _, theirs = whose.rows["arrivals"]
            await connection.execute(update(inbox).where(theirs, in_work).values(forgotten=True))
            await note(connection, whose, now)
        await self._database.wipe()
        return Forgotten(counts=counts)

    async def forget_again(self, noted: Iterable[Erasure]) -> ForgottenAgain:
        """Do the deletions that another database has noted and this one, a copy put back, hasn't seen; note them here.

        Nobody may work with the copy yet: what waits in it goes, too. To do this again deletes nothing more.
        """
        from sqlalchemy import true

        names, counts = self._database.pseudonyms, []
        async with self._database.writing(patiently=True) as connection:
            unknown = await unknown_among(connection, noted)
            numbers = await numbers_of(connection, unknown, names)
            for one in unknown:
                number = [numbers[one.chat]] if one.chat in numbers else []
                whose = Whose(user=one.user, chat=one.chat, scope=one.scope, numbers=number)
                counts.append(sum((await _delete_all(connection, whose, arrivals=true())).values()))
                await keep(connection, one)
        if any(counts):
            await self._database.wipe()
        return ForgottenAgain(users=sum(count > 0 for count in counts), records=sum(counts))

    async def purge(self, retention_days: int) -> Forgotten:
        """Delete of each kind what is too old by its rule (`domain/keeping.py`). 0: conversations have no end.

        Where another process does so at this moment, it's left to that one.
        """
        now = to_utc(self._now())
        async with self._database.writing(patiently=True) as connection:
            if not await lock_for_purging(connection):
                return Forgotten(counts={})
            counts = {
                **await _purge_said(connection, now, retention_days),
                **await _purge_choices(connection, now),
                "arrivals": await _purge_arrivals(connection, now),
                "erasures": await _purge_notes(connection, now, retention_days),
            }
            await delete_empty(connection)
        forgotten = Forgotten(counts={kind: count for kind, count in counts.items() if count})
        if forgotten.total:
            await self._database.wipe()
        return forgotten


async def _delete_all(connection: Connection, whose: Whose, arrivals: ColumnElement[bool]) -> dict[str, int]:
    """Delete what is a user's, of what arrived only such `arrivals`; returns how many rows, by kind."""
    from sqlalchemy import select, update

    from bot.stores.tables import conversations, reviews, turns

    await connection.execute(whose.own.order_by(conversations.c.id).with_for_update())
    touched = set(await connection.scalars(select(turns.c.conversation).where(whose.turns)))
    answers = select(turns.c.answer_id).where(whose.turns)
    of_others = (reviews.c.reported_by == whose.user) & reviews.c.decision.is_not(None)
    of_others &= reviews.c.answer_id.not_in(answers)
    unlinked = update(reviews).where(of_others).values(reported_by="", reason="")
    decided = (await connection.execute(unlinked)).rowcount
    counts = {}
    for kind, (table, where) in whose.rows.items():
        counts[kind] = await delete_rows(connection, table, where & arrivals if kind == "arrivals" else where)
    counts["reviews"] += decided
    await delete_rows(connection, conversations, whose.conversations)
    await delete_empty(connection, touched)
    return counts


async def _purge_said(connection: Connection, now: datetime, retention_days: int) -> dict[str, int]:
    """Answers, opinions on them, and where they stand. An approved answer is given again, so it stays longer."""
    from sqlalchemy import exists, or_

    from bot.stores.tables import feedback, message_map, reviews, turns

    old = TURNS.limit(now, retention_days)
    said, given = MESSAGES.limit(now, retention_days), FEEDBACK.limit(now, retention_days)
    if old is None or said is None or given is None:
        return {}
    this = reviews.c.answer_id == turns.c.answer_id
    approved = (reviews.c.decision == ReviewDecision.APPROVED.value) & (
        reviews.c.decided_at >= APPROVED.limit(now, retention_days)
    )
    awaited = reviews.c.decision.is_(None) & (turns.c.asked_at >= REVIEWS.limit(now, retention_days))
    longer = exists().where(this, or_(approved, awaited))
    gone = (turns.c.asked_at < old) & ~longer
    judged = exists().where(turns.c.answer_id == feedback.c.answer_id, gone)
    counts = {
        "feedback": await delete_rows(connection, feedback, or_(feedback.c.given_at < given, judged)),
        "messages": await delete_rows(connection, message_map, message_map.c.said_at < said),
        "reviews": await delete_rows(
            connection, reviews, exists().where(turns.c.answer_id == reviews.c.answer_id, gone)
        ),
        "turns": await delete_rows(connection, turns, (turns.c.asked_at < old) & ~longer),
    }
    await _keep_only_the_question(connection, turns.c.asked_at < old)
    return counts


async def _keep_only_the_question(connection: Connection, old: ColumnElement[bool]) -> None:
    """Of what stays longer, the message as it was written goes; the question that it stood for is needed."""
    from sqlalchemy import select, update

    from bot.stores.tables import turns

    written = select(turns.c.answer_id, turns.c.standalone_question, turns.c.reply)
    for row in (await connection.execute(written.where(old, turns.c.question != turns.c.standalone_question))).all():
        asked: dict[str, Any] = {"question": row.standalone_question}
        kept = update(turns).where(turns.c.answer_id == row.answer_id)
        await connection.execute(kept.values(**asked, reply={**row.reply, **asked}))


async def _purge_choices(connection: Connection, now: datetime) -> dict[str, int]:
    """Who reads, and what language models cost."""
    from sqlalchemy import exists, literal

    from bot.stores.tables import readers, spending, turns

    asked = exists().where(readers.c.scope == literal("user:") + turns.c.user)
    return {
        "audience": await delete_rows(connection, readers, (readers.c.chosen_at < AUDIENCE.limit(now, 0)) & ~asked),
        "spending": await delete_rows(connection, spending, spending.c.day < SPENDING.first_day(now)),
    }


async def _purge_arrivals(connection: Connection, now: datetime) -> int:
    """What is finished, or was offered in vain; and what a program that was killed did not forget when it was done."""
    from sqlalchemy import or_

    from bot.stores.tables import inbox

    at_rest = or_(inbox.c.leased_until.is_(None), inbox.c.leased_until <= now)
    erased = await erase_finished(connection, at_rest)
    old = (inbox.c.state != ArrivalState.NEW.value) & (inbox.c.received_at < WAITING.limit(now, 0))
    return erased + await delete_rows(connection, inbox, old)


async def _purge_notes(connection: Connection, now: datetime, retention_days: int) -> int:
    """Notes of deletions, once a copy that could bring something back would be purged of it anyway."""
    from bot.stores.tables import erasures

    limit = ERASURES.limit(now, retention_days)
    return 0 if limit is None else await delete_rows(connection, erasures, erasures.c.erased_at < limit)
