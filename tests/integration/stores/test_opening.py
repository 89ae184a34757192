"""Opening a database, new, old or wrong."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Table, text

from bot.domain.errors import StoreError
from bot.stores.answers import Answers
from bot.stores.conversations import Conversations
from bot.stores.database import MIGRATIONS, Database, open_database
from bot.stores.exporting import Exporting
from bot.stores.forgetting import Forgetting
from bot.stores.migrations import NEWEST
from bot.stores.spending import Spending
from tests.affairs import nothing
from tests.names import KEY, NAMES
from tests.processes import run_at_once
from tests.unit.stores.replies import a_reply

OPENS = """
import asyncio, sys
from bot.stores.database import open_database

async def main():
    sys.stdin.readline()
    async with await open_database(sys.argv[1], key="a key for tests, of no secret"):
        print("open")

asyncio.run(main())
"""
DIES = """
import asyncio, datetime, os, signal, sys
from bot.stores.conversations import Conversations
from bot.stores.database import open_database
from tests.unit.stores.replies import a_reply

async def main():
    conversations = Conversations(await open_database(sys.argv[1], key="a key for tests, of no secret"))
    await conversations.add_turn(a_reply(), asked_at=datetime.datetime.now(datetime.UTC))
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def test_a_process_that_is_killed_after_recording_loses_nothing(place: str) -> None:
    assert await run_at_once(DIES, place, times=1) == [(b"", b"")]

    async with await open_database(place, key=KEY) as database:
        assert await Answers(database).get("c1-1") == a_reply()


async def test_several_processes_may_open_a_new_database_at_once(empty_place: str) -> None:
    assert await run_at_once(OPENS, empty_place, times=4) == [(b"open\n", b"")] * 4


async def test_several_openings_in_one_process_don_t_disturb_each_other(empty_place: str) -> None:
    opened = await asyncio.gather(*(open_database(empty_place, key=KEY) for _ in range(6)))

    assert [(await Conversations(database).history("c1", 1)).next_turn for database in opened] == [1] * 6
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


async def test_the_database_of_another_program_is_left_alone(empty_place: str) -> None:
    # An older Footnote is another program, too, once it has lost its note of how old it is.
    async with await open_database(empty_place, key=KEY) as database, database.writing() as connection:
        await connection.execute(text("DROP TABLE alembic_version"))

    with pytest.raises(StoreError, match="belongs to another program"):
        await open_database(empty_place, key=KEY)


async def test_a_database_from_a_newer_version_is_refused(place: str) -> None:
    async with await open_database(place, key=KEY) as database, database.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = 'm999'"))

    with pytest.raises(StoreError, match=r"newer version of Footnote \(m999\).*Update"):
        await open_database(place, key=KEY)


@pytest.mark.parametrize("wrong", ["nonsense", "mysql://host/db", "postgresql://h:x/db", ""])
async def test_a_wrong_url_says_what_right_ones_look_like(wrong: str) -> None:
    with pytest.raises(StoreError, match=r"sqlite:///.*postgresql://"):
        await open_database(wrong, key=KEY)


@pytest.mark.parametrize("version", ["m001", "m002", "m003", "m004", "m005", "m006", "m007", "m008"])
async def test_a_database_of_every_older_version_is_brought_up_to_date_and_keeps_what_it_holds(
    empty_place: str, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.stores.codec import encode_reply
    from bot.stores.messages import Messages
    from bot.stores.reviews import ReviewQueue
    from bot.stores.tables import conversations, message_map, reviews, spending, turns

    at = datetime(2026, 11, 1, 12, tzinfo=UTC)
    user = NAMES.user("ada") if version >= "m008" else "ada"
    turn = {"answer_id": "c1-1", "conversation": "c1", "number": 1, "question": "", "standalone_question": ""}
    turn |= {"kind": "answer", "asked_at": at, "created_at": at, "reply": encode_reply(a_reply())}
    message = {"chat_id": 1, "message_id": 7, "conversation": "c1", "by_user": True, "said_at": at}
    review = {"answer_id": "c1-1", "reason": "Doubtful.", "reported_by": "", "decided_by": "", "note": ""}
    rows: list[tuple[str, Table, dict[str, Any]]] = [
        ("m001", conversations, {"id": "c1", "afresh_after": 0}),
        ("m001", turns, turn),
    ]
    rows += [("m002", message_map, message), ("m003", spending, {"user": user, "day": at.date(), "tokens": 5})]
    rows += [("m004", reviews, review)]
    with monkeypatch.context() as older:
        older.setattr("bot.stores.database.NEWEST", version)
        older.setattr("bot.stores.database._check_key", nothing)
        async with await open_database(empty_place, key=KEY) as database, database.writing() as connection:
            for since, table, row in rows:
                if since <= version:
                    await connection.execute(table.insert().values(row))

    async with await open_database(empty_place, key=KEY) as database:
        assert await Answers(database).get("c1-1") == a_reply()
        assert await Messages(database).conversation_of(1, 7) == ("c1" if version >= "m002" else None)
        assert (await Spending(database).spent("ada", at.date())).by_user == (5 if version >= "m003" else 0)
        assert len(await ReviewQueue(database).pending()) == (version >= "m004")
        await Messages(database).remember(1, 8, "c1", said_at=at, purpose="ask", user="telegram:5")
        await Forgetting(database).forget_user("telegram:5", 5)
        assert len((await Exporting(database).everything_of("telegram:5", 5))["erasures"]) == 1


@pytest.mark.parametrize("password", ["sec@ret", "sec/ret", "sec?ret", "sec#ret", "dbpa:ss@sec#?77"])
async def test_no_part_of_a_password_that_is_not_encoded_is_taken_for_the_host(password: str) -> None:
    with pytest.raises(StoreError, match="%40") as raised:
        await open_database(f"postgresql://ada:{password}@127.0.0.1:1/footnote")
    assert "sec" not in str(raised.value)
