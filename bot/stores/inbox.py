"""What arrived, kept until it is dealt with: claimed by one worker at a time, in order within its lane."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.domain.inbox import Arrival, ArrivalKind, ArrivalState, Claimed
from bot.stores import inbox_statements as statements
from bot.stores.erasing import erase_finished
from bot.stores.inbox_rows import claimed_of, row_of
from bot.stores.inbox_statements import SETTLED, next_sequence, unfinished
from bot.stores.postgres import lock_for_arriving
from bot.stores.times import in_utc, to_utc

if TYPE_CHECKING:
    from sqlalchemy import Executable

    from bot.stores.database import Database


LONGEST = timedelta(minutes=5)
"""No claim is made, and nothing waits, for longer."""


class Inbox:
    """The inbox of a database. Every method raises `StoreError` where the database can't be used.

    Only an arrival that is NEW is unfinished. Arrivals are numbered in the order in which they were committed, so the
    oldest unfinished one of a lane stays so until it is finished, and whoever claims only the oldest never gets a
    second one of a lane.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._names = database.pseudonyms
        self._now = now

    async def accept(self, arrival: Arrival, *, worker: str = "", hold: timedelta = timedelta(0)) -> bool:
        """Keep an arrival for good; once this returns, no crash loses it. False: this id was there already.

        For `hold`, or until its first message stands, only `worker` may claim it, who is about to send that message.

        Raises:
            ValueError: a time has no zone.

        """
        values = row_of(arrival, self._names)
        values["leased_by"] = worker or None
        values["leased_until"] = to_utc(self._now()) + hold if worker else None
        async with self._database.writing() as connection:
            await lock_for_arriving(connection)
            added = await connection.execute(statements.accept(connection.dialect.name), values)
            return bool(added.rowcount)

    async def claim(
        self, worker: str, *, limit: int, lease: timedelta, questions: bool | None = None
    ) -> Sequence[Claimed]:
        """Take up to `limit` arrivals to deal with, oldest first, which nobody else gets before the lease has run out.

        Of each lane only the oldest unfinished one, and only if its `not_before` is past. `questions`: only those, or
        only the others.
        """
        now = to_utc(self._now())
        asked = {"worker_": worker, "now_": now, "latest_": now + LONGEST, "limit_": max(limit, 0)}
        async with self._database.writing(softly=True) as connection:
            rows = (await connection.execute(statements.claimable(questions=questions), asked)).all()
            if rows:
                taken = {"ids_": [row.id for row in rows], "worker_": worker, "until_": now + lease}
                await connection.execute(statements.claim(), taken)
        return tuple(claimed_of(row, attempts=row.attempts + 1) for row in rows)

    async def extend(self, id: int, worker: str, lease: timedelta) -> bool:
        """Keep a claim for `lease` from now. False: it is no longer this worker's, or no longer unfinished."""
        return bool(await self._change(statements.extend(), id, worker_=worker, until_=to_utc(self._now()) + lease))

    async def settle(self, id: int, worker: str, lease: timedelta) -> bool:
        """Its answer is made: from now on it can't be called off, and `worker` has it for `lease` to deliver it.

        False: it is no longer this worker's, or no longer unfinished.
        """
        return bool(await self._change(statements.settle(), id, worker_=worker, until_=to_utc(self._now()) + lease))

    async def note_shown(self, id: int, part: int, message: int) -> None:
        """Record that part `part` of the answer, from 0, stands as this message. A hold on it ends.

        Raises:
            ValueError: the parts before it aren't shown.

        """
        async with self._database.writing(softly=True) as connection:
            shown = await connection.scalar(statements.shown(to_change=True), {"id_": id})
            if shown is None:
                return
            if not 0 <= part <= len(shown):
                raise ValueError(f"part {part} can't be shown before part {len(shown)}")
            changed = [*shown[:part], message, *shown[part + 1 :]]
            await connection.execute(statements.show(), {"id_": id, "shown_": changed})

    async def shown(self, id: int) -> tuple[int, ...]:
        """The messages that stand for its answer, by part."""
        return tuple(await self._scalar(statements.shown(), id_=id) or ())

    async def complete(self, id: int) -> None:
        """It is dealt with; its payload is deleted. One that isn't NEW, such as one on offer, stays what it is.

        Where its user was forgotten meanwhile, it goes with everything that was recorded for it.
        """
        await self._finish(id, state=ArrivalState.DONE.value)

    async def release(self, id: int, worker: str = "") -> None:
        """Give a claim back at once, as if it had not been made. With a worker: only if it is still theirs."""
        whose = {"worker_": worker} if worker else {}
        await self._change(statements.release(theirs=bool(worker)), id, **whose)

    async def bury(self, id: int, reason: str) -> None:
        """Give it up; its payload is deleted. `reason` is a kind of failure, never a text."""
        await self._finish(id, state=ArrivalState.DEAD.value, reason=reason)

    async def cancel(self, *, chat: int, user: str | None) -> Sequence[Claimed]:
        """Call off the unfinished questions of a user, or of everybody, in a chat, whether they wait or run.

        Those whose answers are made stay. Returns them as they were, in order of arrival. Claims stay, because whoever
        has one still works on it.
        """
        from sqlalchemy import select, update

        from bot.stores.tables import inbox

        user = user and self._names.user(user)

        called_off = [unfinished(inbox), inbox.c.kind == ArrivalKind.QUESTION.value, inbox.c.chat == chat]
        called_off.append(inbox.c.reason != SETTLED)
        if user is not None:
            called_off.append(inbox.c.user == user)
        wanted = select(inbox).where(*called_off).order_by(inbox.c.sequence).with_for_update()
        async with self._database.writing() as connection:
            rows = (await connection.execute(wanted)).all()
            await connection.execute(
                update(inbox)
                .where(inbox.c.id.in_([row.id for row in rows]))
                .values(state=ArrivalState.CANCELLED.value, payload="")
            )
        return tuple(claimed_of(row) for row in rows)

    async def state(self, id: int) -> ArrivalState | None:
        """What became of it; None where it's unknown."""
        found = await self._scalar(statements.state(), id_=id)
        return None if found is None else ArrivalState(found)

    async def following(self, id: int) -> Sequence[Claimed]:
        """The unfinished ones behind it in its lane, in order."""
        from sqlalchemy import select

        from bot.stores.tables import inbox

        this = inbox.alias()
        behind = (
            select(inbox)
            .join(this, (this.c.lane == inbox.c.lane) & (this.c.sequence < inbox.c.sequence))
            .where(this.c.id == id, unfinished(inbox))
            .order_by(inbox.c.sequence)
        )
        async with self._database.asking() as connection:
            rows = (await connection.execute(behind)).all()
        return tuple(claimed_of(row) for row in rows)

    async def cut_off(self, chat: int, user: str) -> Claimed | None:
        """The newest unfinished question of a user in a chat that still waits for its next part."""
        asked = {"chat_": chat, "user_": self._names.user(user), "now_": to_utc(self._now())}
        async with self._database.asking() as connection:
            row = (await connection.execute(statements.cut_off(), asked)).one_or_none()
        return None if row is None else claimed_of(row)

    async def fold(self, id: int, into: int) -> None:
        """It was joined to an earlier one as its next part: DONE, and no question of its own."""
        kind = ArrivalKind.OTHER.value
        await self._finish(id, state=ArrivalState.DONE.value, kind=kind, reason=f"joined:{into}")

    async def offer(self, id: int) -> None:
        """Keep it, with its payload, until its button is pressed."""
        from sqlalchemy import update

        from bot.stores.tables import inbox

        kept = update(inbox).where(inbox.c.id == id, unfinished(inbox))
        async with self._database.writing(softly=True) as connection:
            await connection.execute(kept.values(state=ArrivalState.OFFERED.value, leased_by=None, leased_until=None))

    async def take_offer(self, id: int, *, chat: int, user: str, lane: str, at: datetime) -> bool:
        """Its button was pressed: now it is this lane's newest question. False: it isn't on offer to this user here."""
        from sqlalchemy import update

        from bot.stores.tables import inbox

        nobody = [f"telegram:{chat}"] if chat < 0 else []
        theirs = inbox.c.user.in_([self._names.user(each) for each in (user, *nobody)])
        offered = [inbox.c.id == id, inbox.c.chat == chat, theirs, inbox.c.state == ArrivalState.OFFERED.value]
        async with self._database.writing() as connection:
            await lock_for_arriving(connection)
            taken = await connection.execute(
                update(inbox)
                .where(*offered)
                .values(
                    state=ArrivalState.NEW.value,
                    kind=ArrivalKind.QUESTION.value,
                    lane=self._names.conversation(lane),
                    sequence=next_sequence(),
                    attempts=0,
                    received_at=to_utc(at, "at"),
                )
            )
            return bool(taken.rowcount)

    async def waiting(self, lane: str, before: int) -> int:
        """How many unfinished questions stand before this arrival in its lane."""
        return int(await self._scalar(statements.waiting(), id_=before, lane_=self._names.conversation(lane)))

    async def asked(self, *, user: str | None = None, chat: int | None = None, since: datetime) -> int:
        """How many questions arrived since then, of this user, in this chat; buried ones don't count."""
        from sqlalchemy import func, select

        from bot.stores.tables import inbox

        counted = select(func.count()).select_from(inbox)
        counted = counted.where(inbox.c.kind == ArrivalKind.QUESTION.value, inbox.c.state != ArrivalState.DEAD.value)
        counted = counted.where(inbox.c.received_at >= to_utc(since, "since"))
        if user is not None:
            counted = counted.where(inbox.c.user == self._names.user(user))
        if chat is not None:
            counted = counted.where(inbox.c.chat == chat)
        return int(await self._scalar(counted))

    async def asked_lately(self, user: str, chat: int, *, lately: datetime, day: datetime) -> tuple[int, int, int]:
        """Questions by this user and in this chat since `lately`, and by this user since `day`, the earlier of both."""
        since = {"lately_": to_utc(lately, "lately"), "since_": to_utc(min(lately, day), "day")}
        asked = {"user_": self._names.user(user), "chat_": chat, **since}
        async with self._database.asking() as connection:
            by_user, in_chat, today = (await connection.execute(statements.asked_lately(), asked)).one()
        return by_user, in_chat, today

    async def depth(self) -> tuple[int, datetime | None]:
        """How many are unfinished, and when the oldest of them arrived."""
        async with self._database.asking() as connection:
            number, oldest = (await connection.execute(statements.depth())).one()
        return number, None if oldest is None else in_utc(oldest)

    async def workers(self) -> Sequence[str]:
        """Who has claims on unfinished arrivals."""
        from sqlalchemy import select

        from bot.stores.tables import inbox

        claiming = select(inbox.c.leased_by).where(unfinished(inbox), inbox.c.leased_by.is_not(None)).distinct()
        async with self._database.asking() as connection:
            return tuple((await connection.scalars(claiming)).all())

    async def free(self, worker: str) -> int:
        """Give back all claims of a worker that is gone; returns how many. Its attempts count."""
        from sqlalchemy import update

        from bot.stores.tables import inbox

        theirs = update(inbox).where(unfinished(inbox), inbox.c.leased_by == worker)
        async with self._database.writing(softly=True) as connection:
            return (await connection.execute(theirs.values(leased_by=None, leased_until=None))).rowcount

    async def _finish(self, id: int, **values: str) -> None:
        """Finish an unfinished arrival or the work on one that was called off, and forget it where that was asked."""
        from bot.stores.tables import inbox

        told = {"id_": id, **{f"{name}_": value for name, value in values.items()}}
        async with self._database.writing(softly=True) as connection:
            forgotten = await connection.scalar(statements.finish(*values), told)
            erased = 0 if forgotten is False else await erase_finished(connection, inbox.c.id == id)
        if erased:
            await self._database.wipe()

    async def _change(self, statement: Executable, id: int, **values: Any) -> int:
        """Change an unfinished arrival."""
        async with self._database.writing(softly=True) as connection:
            return (await connection.execute(statement, {"id_": id, **values})).rowcount

    async def _scalar(self, wanted: Executable, **values: Any) -> Any:
        async with self._database.asking() as connection:
            return await connection.scalar(wanted, values)
