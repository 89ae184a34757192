"""An arrival as a row of the inbox, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.domain.inbox import Arrival, ArrivalKind, ArrivalState, Claimed
from bot.stores.texts import storable
from bot.stores.times import in_utc, to_utc

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, ScalarSelect, Select

    from bot.stores.pseudonyms import Pseudonyms


SETTLED = "settled"
"""The reason of a question whose answer is made: it can't be called off any more."""


def row_of(arrival: Arrival, names: Pseudonyms) -> dict[str, Any]:
    """The row of a new arrival, in which users stand under these names. Raises ValueError for a time without a zone."""
    return {
        "id": arrival.id,
        "sequence": next_sequence(),
        "kind": arrival.kind.value,
        "lane": names.conversation(arrival.lane),
        "chat": arrival.chat,
        "user": names.user(arrival.user),
        "message": arrival.message,
        "payload": storable(arrival.payload),
        "answer_id": arrival.answer_id,
        "received_at": to_utc(arrival.received_at, "received_at"),
        "not_before": None if arrival.not_before is None else to_utc(arrival.not_before, "not_before"),
        "state": ArrivalState.NEW.value,
        "attempts": 0,
        "shown": [],
        "reason": "",
    }


def unfinished(table: Any) -> ColumnElement[bool]:
    """Is the arrival neither finished nor on offer? `table` is the inbox or an alias of it."""
    new: ColumnElement[bool] = table.c.state == ArrivalState.NEW.value
    return new


def held() -> ColumnElement[bool]:
    """Is it kept for the worker who has accepted it? A claim is an attempt, a hold isn't."""
    from bot.stores.tables import inbox

    return inbox.c.leased_by.is_not(None) & (inbox.c.attempts == 0)


def claimable(worker: str, now: datetime, *, questions: bool | None) -> Select[Any]:
    """What a worker may claim, oldest first: of each lane the oldest unfinished one, where nobody else has it."""
    from sqlalchemy import exists, or_, select, true

    from bot.stores.tables import inbox

    earlier = inbox.alias()
    first = ~exists().where(earlier.c.lane == inbox.c.lane, unfinished(earlier), earlier.c.sequence < inbox.c.sequence)
    own = held() & (inbox.c.leased_by == worker)
    free = or_(inbox.c.leased_until.is_(None), inbox.c.leased_until <= now, own)
    due = or_(inbox.c.not_before.is_(None), inbox.c.not_before <= now)
    is_question = inbox.c.kind == ArrivalKind.QUESTION.value
    kind = true() if questions is None else is_question if questions else ~is_question
    return select(inbox).where(unfinished(inbox), free, due, kind, first).order_by(inbox.c.sequence)


def next_sequence() -> ScalarSelect[int]:
    """One more than any arrival has; two transactions must not ask at once (`lock_for_arriving`)."""
    from sqlalchemy import func, select

    from bot.stores.tables import inbox

    every = inbox.alias()
    return select(func.coalesce(func.max(every.c.sequence), 0) + 1).scalar_subquery()


def claimed_of(row: Row[Any], *, attempts: int | None = None) -> Claimed:
    """The arrival of a row. `attempts`: where they have changed since the row was read."""
    arrival = Arrival(
        id=row.id,
        kind=ArrivalKind(row.kind),
        lane=row.lane,
        chat=row.chat,
        user=row.user,
        message=row.message,
        payload=row.payload,
        answer_id=row.answer_id,
        received_at=in_utc(row.received_at),
        not_before=None if row.not_before is None else in_utc(row.not_before),
    )
    attempts = row.attempts if attempts is None else attempts
    return Claimed(arrival=arrival, attempts=attempts, state=ArrivalState(row.state), shown=tuple(row.shown))
