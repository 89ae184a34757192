"""A scene in which people write to the bot."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.stores.database import open_database
from tests.integration.telegram.scene import Scene
from tests.names import KEY
from tests.telegram_in_process import bot_in_process


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file as a new Footnote has it."""
    file = tmp_path_factory.mktemp("new") / "footnote.db"

    async def migrate() -> None:
        await (await open_database(f"sqlite:///{file}", key=KEY)).close()

    with ThreadPoolExecutor(1) as thread:  # The test that asks first has its loop running.
        thread.submit(asyncio.run, migrate()).result()
    return file


@pytest.fixture
async def scene(new_database: Path, tmp_path: Path) -> AsyncIterator[Scene]:
    file = tmp_path / "footnote.db"
    shutil.copy(new_database, file)
    bot, telegram = await bot_in_process()
    async with await open_database(f"sqlite:///{file}", key=KEY) as database:
        yield Scene(bot=bot, telegram=telegram, database=database)
