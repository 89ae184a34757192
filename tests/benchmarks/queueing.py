"""A small simulation of discrete events: servers with one queue, token buckets, and what happens when.

A heap of events is all that is needed, so no library is asked for; `tests/unit/benchmarks/test_queueing.py` compares
it with what theory knows of M/M/c and M/D/1.
"""

import heapq
from collections import deque
from collections.abc import Callable
from itertools import count

Action = Callable[[], None]


class Simulation:
    """Events in the order of their times; those of the same time in the order in which they were planned."""

    def __init__(self) -> None:
        self.now = 0.0
        self._events: list[tuple[float, int, Action]] = []
        self._numbers = count()

    def after(self, seconds: float, action: Action) -> None:
        """Plan an event."""
        heapq.heappush(self._events, (self.now + seconds, next(self._numbers), action))

    def run(self, until: float = float("inf")) -> None:
        """Let events happen until there are none, or none before this time."""
        while self._events and self._events[0][0] <= until:
            self.now, _, action = heapq.heappop(self._events)
            action()


class Servers:
    """So many servers, and one queue before them in the order of arrival."""

    def __init__(self, simulation: Simulation, number: int) -> None:
        self.number = number
        self.busy_s = 0.0
        self._simulation = simulation
        self._free = number
        self._queue: deque[tuple[float, Action]] = deque()

    def serve(self, seconds: float, done: Action) -> None:
        """Queue up, be served for so long, and go on."""
        self._queue.append((seconds, done))
        self._start()

    def used(self, seconds: float) -> float:
        """The part of this time in which the servers were at work."""
        return self.busy_s / (seconds * self.number)

    def _start(self) -> None:
        while self._free and self._queue:
            seconds, done = self._queue.popleft()
            self._free -= 1
            self.busy_s += seconds
            self._simulation.after(seconds, lambda done=done: self._finish(done))  # type: ignore[misc]

    def _finish(self, done: Action) -> None:
        self._free += 1
        self._start()
        done()


class Bucket:
    """Lets through `rate` a second on average, and after a rest up to `burst` at once, in the order of arrival."""

    def __init__(self, simulation: Simulation, rate: float, burst: float = 1.0) -> None:
        self.passed = 0
        self.rate = rate
        self._simulation = simulation
        self._slack_s = (burst - 1) / rate
        self._next = -self._slack_s

    def take(self, done: Action) -> None:
        """Wait for one's turn, and go on."""
        self.passed += 1
        turn = max(self._next, self._simulation.now - self._slack_s)
        self._next = turn + 1 / self.rate
        self._simulation.after(max(0.0, turn - self._simulation.now), done)


def quantile(ordered: list[float], part: float) -> float:
    """The value that this part of the sorted values doesn't exceed."""
    return ordered[min(len(ordered) - 1, max(0, -int(-part * len(ordered) // 1) - 1))] if ordered else 0.0
