"""Copies of a SQLite database, with its key, made while it is open and put back, without what was deleted since."""

import sqlite3
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.errors import StoreError
from bot.stores.answers import Answers
from bot.stores.backups import back_up
from bot.stores.conversations import Conversations
from bot.stores.database import open_database
from bot.stores.restoring import read_copy, restoring
from tests.names import KEY
from tests.unit.stores.replies import a_reply

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


async def restore(place: str, copy: Path, key: str = "") -> None:
    async with restoring(place, read_copy(place, copy, key)):
        pass


def url(folder: Path) -> str:
    return f"sqlite:///{folder}/footnote.sqlite"


async def test_a_copy_made_of_an_open_database_is_put_back_whole_with_its_key(tmp_path: Path) -> None:
    here, there, copy = tmp_path / "here", tmp_path / "there", tmp_path / "copy"
    async with await open_database(url(here)) as database:
        await Conversations(database).add_turn(a_reply(), asked_at=NOON, user="telegram:5")
        made = back_up(url(here), copy)
        await Conversations(database).add_turn(a_reply("c2", question="about Xyzzy"), asked_at=NOON)

    assert [file.name for file in made] == ["copy", "copy.key"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in made} == {0o600}
    (here / "footnote.sqlite.key").chmod(0o644)
    for folder in (here, there):
        await restore(url(folder), copy)
        async with await open_database(url(folder)) as database:
            assert await Answers(database).get("c1-1") == a_reply()
            assert await Answers(database).get("c2-1") is None
            await database.wipe()
        files = [file for file in folder.iterdir() if not file.name.endswith(("-wal", "-shm"))]
        assert sorted(file.name for file in files) == ["footnote.sqlite", "footnote.sqlite.key"]
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
        assert b"Xyzzy" not in b"".join(file.read_bytes() for file in folder.iterdir())


async def test_a_copy_without_its_key_is_not_put_back(tmp_path: Path) -> None:
    here, there, copy = tmp_path / "here", tmp_path / "there", tmp_path / "copy"
    await (await open_database(url(here), key=KEY)).close()
    assert back_up(url(here), copy) == (copy,)
    await (await open_database(url(there))).close()
    before = (there / "footnote.sqlite").read_bytes()

    with pytest.raises(StoreError, match=r"key of .*copy is missing.*copy\.key.*FOOTNOTE_HASH_KEY"):
        await restore(url(there), copy)

    assert (there / "footnote.sqlite").read_bytes() == before
    await restore(url(tmp_path / "third"), copy, KEY)
    await (await open_database(url(tmp_path / "third"), key=KEY)).close()


async def test_what_can_t_be_copied_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"no database .*FOOTNOTE_DATA"):
        back_up(url(tmp_path), tmp_path / "copy")
    await (await open_database(url(tmp_path))).close()
    (tmp_path / "copy.key").touch()
    with pytest.raises(StoreError, match=r"copy\.key exists already"):
        back_up(url(tmp_path), tmp_path / "copy")
    with pytest.raises(StoreError, match="pg_dump"):
        back_up("postgresql://localhost/footnote", tmp_path / "other")
    with pytest.raises(StoreError, match=r"no file .*nowhere"):
        await restore(url(tmp_path), tmp_path / "nowhere")
    with sqlite3.connect(tmp_path / "strange") as strange:
        strange.execute("CREATE TABLE pears (id INTEGER)")
    strange.close()
    with pytest.raises(StoreError, match="no database of Footnote's"):
        await restore(url(tmp_path), tmp_path / "strange")
