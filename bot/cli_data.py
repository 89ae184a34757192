"""The commands about what is kept: `footnote export`, `backup` and `restore`. Only parsing and printing."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli_opening import settings_now
from bot.domain.errors import ConfigurationError, StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.forgetting import Erasure
    from bot.stores.database import Database

File = Annotated[Path, typer.Argument(help="The copy of the database.", metavar="FILE")]


def export() -> None:
    """What is kept of the terminal's conversations, as JSON."""
    print(json.dumps(asyncio.run(_export()), ensure_ascii=False, indent=2))


def backup(file: File) -> None:
    """Copy the SQLite database while the bot runs, with the key beside it. The index needs no copy."""
    from bot.bootstrap import database_url
    from bot.stores.backups import back_up

    for made in back_up(database_url(settings_now()), file):
        print(f"Written: {made}")


def restore(
    file: Annotated[Path | None, typer.Argument(help="The copy of a SQLite database.", metavar="FILE")] = None,
    *,
    former: Annotated[
        str,
        typer.Option(
            help="PostgreSQL, after pg_restore: the name of the database as it was before, on the same server. What "
            "users had deleted there is deleted here.",
            metavar="NAME",
        ),
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask whether the bot is stopped.")] = False,
) -> None:
    """Put a copy in the place of the SQLite database, without what users deleted since then and what is too old."""
    if (file is None) == (not former):
        raise ConfigurationError(
            "What shall be put back?", remedy="Name the copy of a SQLite database, or with --former a PostgreSQL one."
        )
    asyncio.run(_restore(file, yes=yes) if file else _restore_server(former, yes=yes))


async def _export() -> object:
    from bot.bootstrap import load_words, open_store, prepare_data
    from bot.channels.chat import USER
    from bot.channels.keeping import described
    from bot.stores.exporting import Exporting

    settings = settings_now()
    prepare_data(settings.data)
    async with await open_store(settings) as database:
        return described(await Exporting(database).everything_of(USER, 0), load_words(settings).wording)


async def _restore(file: Path, *, yes: bool) -> None:
    from bot.bootstrap import database_url, prepare_data
    from bot.stores.restoring import deleted_since, read_copy, restoring

    settings = settings_now()
    prepare_data(settings.data)
    url = database_url(settings)
    copy = read_copy(url, file, settings.hash_key.get_secret_value() if settings.hash_key else "")
    print("Everything that was kept since the copy is lost.")
    is_known = False
    try:
        await deleted_since(url, copy)
        _tell_known(since_upgrade=not copy.notes)
        is_known = True
    except StoreError as error:
        print(f"What users deleted since then isn't known. {error.problem}")
        print("Whoever wrote /forget since then is kept again, and must be asked to do so again.")
    if not yes:
        typer.confirm("Is the bot stopped, and shall the database be replaced?", abort=True)
    async with restoring(url, copy) as database:
        # Read once more: somebody may have written /forget until the bot was stopped.
        told = await _forget_again(database, await deleted_since(url, copy)) if is_known else ""
        told += await _purge(database, settings.retention_days)
    print(f"Restored. {told}")


async def _restore_server(former: str, *, yes: bool) -> None:
    from bot.bootstrap import database_url, open_store, prepare_data
    from bot.stores.erasures import erasures_in, former_of, makes_notes

    settings = settings_now()
    prepare_data(settings.data)
    url = database_url(settings)
    before = former_of(url, former)
    since_upgrade = not await makes_notes(url)
    async with await open_store(settings) as database:
        noted = await erasures_in(before, database.pseudonyms)
        _tell_known(since_upgrade=since_upgrade)
        if not yes:
            typer.confirm(f"Is the bot stopped, and is {database.place} the copy that was put back?", abort=True)
        told = await _forget_again(database, noted) + await _purge(database, settings.retention_days)
    print(f"Done. {told}")


def _tell_known(*, since_upgrade: bool) -> None:
    if since_upgrade:
        print("The copy is of a version that made no notes of deletions: those before the upgrade aren't known, and")
        print("whoever wrote /forget then is kept again. What users deleted after the upgrade is deleted again.")
    else:
        print("What users deleted since then is deleted again.")


async def _forget_again(database: "Database", noted: "Sequence[Erasure]") -> str:
    from bot.stores.forgetting import Forgetting

    again = await Forgetting(database).forget_again(noted)
    return f"Users whose deletions were made again: {again.users} (records: {again.records}). "


async def _purge(database: "Database", retention_days: int) -> str:
    from bot.stores.forgetting import Forgetting

    old = (await Forgetting(database).purge(retention_days)).total
    return f"Deleted because it was too old: {old} records."
