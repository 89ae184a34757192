"""A copy is put back without what users deleted since, and whoever is killed meanwhile loses nothing."""

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.errors import StoreError
from bot.domain.forgetting import Erasure
from bot.stores.answers import Answers
from bot.stores.backups import back_up
from bot.stores.conversations import Conversations
from bot.stores.database import open_database
from bot.stores.forgetting import Forgetting
from bot.stores.restoring import clear_unfinished, deleted_since, read_copy, restoring
from tests.names import KEY
from tests.processes import run_at_once
from tests.unit.stores.replies import a_reply

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
FIVE, SIX = "telegram:5", "telegram:6"
DIES = """
import asyncio, os, signal, sqlite3, sys
from contextlib import closing
from pathlib import Path
from bot.stores import restoring
from bot.stores.forgetting import Forgetting

url, copy, when = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
copy_database = restoring.copy_database

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def half(source, target):
    with closing(sqlite3.connect(source)) as from_, closing(sqlite3.connect(target)) as to:
        from_.backup(to, pages=1, progress=lambda _, left, whole: left < whole / 2 and die())

def in_place(source, target):
    if target == copy.parent / "here" / "footnote.sqlite":
        {"before": die, "half": half}.get(when, copy_database)(source, target)
        die()
    copy_database(source, target)

async def main():
    restoring.copy_database = in_place
    read = restoring.read_copy(url, copy)
    noted = await restoring.deleted_since(url, read)
    async with restoring.restoring(url, read) as database:
        await Forgetting(database).forget_again(noted)
        if when == "open":
            die()

asyncio.run(main())
"""


def url(folder: Path) -> str:
    return f"sqlite:///{folder}/footnote.sqlite"


@pytest.fixture
async def here(tmp_path: Path) -> Path:
    """A folder with a database in which user 5 was forgotten after `copy` was made, and 6 was not."""
    folder = tmp_path / "here"
    async with await open_database(url(folder)) as database:
        await Conversations(database).add_turn(a_reply("telegram:5:1", question="Xyzzy?"), asked_at=NOON, user=FIVE)
        await Conversations(database).add_turn(a_reply("telegram:6:1"), asked_at=NOON, user=SIX)
        back_up(url(folder), tmp_path / "copy")
        await Conversations(database).add_turn(a_reply("telegram:6:1", 2), asked_at=NOON, user=SIX)
        await Forgetting(database).forget_user(FIVE, 5)
    return folder


def files_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


async def restore(folder: Path, copy: Path) -> tuple[int, int]:
    """Users and records that were deleted again."""
    read = read_copy(url(folder), copy)
    noted = await deleted_since(url(folder), read)
    async with restoring(url(folder), read) as database:
        again = await Forgetting(database).forget_again(noted)
    return again.users, again.records


async def is_restored(folder: Path) -> bool:
    """Is it the copy? In any case nothing is left of user 5."""
    async with await open_database(url(folder)) as database:
        assert await Answers(database).get("telegram:5:1-1") is None
        assert await Answers(database).get("telegram:6:1-1") is not None
        return await Answers(database).get("telegram:6:1-2") is None


async def test_what_was_deleted_since_the_copy_is_in_no_file_once_it_is_put_back(here: Path, tmp_path: Path) -> None:
    assert b"Xyzzy" in (tmp_path / "copy").read_bytes()
    assert b"Xyzzy" not in b"".join(files_of(here).values())

    assert await restore(here, tmp_path / "copy") == (1, 1)

    assert await is_restored(here)
    assert b"Xyzzy" not in b"".join(files_of(here).values())
    # Another copy is put back as well: the note is there still.
    assert await restore(here, tmp_path / "copy") == (1, 1)


@pytest.mark.parametrize("when", ["open", "before", "half", "after"])
async def test_who_is_killed_while_restoring_loses_no_deletion(here: Path, tmp_path: Path, when: str) -> None:
    copy = tmp_path / "copy"
    assert await run_at_once(DIES, url(here), str(copy), when, times=1) == [(b"", b"")]
    folder = here / "footnote.sqlite.restoring"
    assert (folder / "footnote.sqlite").exists()
    shutil.copytree(here, tmp_path / "there")

    # Either the program is started again, or the copy is put back again.
    assert await is_restored(here) is (when == "after")
    clear_unfinished(here / "footnote.sqlite")
    assert not folder.exists()
    assert await restore(tmp_path / "there", copy) == (1, 1)
    assert await is_restored(tmp_path / "there")
    assert not (tmp_path / "there" / folder.name).exists()


async def test_what_one_restore_makes_no_other_process_takes_away(here: Path, tmp_path: Path) -> None:
    async with restoring(url(here), read_copy(url(here), tmp_path / "copy")):
        clear_unfinished(here / "footnote.sqlite")
        with pytest.raises(StoreError, match="Another process is putting a copy in place"):
            await restore(here, tmp_path / "copy")
    async with await open_database(url(here)) as database:
        assert await Answers(database).get("telegram:5:1-1") is not None  # Nobody has deleted it in that copy.


async def test_a_copy_that_can_t_be_made_ready_leaves_the_database_as_it_was(here: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no room"):
        async with restoring(url(here), read_copy(url(here), tmp_path / "copy")):
            raise StoreError("no room")
    assert not await is_restored(here)
    assert files_of(here).keys() == {"footnote.sqlite", "footnote.sqlite.key"}


async def known(folder: Path, copy: Path, key: str = "") -> Sequence[Erasure]:
    return await deleted_since(url(folder), read_copy(url(folder), copy, key))


async def test_why_deletions_can_t_be_known_is_said(here: Path, tmp_path: Path) -> None:
    copy, there = tmp_path / "copy", tmp_path / "there"
    assert len(await known(here, copy)) == 1
    with pytest.raises(StoreError, match="no present database"):
        await known(there, copy)
    assert not there.exists()
    await (await open_database(url(there), key=KEY)).close()
    with pytest.raises(StoreError, match="another key"):
        await known(there, copy)
    (here / "footnote.sqlite").write_bytes(b"pears" * 5000)
    with pytest.raises(StoreError, match="file is not a database"):
        await known(here, copy)
    with pytest.raises(StoreError, match=r"damaged or no database.*Move it away"):
        async with restoring(url(here), read_copy(url(here), copy)):
            pass
    assert (here / "footnote.sqlite").read_bytes() == b"pears" * 5000
