"""A PostgreSQL server for the tests: started once a run, in a folder of its own, without a care for its disk."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.names import KEY

# Read when tests are collected, because each test runs without the settings of this machine.
REQUIRED = os.environ.get("FOOTNOTE_TEST_POSTGRES") == "required"
USER, GUARDED, PASSWORD = "bot", "guarded", "open sesame"
ACCESS = f"host all {GUARDED} 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\nlocal all all trust\n"
TEMPLATE = "footnote_template"


@dataclass(kw_only=True)
class PostgresServer:
    """A running server. `GUARDED` is a user with a password; everybody else needs none."""

    folder: Path
    port: int
    durable: bool = False
    has_template: bool = False
    numbers: Iterator[int] = field(default_factory=count)

    def url(self, name: str, *, user: str = USER) -> str:
        """Where a database is."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{name}"

    async def run(self, statement: str) -> None:
        """Run a statement about databases."""
        import asyncpg

        connection = await asyncpg.connect(host="127.0.0.1", port=self.port, user=USER, database="postgres")
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    async def ask(self, question: str) -> Sequence[Any]:
        """The first row of what is asked for."""
        import asyncpg

        connection = await asyncpg.connect(host="127.0.0.1", port=self.port, user=USER, database="postgres")
        try:
            return tuple(await connection.fetchrow(question))
        finally:
            await connection.close()

    async def create(self, *, migrated: bool) -> str:
        """Make a database, empty or as a new Footnote has it; returns its name."""
        from bot.stores.database import open_database

        name = f"test_{next(self.numbers)}"
        if migrated and not self.has_template:
            await self.run(f"CREATE DATABASE {TEMPLATE}")
            await (await open_database(self.url(TEMPLATE), key=KEY)).close()
            self.has_template = True
        await self.run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE if migrated else 'template0'}")
        return name

    async def drop(self, name: str) -> None:
        """Delete a database, whoever still uses it."""
        await self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def fall(self) -> None:
        """End it at once, as a power cut would."""
        if (found := programs()) is not None:
            stop(self.folder, found)

    def rise(self) -> None:
        """Start it again on the same port."""
        if (found := programs()) is not None:
            start(self.folder, self.port, found, durable=self.durable)

    def processes(self) -> list[int]:
        """The server's process and those that it started for its clients and itself."""
        first = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        return [first, *children(first)]

    def freeze(self) -> None:
        """Let it take what is sent to it and answer nothing."""
        for process in self.processes():
            os.kill(process, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        for process in self.processes():
            os.kill(process, signal.SIGCONT)


def children(parent: int) -> list[int]:
    """The processes that a process has started and that still run."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # It has ended meanwhile.
            if int(status.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(status.parent.name))
    return found


def programs() -> Path | None:
    """The folder of PostgreSQL's programs: the newest one of Debian, or that on the PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda found: int(found.parent.name), reverse=True)
    folders += [Path(on_path).resolve().parent] if (on_path := shutil.which("initdb")) else []
    needed = ("initdb", "pg_ctl", "postgres")
    return next((folder for folder in folders if all((folder / name).exists() for name in needed)), None)


def set_up(folder: Path, found: Path) -> None:
    """Make a server's files in a folder."""
    data = str(folder / "data")
    run(folder, found / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    (folder / "data" / "pg_hba.conf").write_text(ACCESS)


def start(folder: Path, port: int, found: Path, *, durable: bool) -> None:
    """Start the server of a folder."""
    options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder}"
    options += "" if durable else " -c fsync=off -c full_page_writes=off"
    data = str(folder / "data")
    run(folder, found / "pg_ctl", "-D", data, "-l", str(folder / "log"), "-w", "-t", "30", "-o", options, "start")


def stop(folder: Path, found: Path) -> None:
    """Stop the server of a folder at once, if it runs."""
    if (folder / "data" / "postmaster.pid").exists():
        run(folder, found / "pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "stop")


def run(folder: Path, program: Path, *arguments: str) -> None:
    """Run a program of PostgreSQL, which refuses to run as root."""
    other = "setpriv --reuid=postgres --regid=postgres --init-groups".split() if os.geteuid() == 0 else []
    command = [*other, str(program), *arguments]
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=True, timeout=60)


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[PostgresServer]:
    """A running server. Without PostgreSQL the test is skipped, or fails if FOOTNOTE_TEST_POSTGRES is `required`.

    `durable`: it waits for its disk, as every real one does.
    """
    found = programs()
    if found is None:
        reason = "PostgreSQL isn't installed: on Debian and Ubuntu it is the package `postgresql`."
        raise pytest.fail.Exception(reason) if REQUIRED else pytest.skip.Exception(reason)
    folder = Path(tempfile.mkdtemp(prefix="footnote-postgres-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        set_up(folder, found)
        start(folder, port, found, durable=durable)
        yield PostgresServer(folder=folder, port=port, durable=durable)
    finally:
        stop(folder, found)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The server that all tests share."""
    with running_postgres() as server:
        yield server
