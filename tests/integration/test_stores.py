import asyncio
import json
import os
import sqlite3
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from bot.domain.answers import Abstention, Clarification, Direction, DirectionKind, Outcome
from bot.domain.errors import StoreError
from bot.stores.answers import Answers
from bot.stores.conversations import Conversations
from bot.stores.database import MIGRATIONS, Database, open_database
from bot.stores.migrations import NEWEST
from tests.unit.stores.replies import DISCLAIMER, a_reply, an_answer

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


def everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


async def run_at_once(script: str, place: str, *, times: int) -> list[tuple[bytes, bytes]]:
    """What each of several Python processes wrote to its output and its errors."""
    pipe = asyncio.subprocess.PIPE
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", script, place, stdin=pipe, stdout=pipe, stderr=pipe, env=environment
        )
        for _ in range(times)
    ]
    return await asyncio.wait_for(asyncio.gather(*(each.communicate(b"go\n") for each in processes)), 60)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with await open_database(url(tmp_path / "footnote.db")) as opened:
        yield opened


@pytest.fixture
def conversations(database: Database) -> Conversations:
    return Conversations(database)


async def test_a_recorded_turn_is_in_the_history_and_the_answer_is_found_by_its_id(
    database: Database, conversations: Conversations
) -> None:
    reply = a_reply()
    await conversations.add_turn(reply, asked_at=NOON)

    history = await conversations.history("c1", 10)

    assert [(turn.number, turn.question, turn.outcome) for turn in history.turns] == [
        (1, reply.question, reply.outcome)
    ]
    assert await Answers(database).get(reply.provenance.answer_id) == reply
    assert await Answers(database).get("unknown") is None


@pytest.mark.parametrize(
    "outcome",
    [
        an_answer(gaps=("the dose",)),
        Abstention(text="Nothing.", nearest=("A title",), notices=(), disclaimer=DISCLAIMER),
        Clarification(text="Which?", choices=("A", "B"), notices=(), disclaimer=DISCLAIMER),
        Direction(kind=DirectionKind.EMERGENCY, text="Call now.", notices=(), disclaimer=DISCLAIMER),
    ],
)
async def test_every_kind_of_outcome_is_recorded_whole(
    database: Database, conversations: Conversations, outcome: Outcome
) -> None:
    reply = a_reply(outcome=outcome)
    await conversations.add_turn(reply, asked_at=NOON)

    assert await Answers(database).get("c1-1") == reply


async def test_the_columns_beside_the_answer_can_be_read_with_plain_sql(
    tmp_path: Path, conversations: Conversations
) -> None:
    await conversations.add_turn(a_reply(question="and \ud83d\0?"), asked_at=NOON)

    with sqlite3.connect(tmp_path / "footnote.db") as plain:
        row = plain.execute(
            "SELECT conversation, number, question, standalone_question, kind, reply FROM turns"
        ).fetchone()
    plain.close()

    assert row[:5] == ("c1", 1, "and ??", "How much rituximab?", "answer")
    assert json.loads(row[5])["format"] == 1


async def test_the_history_is_the_most_recent_turns_oldest_first(conversations: Conversations) -> None:
    for number in (1, 2, 3):
        await conversations.add_turn(a_reply(turn=number), asked_at=NOON + timedelta(minutes=number))
    await conversations.add_turn(a_reply("c2"), asked_at=NOON)

    history = await conversations.history("c1", 2)

    assert [turn.number for turn in history.turns] == [2, 3]
    assert (await conversations.history("c1", 0)).turns == ()
    assert (await conversations.history("nobody", 5)).turns == ()


async def test_times_come_back_in_utc(conversations: Conversations) -> None:
    tokyo = timezone(timedelta(hours=9))
    await conversations.add_turn(a_reply(), asked_at=NOON.astimezone(tokyo))

    (turn,) = (await conversations.history("c1", 1)).turns

    assert turn.asked_at == NOON
    assert turn.asked_at.tzinfo is UTC


async def test_a_time_without_a_zone_is_refused(conversations: Conversations) -> None:
    with pytest.raises(ValueError, match="time zone"):
        await conversations.add_turn(a_reply(), asked_at=NOON.replace(tzinfo=None))


async def test_turns_are_numbered_from_one(conversations: Conversations) -> None:
    assert await conversations.next_turn("c1") == 1

    await conversations.add_turn(a_reply(), asked_at=NOON)

    assert await conversations.next_turn("c1") == 2
    assert await conversations.next_turn("c2") == 1


async def test_two_answers_never_share_a_turn(conversations: Conversations, database: Database) -> None:
    first = a_reply()
    await conversations.add_turn(first, asked_at=NOON)
    other = a_reply("c1", 1, provenance=a_reply("other").provenance)

    with pytest.raises(StoreError, match="already recorded"):
        await conversations.add_turn(other, asked_at=NOON)

    assert await Answers(database).get("other-1") is None
    assert len((await conversations.history("c1", 5)).turns) == 1


async def test_recording_the_same_answer_again_changes_nothing(conversations: Conversations) -> None:
    await conversations.add_turn(a_reply(), asked_at=NOON)
    await conversations.add_turn(a_reply(), asked_at=NOON)

    assert len((await conversations.history("c1", 5)).turns) == 1


async def test_starting_afresh_hides_the_earlier_turns_but_keeps_the_numbers(
    conversations: Conversations, database: Database
) -> None:
    await conversations.start_afresh("c1")
    await conversations.add_turn(a_reply(), asked_at=NOON)
    await conversations.start_afresh("c1")

    assert (await conversations.history("c1", 5)).turns == ()
    assert await conversations.next_turn("c1") == 2
    assert await Answers(database).get("c1-1") is not None

    await conversations.add_turn(a_reply(turn=2), asked_at=NOON)

    assert [turn.number for turn in (await conversations.history("c1", 5)).turns] == [2]


async def test_forgetting_deletes_one_conversation_and_says_how_much(
    tmp_path: Path, conversations: Conversations, database: Database
) -> None:
    for number in (1, 2):
        await conversations.add_turn(a_reply(turn=number, question="about Xyzzy"), asked_at=NOON)
    await conversations.add_turn(a_reply("c2"), asked_at=NOON)

    assert await conversations.forget("c1") == 2
    assert await conversations.forget("c1") == 0

    assert await Answers(database).get("c1-1") is None
    assert len((await conversations.history("c2", 5)).turns) == 1
    await database.close()
    assert b"Xyzzy" not in everything_in(tmp_path)


async def test_many_conversations_can_be_written_at_once(conversations: Conversations) -> None:
    await asyncio.gather(*(conversations.add_turn(a_reply(f"c{n}"), asked_at=NOON) for n in range(40)))

    assert [await conversations.next_turn(f"c{n}") for n in range(40)] == [2] * 40


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
            assert await conversations.next_turn("c1") == number
            await conversations.add_turn(a_reply(turn=number), asked_at=NOON)


async def test_a_process_that_is_killed_after_recording_loses_nothing(tmp_path: Path) -> None:
    script = """
import asyncio, datetime, os, signal, sys
from bot.stores.conversations import Conversations
from bot.stores.database import open_database
from tests.unit.stores.replies import a_reply

async def main():
    conversations = Conversations(await open_database(sys.argv[1]))
    await conversations.add_turn(a_reply(), asked_at=datetime.datetime.now(datetime.UTC))
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""
    place = url(tmp_path / "footnote.db")
    assert await run_at_once(script, place, times=1) == [(b"", b"")]

    async with await open_database(place) as database:
        assert await Answers(database).get("c1-1") == a_reply()


async def test_several_processes_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    script = """
import asyncio, sys
from bot.stores.database import open_database

async def main():
    sys.stdin.readline()
    async with await open_database(sys.argv[1]):
        print("open")

asyncio.run(main())
"""
    results = await run_at_once(script, url(tmp_path / "footnote.db"), times=4)

    assert results == [(b"open\n", b"")] * 4


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
        assert await Conversations(opened).next_turn("c1") == 1
    assert next(refusals, None) is None


async def test_several_openings_in_one_process_don_t_disturb_each_other(tmp_path: Path) -> None:
    opened = await asyncio.gather(*(open_database(url(tmp_path / "footnote.db")) for _ in range(6)))

    assert [await Conversations(database).next_turn("c1") for database in opened] == [1] * 6
    for database in opened:
        await database.close()


def test_the_newest_migration_is_the_last_one() -> None:
    from alembic.script import ScriptDirectory

    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == NEWEST


async def test_the_tables_are_as_the_migrations_leave_them(database: Database) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlalchemy import Connection

    from bot.stores.tables import metadata

    def differences(connection: Connection) -> list[object]:
        found: list[object] = list(compare_metadata(MigrationContext.configure(connection), metadata))
        return found

    async with database.reading() as connection:
        assert await connection.run_sync(differences) == []


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


async def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "theirs.db") as theirs:
        theirs.execute("CREATE TABLE bookmarks (id INTEGER)")
    theirs.close()

    with pytest.raises(StoreError, match="belongs to another program"):
        await open_database(url(tmp_path / "theirs.db"))


async def test_a_database_from_a_newer_version_is_refused(tmp_path: Path) -> None:
    async with await open_database(url(tmp_path / "footnote.db")):
        pass
    with sqlite3.connect(tmp_path / "footnote.db") as newer:
        newer.execute("UPDATE alembic_version SET version_num = 'm999'")
    newer.close()

    with pytest.raises(StoreError, match=r"newer version of Footnote \(m999\).*Update"):
        await open_database(url(tmp_path / "footnote.db"))


async def test_a_place_that_can_t_hold_a_database_is_named_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError, match=r"footnote\.db can't be used"):
        await open_database(url(tmp_path / "file" / "footnote.db"))
    (tmp_path / "folder.db").mkdir()
    with pytest.raises(StoreError, match=r"folder\.db can't be used.*right to write"):
        await open_database(url(tmp_path / "folder.db"))


@pytest.mark.parametrize("wrong", ["nonsense", "mysql://host/db", "sqlite:///footnote.db", ""])
async def test_a_wrong_url_says_what_a_right_one_looks_like(wrong: str) -> None:
    with pytest.raises(StoreError, match="sqlite\\+aiosqlite:///"):
        await open_database(wrong)


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
    assert await conversations.next_turn("c2") == 1
    assert len((await conversations.history("c1", 5)).turns) == 1


async def test_a_conversation_whose_name_can_t_be_stored_is_a_store_error(conversations: Conversations) -> None:
    with pytest.raises(StoreError):
        await conversations.add_turn(a_reply("\ud800"), asked_at=NOON)
