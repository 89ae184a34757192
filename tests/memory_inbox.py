"""Stores for Telegram in memory: they do what the real ones do, only nothing survives them."""

# ruff: noqa: A002 - the names are those of the real stores

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.errors import StoreError
from bot.domain.inbox import Arrival, ArrivalKind, ArrivalState, Claimed
from bot.domain.messages import Audience, Reply
from bot.domain.placing import MessageNote
from bot.stores.inbox_statements import SETTLED


@dataclass
class Row:
    arrival: Arrival
    state: ArrivalState = ArrivalState.NEW
    attempts: int = 0
    worker: str = ""
    until: datetime | None = None
    shown: dict[int, int] = field(default_factory=dict)
    reason: str = ""

    def claimed(self) -> Claimed:
        shown = tuple(self.shown[part] for part in sorted(self.shown))
        return Claimed(arrival=self.arrival, attempts=self.attempts, state=self.state, shown=shown)


class MemoryInbox:
    """The inbox as a dictionary in order of arrival. `failures` are raised, one for each call that writes."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.rows: dict[int, Row] = {}
        self.failures: list[StoreError] = []
        self.now = now

    def state_of(self, id: int) -> ArrivalState:
        return self.rows[id].state

    async def accept(self, arrival: Arrival, *, worker: str = "", hold: timedelta = timedelta(0)) -> bool:
        self._fail()
        if arrival.id in self.rows:
            return False
        self.rows[arrival.id] = Row(arrival, worker=worker, until=self.now() + hold if worker else None)
        return True

    async def claim(
        self, worker: str, *, limit: int, lease: timedelta, questions: bool | None = None
    ) -> Sequence[Claimed]:
        self._fail()
        claimed: list[Claimed] = []
        lanes: set[str] = set()
        now = self.now()
        for row in self.rows.values():
            if row.state is not ArrivalState.NEW or row.arrival.lane in lanes:
                continue
            lanes.add(row.arrival.lane)
            free = row.until is None or row.until <= now or (row.worker == worker and not row.attempts)
            ripe = row.arrival.not_before is None or row.arrival.not_before <= now
            wanted = questions in {None, row.arrival.kind is ArrivalKind.QUESTION}
            if free and ripe and wanted and len(claimed) < limit:
                row.worker, row.until, row.attempts = worker, now + lease, row.attempts + 1
                claimed.append(row.claimed())
        return claimed

    async def extend(self, id: int, worker: str, lease: timedelta) -> bool:
        self._fail()
        row = self.rows[id]
        if row.worker != worker or row.state is not ArrivalState.NEW:
            return False
        row.until = self.now() + lease
        return True

    async def settle(self, id: int, worker: str, lease: timedelta) -> bool:
        self._fail()
        row = self.rows[id]
        if row.worker != worker or row.state is not ArrivalState.NEW:
            return False
        row.until, row.reason = self.now() + lease, SETTLED
        return True

    async def note_shown(self, id: int, part: int, message: int) -> None:
        self._fail()
        row = self.rows[id]
        row.shown[part] = message
        if not row.attempts:
            row.worker, row.until = "", None

    async def shown(self, id: int) -> tuple[int, ...]:
        return self.rows[id].claimed().shown if id in self.rows else ()

    async def complete(self, id: int) -> None:
        self._fail()
        self._finish(id, ArrivalState.DONE)

    async def release(self, id: int, worker: str = "") -> None:
        self._fail()
        row = self.rows[id]
        if row.state is ArrivalState.NEW and worker in {"", row.worker}:
            row.worker, row.until, row.attempts = "", None, max(row.attempts - 1, 0)

    async def bury(self, id: int, reason: str) -> None:
        self._fail()
        self.rows[id].reason = reason
        self._finish(id, ArrivalState.DEAD)

    async def cancel(self, *, chat: int, user: str | None) -> Sequence[Claimed]:
        found = [
            row
            for row in self.rows.values()
            if row.state is ArrivalState.NEW
            and row.arrival.kind is ArrivalKind.QUESTION
            and row.arrival.chat == chat
            and user in {None, row.arrival.user}
            and row.reason != SETTLED
        ]
        before = [row.claimed() for row in found]
        for row in found:
            row.state = ArrivalState.CANCELLED
        return before

    async def state(self, id: int) -> ArrivalState | None:
        return self.rows[id].state if id in self.rows else None

    async def following(self, id: int) -> Sequence[Claimed]:
        ids = list(self.rows)
        lane = self.rows[id].arrival.lane
        behind = [self.rows[each] for each in ids[ids.index(id) + 1 :]]
        return [row.claimed() for row in behind if row.arrival.lane == lane and row.state is ArrivalState.NEW]

    async def cut_off(self, chat: int, user: str) -> Claimed | None:
        for row in reversed(self.rows.values()):
            arrival = row.arrival
            theirs = row.state is ArrivalState.NEW and (arrival.chat, arrival.user) == (chat, user)
            if theirs and arrival.not_before is not None and arrival.not_before >= self.now():
                return row.claimed()
        return None

    async def fold(self, id: int, into: int) -> None:
        self._fail()
        self._finish(id, ArrivalState.DONE)

    async def offer(self, id: int) -> None:
        self._fail()
        row = self.rows[id]
        if row.state is ArrivalState.NEW:
            row.state, row.worker, row.until, row.attempts = ArrivalState.OFFERED, "", None, 0

    async def take_offer(self, id: int, *, chat: int, user: str, lane: str, at: datetime) -> bool:
        row = self.rows.get(id)
        if row is None or row.state is not ArrivalState.OFFERED or row.arrival.chat != chat:
            return False
        if row.arrival.user != user and not (chat < 0 and row.arrival.user == f"telegram:{chat}"):
            return False
        row.arrival = replace(row.arrival, lane=lane, kind=ArrivalKind.QUESTION, received_at=at)
        row.state = ArrivalState.NEW
        self.rows[id] = self.rows.pop(id)
        return True

    async def waiting(self, lane: str, before: int) -> int:
        ids = list(self.rows)
        ahead = [self.rows[each] for each in ids[: ids.index(before)]]
        return sum(row.arrival.lane == lane and row.state is ArrivalState.NEW for row in ahead)

    async def asked(self, *, user: str | None = None, chat: int | None = None, since: datetime) -> int:
        return sum(
            row.arrival.kind is ArrivalKind.QUESTION
            and row.arrival.received_at >= since
            and user in {None, row.arrival.user}
            and chat in {None, row.arrival.chat}
            for row in self.rows.values()
        )

    async def asked_lately(self, user: str, chat: int, *, lately: datetime, day: datetime) -> tuple[int, int, int]:
        return (
            await self.asked(user=user, since=lately),
            await self.asked(chat=chat, since=lately),
            await self.asked(user=user, since=day),
        )

    async def depth(self) -> tuple[int, datetime | None]:
        times = [row.arrival.received_at for row in self.rows.values() if row.state is ArrivalState.NEW]
        return len(times), min(times, default=None)

    async def workers(self) -> Sequence[str]:
        return sorted({row.worker for row in self.rows.values() if row.worker and row.state is ArrivalState.NEW})

    async def free(self, worker: str) -> int:
        found = [row for row in self.rows.values() if row.worker == worker and row.state is ArrivalState.NEW]
        for row in found:
            row.worker, row.until = "", None
        return len(found)

    def _finish(self, id: int, state: ArrivalState) -> None:
        row = self.rows[id]
        if row.state is ArrivalState.NEW:
            row.state, row.arrival = state, replace(row.arrival, payload="")

    def _fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)


class MemoryMessages:
    """Where messages belong, in a dictionary. `failures` are raised, one for each that is looked up."""

    def __init__(self) -> None:
        self.failures: list[StoreError] = []
        self.notes: dict[tuple[int, int], MessageNote] = {}
        self.spoken: dict[int, tuple[str, datetime]] = {}

    async def remember(
        self,
        chat: int,
        message: int,
        conversation: str,
        *,
        said_at: datetime,
        topic: int | None = None,
        by_user: bool = False,
        answer_id: str | None = None,
        purpose: str = "",
        user: str = "",
    ) -> None:
        self.notes[chat, message] = MessageNote(
            conversation=conversation, answer_id=answer_id, by_user=by_user, purpose=purpose, topic=topic
        )
        if by_user:
            self.spoken[chat] = (conversation, said_at)

    async def remember_answer(
        self,
        chat: int,
        conversation: str,
        *,
        question: int,
        parts: Sequence[int],
        answer_id: str,
        said_at: datetime,
        topic: int | None = None,
        user: str = "",
    ) -> None:
        for message in (question, *parts):
            await self.remember(
                chat,
                message,
                conversation,
                said_at=said_at,
                topic=topic,
                by_user=message == question,
                answer_id=answer_id,
                user=user,
            )

    async def conversation_of(self, chat: int, message: int) -> str | None:
        if self.failures:
            raise self.failures.pop(0)
        note = self.notes.get((chat, message))
        return note.conversation if note else None

    async def last_spoken(self, chat: int) -> tuple[str, datetime] | None:
        return self.spoken.get(chat)

    async def spoken_before(self, chat: int, conversation: str) -> str | None:
        here = {number: note for (place, number), note in self.notes.items() if place == chat and note.topic is None}
        began = min((number for number, note in here.items() if note.conversation == conversation), default=0)
        before = [number for number, note in here.items() if number < began and note.by_user]
        return here[max(before)].conversation if before else None

    async def last_begun(self, chat: int, topic: int) -> str | None:
        return None

    async def about(self, chat: int, message: int) -> MessageNote | None:
        return self.notes.get((chat, message))

    async def chat_of_answer(self, answer_id: str) -> int | None:
        return next((chat for (chat, _), note in self.notes.items() if note.answer_id == answer_id), None)

    async def last_answer(self, chat: int, conversation: str | None = None, topic: int | None = None) -> str | None:
        return None


class MemoryAnswers:
    """Answers by their id."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}

    async def get(self, answer_id: str, *, chat: int | None = None) -> Reply | None:
        return self.replies.get(answer_id)


class MemoryReaders:
    """Who reads, by scope."""

    def __init__(self) -> None:
        self.chosen: dict[str, Audience] = {}

    async def audience(self, scope: str) -> Audience | None:
        return self.chosen.get(scope)

    async def choose(self, scope: str, audience: Audience, at: datetime) -> None:
        self.chosen[scope] = audience


def unused(name: str) -> Any:
    """A store that nobody should use here."""

    class Unused:
        def __getattr__(self, method: str) -> Any:
            raise AssertionError(f"{name}.{method} was used")

    return Unused()
