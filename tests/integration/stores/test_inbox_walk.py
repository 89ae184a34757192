"""Whatever happens to the inbox, in whatever order, its promises hold."""

import random
from collections import defaultdict
from datetime import timedelta

import pytest

from bot.domain.inbox import ArrivalState
from bot.stores.database import Database
from bot.stores.inbox import Inbox
from tests.integration.stores.arrivals import an_arrival
from tests.integration.stores.conftest import Clock

LEASE = timedelta(seconds=30)
LANES = ("x", "y", "z")


class Walk:
    """Random steps of a messenger and two workers, beside a plain account of what must be true."""

    def __init__(self, inbox: Inbox, clock: Clock, dice: random.Random) -> None:
        self.inbox, self.clock, self.dice = inbox, clock, dice
        self.order: dict[str, list[int]] = defaultdict(list)
        self.lane_of: dict[int, str] = {}
        self.finished: set[int] = set()
        self.leases: dict[int, tuple[str, float]] = {}
        self.attempts: dict[int, int] = defaultdict(int)

    @property
    def time(self) -> float:
        return self.clock.now.timestamp()

    def leased(self) -> dict[int, str]:
        return {number: worker for number, (worker, until) in self.leases.items() if until > self.time}

    async def accept(self) -> None:
        # Ids come in any order, and again.
        number, lane = self.dice.randrange(10**6), self.dice.choice(LANES)
        if self.lane_of and self.dice.random() < 0.3:
            number = self.dice.choice(list(self.lane_of))
        assert await self.inbox.accept(an_arrival(number, lane)) is (number not in self.lane_of)
        if number not in self.lane_of:
            self.lane_of[number] = lane
            self.order[lane].append(number)

    async def claim(self) -> None:
        worker, limit = self.dice.choice(("ada", "bo")), self.dice.randint(1, 3)
        heads = [next((n for n in self.order[lane] if n not in self.finished), None) for lane in LANES]
        free = [head for head in heads if head is not None and head not in self.leased()]
        claimed = await self.inbox.claim(worker, limit=limit, lease=LEASE)
        numbers = [one.arrival.id for one in claimed]
        assert set(numbers) <= set(free)
        assert len(numbers) == min(limit, len(free))
        for one in claimed:
            number = one.arrival.id
            self.attempts[number] += 1
            assert one.attempts == self.attempts[number]
            self.leases[number] = (worker, self.time + LEASE.total_seconds())

    async def finish(self) -> None:
        # A worker whose lease ran out may still be at it, and then it is finished all the same.
        if open_ := [number for number in self.leases if number not in self.finished]:
            number = self.dice.choice(open_)
            if self.dice.random() < 0.2:
                await self.inbox.bury(number, "failed")
            else:
                await self.inbox.complete(number)
            self.finished.add(number)
            del self.leases[number]

    async def release(self) -> None:
        if self.leases:
            number = self.dice.choice(list(self.leases))
            worker, _ = self.leases.pop(number)
            await self.inbox.release(number, worker)
            self.attempts[number] -= 1

    async def extend(self) -> None:
        if self.leases:
            number = self.dice.choice(list(self.leases))
            worker, _ = self.leases[number]
            assert not await self.inbox.extend(number, "nobody", LEASE)
            assert await self.inbox.extend(number, worker, LEASE)
            self.leases[number] = (worker, self.time + LEASE.total_seconds())

    async def crash(self) -> None:
        self.clock.tick(self.dice.choice((5, 31)))

    async def check(self) -> None:
        lanes = [self.lane_of[number] for number in self.leased()]
        assert len(lanes) == len(set(lanes))
        assert (await self.inbox.depth())[0] == len(self.lane_of) - len(self.finished)

    async def drain(self) -> None:
        """Everything that was accepted and isn't finished is still got, in its order."""
        self.clock.tick(31)
        left: dict[str, list[int]] = defaultdict(list)
        while claimed := await self.inbox.claim("last", limit=10, lease=LEASE):
            for one in claimed:
                left[one.arrival.lane].append(one.arrival.id)
                await self.inbox.complete(one.arrival.id)
        for lane in LANES:
            assert left[lane] == [number for number in self.order[lane] if number not in self.finished]
        for number in self.lane_of:
            assert await self.inbox.state(number) in {ArrivalState.DONE, ArrivalState.DEAD}


@pytest.mark.parametrize("seed", range(4))
async def test_nothing_is_lost_or_got_twice_and_each_lane_keeps_its_order(
    database: Database, clock: Clock, seed: int
) -> None:
    walk = Walk(Inbox(database, clock), clock, random.Random(seed))
    steps = [walk.accept] * 5 + [walk.claim] * 4 + [walk.finish] * 4 + [walk.release, walk.extend, walk.crash]
    for _ in range(120):
        await walk.dice.choice(steps)()
        await walk.check()
    await walk.drain()
    assert len(walk.lane_of) > 20
