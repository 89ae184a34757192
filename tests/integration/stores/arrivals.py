"""Arrivals for the tests of the inbox."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.inbox import Arrival, ArrivalKind

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def an_arrival(number: int, lane: str = "telegram:5", **changes: Any) -> Arrival:
    """A question of user 5 in their private chat."""
    arrival = Arrival(
        id=number,
        kind=ArrivalKind.QUESTION,
        lane=lane,
        chat=5,
        user="telegram:5",
        message=number + 100,
        payload=f'{{"update_id": {number}}}',
        answer_id=f"a{number}",
        received_at=NOON,
    )
    return replace(arrival, **changes)
