"""Every store is tested on both databases: a test that asks for `database` or `place` runs twice."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.stores.database import Database, open_database
from tests.names import KEY
from tests.postgres_server import PostgresServer


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def tick(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file as a new Footnote has it."""
    file = tmp_path_factory.mktemp("migrated") / "footnote.db"

    async def migrate() -> None:
        await (await open_database(f"sqlite:///{file}", key=KEY)).close()

    # In a thread of its own, because the test that asks first has its loop running.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, migrate()).result()
    return file


async def _place(engine: str, folder: Path, request: pytest.FixtureRequest, *, migrated: bool) -> AsyncIterator[str]:
    if engine == "sqlite":
        file = folder / "footnote.db"
        if migrated:
            shutil.copy(request.getfixturevalue("migrated_file"), file)
        yield f"sqlite:///{file}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = await server.create(migrated=migrated)
    yield server.url(name)
    await server.drop(name)


@pytest.fixture
async def empty_place(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """The URL of a database in which there is nothing yet."""
    async for place in _place(engine, tmp_path, request, migrated=False):
        yield place


@pytest.fixture
async def place(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """The URL of a new database."""
    async for place in _place(engine, tmp_path, request, migrated=True):
        yield place


@pytest.fixture
async def other_place(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """The URL of another new database."""
    folder = tmp_path / "other"
    folder.mkdir()
    async for place in _place(engine, folder, request, migrated=True):
        yield place


@pytest.fixture
async def database(place: str) -> AsyncIterator[Database]:
    async with await open_database(place, key=KEY) as opened:
        yield opened
