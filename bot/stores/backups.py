"""Copies of a SQLite database, made and put back while others use it. Servers have tools of their own."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.domain.errors import StoreError
from bot.stores.explaining import explained
from bot.stores.pseudonyms import Pseudonyms, read_key
from bot.stores.sqlite import BUSY_TIMEOUT_S, DRIVERS

BY_SERVER = "Back a PostgreSQL database up with pg_dump, and put it back with pg_restore."


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
        _touch_private(copy)
        _copy(file, copy)
        made = [copy]
        if key_beside(file).exists():
            _write_private(key_beside(copy), key_beside(file).read_text(encoding="ascii"))
            made.append(key_beside(copy))
    return tuple(made)


def restore(url: str, copy: Path, key: str = "") -> None:
    """Put a copy in the place of the database, with its key where there is one beside it. `key`: that of the settings.

    Raises:
        StoreError: the copy is no database of Footnote's, its key is missing, or something can't be read or written.

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
    with explained(str(file)):
        file.parent.mkdir(parents=True, exist_ok=True)
        _copy(copy, file)
        if key_beside(copy).exists():
            _write_private(key_beside(file), key_beside(copy).read_text(encoding="ascii"))


def _copy(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(source, timeout=BUSY_TIMEOUT_S)) as from_,
        closing(sqlite3.connect(target, timeout=BUSY_TIMEOUT_S)) as to,
    ):
        from_.backup(to)
        # What the target held before must not stay in its log.
        to.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _touch_private(file: Path) -> None:
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))


def _write_private(file: Path, text: str) -> None:
    _touch_private(file)
    file.write_text(text, encoding="ascii")
