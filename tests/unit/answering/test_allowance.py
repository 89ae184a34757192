import logging
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.allowance import Allowance
from bot.domain.errors import StoreError
from bot.domain.spending import Spent

MONDAY = date(2026, 11, 2)


class Calendar:
    """A day that passes when it's told to."""

    def __init__(self) -> None:
        self.day = MONDAY

    def __call__(self) -> date:
        return self.day

    def passes(self) -> None:
        self.day += timedelta(days=1)


class MemoryLedger:
    """A ledger in memory; it can't be read or can't be written to while it's told so."""

    def __init__(self) -> None:
        self.tokens: Counter[tuple[str, date]] = Counter()
        self.readable = True
        self.writable = True

    async def spent(self, user: str, day: date) -> Spent:
        if not self.readable:
            raise StoreError("The database of Ada can't be used: locked.")
        by_all = sum(tokens for (_, on), tokens in self.tokens.items() if on == day)
        return Spent(by_user=self.tokens[user, day], by_all=by_all)

    async def add(self, user: str, day: date, tokens: int) -> None:
        if not self.writable:
            raise StoreError("The database of Ada can't be used: disk is full.")
        self.tokens[user, day] += tokens


@pytest.fixture
def ledger() -> MemoryLedger:
    return MemoryLedger()


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


def allowance(ledger: MemoryLedger, calendar: Calendar, *, per_user: int = 0, in_all: int = 0) -> Allowance:
    return Allowance(ledger=ledger, per_user=per_user, in_all=in_all, today=calendar)


async def test_a_user_may_spend_up_to_the_limit_and_not_one_token_more(
    ledger: MemoryLedger, calendar: Calendar
) -> None:
    own = allowance(ledger, calendar, per_user=100)
    await own.record("ada", 60)

    assert await own.permits("ada", 40)
    assert not await own.permits("ada", 41)
    assert await own.permits("bo", 100)


async def test_all_users_share_the_limit_for_all(ledger: MemoryLedger, calendar: Calendar) -> None:
    own = allowance(ledger, calendar, per_user=100, in_all=150)
    await own.record("ada", 90)

    assert await own.permits("bo", 60)
    assert not await own.permits("bo", 61)
    assert not await own.permits("ada", 11)


async def test_a_new_day_brings_a_new_allowance(ledger: MemoryLedger, calendar: Calendar) -> None:
    own = allowance(ledger, calendar, per_user=100, in_all=100)
    await own.record("ada", 100)
    assert not await own.permits("ada", 1)

    calendar.passes()

    assert await own.permits("ada", 100)


async def test_without_a_limit_everything_is_permitted_and_still_recorded(
    ledger: MemoryLedger, calendar: Calendar
) -> None:
    own = allowance(ledger, calendar)
    await own.record("ada", 10**9)

    assert await own.permits("ada", 10**9)
    assert ledger.tokens["ada", MONDAY] == 10**9


@pytest.mark.parametrize(("per_user", "in_all"), [(100, 0), (0, 100)])
async def test_nothing_is_permitted_while_a_limit_can_t_be_looked_up(
    ledger: MemoryLedger, calendar: Calendar, per_user: int, in_all: int
) -> None:
    own = allowance(ledger, calendar, per_user=per_user, in_all=in_all)
    ledger.readable = False
    assert not await own.permits("ada", 1)

    ledger.readable = True
    assert await own.permits("ada", 1)


async def test_what_could_not_be_recorded_counts_that_day_all_the_same(
    ledger: MemoryLedger, calendar: Calendar
) -> None:
    own = allowance(ledger, calendar, per_user=100, in_all=150)
    ledger.writable = False
    await own.record("ada", 60)

    assert await own.permits("ada", 40)
    assert not await own.permits("ada", 41)
    assert await own.permits("bo", 90)
    assert not await own.permits("bo", 91)

    calendar.passes()
    await own.record("ada", 60)

    assert await own.permits("ada", 40)
    assert not await own.permits("ada", 41)


async def test_the_log_tells_the_kind_of_trouble_and_neither_user_nor_database(
    ledger: MemoryLedger, calendar: Calendar, caplog: pytest.LogCaptureFixture
) -> None:
    own = allowance(ledger, calendar, per_user=100)
    ledger.readable = ledger.writable = False
    with caplog.at_level(logging.DEBUG):
        await own.permits("telegram:5", 1)
        await own.record("telegram:5", 1)

    assert caplog.messages == ["spending not available: StoreError", "spending not recorded: StoreError"]


calls = st.lists(
    st.tuples(st.sampled_from(["ada", "bo", "cy"]), st.integers(0, 60), st.booleans(), st.booleans(), st.booleans()),
    max_size=40,
)


@given(calls=calls, per_user=st.integers(0, 120), in_all=st.integers(0, 200))
@settings(max_examples=200, deadline=None)
async def test_whatever_fails_no_limit_is_ever_passed_and_nothing_within_it_refused(
    calls: list[tuple[str, int, bool, bool, bool]], per_user: int, in_all: int
) -> None:
    ledger, calendar = MemoryLedger(), Calendar()
    own = allowance(ledger, calendar, per_user=per_user, in_all=in_all)
    used: Counter[tuple[str, date]] = Counter()

    for user, tokens, ledger.readable, ledger.writable, is_next_day in calls:
        if is_next_day:
            calendar.passes()
        today = {spender: spent for (spender, day), spent in used.items() if day == calendar.day}
        fits = (not per_user or today.get(user, 0) + tokens <= per_user) and (
            not in_all or sum(today.values()) + tokens <= in_all
        )
        known = ledger.readable or not (per_user or in_all)
        permitted = await own.permits(user, tokens)
        assert permitted == (fits and known)
        if permitted:
            await own.record(user, tokens)
            used[user, calendar.day] += tokens
