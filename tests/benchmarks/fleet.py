"""Replicas, database and Telegram as a simulation: what people wait for, and how busy each part is.

A question arrives at a replica chosen at random, is numbered in the inbox under one lock, and stands in its chat's
lane. A replica takes up the oldest question that no earlier one of its chat holds up: when one arrives at it, when it
has finished one, and once a second. The answer is shown after its placeholder. When a replica is killed, what it had
in hand waits for the end of its lease.
"""

import heapq
import random
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from tests.benchmarks.queueing import Bucket, Servers, Simulation, quantile

LOOK_S, LEASE_S = 1.0, 60.0
"""As `channels/telegram/desk.py` has them."""
MINUTE_S, HOUR_S = 60, 3600


@dataclass(frozen=True, kw_only=True)
class Costs:
    """What one question costs. Times in milliseconds; `answering_ms` are quantiles, from which times are drawn."""

    answering_ms: tuple[float, ...]
    database_ms: float = 0.0
    flush_ms: float = 0.0
    round_trip_ms: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Fleet:
    """What there is. `places`: questions that one replica computes at the same time; `calls_a_second`: of one bot."""

    replicas: int
    places: int = 1
    database_processors: int = 2
    bots: int = 1
    calls_a_second: float = 30.0


@dataclass(frozen=True, kw_only=True)
class Load:
    """When questions come: so many a second on average in each hour, unevenly from minute to minute.

    `spread` is the coefficient of variation of a minute's rate. `burst`: by how much
    the rate of one minute, the one at `burst_at_s`, is multiplied.
    """

    hourly: tuple[float, ...]
    spread: float = 0.0
    burst: float = 1.0
    burst_at_s: float = -1.0
    chats: int = 100_000


@dataclass(frozen=True, kw_only=True)
class Death:
    """A replica that is killed, and how long it is away."""

    at_s: float
    away_s: float


@dataclass(kw_only=True)
class Question:
    """One question on its way. Times in seconds since the beginning."""

    number: int
    chat: int
    asked_s: float
    placeholder_s: float = -1.0
    answered_s: float = -1.0
    taken_by: int = -1
    lives: int = 0
    on_placeholder: list[Callable[[], None]] = field(default_factory=list)
    on_answer: list[Callable[[], None]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Waits:
    """What came of it: sorted seconds to answer and to placeholder, and how busy each part was."""

    answers: list[float]
    placeholders: list[float]
    used: dict[str, float]
    out_of_order: int
    unanswered: int

    def tell(self, part: float) -> float:
        """Seconds within which this part of the answers came."""
        return quantile(self.answers, part)


class Running:
    """One run of the simulation."""

    def __init__(self, costs: Costs, fleet: Fleet, *, seed: int = 1) -> None:
        self.simulation = Simulation()
        self.chance = random.Random(seed)
        self.costs, self.fleet = costs, fleet
        self.questions: list[Question] = []
        self.database = Servers(self.simulation, fleet.database_processors)
        self.numbering = Servers(self.simulation, 1)
        self.telegram = [Bucket(self.simulation, fleet.calls_a_second, fleet.calls_a_second) for _ in range(fleet.bots)]
        self.free = [fleet.places] * fleet.replicas
        self.alive = [True] * fleet.replicas
        self.busy_s = 0.0
        self._lanes: dict[int, deque[Question]] = {}
        self._ready: list[tuple[int, Question]] = []
        self._answered_in: dict[int, int] = {}
        self._out_of_order = 0
        self._open = 0
        self._looking = False

    def ask(self, chat: int, then: Callable[[], None] | None = None) -> None:
        """A question arrives now."""
        question = Question(number=len(self.questions), chat=chat, asked_s=self.simulation.now)
        if then is not None:
            question.on_answer.append(then)
        self.questions.append(question)
        self._open += 1
        living = [replica for replica, alive in enumerate(self.alive) if alive]
        replica = self.chance.choice(living) if living else 0
        half = self.costs.database_ms / 2000

        def kept() -> None:
            self._call(question, lambda: self._placeholder(question))
            lane = self._lanes.setdefault(chat, deque())
            lane.append(question)
            if lane[0] is question:
                heapq.heappush(self._ready, (question.number, question))
                self._look(replica)
            self._look_each_second()

        self.numbering.serve(self.costs.flush_ms / 1000, lambda: self.database.serve(half, kept))

    def dies(self, replica: int, away_s: float) -> None:
        """A replica is killed, and started again."""
        self.alive[replica] = False
        for question in [lane[0] for lane in self._lanes.values() if lane and lane[0].taken_by == replica]:
            question.lives += 1
            self.simulation.after(LEASE_S, lambda question=question: self._again(question))  # type: ignore[misc]

        def back() -> None:
            self.alive[replica] = True
            self.free[replica] = self.fleet.places
            self._look(replica)

        self.simulation.after(away_s, back)

    def tell(self, since_s: float = 0.0) -> Waits:
        """What those who asked after this time waited, and how busy the parts were until now."""
        asked = [question for question in self.questions if question.asked_s >= since_s]
        now = self.simulation.now
        calls = sum(bucket.passed for bucket in self.telegram)
        return Waits(
            answers=sorted(one.answered_s - one.asked_s for one in asked if one.answered_s >= 0),
            placeholders=sorted(one.placeholder_s - one.asked_s for one in asked if one.placeholder_s >= 0),
            used={
                "replicas": self.busy_s / (now * self.fleet.replicas * self.fleet.places),
                "database": self.database.used(now),
                "numbering of arrivals": self.numbering.used(now),
                "Telegram": calls / (now * self.fleet.calls_a_second * self.fleet.bots),
            },
            out_of_order=self._out_of_order,
            unanswered=sum(one.answered_s < 0 for one in asked),
        )

    def _again(self, question: Question) -> None:
        question.taken_by = -1
        heapq.heappush(self._ready, (question.number, question))

    def _look_each_second(self) -> None:
        """Replicas that have nothing to do look at the inbox each second, as long as there is something in it."""
        if self._looking:
            return
        self._looking = True

        def look() -> None:
            for replica in range(self.fleet.replicas):
                self._look(replica)
            self._looking = self._open > 0
            if self._looking:
                self.simulation.after(LOOK_S, look)

        self.simulation.after(LOOK_S, look)

    def _look(self, replica: int) -> None:
        while self._ready and self.alive[replica] and self.free[replica]:
            _, question = heapq.heappop(self._ready)
            question.taken_by = replica
            self.free[replica] -= 1
            seconds = self._draw() / 1000
            self.busy_s += seconds
            life = question.lives
            self.simulation.after(
                seconds,
                lambda question=question, life=life: self._computed(replica, question, life),  # type: ignore[misc]
            )

    def _draw(self) -> float:
        """A time from the measured distribution, between its quantiles."""
        values = self.costs.answering_ms
        place = self.chance.random() * len(values) - 0.5
        low = min(len(values) - 1, max(0, int(place)))
        high = min(len(values) - 1, low + 1)
        return values[low] + (values[high] - values[low]) * min(1.0, max(0.0, place - low))

    def _computed(self, replica: int, question: Question, life: int) -> None:
        if question.lives != life:
            return
        self.free[replica] += 1
        self._look(replica)
        half, flush = self.costs.database_ms / 2000, self.costs.flush_ms / 1000

        def recorded() -> None:
            if question.lives == life:
                self.simulation.after(flush, lambda: self._show(question, life))

        self.database.serve(half, recorded)

    def _show(self, question: Question, life: int) -> None:
        """The answer is edited into its placeholder, once that is there."""
        if question.lives != life:
            return
        if question.placeholder_s < 0:
            question.on_placeholder.append(lambda: self._show(question, life))
            return
        self._call(question, lambda: self._answered(question, life))

    def _call(self, question: Question, done: Callable[[], None]) -> None:
        bucket = self.telegram[question.chat % self.fleet.bots]
        bucket.take(lambda: self.simulation.after(self.costs.round_trip_ms / 1000, done))

    def _placeholder(self, question: Question) -> None:
        question.placeholder_s = self.simulation.now
        for action in question.on_placeholder:
            action()

    def _answered(self, question: Question, life: int) -> None:
        if question.lives != life or question.answered_s >= 0:
            return
        question.answered_s = self.simulation.now
        self._open -= 1
        if self._answered_in.get(question.chat, -1) > question.number:
            self._out_of_order += 1
        self._answered_in[question.chat] = question.number
        lane = self._lanes[question.chat]
        lane.popleft()
        if lane:
            heapq.heappush(self._ready, (lane[0].number, lane[0]))
            self._look(question.taken_by)
        else:
            del self._lanes[question.chat]
        for action in question.on_answer:
            action()


def arrivals(load: Load, seed: int = 1) -> Iterator[float]:
    """When questions come: a Poisson process whose rate is drawn for each minute around that of the hour."""
    # Drawn apart, so that one minute's burst changes no other minute's rate.
    chance, uneven, now = random.Random(f"{seed} arrivals"), random.Random(f"{seed} rates"), 0.0
    shape = 1 / load.spread**2 if load.spread else 0.0
    for minute in range(len(load.hourly) * HOUR_S // MINUTE_S):
        rate = load.hourly[minute * MINUTE_S // HOUR_S]
        rate *= uneven.gammavariate(shape, 1 / shape) if shape else 1.0
        start, end = minute * MINUTE_S, (minute + 1) * MINUTE_S
        if start <= load.burst_at_s < end:
            rate *= load.burst
        now = float(start)
        while (now := now + chance.expovariate(rate)) < end:
            yield now


def play(
    costs: Costs, fleet: Fleet, load: Load, *, death: Death | None = None, seed: int = 1, since_s: float = 0.0
) -> Waits:
    """A run with questions as they come; all are answered before it ends."""
    running = Running(costs, fleet, seed=seed)
    chance = random.Random(f"{seed} chats")
    coming = arrivals(load, seed)

    def next_one() -> None:
        if (at := next(coming, None)) is not None:
            running.simulation.after(at - running.simulation.now, come)

    def come() -> None:
        running.ask(chance.randrange(load.chats))
        next_one()

    next_one()
    if death is not None:
        running.simulation.after(death.at_s, lambda: running.dies(0, death.away_s))
    running.simulation.run()
    return running.tell(since_s)


def play_in_turn(costs: Costs, fleet: Fleet, *, chats: int, questions: int, seed: int = 1) -> tuple[float, Waits]:
    """A run in which so many chats ask the next question when they have their answer; questions a second, and waits."""
    running = Running(costs, fleet, seed=seed)

    def ask(chat: int) -> None:
        if len(running.questions) < questions:
            running.ask(chat, after(chat))

    def after(chat: int) -> Callable[[], None]:
        def asks_again() -> None:
            ask(chat)

        return asks_again

    for chat in range(chats):
        ask(chat)
    running.simulation.run()
    waits = running.tell()
    last = max(question.answered_s for question in running.questions)
    return questions / last, waits


def mean(values: Sequence[float]) -> float:
    """The mean of quantiles is close to that of what they were taken from."""
    return sum(values) / len(values)
