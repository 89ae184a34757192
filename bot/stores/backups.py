"""Copies of a SQLite database, made while others use it. Servers have tools of their own."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.domain.errors import StoreError
from bot.stores.explaining import explained
from bot.stores.sqlite import BUSY_TIMEOUT_S, DRIVERS

BY_SERVER = (
    "Back a PostgreSQL database up with pg_dump, put it back with pg_restore, and name the database as it was before "
    "with `footnote restore --former NAME`."
)


def key_beside(file: Path) -> Path:
    """Where the key of a database file, or of its copy, is kept."""
    return file.with_name(f"{file.name}.key")


def file_of(url: str) -> Path:
    """The file of a SQLite URL. Raises StoreError for another database."""
    from sqlalchemy import make_url

    parsed = make_url(url)
    if parsed.drivername not in DRIVERS or parsed.database in {None, "", ":memory:"}:
        raise StoreError("Only a SQLite database is a file that can be copied.", remedy=BY_SERVER)
    return Path(str(parsed.database))


def back_up(url: str, copy: Path) -> tuple[Path, ...]:
    """Copy the database as it is at one moment, and its key where it is kept beside it; returns the files made.

    Raises:
        StoreError: there is no database, the copy exists already, or it can't be written.

    """
    file = file_of(url)
    if not file.exists():
        raise StoreError(f"There is no database {file}.", remedy="Set FOOTNOTE_DATA to its folder.")
    for target in (copy, key_beside(copy)):
        if target.exists():
            raise StoreError(f"{target} exists already.", remedy="Name another file, or move that one away.")
    with explained(str(copy)):
        touch_private(copy)
        copy_database(file, copy)
        made = [copy]
        if key_beside(file).exists():
            write_private(key_beside(copy), key_beside(file).read_text(encoding="ascii"))
            made.append(key_beside(copy))
    return tuple(made)


def copy_database(source: Path, target: Path) -> None:
    """Put what a file holds in the place of what the other one holds. Raises what SQLite raises."""
    with (
        closing(sqlite3.connect(source, timeout=BUSY_TIMEOUT_S)) as from_,
        closing(sqlite3.connect(target, timeout=BUSY_TIMEOUT_S)) as to,
    ):
        from_.backup(to)
        # What the target held before must not stay in its log.
        to.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def touch_private(file: Path) -> None:
    """Make a file that is its owner's alone, unless it is there."""
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))


def write_private(file: Path, text: str) -> None:
    """Write a text that is its owner's alone to read."""
    touch_private(file)
    file.write_text(text, encoding="ascii")
