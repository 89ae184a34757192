"""How fast one person or group may come with whatever it is: before anything is stored, searched or answered."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

MINUTE_S = 60.0
MOST_KNOWN = 20_000
"""Whoever has been quiet for longest is forgotten first, so that a flood from many accounts fills no memory."""


class Pace(Enum):
    """What becomes of an update. SAY: it is left out, and for once in a minute its sender hears so."""

    LET_IN = auto()
    SAY = auto()
    LEAVE_OUT = auto()


@dataclass(slots=True)
class _Bucket:
    left: float
    at: datetime
    said_at: datetime | None = None


class Throttle:
    """A token bucket for each key: full at first, it holds a minute's worth and fills at that rate."""

    def __init__(self, a_minute: int, *, most_known: int = MOST_KNOWN) -> None:
        self._most = float(a_minute)
        self._most_known = most_known
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def pace(self, key: str, at: datetime) -> Pace:
        """Take a token, or say that there is none."""
        bucket = self._buckets.setdefault(key, _Bucket(left=self._most, at=at))
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._most_known:
            self._buckets.popitem(last=False)
        at = max(at, bucket.at)  # A clock may be set back.
        filled = (at - bucket.at).total_seconds() * self._most / MINUTE_S
        bucket.left, bucket.at = min(self._most, bucket.left + filled), at
        if bucket.left >= 1:
            bucket.left -= 1
            return Pace.LET_IN
        if bucket.said_at is not None and (at - bucket.said_at).total_seconds() < MINUTE_S:
            return Pace.LEAVE_OUT
        bucket.said_at = at
        return Pace.SAY

    def give_back(self, key: str) -> None:
        """It could not be kept and will come again: that is no fault of its sender."""
        if (bucket := self._buckets.get(key)) is not None:
            bucket.left = min(self._most, bucket.left + 1)
