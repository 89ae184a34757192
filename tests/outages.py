"""Two processes behind one address whose database or vectors are away for a while, as people go on asking."""

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.crashing import PATIENCE_S, Outcome, Plan, all_are_done, ask, count, environment
from tests.replicas import Deaths, Replica, Servers, replicas_of, wait_until_ready

LOOK_S = 0.1
BEFORE = 0.3
"""The share of the questions that is asked before the outage; the others are asked as it lasts."""


@dataclass(frozen=True, kw_only=True)
class Outage:
    """What goes away. `part` is what the status page calls it; `costs`: without it nothing can be answered."""

    name: str
    part: str
    costs: bool
    begin: Callable[[], None]
    end: Callable[[], None]


@dataclass(frozen=True, kw_only=True)
class Survived:
    """What came of it. `told` is what the status page said of the part; `back_after`: seconds to the next answer."""

    outcome: Outcome
    told: Mapping[str, Any]
    is_alive: bool
    sent_back: int
    answered_meanwhile: int
    back_after: float
    lives: tuple[int, ...]


def run(
    plan: Plan, outage: Outage, servers: Servers, folder: Path, prepared: Path, *, seconds: float = 0.0
) -> Survived:
    """One outage of at least so many seconds; it lasts until every process has told of it."""
    begun = time.monotonic()
    chance = random.Random(f"{plan.seed} people")
    with Deaths(plan) as telegram:
        settings = environment(prepared.parent, folder)
        with replicas_of(2, telegram.url, servers, folder, settings) as (front, replicas):
            wait_until_ready(replicas)
            asked: dict[int, list[int]] = {chat: [] for chat in range(1, plan.chats + 1)}
            order = [chat for chat in asked for _ in range(plan.questions // plan.chats)]
            chance.shuffle(order)
            now, later = order[: int(len(order) * BEFORE)], order[int(len(order) * BEFORE) :]
            ask(telegram, chance, asked, now)
            telegram.wait(lambda: answered(telegram) > len(now) // 2, PATIENCE_S)
            outage.begin()
            away_since, before, refused = time.monotonic(), answered(telegram), front.given[503]
            pause, seen = threading.Event(), list[tuple[int, dict[str, Any]]]()
            while True:
                ask(telegram, chance, asked, later[:2])
                later = later[2:]
                seen = [replica.told() for replica in replicas]
                is_over = time.monotonic() - away_since >= seconds
                noticed = all(state_of(page, outage.part) not in {"fine", ""} for _, page in seen)
                if is_over and noticed and (front.given[503] > refused or not outage.costs):
                    break
                assert time.monotonic() - away_since < seconds + PATIENCE_S, seen
                pause.wait(max(LOOK_S, seconds / 40))
            is_alive = all(replica.told("healthz")[0] == 200 for replica in replicas)
            meanwhile = answered(telegram) - before
            ask(telegram, chance, asked, later)
            outage.end()
            back_at, back = time.monotonic(), answered(telegram)
            telegram.wait(lambda: answered(telegram) > back or all_are_done(telegram, asked), PATIENCE_S)
            back_after = time.monotonic() - back_at
            telegram.wait(lambda: all_are_done(telegram, asked), 5 * PATIENCE_S)
            wait_until_ready(replicas)
            telegram.is_quiet = True
            return Survived(
                outcome=count(plan, telegram, asked, [], time.monotonic() - begun),
                told=dict(seen[0][1]["parts"][outage.part]) | {"status": seen[0][0]},
                is_alive=is_alive,
                sent_back=front.given[503] - refused,
                answered_meanwhile=meanwhile,
                back_after=back_after,
                lives=lives(replicas),
            )


def answered(telegram: Deaths) -> int:
    """How many questions have their answer."""
    return sum(len(done) for done in list(telegram.answered.values()))


def state_of(page: Mapping[str, Any], part: str) -> str:
    """What a status page says of a part; empty where it doesn't answer."""
    return str(page.get("parts", {}).get(part, {}).get("state", ""))


def lives(replicas: list[Replica]) -> tuple[int, ...]:
    """How often each was started."""
    return tuple(replica.lives for replica in replicas)
