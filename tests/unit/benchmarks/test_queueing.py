"""The simulation agrees with what theory knows of simple queues."""

import math
import random

import pytest

from tests.benchmarks.queueing import Bucket, Servers, Simulation, quantile

CUSTOMERS = 60_000


def waits(servers: int, load: float, *, fixed: bool = False) -> tuple[list[float], float]:
    """How long each of many customers waits before service of one second on average, and how busy the servers are."""
    chance, simulation = random.Random(7), Simulation()
    queue, waited = Servers(simulation, servers), list[float]()

    def arrive(left: int) -> None:
        came, service = simulation.now, 1.0 if fixed else chance.expovariate(1.0)
        queue.serve(service, lambda: waited.append(simulation.now - came - service))
        if left:
            simulation.after(chance.expovariate(servers * load), lambda: arrive(left - 1))

    arrive(CUSTOMERS - 1)
    simulation.run()
    return waited, queue.used(simulation.now)


def erlang_c(servers: int, load: float) -> float:
    """The chance that a customer of M/M/c has to wait."""
    offered = servers * load
    below = sum(offered**k / math.factorial(k) for k in range(servers))
    above = offered**servers / math.factorial(servers) / (1 - load)
    return above / (below + above)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.5), (1, 0.8), (3, 0.7), (8, 0.8)])
def test_random_service_waits_as_erlang_says(servers: int, load: float) -> None:
    waited, used = waits(servers, load)
    chance = erlang_c(servers, load)
    assert used == pytest.approx(load, rel=0.03)
    assert sum(wait > 1e-9 for wait in waited) / CUSTOMERS == pytest.approx(chance, rel=0.06)
    assert sum(waited) / CUSTOMERS == pytest.approx(chance / (servers * (1 - load)), rel=0.12)
    # Of those who wait, the time left is exponential: P(W > t) = C · exp(−c(1 − ρ)t).
    t95 = math.log(chance / 0.05) / (servers * (1 - load))
    assert quantile(sorted(waited), 0.95) == pytest.approx(max(0.0, t95), rel=0.12)


@pytest.mark.parametrize("load", [0.5, 0.8])
def test_fixed_service_waits_half_as_long_as_pollaczek_and_khinchine_say(load: float) -> None:
    waited, used = waits(1, load, fixed=True)
    assert used == pytest.approx(load, rel=0.03)
    assert sum(waited) / CUSTOMERS == pytest.approx(load / (2 * (1 - load)), rel=0.08)


def test_a_bucket_lets_a_burst_through_and_then_its_rate() -> None:
    simulation, passed = Simulation(), list[float]()
    bucket = Bucket(simulation, rate=10, burst=5)
    for _ in range(25):
        bucket.take(lambda: passed.append(round(simulation.now, 6)))
    simulation.run()
    assert passed[:5] == [0.0] * 5
    assert passed[5:] == pytest.approx([0.1 * (n + 1) for n in range(20)])
    assert bucket.passed == 25


def test_a_rest_is_no_credit_beyond_the_burst() -> None:
    simulation, passed = Simulation(), list[float]()
    bucket = Bucket(simulation, rate=1, burst=2)
    for _ in range(4):
        simulation.after(100, lambda: bucket.take(lambda: passed.append(simulation.now)))
    simulation.run()
    assert passed == [100, 100, 101, 102]


def test_events_of_one_time_happen_in_the_order_they_were_planned() -> None:
    simulation, seen = Simulation(), list[int]()
    for number in range(5):
        simulation.after(1.0, lambda number=number: seen.append(number))  # type: ignore[misc]
    simulation.run(until=0.5)
    assert seen == []
    simulation.run()
    assert seen == [0, 1, 2, 3, 4]


def test_a_quantile_is_a_value_that_was_there() -> None:
    values = [float(n) for n in range(1, 101)]
    assert [quantile(values, part) for part in (0.5, 0.95, 0.99, 1.0)] == [50, 95, 99, 100]
    assert quantile([], 0.5) == 0
