"""The statements of the inbox, each made once: to put a statement together costs as much as to run it.

Each says the names of its values, which end in an underscore where they are no columns of a new row.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from bot.domain.inbox import ArrivalKind, ArrivalState
from bot.stores.upserting import inserting

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Executable, ScalarSelect

SETTLED = "settled"
"""The reason of a question whose answer is made: it can't be called off any more."""

FINISHED: dict[str, Any] = {"payload": "", "leased_by": None, "leased_until": None}
"""What goes when an arrival is finished: its words, and the claim on it."""


def unfinished(table: Any) -> ColumnElement[bool]:
    """Is the arrival neither finished nor on offer? `table` is the inbox or an alias of it."""
    new: ColumnElement[bool] = table.c.state == ArrivalState.NEW.value
    return new


def next_sequence() -> ScalarSelect[int]:
    """One more than any arrival has; two transactions must not ask at once (`lock_for_arriving`)."""
    from sqlalchemy import func, select

    from bot.stores.tables import inbox

    every = inbox.alias()
    return select(func.coalesce(func.max(every.c.sequence), 0) + 1).scalar_subquery()


def _held() -> ColumnElement[bool]:
    """Is it kept for the worker who has accepted it? A claim is an attempt, a hold isn't."""
    from bot.stores.tables import inbox

    return inbox.c.leased_by.is_not(None) & (inbox.c.attempts == 0)


def _this() -> ColumnElement[bool]:
    from sqlalchemy import bindparam

    from bot.stores.tables import inbox

    return inbox.c.id == bindparam("id_")


@cache
def accept(dialect: str) -> Executable:
    """Add a row (`row_of`, and who holds it) with the next number, unless its id is there already."""
    from bot.stores.tables import inbox

    return inserting(inbox, dialect=dialect).values(sequence=next_sequence()).on_conflict_do_nothing()


@cache
def claimable(*, questions: bool | None) -> Executable:
    """What `worker_` may claim at `now_`, oldest first, up to `limit_`: of each lane the oldest unfinished one.

    `questions`: only those, or only the others. A time after `latest_` can't be meant: the clock was set back since.
    """
    from sqlalchemy import bindparam, exists, or_, select, true

    from bot.stores.tables import inbox

    now, latest = (bindparam(name, type_=inbox.c.received_at.type) for name in ("now_", "latest_"))
    earlier = inbox.alias()
    first = ~exists().where(earlier.c.lane == inbox.c.lane, unfinished(earlier), earlier.c.sequence < inbox.c.sequence)
    own = _held() & (inbox.c.leased_by == bindparam("worker_"))
    free, due = (
        or_(until.is_(None), until <= now, until > latest) for until in (inbox.c.leased_until, inbox.c.not_before)
    )
    is_question = inbox.c.kind == ArrivalKind.QUESTION.value
    kind = true() if questions is None else is_question if questions else ~is_question
    wanted = select(inbox).where(unfinished(inbox), free | own, due, kind, first).order_by(inbox.c.sequence)
    return wanted.limit(bindparam("limit_")).with_for_update(skip_locked=True)


@cache
def claim() -> Executable:
    """Give the rows with these `ids_` to `worker_` until `until_`."""
    from sqlalchemy import bindparam, update

    from bot.stores.tables import inbox

    return (
        update(inbox)
        .where(inbox.c.id.in_(bindparam("ids_", expanding=True)))
        .values(leased_by=bindparam("worker_"), leased_until=bindparam("until_"), attempts=inbox.c.attempts + 1)
    )


@cache
def extend() -> Executable:
    """Keep the claim of `worker_` on an unfinished row until `until_`."""
    from sqlalchemy import bindparam, update

    from bot.stores.tables import inbox

    theirs = update(inbox).where(_this(), unfinished(inbox), inbox.c.leased_by == bindparam("worker_"))
    return theirs.values(leased_until=bindparam("until_"))


@cache
def settle() -> Executable:
    """The same; its answer is made."""
    from sqlalchemy import bindparam, update

    from bot.stores.tables import inbox

    theirs = update(inbox).where(_this(), unfinished(inbox), inbox.c.leased_by == bindparam("worker_"))
    return theirs.values(leased_until=bindparam("until_"), reason=SETTLED)


@cache
def release(*, theirs: bool) -> Executable:
    """Take a claim back with its attempt. `theirs`: only if it is the claim of `worker_`."""
    from sqlalchemy import bindparam, case, true, update

    from bot.stores.tables import inbox

    whose = inbox.c.leased_by == bindparam("worker_") if theirs else true()
    fewer = case((inbox.c.attempts > 0, inbox.c.attempts - 1), else_=0)
    claimed = update(inbox).where(_this(), unfinished(inbox), inbox.c.leased_until.is_not(None), whose)
    return claimed.values(leased_by=None, leased_until=None, attempts=fewer)


@cache
def shown(*, to_change: bool = False) -> Executable:
    """The messages of a row."""
    from sqlalchemy import select

    from bot.stores.tables import inbox

    wanted = select(inbox.c.shown).where(_this())
    return wanted.with_for_update() if to_change else wanted


@cache
def show() -> Executable:
    """Let a row have these messages (`shown_`); a hold on it ends."""
    from sqlalchemy import bindparam, case, update

    from bot.stores.tables import inbox

    free = {column: case((_held(), None), else_=column) for column in (inbox.c.leased_by, inbox.c.leased_until)}
    return update(inbox).where(_this()).values({inbox.c.shown: bindparam("shown_"), **free})


@cache
def finish(*names: str) -> Executable:
    """Give an unfinished row the values of these names, each with an underscore; one called off keeps what it has.

    Of both the words and the claim go. Returns whether the row is to be forgotten.
    """
    from sqlalchemy import bindparam, case, update

    from bot.stores.tables import inbox

    done = (ArrivalState.NEW.value, ArrivalState.CANCELLED.value)
    values = {name: case((unfinished(inbox), bindparam(f"{name}_")), else_=inbox.c[name]) for name in names}
    finished = update(inbox).where(_this(), inbox.c.state.in_(done)).values(**values, **FINISHED)
    return finished.returning(inbox.c.forgotten)


@cache
def state() -> Executable:
    """What became of a row."""
    from sqlalchemy import select

    from bot.stores.tables import inbox

    return select(inbox.c.state).where(_this())


@cache
def waiting() -> Executable:
    """How many unfinished questions of lane `lane_` stand before a row."""
    from sqlalchemy import bindparam, func, select

    from bot.stores.tables import inbox

    this = inbox.alias()
    place = select(this.c.sequence).where(this.c.id == bindparam("id_")).scalar_subquery()
    question = inbox.c.kind == ArrivalKind.QUESTION.value
    counted = select(func.count()).select_from(inbox)
    return counted.where(inbox.c.lane == bindparam("lane_"), unfinished(inbox), question, inbox.c.sequence < place)


@cache
def cut_off() -> Executable:
    """The newest unfinished row of `user_` in chat `chat_` that isn't due at `now_`."""
    from sqlalchemy import bindparam, select

    from bot.stores.tables import inbox

    waits = inbox.c.not_before >= bindparam("now_")
    theirs = (inbox.c.chat == bindparam("chat_")) & (inbox.c.user == bindparam("user_"))
    return select(inbox).where(unfinished(inbox), theirs, waits).order_by(inbox.c.sequence.desc()).limit(1)


@cache
def asked_lately() -> Executable:
    """Questions of `user_` and in chat `chat_` since `lately_`, and of `user_` since `since_`, the earlier of both."""
    from sqlalchemy import bindparam, case, func, or_, select

    from bot.stores.tables import inbox

    now = inbox.c.received_at >= bindparam("lately_")
    theirs, here = inbox.c.user == bindparam("user_"), inbox.c.chat == bindparam("chat_")
    counts = [func.coalesce(func.sum(case((which, 1), else_=0)), 0) for which in (theirs & now, here & now, theirs)]
    return select(*counts).where(
        inbox.c.kind == ArrivalKind.QUESTION.value,
        inbox.c.state != ArrivalState.DEAD.value,
        inbox.c.received_at >= bindparam("since_"),
        or_(theirs, here),
    )


@cache
def depth() -> Executable:
    """How many are unfinished, and when the oldest of them arrived."""
    from sqlalchemy import func, select

    from bot.stores.tables import inbox

    return select(func.count(), func.min(inbox.c.received_at)).where(unfinished(inbox))
