"""One process polls for a bot: on PostgreSQL the next takes over when its holder is gone, on SQLite it is refused."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.errors import ConfigurationError, StoreError
from bot.stores.database import Database, open_database
from bot.stores.polling import FileLease, ServerLease
from tests.names import KEY
from tests.postgres_server import PostgresServer

BOT, ANOTHER = 123456, 654321
CUT = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks JOIN pg_stat_activity USING (pid) "
    "WHERE locktype = 'advisory' AND datname = '{}'"
)


@pytest.fixture
async def name(postgres_server: PostgresServer) -> AsyncIterator[str]:
    made = await postgres_server.create(migrated=True)
    yield made
    await postgres_server.drop(made)


@pytest.fixture
async def two(postgres_server: PostgresServer, name: str) -> AsyncIterator[tuple[Database, Database]]:
    place = postgres_server.url(name)
    async with await open_database(place, key=KEY) as one, await open_database(place, key=KEY) as other:
        yield one, other


def lease(database: Database, bot: int = BOT) -> ServerLease:
    found = database.polling_lease(bot)
    assert isinstance(found, ServerLease)
    return found


async def test_of_two_processes_one_polls_and_the_other_when_the_first_gives_it_back(
    two: tuple[Database, Database],
) -> None:
    first, second, anothers = lease(two[0]), lease(two[1]), lease(two[1], ANOTHER)

    assert await first.take()
    assert not await second.take()
    assert await first.holds()
    assert not await second.holds()
    assert await anothers.take(), "each bot has its own"
    await first.give_back()
    assert not await first.holds()
    assert await second.take()
    await second.give_back()
    await anothers.give_back()


async def test_who_loses_its_connection_knows_that_it_polls_no_longer(
    two: tuple[Database, Database], postgres_server: PostgresServer, name: str
) -> None:
    first, second = lease(two[0]), lease(two[1])
    assert await first.take()

    await postgres_server.run(CUT.format(name))

    assert await second.take()
    assert not await first.holds()
    assert not await first.take()
    await second.give_back()
    assert await first.take(), "it can be had again"
    await first.give_back()


async def test_a_server_that_is_down_is_told_as_such(postgres_server: PostgresServer) -> None:
    name = await postgres_server.create(migrated=True)
    async with await open_database(postgres_server.url(name), key=KEY) as database:
        waiting = lease(database)
        await postgres_server.drop(name)
        with pytest.raises(StoreError, match="no such database"):
            await waiting.take()


async def test_a_second_poller_with_a_file_is_refused_with_the_first_one_s_number(tmp_path: Path) -> None:
    async with await open_database(f"sqlite:///{tmp_path}/footnote.sqlite") as database:
        first, second, other = (database.polling_lease(bot) for bot in (BOT, BOT, ANOTHER))
        assert isinstance(first, FileLease)
        assert isinstance(second, FileLease)
        assert other is not None
        assert await first.take()
        assert await other.take()
        with pytest.raises(ConfigurationError, match=r"Process \d+ polls.*FOOTNOTE_DATABASE_URL"):
            await second.take()
        await first.give_back()
        assert await second.take()
        await second.give_back()
        await other.give_back()


async def test_a_database_in_memory_has_nobody_to_share_it_with() -> None:
    async with await open_database("sqlite://") as database:
        assert database.polling_lease(BOT) is None
