"""How fast anybody may come: a minute's worth at once, then at that rate, told once a minute, forgotten when quiet."""

from datetime import UTC, datetime, timedelta

from bot.channels.telegram.throttle import Pace, Throttle

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def test_a_minutes_worth_is_let_in_then_it_is_said_once_a_minute_and_left_out() -> None:
    throttle = Throttle(3)
    paces = [throttle.pace("ada", NOON) for _ in range(6)]
    assert paces == [Pace.LET_IN] * 3 + [Pace.SAY] + [Pace.LEAVE_OUT] * 2


def test_it_fills_at_the_rate_of_a_minute_and_holds_no_more_than_that() -> None:
    throttle = Throttle(3)
    for _ in range(3):
        throttle.pace("ada", NOON)
    soon, much_later = NOON + timedelta(seconds=20), NOON + timedelta(days=1)
    assert [throttle.pace("ada", soon) for _ in range(2)] == [Pace.LET_IN, Pace.SAY]
    assert [throttle.pace("ada", much_later) for _ in range(4)] == [Pace.LET_IN] * 3 + [Pace.SAY]


def test_one_key_takes_nothing_from_another() -> None:
    throttle = Throttle(1)
    assert [throttle.pace(who, NOON) for who in ("ada", "bo", "ada")] == [Pace.LET_IN, Pace.LET_IN, Pace.SAY]


def test_what_is_given_back_may_come_again_but_never_fills_more_than_there_was() -> None:
    throttle = Throttle(1)
    throttle.pace("ada", NOON)
    for who in ("ada", "ada", "unknown"):
        throttle.give_back(who)
    assert [throttle.pace("ada", NOON) for _ in range(2)] == [Pace.LET_IN, Pace.SAY]


def test_a_clock_that_is_set_back_gives_nothing() -> None:
    throttle = Throttle(1)
    throttle.pace("ada", NOON)
    assert throttle.pace("ada", NOON - timedelta(hours=1)) is Pace.SAY
    assert throttle.pace("ada", NOON + timedelta(seconds=30)) is Pace.LEAVE_OUT


def test_many_accounts_fill_no_memory() -> None:
    throttle = Throttle(1, most_known=100)
    for number in range(10_000):
        throttle.pace(f"telegram:{number}", NOON)
    assert len(throttle._buckets) == 100
    assert throttle.pace("telegram:9999", NOON) is Pace.SAY
