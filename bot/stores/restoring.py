"""Puts a copy of a SQLite database back, without bringing back what users have deleted since it was made.

The copy is brought up to date in a folder beside the database, loses there what was deleted since and what is too old,
and takes the database's place only then. So the notes of deletions are in the database at every moment.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING

from bot.domain.errors import StoreError
from bot.domain.forgetting import Erasure
from bot.stores.backups import copy_database, file_of, key_beside, touch_private, write_private
from bot.stores.database import Database, open_database
from bot.stores.erasures import erasures_in
from bot.stores.explaining import explained
from bot.stores.pseudonyms import Pseudonyms, read_key

if TYPE_CHECKING:
    from types import ModuleType

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows has no such locks.
    fcntl = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """A copy that can be put back. `key`: that of its users' names; `notes`: can it hold notes of deletions?"""

    file: Path
    key: str
    notes: bool


def read_copy(url: str, copy: Path, key: str = "") -> Copy:
    """Look at a copy of the database at this URL. `key`: that of the settings.

    Raises:
        StoreError: the copy is no database of Footnote's, its key is missing, or something can't be read.

    """
    file = file_of(url)
    with explained(str(copy)):
        if not copy.exists():
            raise StoreError(f"There is no file {copy}.", remedy="Name one that `footnote backup` made.")
        with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            checks = [*connection.execute("SELECT key_check FROM hash_key")] if "hash_key" in tables else []
    if "alembic_version" not in tables:
        raise StoreError(f"{copy} is no database of Footnote's.", remedy="Name one that `footnote backup` made.")
    known = next((known for known in (key_beside(copy), key_beside(file)) if known.exists()), None)
    key = key or (read_key(known)[0] if known else "")
    if checks and checks != [(Pseudonyms(key).check,)]:
        raise StoreError(
            f"The key of {copy} is missing.",
            remedy=f"Put it beside it as {key_beside(copy)}, or set FOOTNOTE_HASH_KEY.",
        )
    return Copy(file=copy, key=key, notes="erasures" in tables)


async def deleted_since(url: str, copy: Copy) -> Sequence[Erasure]:
    """The deletions that the present database has noted, those that the copy knows among them.

    Raises:
        StoreError: that can't be known.

    """
    file = file_of(url)
    if not file.exists() or not file.stat().st_size:
        raise StoreError(f"There is no present database {file}.")
    return await erasures_in(url, Pseudonyms(copy.key))


@asynccontextmanager
async def restoring(url: str, copy: Copy) -> AsyncIterator[Database]:
    """The copy, brought up to date, to be changed before it takes the database's place. Then it does so in one step.

    Until then nothing but a folder beside the database is written, so that whoever is killed has lost nothing.

    Raises:
        StoreError: something can't be read or written.

    """
    from sqlalchemy import make_url

    file = file_of(url)
    with explained(str(file)), _folder_beside(file) as folder:
        draft = folder / file.name
        touch_private(draft)
        with explained(str(copy.file)):
            copy_database(copy.file, draft)
        place = make_url(url).set(database=str(draft)).render_as_string()
        key_file = None if copy.key else key_beside(file)
        async with await open_database(place, key=copy.key, key_file=key_file) as database:
            yield database
        _put_in_place(draft, file)
        if (beside := key_beside(copy.file)).exists():
            _replace_key(key_beside(file), beside.read_text(encoding="ascii"), folder)


def clear_unfinished(file: Path) -> None:
    """Delete what a restore that was killed has left beside the database, unless one is at work."""
    folder = _beside(file)
    if fcntl is None or not folder.exists():
        return
    with suppress(StoreError, OSError), _locked(folder):
        rmtree(folder)


@contextmanager
def _folder_beside(file: Path) -> Iterator[Path]:
    """A folder on the same disk that is its owner's alone, empty, and gone in the end."""
    folder = _beside(file)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _locked(folder):
        try:
            for left in folder.iterdir():
                left.unlink()
            yield folder
        finally:
            rmtree(folder)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """The folder for ourselves, as long as we live. Raises StoreError where another process has it."""
    if fcntl is None:
        yield
        return
    held = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError(
                f"Another process is putting a copy in place in {folder.parent}.", remedy="Wait until it has ended."
            ) from None
        yield
    finally:
        os.close(held)


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.restoring")


def _put_in_place(draft: Path, file: Path) -> None:
    """All of it or nothing: SQLite takes back what was written by a process that was killed."""
    if not draft.exists():
        raise StoreError(f"The file {draft} has vanished.", remedy="Restore again; the database is as it was.")
    touch_private(file)
    try:
        copy_database(draft, file)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        raise StoreError(
            f"{file} is damaged or no database, so that nothing can take its place.",
            remedy="Move it away, and restore again.",
        ) from None


def _replace_key(file: Path, text: str, folder: Path) -> None:
    """Whole or not at all. `folder`: on the same disk."""
    draft = folder / "key"
    write_private(draft, text)
    draft.replace(file)
