"""What older versions left behind, made by running them (`tests/tools/release_data.py`), is all there in this one."""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.domain.errors import StoreError
from bot.stores.answers import Answers
from bot.stores.database import open_database
from bot.stores.exporting import Exporting
from bot.stores.reviews import ReviewQueue
from bot.stores.tables import inbox, message_map, turns
from tests.crashing import ANSWERED as ANSWER
from tests.crashing import ROOT
from tests.end_to_end.operated import serving, write_library
from tests.fake_telegram import FakeTelegram
from tests.postgres_server import PostgresServer
from tests.tools.release_data import ANSWERED, ASKED, CHAT, CONVERSATION, FORGOTTEN, KEY, RELEASES, WAITING

DUMPS = sorted(path.name for path in RELEASES.glob("*.sql"))
# As an operator who keeps everything: what these versions wrote is old by the day of the test.
SETTINGS = {"FOOTNOTE_HASH_KEY": KEY, "FOOTNOTE_RETENTION_DAYS": "0"}


@pytest.fixture
async def older(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The URL of a database as an older version left it."""
    dump = (RELEASES / request.param).read_text(encoding="utf-8")
    if "sqlite" in request.param:
        file = tmp_path / "data" / "footnote.sqlite"
        file.parent.mkdir()
        with closing(sqlite3.connect(file)) as database:
            database.executescript(dump)
        yield f"sqlite:///{file}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = await server.create(migrated=False)
    import asyncpg

    connection = await asyncpg.connect(server.url(name))
    await connection.execute(dump)
    await connection.close()
    yield server.url(name)
    await server.drop(name)


def test_the_oldest_and_the_last_version_are_there_and_small() -> None:
    assert {"m001.sqlite.sql", "m009.sqlite.sql", "m009.postgresql.sql"} <= set(DUMPS)
    assert all((RELEASES / name).stat().st_size < 40_000 for name in DUMPS)


@pytest.mark.parametrize("older", DUMPS, indirect=True)
async def test_every_turn_review_and_waiting_question_of_an_older_version_is_there(
    older: str, request: pytest.FixtureRequest
) -> None:
    version = str(request.node.callspec.params["older"])
    async with await open_database(older, key=KEY) as database:
        async with database.reading() as connection:
            held = [row._mapping for row in await connection.execute(select(turns).order_by(turns.c.asked_at))]
            waiting = [row._mapping for row in await connection.execute(select(inbox).where(inbox.c.payload != ""))]
            messages = (await connection.execute(select(message_map))).all()
        told = [await Answers(database).get(row["answer_id"]) for row in held]
        reported = await ReviewQueue(database).pending()
        forgotten = (await Exporting(database).everything_of(f"telegram:{FORGOTTEN}", FORGOTTEN))["erasures"]
    assert [reply.question for reply in told if reply] == [*ASKED, *([ANSWERED] if version >= "m005" else [])]
    assert "375 mg/m²" in str(told[0])
    assert len(reported) == (version >= "m004")
    assert [WAITING in row["payload"] for row in waiting] == ([True] if version >= "m005" else [])
    assert bool(messages) is (version >= "m005")
    assert len(forgotten) == (version >= "m009")


@pytest.mark.parametrize("older", ["m001.sqlite.sql", "m008.postgresql.sql"], indirect=True)
async def test_a_conversation_goes_on_where_an_older_version_left_it(older: str, tmp_path: Path) -> None:
    environment = os.environ | SETTINGS | {
        "PYTHONPATH": str(ROOT),
        "FOOTNOTE_DATA": str(tmp_path / "data"),
        "FOOTNOTE_KNOWLEDGE": str(write_library(tmp_path)),
        "FOOTNOTE_DATABASE_URL": older,
    }  # fmt: skip
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "bot", "chat", "--jsonl"],
        input=json.dumps({"conversation": CONVERSATION, "text": "and what is its dose?"}),
        env=environment, cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    reply = json.loads(done.stdout)
    assert reply["turn"] == 3
    assert "rituximab" in reply["standalone_question"].lower()
    assert "375" in reply["text"]


@pytest.mark.parametrize("older", ["m007.sqlite.sql", "m008.postgresql.sql"], indirect=True)
async def test_what_waited_when_an_older_version_was_killed_is_answered(
    older: str, tmp_path: Path, telegram: FakeTelegram
) -> None:
    telegram.says(ANSWERED, chat=CHAT, sender=CHAT)
    telegram.world.updates.drop()  # The older version has had it.
    with serving(tmp_path, telegram, SETTINGS | {"FOOTNOTE_DATABASE_URL": older}) as bot:
        telegram.wait(lambda: ANSWER in "".join(telegram.texts(CHAT)), 60)
        assert bot.ends() == 0
    assert len(telegram.texts(CHAT)) == 1


@pytest.mark.parametrize("older", ["m009.sqlite.sql", "m009.postgresql.sql"], indirect=True)
async def test_an_older_footnote_says_what_to_do_with_a_newer_one_s_database_and_changes_nothing(older: str) -> None:
    async with await open_database(older, key=KEY) as database, database.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = 'm999'"))
    with pytest.raises(StoreError, match=r"newer version of Footnote \(m999\)\. Update Footnote"):
        await open_database(older, key=KEY)
