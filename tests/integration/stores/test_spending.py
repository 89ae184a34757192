import asyncio
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.domain.spending import Spent
from bot.stores.database import Database, open_database
from bot.stores.spending import Spending, adding
from bot.stores.tables import spending as table
from tests.names import KEY
from tests.processes import run_at_once

MONDAY = date(2026, 11, 2)


@pytest.fixture
def spending(database: Database) -> Spending:
    return Spending(database)


async def test_what_is_added_is_summed_by_user_and_by_day(spending: Spending) -> None:
    await spending.add("ada", MONDAY, 10)
    await spending.add("ada", MONDAY, 5)
    await spending.add("bo", MONDAY, 100)
    await spending.add("ada", MONDAY + timedelta(days=1), 1000)

    assert await spending.spent("ada", MONDAY) == Spent(by_user=15, by_all=115)
    assert await spending.spent("nobody", MONDAY) == Spent(by_user=0, by_all=115)
    assert await spending.spent("ada", MONDAY - timedelta(days=1)) == Spent(by_user=0, by_all=0)


async def test_more_tokens_than_32_bits_hold_are_counted(spending: Spending) -> None:
    await spending.add("ada", MONDAY, 2**40)
    await spending.add("ada", MONDAY, 2**40)

    assert (await spending.spent("ada", MONDAY)).by_user == 2**41


async def test_nobody_can_earn_tokens(spending: Spending) -> None:
    await spending.add("ada", MONDAY, 10)

    with pytest.raises(ValueError, match="negative"):
        await spending.add("ada", MONDAY, -1)

    assert (await spending.spent("ada", MONDAY)).by_user == 10


async def test_what_is_added_at_once_is_all_there(spending: Spending) -> None:
    await asyncio.gather(*(spending.add(f"user {n % 2}", MONDAY, n) for n in range(40)))

    assert await spending.spent("user 0", MONDAY) == Spent(by_user=380, by_all=780)


async def test_what_several_processes_add_at_once_is_all_there(place: str) -> None:
    script = """
import asyncio, datetime, sys
from bot.stores.database import open_database
from bot.stores.spending import Spending

async def main():
    async with await open_database(sys.argv[1], key="a key for tests, of no secret") as database:
        sys.stdin.readline()
        for _ in range(25):
            await Spending(database).add("ada", datetime.date(2026, 11, 2), 3)

asyncio.run(main())
"""
    assert await run_at_once(script, place, times=4) == [(b"", b"")] * 4

    async with await open_database(place, key=KEY) as database:
        assert await Spending(database).spent("ada", MONDAY) == Spent(by_user=300, by_all=300)


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_adding_is_one_statement_in_every_database(dialect: str) -> None:
    from sqlalchemy.dialects import postgresql, sqlite

    spoken = {"sqlite": sqlite.dialect, "postgresql": postgresql.dialect}[dialect]
    statement = str(adding("ada", MONDAY, 10, dialect=dialect).compile(dialect=spoken())).replace('"', "")

    assert statement.endswith("ON CONFLICT (user, day) DO UPDATE SET tokens = (spending.tokens + excluded.tokens)")


async def test_no_name_of_a_user_is_stored_as_it_is(database: Database, spending: Spending) -> None:
    for user in ("telegram:5", "ada", "\ud800"):
        await spending.add(user, MONDAY, 1)
        assert (await spending.spent(user, MONDAY)).by_user == 1

    async with database.reading() as connection:
        stored = sorted(await connection.scalars(select(table.c.user)))
    assert all(re.fullmatch(r"(telegram:)?#[0-9a-f]{32}", name) for name in stored)
    assert len(stored) == 3
