"""An arrival as a row of the inbox, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.domain.inbox import Arrival, ArrivalKind, ArrivalState, Claimed
from bot.stores.texts import storable
from bot.stores.times import in_utc, to_utc

if TYPE_CHECKING:
    from sqlalchemy import Row

    from bot.stores.pseudonyms import Pseudonyms


def row_of(arrival: Arrival, names: Pseudonyms) -> dict[str, Any]:
    """The row of a new arrival but for its number; users stand under these names.

    Raises ValueError for a time without a zone.
    """
    return {
        "id": arrival.id,
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
