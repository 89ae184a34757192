"""What holds for PostgreSQL alone: its URLs, its errors in words, its writers side by side."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.domain.errors import StoreError
from bot.stores import postgres
from bot.stores.conversations import Conversations
from bot.stores.database import Database, open_database
from bot.stores.forgetting import Forgetting
from bot.stores.postgres import connect_postgres, lock_for_purging, readable
from tests.names import KEY
from tests.postgres_server import GUARDED, PASSWORD, PostgresServer
from tests.unit.stores.replies import a_reply

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
CLOSE_ALL = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = 'footnote'"


@pytest.fixture
async def name(postgres_server: PostgresServer) -> AsyncIterator[str]:
    made = await postgres_server.create(migrated=True)
    yield made
    await postgres_server.drop(made)


@pytest.fixture
async def database(postgres_server: PostgresServer, name: str) -> AsyncIterator[Database]:
    async with await open_database(postgres_server.url(name), key=KEY) as opened:
        yield opened


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
async def test_a_url_may_be_written_as_servers_and_hosts_write_it(
    postgres_server: PostgresServer, name: str, scheme: str
) -> None:
    place = postgres_server.url(name).replace("postgresql", scheme) + "?sslmode=disable"
    async with await open_database(place, key=KEY) as opened:
        assert (await Conversations(opened).history("c1", 1)).next_turn == 1


async def test_a_user_with_a_password_is_let_in_and_a_wrong_one_is_refused_without_being_named(
    postgres_server: PostgresServer, name: str
) -> None:
    await postgres_server.run(f"CREATE ROLE {GUARDED} SUPERUSER LOGIN PASSWORD '{PASSWORD}'")
    try:
        place = postgres_server.url(name, user=f"{GUARDED}:{PASSWORD.replace(' ', '%20')}")
        async with await open_database(place, key=KEY) as opened:
            assert (await Conversations(opened).history("c1", 1)).next_turn == 1
        with pytest.raises(StoreError, match=f"{name} on 127.0.0.1:.*refuses the user or the password") as caught:
            await open_database(postgres_server.url(name, user=f"{GUARDED}:xyzzy"), key=KEY)
    finally:
        await postgres_server.run(f"DROP ROLE {GUARDED}")

    assert "xyzzy" not in str(caught.value)
    assert GUARDED not in str(caught.value)


async def test_a_missing_database_is_named_with_a_remedy(postgres_server: PostgresServer) -> None:
    with pytest.raises(StoreError, match=r"nowhere on 127\.0\.0\.1:\d+ can't be used: .*no such database\. .*createdb"):
        await open_database(postgres_server.url("nowhere"), key=KEY)


async def test_a_user_without_rights_is_told_so(postgres_server: PostgresServer) -> None:
    empty = await postgres_server.create(migrated=False)
    await postgres_server.run("CREATE ROLE humble LOGIN")
    try:
        with pytest.raises(StoreError, match="lacks a right"):
            await open_database(postgres_server.url(empty, user="humble"), key=KEY)
    finally:
        await postgres_server.drop(empty)
        await postgres_server.run("DROP ROLE humble")


async def test_a_server_that_is_down_is_named_without_the_password() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with pytest.raises(
        StoreError, match=f"footnote on 127.0.0.1:{port} can't be used: no server answers there"
    ) as caught:
        await open_database(f"postgresql://bot:xyzzy@127.0.0.1:{port}/footnote", key=KEY)

    assert "xyzzy" not in str(caught.value)


async def test_an_option_that_isn_t_known_is_named() -> None:
    with pytest.raises(StoreError, match=r"unknown option: flavour\. Known are host, .*ssl"):
        await open_database("postgresql://localhost/footnote?flavour=sour", key=KEY)


@pytest.mark.parametrize(
    ("url", "called"),
    [
        ("postgresql://me:secret@db.example:5433/footnote", "footnote on db.example:5433"),
        ("postgresql:///footnote?host=/run/postgresql", "footnote on /run/postgresql"),
        ("postgresql://me@db.example", "of the user on db.example"),
        ("postgresql:///footnote", "footnote on localhost"),
    ],
)
def test_errors_call_a_database_by_its_name_and_server(url: str, called: str) -> None:
    from sqlalchemy import make_url

    assert readable(make_url(url)) == called


async def test_the_word_for_encryption_of_other_programs_is_understood() -> None:
    from sqlalchemy import make_url

    server = connect_postgres(make_url("postgresql://localhost/footnote?sslmode=require"))

    assert dict(server.engine.url.query) == {"ssl": "require"}
    await server.close()


async def test_what_is_stored_is_not_told_by_an_error(database: Database) -> None:
    conversations = Conversations(database)
    with pytest.raises(StoreError, match="a name is too long") as too_long:
        await conversations.add_turn(a_reply("xyzzy" * 50), asked_at=NOON)

    async def write() -> None:
        async with database.writing() as connection:
            for _ in range(2):
                await connection.execute(text("INSERT INTO spending VALUES ('xyzzy', '2026-11-01', 1)"))

    with pytest.raises(StoreError) as caught:
        await write()

    assert not too_long.value.passes
    assert not caught.value.passes
    assert "xyzzy" not in str(caught.value)
    assert re.search("UniqueViolationError.*Check the server's log", str(caught.value))


async def test_a_statement_that_is_not_answered_ends_with_a_word_and_what_takes_its_time_may(
    monkeypatch: pytest.MonkeyPatch, postgres_server: PostgresServer, name: str
) -> None:
    monkeypatch.setattr(postgres, "STATEMENT_TIMEOUT_S", 0.2)
    async with await open_database(postgres_server.url(name), key=KEY) as opened:
        with pytest.raises(StoreError, match="doesn't answer in time") as caught:
            async with opened.writing() as connection:
                await connection.execute(text("SELECT pg_sleep(20)"))
        async with opened.writing(patiently=True) as connection:
            await connection.execute(text("SELECT pg_sleep(0.4)"))
        assert (await Conversations(opened).history("c1", 1)).next_turn == 1

    assert caught.value.passes


async def test_of_processes_that_delete_what_is_old_at_once_one_does_and_the_others_go_on(database: Database) -> None:
    conversations, later = Conversations(database), NOON + timedelta(days=60)
    for number in range(20):
        await conversations.add_turn(a_reply(f"c{number}"), asked_at=NOON)
    async with database.writing() as connection:
        assert await lock_for_purging(connection)
        held = await Forgetting(database, lambda: later).purge(30)
    counts = await asyncio.gather(*(Forgetting(database, lambda: later).purge(30) for _ in range(4)))

    assert held.total == 0
    assert sum(forgotten.counts.get("turns", 0) for forgotten in counts) == 20


@pytest.mark.parametrize("rest", [0.0, 3600.0], ids=["rested", "just used"])
async def test_a_connection_that_the_server_closed_is_made_anew(
    monkeypatch: pytest.MonkeyPatch, postgres_server: PostgresServer, database: Database, rest: float
) -> None:
    monkeypatch.setattr(postgres, "REST_S", rest)
    conversations = Conversations(database)
    await conversations.add_turn(a_reply(), asked_at=NOON)

    await postgres_server.run(CLOSE_ALL)

    assert (await conversations.history("c1", 1)).next_turn == 2


async def test_a_connection_that_is_lost_in_the_middle_is_a_store_error_and_leaves_nothing(
    postgres_server: PostgresServer, database: Database
) -> None:
    async def write() -> None:
        async with database.writing() as connection:
            await connection.execute(text("INSERT INTO spending VALUES ('ada', '2026-11-01', 1)"))
            await postgres_server.run(CLOSE_ALL)
            await connection.execute(text("INSERT INTO spending VALUES ('bo', '2026-11-01', 1)"))

    with pytest.raises(StoreError, match="the connection was lost"):
        await write()

    async with database.reading() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM spending")) == 0


async def test_writers_work_side_by_side(database: Database) -> None:
    both = asyncio.Barrier(2)

    async def write(user: str) -> None:
        async with database.writing() as connection:
            await connection.execute(text("INSERT INTO spending VALUES (:user, '2026-11-01', 1)"), {"user": user})
            await both.wait()

    await asyncio.wait_for(asyncio.gather(write("ada"), write("bo")), 30)


async def test_a_reader_sees_one_state_and_cannot_write(database: Database) -> None:
    conversations = Conversations(database)
    async with database.reading() as connection:
        counted = text("SELECT count(*) FROM turns")
        assert await connection.scalar(counted) == 0
        await conversations.add_turn(a_reply(), asked_at=NOON)
        assert await connection.scalar(counted) == 0
    with pytest.raises(StoreError, match="only reads"):
        async with database.reading() as connection:
            await connection.execute(text("DELETE FROM turns"))


async def test_what_is_stored_is_on_the_disk_whatever_the_server_is_set_to(
    postgres_server: PostgresServer, name: str
) -> None:
    await postgres_server.run(f"ALTER DATABASE {name} SET synchronous_commit = off")
    async with await open_database(postgres_server.url(name), key=KEY) as opened, opened.writing() as connection:
        assert await connection.scalar(text("SHOW synchronous_commit")) == "on"
