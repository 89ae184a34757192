"""What holds for a SQLite file alone."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.domain.errors import StoreError
from bot.stores.conversations import Conversations
from bot.stores.database import Database, open_database
from bot.stores.forgetting import Forgetting
from tests.unit.stores.replies import a_reply

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with await open_database(url(tmp_path / "footnote.db")) as opened:
        yield opened


@pytest.fixture
def conversations(database: Database) -> Conversations:
    return Conversations(database)


async def test_nothing_of_what_is_forgotten_stays_in_the_file(
    tmp_path: Path, conversations: Conversations, database: Database
) -> None:
    await conversations.add_turn(a_reply(question="about Xyzzy"), asked_at=NOON)
    assert b"Xyzzy" in everything_in(tmp_path)

    await conversations.forget("c1")

    await database.close()
    assert b"xyzzy" not in everything_in(tmp_path).lower()


async def test_a_forgotten_user_leaves_nothing_even_in_the_log_of_an_open_file(
    tmp_path: Path, conversations: Conversations, database: Database
) -> None:
    await conversations.add_turn(a_reply("telegram:5:1", question="about Xyzzy"), asked_at=NOON, user="telegram:5xyzzy")

    assert (await Forgetting(database).forget_user("telegram:5xyzzy", 5)).counts["turns"] == 1

    assert b"xyzzy" not in everything_in(tmp_path).lower()


async def test_writers_go_in_order_of_arrival_so_that_none_waits_for_all_others(database: Database) -> None:
    written = []

    async def write(number: int) -> None:
        async with database.writing() as connection:
            await connection.exec_driver_sql("DELETE FROM turns")
            written.append(number)

    await asyncio.gather(*(write(number) for number in range(30)))
    assert written == list(range(30))


async def test_what_was_recorded_is_there_after_reopening(tmp_path: Path) -> None:
    for number in (1, 2):
        async with await open_database(url(tmp_path / "new" / "folder" / "footnote.db")) as database:
            conversations = Conversations(database)
            assert (await conversations.history("c1", 1)).next_turn == number
            await conversations.add_turn(a_reply(turn=number), asked_at=NOON)


async def test_who_opens_a_new_database_while_another_one_sets_it_up_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = iter(["database is locked", "database is locked"])

    class Contended(sqlite3.Connection):
        def execute(self, *arguments: Any) -> sqlite3.Cursor:
            if problem := next(refusals, ""):
                raise sqlite3.OperationalError(problem)
            return super().execute(*arguments)

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *given, **more: connect(*given, **{"factory": Contended} | more))
    async with await open_database(url(tmp_path / "footnote.db")) as opened:
        assert (await Conversations(opened).history("c1", 1)).next_turn == 1
    assert next(refusals, None) is None


async def test_the_database_is_opened_for_safety(database: Database) -> None:
    async with database.reading() as connection:
        settings = [
            (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]

    assert settings == ["wal", 2, 1, 10_000]


async def test_a_file_that_is_no_database_is_named_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "footnote.db").write_text("something else " * 1000)

    with pytest.raises(StoreError, match=r"footnote\.db.*not a database.*Choose another"):
        await open_database(url(tmp_path / "footnote.db"))

    assert (tmp_path / "footnote.db").read_text().startswith("something else")


async def test_a_place_that_can_t_hold_a_database_is_named_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError, match=r"footnote\.db can't be used"):
        await open_database(url(tmp_path / "file" / "footnote.db"))
    (tmp_path / "folder.db").mkdir()
    with pytest.raises(StoreError, match=r"folder\.db can't be used.*right to write"):
        await open_database(url(tmp_path / "folder.db"))


async def test_a_write_that_fails_is_a_store_error_and_leaves_nothing_behind(
    tmp_path: Path, conversations: Conversations
) -> None:
    await conversations.add_turn(a_reply(), asked_at=NOON)
    with sqlite3.connect(tmp_path / "footnote.db") as plain:
        plain.execute("CREATE TRIGGER full BEFORE INSERT ON turns BEGIN SELECT RAISE(FAIL, 'disk is full'); END")
    plain.close()

    with pytest.raises(StoreError, match=r"disk is full.*Free some space") as caught:
        await conversations.add_turn(a_reply("c2", question="about Xyzzy"), asked_at=NOON)

    assert "Xyzzy" not in str(caught.value)
    assert (await conversations.history("c2", 1)).next_turn == 1
    assert len((await conversations.history("c1", 5)).turns) == 1
