"""What a messenger sent, kept until it is dealt with."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ArrivalKind(StrEnum):
    """What somebody did."""

    QUESTION = "question"
    COMMAND = "command"
    BUTTON = "button"
    EDIT = "edit"
    MEMBERSHIP = "membership"
    OTHER = "other"
    UNREADABLE = "unreadable"


class ArrivalState(StrEnum):
    """What became of it: only `NEW` is unfinished; `OFFERED` waits for a button that may never be pressed."""

    NEW = "new"
    OFFERED = "offered"
    DONE = "done"
    DEAD = "dead"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """One update of a messenger. `lane`: arrivals of one lane are dealt with one after the other, lanes side by side.

    `id` is the messenger's own and unique for two days. `user`: such as `telegram:5`, empty if nobody's. `message`: the
    user's message, or the one whose button was pressed. `payload`: the update as JSON. `answer_id`: what its answer
    will be recorded under, so that a second try finds it. `received_at` and `not_before` carry their time zone; before
    `not_before` it isn't dealt with, because its next part may still come.
    """

    id: int
    kind: ArrivalKind
    lane: str
    chat: int
    user: str
    message: int | None
    payload: str
    answer_id: str
    received_at: datetime
    not_before: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimed:
    """An arrival as it stands in the inbox. `attempts` counts its claims.

    `shown`: the messages that stand for its answer so far, by part number.
    """

    arrival: Arrival
    attempts: int
    state: ArrivalState
    shown: tuple[int, ...] = ()
