"""The commands about what is kept: `footnote export`, `backup` and `restore`. Only parsing and printing."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from bot.cli_opening import settings_now

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
    file: File,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Replace the present database without asking.")] = False,
) -> None:
    """Put a copy in the place of the SQLite database; what is too old by now is deleted at once."""
    print("Everything that was kept since the copy is lost, and whoever wrote /forget since is kept again.")
    if not yes:
        typer.confirm("Is the bot stopped, and shall the database be replaced?", abort=True)
    print(f"Restored. Deleted because it was too old: {asyncio.run(_restore(file))} records.")


async def _export() -> object:
    from bot.bootstrap import load_words, open_store, prepare_data
    from bot.channels.chat import USER
    from bot.channels.keeping import described
    from bot.stores.exporting import Exporting

    settings = settings_now()
    prepare_data(settings.data)
    async with await open_store(settings) as database:
        return described(await Exporting(database).everything_of(USER, 0), load_words(settings).wording)


async def _restore(file: Path) -> int:
    from bot.bootstrap import database_url, open_store, prepare_data
    from bot.stores.backups import restore
    from bot.stores.forgetting import Forgetting

    settings = settings_now()
    prepare_data(settings.data)
    restore(database_url(settings), file, settings.hash_key.get_secret_value() if settings.hash_key else "")
    async with await open_store(settings) as database:
        return (await Forgetting(database).purge(settings.retention_days)).total
