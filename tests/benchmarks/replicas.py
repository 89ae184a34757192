"""What one and two processes behind one address carry, what a question costs everybody, and what deaths lose.

    python -m tests.benchmarks.replicas [--questions 200] [--kills 20]

The processes answer from the shipped library, embedded, by webhook. PostgreSQL (it waits for its disk) and the Chroma
server are real and on the same machine, as is Telegram's stand-in. In each chat the next question is asked as soon as
the last one is answered. Processor time is the system's own account of each process (Linux).
"""

import argparse
import asyncio
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.demo.server import Answered
from tests.benchmarks.chats import own_questions
from tests.chroma_server import running_chroma
from tests.crashing import PATIENCE_S, Plan, environment, prepare
from tests.postgres_server import PostgresServer, running_postgres
from tests.replicas import Deaths, Replica, Servers, replicas_of, run, wait_until_ready

WARM_UP = 12
FLUSHED_S = 2.0
"""PostgreSQL's counters are that late."""
TICKS = os.sysconf("SC_CLK_TCK")
COUNTED = "SELECT xact_commit, tup_inserted + tup_updated + tup_deleted FROM pg_stat_database WHERE datname = '{}'"
LOGGED = "SELECT pg_current_wal_lsn() - '0/0'"


class Asking(Deaths):
    """Asks the next question in a chat as soon as the last one is answered; notes how long that took."""

    def __init__(self) -> None:
        super().__init__(Plan(faults={}))
        self.took: list[float] = []
        self.left: list[str] = []
        self._since: dict[int, float] = {}

    def begin(self, chats: Sequence[int], questions: Sequence[str]) -> None:
        """Ask the first question of each chat."""
        self.took, self.left = [], list(questions)
        for chat in chats:
            self._next(chat)

    async def answer(self, token: str, method: str, arguments: dict[str, Any]) -> Answered:
        """As ever; an answer has its disclaimer in italics."""
        answered = await super().answer(token, method, arguments)
        if method == "editMessageText" and any(each["type"] == "italic" for each in arguments.get("entities") or ()):
            chat = int(arguments["chat_id"])
            if chat in self._since:
                self.took.append(time.perf_counter() - self._since.pop(chat))
                self._next(chat)
                self.wake()
        return answered

    def _note(self) -> None:
        """Nobody asks for the order here."""

    def _next(self, chat: int) -> None:
        if self.left:
            self._since[chat] = time.perf_counter()
            self.says(self.left.pop(), chat=chat, sender=chat)


@dataclass(kw_only=True)
class Spent:
    """Processor seconds by who spent them, and what the database did."""

    seconds: dict[str, float] = field(default_factory=dict)
    transactions: int = 0
    rows: int = 0
    wal_kb: float = 0.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Print tables; exit code 1 if anything was lost, said twice or out of order."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=200, help="of each measurement")
    parser.add_argument("--kills", type=int, default=20, help="0 leaves the deaths out")
    parser.add_argument("--stops", type=int, default=0, help="processes asked to end besides, as for a new version")
    parser.add_argument("--asked", type=int, default=500, help="questions asked as processes are killed")
    parser.add_argument("--chats", type=int, default=50)
    args = parser.parse_args(arguments)
    print(f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}\n")
    lossless = True
    with tempfile.TemporaryDirectory() as folder, servers_of() as (postgres, vectors, chroma_pid):
        if args.kills or args.stops:
            plan = Plan(kills=args.kills, stops=args.stops, questions=args.asked, chats=args.chats)
            lossless = deaths(plan, Servers(database=new_database(postgres), vectors=vectors), Path(folder))
        index_once(vectors, Path(folder))
        row("processes", "chats", "questions/s", "p50 s", "p95 s", "processor ms a question", "of database", "WAL kB")
        row(*["---"] * 8)
        for number, chats in ((1, 1), (1, 16), (2, 1), (2, 16)):
            servers = Servers(database=new_database(postgres), vectors=vectors)
            with tempfile.TemporaryDirectory() as own:
                measure(number, chats, args.questions, servers, postgres, chroma_pid, Path(own))
    return 0 if lossless else 1


@contextmanager
def servers_of() -> Iterator[tuple[PostgresServer, str, int]]:
    """Both servers, and the number of the Chroma server's process."""
    with running_postgres(durable=True) as postgres, contextmanager(running_chroma)() as chroma:
        assert chroma.process is not None
        yield postgres, chroma.url, chroma.process.pid


def new_database(postgres: PostgresServer) -> str:
    """The address of an empty one."""
    return postgres.url(asyncio.run(postgres.create(migrated=False)))


def deaths(plan: Plan, servers: Servers, folder: Path) -> bool:
    """The row of a run in which processes are killed; is nothing lost?"""
    (folder / "deaths").mkdir()
    outcome = run(plan, servers, folder / "deaths", prepare(folder))
    row(
        "kills",
        "stops",
        "questions",
        "chats",
        "lost",
        "twice",
        "out of order",
        "failed",
        "stray placeholders",
        "seconds",
    )
    row(*["---"] * 10)
    found = (outcome.lost, outcome.twice, outcome.out_of_order, outcome.failed)
    kills, stops = outcome.kills.get("SIGKILL", 0), outcome.kills.get("SIGTERM", 0)
    row(kills, stops, plan.questions, plan.chats, *found, outcome.placeholders, round(outcome.seconds))
    print()
    return found == (0, 0, 0, 0) and (kills, stops) == (plan.kills, plan.stops)


def index_once(vectors: str, folder: Path) -> None:
    """Put the shipped library's vectors on the server, so that no process that is measured makes them."""
    settings = environment(folder, folder / "first") | {"FOOTNOTE_CHROMA_URL": vectors}
    del settings["FOOTNOTE_KNOWLEDGE"]
    subprocess.run([sys.executable, "-m", "bot", "index"], env=settings, check=True, cwd=folder, capture_output=True)


def measure(
    number: int, chats: int, questions: int, servers: Servers, postgres: PostgresServer, chroma_pid: int, folder: Path
) -> None:
    """The row of one measurement."""
    asked = (own_questions() * (1 + questions // 10))[: questions + WARM_UP]
    settings = environment(folder, folder)
    del settings["FOOTNOTE_KNOWLEDGE"]  # The shipped one.
    with (
        Asking() as telegram,
        replicas_of(number, telegram.url, servers, folder, settings) as (_, replicas),
    ):
        wait_until_ready(replicas)
        telegram.begin(range(1, chats + 1), asked[:WARM_UP])
        telegram.wait(lambda: len(telegram.took) == WARM_UP, PATIENCE_S)
        before = spent(replicas, postgres, servers, chroma_pid)
        began = time.perf_counter()
        telegram.begin(range(1, chats + 1), asked[WARM_UP:])
        telegram.wait(lambda: len(telegram.took) == questions, 10 * PATIENCE_S)
        wall, took = time.perf_counter() - began, sorted(telegram.took)
        after = spent(replicas, postgres, servers, chroma_pid)
    costs = ", ".join(
        f"{who} {(after.seconds[who] - before.seconds[who]) * 1000 / questions:.0f}" for who in after.seconds
    )
    row(
        number,
        chats,
        f"{questions / wall:.1f}",
        f"{statistics.median(took):.2f}",
        f"{took[-(-95 * len(took) // 100) - 1]:.2f}",
        costs,
        f"{(after.transactions - before.transactions) / questions:.0f} transactions, "
        f"{(after.rows - before.rows) / questions:.0f} rows written",
        f"{(after.wal_kb - before.wal_kb) / questions:.0f}",
    )


def spent(replicas: Sequence[Replica], postgres: PostgresServer, servers: Servers, chroma_pid: int) -> Spent:
    """All that was spent until now."""
    time.sleep(FLUSHED_S)
    name = servers.database.rpartition("/")[2]
    counted = asyncio.run(postgres.ask(COUNTED.format(name)))
    logged = asyncio.run(postgres.ask(LOGGED))
    first, *others = postgres.processes()
    return Spent(
        seconds={
            "bot": sum(processor_s(each.process.pid) for each in replicas if each.process is not None),
            "PostgreSQL": processor_s(first, with_ended=True) + sum(processor_s(each) for each in others),
            "Chroma": processor_s(chroma_pid),
        },
        transactions=int(counted[0]),
        rows=int(counted[1]),
        wal_kb=float(logged[0]) / 1024,
    )


def processor_s(process: int, *, with_ended: bool = False) -> float:
    """Processor time of a process, in seconds; `with_ended`: also that of those it started and that have ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(ticks) for ticks in fields[11 : 15 if with_ended else 13]) / TICKS


def row(*cells: object) -> None:
    """One line of a table."""
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
