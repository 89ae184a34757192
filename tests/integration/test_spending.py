import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.errors import StoreError
from bot.domain.spending import Spent
from bot.stores.database import MIGRATIONS, Database, open_database
from bot.stores.messages import Messages
from bot.stores.spending import KEPT, Spending, adding
from tests.integration.test_stores import everything_in, run_at_once, url

MONDAY = date(2026, 11, 2)
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with await open_database(url(tmp_path / "footnote.db")) as opened:
        yield opened


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


async def test_a_forgotten_user_leaves_nothing_and_takes_nothing_of_others(
    tmp_path: Path, spending: Spending, database: Database
) -> None:
    for user in ("telegram:5xyzzy", "bo"):
        for day in (MONDAY, MONDAY + timedelta(days=1)):
            await spending.add(user, day, 10)

    await spending.forget("telegram:5xyzzy")
    await spending.forget("nobody")

    assert await spending.spent("telegram:5xyzzy", MONDAY) == Spent(by_user=0, by_all=10)
    assert (await spending.spent("bo", MONDAY + timedelta(days=1))).by_all == 10
    await database.close()
    assert b"xyzzy" not in everything_in(tmp_path)


async def test_old_days_go_when_something_is_added(tmp_path: Path, spending: Spending) -> None:
    for days in (KEPT.days + 1, KEPT.days, 1):
        await spending.add("ada", MONDAY - timedelta(days=days), 1)

    await spending.add("bo", MONDAY, 1)

    with sqlite3.connect(tmp_path / "footnote.db") as plain:
        kept = [day for (day,) in plain.execute("SELECT day FROM spending ORDER BY day")]
    plain.close()
    assert kept == [str(MONDAY - KEPT), str(MONDAY - timedelta(days=1)), str(MONDAY)]


async def test_what_is_added_at_once_is_all_there(spending: Spending) -> None:
    await asyncio.gather(*(spending.add(f"user {n % 2}", MONDAY, n) for n in range(40)))

    assert await spending.spent("user 0", MONDAY) == Spent(by_user=380, by_all=780)


async def test_what_several_processes_add_at_once_is_all_there(tmp_path: Path) -> None:
    script = """
import asyncio, datetime, sys
from bot.stores.database import open_database
from bot.stores.spending import Spending

async def main():
    async with await open_database(sys.argv[1]) as database:
        sys.stdin.readline()
        for _ in range(25):
            await Spending(database).add("ada", datetime.date(2026, 11, 2), 3)

asyncio.run(main())
"""
    assert await run_at_once(script, url(tmp_path / "footnote.db"), times=4) == [(b"", b"")] * 4

    async with await open_database(url(tmp_path / "footnote.db")) as database:
        assert await Spending(database).spent("ada", MONDAY) == Spent(by_user=300, by_all=300)


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_adding_is_one_statement_in_every_database(dialect: str) -> None:
    from sqlalchemy.dialects import postgresql, sqlite

    spoken = {"sqlite": sqlite.dialect, "postgresql": postgresql.dialect}[dialect]
    statement = str(adding("ada", MONDAY, 10, dialect=dialect).compile(dialect=spoken())).replace('"', "")

    assert statement.endswith("ON CONFLICT (user, day) DO UPDATE SET tokens = (spending.tokens + excluded.tokens)")


async def test_a_database_from_before_spending_was_counted_gets_the_table_and_keeps_the_rest(tmp_path: Path) -> None:
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import Connection

    def step_back(connection: Connection) -> None:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        for later in ("spending", "reviews"):
            connection.exec_driver_sql(f"DROP TABLE {later}")
        command.stamp(config, "m002")

    async with await open_database(url(tmp_path / "footnote.db")) as database:
        await Messages(database).remember(1, 7, "c1", said_at=NOON)
        async with database.writing() as connection:
            await connection.run_sync(step_back)

    async with await open_database(url(tmp_path / "footnote.db")) as database:
        await Spending(database).add("ada", MONDAY, 10)
        assert await Messages(database).conversation_of(1, 7) == "c1"


async def test_a_user_whose_name_can_t_be_stored_is_a_store_error(spending: Spending) -> None:
    with pytest.raises(StoreError):
        await spending.add("\ud800", MONDAY, 1)
    with pytest.raises(StoreError):
        await spending.spent("\ud800", MONDAY)
