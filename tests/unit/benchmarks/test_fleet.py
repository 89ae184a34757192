"""The simulated fleet does what the program promises, and the plan shows what it says."""

import json

import pytest

from tests.benchmarks import capacity
from tests.benchmarks.fleet import LEASE_S, Costs, Death, Fleet, Load, Running, arrivals, play, play_in_turn

QUICK = Costs(answering_ms=(40.0, 50.0, 60.0), database_ms=4.0, flush_ms=1.0, round_trip_ms=50.0)
ALONE = Costs(answering_ms=(50.0,))
FREE = 1e6


def test_a_lone_replica_without_a_network_waits_as_pollaczek_and_khinchine_say() -> None:
    waits = play(ALONE, Fleet(replicas=1, calls_a_second=FREE), Load(hourly=(14.0,)))
    load = 14 * 0.05
    assert waits.used["replicas"] == pytest.approx(load, rel=0.03)
    expected = 0.05 + 0.05 * load / (2 * (1 - load))
    assert sum(waits.answers) / len(waits.answers) == pytest.approx(expected, rel=0.05)


def test_chats_that_ask_in_turn_get_what_the_replica_can_do() -> None:
    rate, waits = play_in_turn(ALONE, Fleet(replicas=1, calls_a_second=FREE), chats=8, questions=400)
    assert rate == pytest.approx(20, rel=0.02)
    assert waits.tell(0.5) == pytest.approx(8 * 0.05, rel=0.05)


def test_more_replicas_wait_less() -> None:
    load, slowly = Load(hourly=(3.0,)), Costs(answering_ms=(400.0, 500.0, 600.0))
    slow, fast = (play(slowly, Fleet(replicas=number), load) for number in (2, 4))
    assert fast.tell(0.95) < slow.tell(0.95)
    assert fast.used["replicas"] == pytest.approx(slow.used["replicas"] / 2, rel=0.05)


def test_in_a_chat_the_order_is_kept_even_if_a_replica_dies() -> None:
    load = Load(hourly=(12.0,), chats=20)
    waits = play(QUICK, Fleet(replicas=3), load, death=Death(at_s=600, away_s=20))
    assert (waits.out_of_order, waits.unanswered) == (0, 0)


def test_what_a_killed_replica_had_in_hand_is_answered_after_its_lease() -> None:
    running = Running(Costs(answering_ms=(500.0,), round_trip_ms=50.0), Fleet(replicas=2))
    running.ask(chat=1)
    running.ask(chat=2)
    running.simulation.after(0.1, lambda: running.dies(0, away_s=20))
    running.simulation.run()
    unharmed, harmed = running.tell().answers
    assert unharmed < 2
    assert LEASE_S < harmed < LEASE_S + 3


def test_telegrams_limit_is_a_wall_that_a_second_bot_moves() -> None:
    load = Load(hourly=(4.0,))
    walled, wide = (play(QUICK, Fleet(replicas=1, bots=bots, calls_a_second=6), load) for bots in (1, 2))
    assert walled.used["Telegram"] == pytest.approx(1.0, abs=0.02)
    assert walled.tell(0.95) > 60
    assert wide.tell(0.95) < 1


def test_arrivals_come_at_the_hours_rate_and_a_burst_changes_one_minute() -> None:
    calm = list(arrivals(Load(hourly=(5.0, 10.0), spread=0.2)))
    assert sum(at < 3600 for at in calm) == pytest.approx(5 * 3600, rel=0.08)
    assert sum(at >= 3600 for at in calm) == pytest.approx(10 * 3600, rel=0.08)
    assert calm == sorted(calm)
    burst = list(arrivals(Load(hourly=(5.0, 10.0), spread=0.2, burst=3, burst_at_s=1800)))
    within, before = ([1800 <= at < 1860 for at in times] for times in (burst, calm))
    assert sum(within) == pytest.approx(3 * sum(before), rel=0.2)
    assert len(burst) - len(calm) == pytest.approx(sum(within) - sum(before), abs=400)


def test_the_capacity_plan_shows_its_figures() -> None:
    inputs = capacity.Inputs(capacity.INPUTS.read_text(encoding="utf-8"))
    outcome = json.loads(capacity.OUTCOME.read_text(encoding="utf-8"))
    assert outcome["inputs"] == inputs.digest, "run `python -m tests.benchmarks.capacity`"
    page = capacity.PAGE.read_text(encoding="utf-8")
    assert capacity.with_tables(page, inputs, outcome) == page, "run `python -m tests.benchmarks.capacity --page`"


def test_the_plan_knows_the_programs_own_times() -> None:
    from bot.channels.telegram import desk
    from tests.benchmarks import fleet

    assert (desk.LOOK_S, desk.LEASE.total_seconds()) == (fleet.LOOK_S, fleet.LEASE_S)
