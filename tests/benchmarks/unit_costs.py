"""What one question costs each part, measured on the real program: `python -m tests.benchmarks.unit_costs`.

The bot is a process of its own that answers from the shipped library, by long polling against the fake Bot API server,
on a PostgreSQL server of its own, which doesn't wait for its disk. So many chats ask at once; each question comes from
a chat that hasn't asked before. Processor times are the kernel's own account (Linux). The figures go to
`results/unit-costs.json`, which `tests.benchmarks.capacity` plans with.
"""

import argparse
import asyncio
import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.demo.server import Answered
from tests import postgres_server
from tests.benchmarks.chats import PATIENCE_S, own_questions
from tests.benchmarks.flood import memory_mb
from tests.benchmarks.queueing import quantile
from tests.fake_telegram import TOKEN, FakeTelegram
from tests.names import KEY

RESULTS = Path(__file__).parent / "results" / "unit-costs.json"
QUANTILES = 20
TICK_S = 1 / os.sysconf("SC_CLK_TCK")
SENDING = ("sendMessage", "editMessageText")


@dataclass(frozen=True, kw_only=True)
class Run:
    """What so many chats at once got, and what it cost, a question. Times in milliseconds."""

    chats: int
    questions: int
    per_second: float
    p50_ms: float
    p95_ms: float
    bot_ms: float
    database_ms: float


class Clock(FakeTelegram):
    """Notes when each chat asked and was answered, and how many bytes the bot sent."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: dict[int, float] = {}
        self.answered: dict[int, float] = {}
        self.sent_bytes = 0

    def ask(self, chat: int, question: str) -> None:
        self.asked[chat] = time.perf_counter()
        self.says(question, chat=chat, sender=chat)

    async def answer(self, token: str, method: str, arguments: dict[str, Any]) -> Answered:
        done = await super().answer(token, method, arguments)
        if method in SENDING:
            self.sent_bytes += len(json.dumps(arguments))
            # An answer has its disclaimer in italics; a placeholder has no markup.
            if "italic" in json.dumps(arguments.get("entities", "")):
                self.answered.setdefault(int(arguments["chat_id"]), time.perf_counter())
                self.wake()
        return done


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the figures, and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=400, help="at each number of chats")
    parser.add_argument("--vectors", type=int, default=10_000, help="of the Chroma server's collection")
    parser.add_argument("--out", type=Path, default=RESULTS)
    args = parser.parse_args(arguments)
    if postgres_server.programs() is None:
        print("PostgreSQL isn't installed, so nothing was measured.", file=sys.stderr)
        return 1
    busy = os.getloadavg()[0]
    shape = asyncio.run(processor_times(own_questions()))
    with a_database() as (url, postmaster), Clock() as telegram, serving(telegram, url) as bot:
        drive(telegram, 8, 40)
        memory = memory_mb(bot.pid)
        counters = asyncio.run(database_counters(url))
        before_calls, before_bytes = len(telegram.calls), telegram.sent_bytes
        runs = []
        for chats in (1, 8, 64):
            number = args.questions
            bot_s, database_s = process_s(bot.pid), server_s(postmaster)
            took, waits = drive(telegram, chats, number)
            bot_s, database_s = process_s(bot.pid) - bot_s, server_s(postmaster) - database_s
            runs.append(
                Run(
                    chats=chats,
                    questions=number,
                    per_second=round(number / took, 1),
                    p50_ms=round(quantile(waits, 0.5) * 1000),
                    p95_ms=round(quantile(waits, 0.95) * 1000),
                    bot_ms=round(bot_s * 1000 / number, 1),
                    database_ms=round(database_s * 1000 / number, 2),
                )
            )
            print(runs[-1], flush=True)
        questions = sum(run.questions for run in runs)
        after = asyncio.run(database_counters(url))
        told = {name: round((after[name] - counters[name]) / questions, 1) for name in after}
        calls = telegram.calls[before_calls:]
        by_method = {
            method: round(sum(call.method == method for call in calls) / questions, 2)
            for method in ("sendMessage", "editMessageText", "sendChatAction")
        }
        sent = round((telegram.sent_bytes - before_bytes) / questions)
        memory = max(memory, memory_mb(bot.pid))
    around = runs[0].bot_ms - sum(shape) / len(shape)
    measured = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}",
        "load": round(busy, 1),
        "library": f"{len(own_questions())} questions on the shipped library",
        "bot_ms_quantiles": [round(max(0.1, one + around), 1) for one in shape],
        "database_ms": runs[0].database_ms,
        "database": told,
        "calls": by_method,
        "sent_bytes": sent,
        "memory_mb": round(memory),
        "vectors": chroma(args.vectors),
        "runs": [asdict(run) for run in runs],
    }
    known = json.loads(args.out.read_text(encoding="utf-8")) if args.out.exists() else {}
    known["measured"] = measured
    args.out.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(measured, indent=1))
    return 0


def drive(telegram: Clock, at_once: int, number: int) -> tuple[float, list[float]]:
    """So many chats at once, until so many have their answer; seconds in all, and how long each waited, sorted."""
    questions, first = own_questions(), 1 + max(telegram.asked, default=0)
    chats = range(first, first + number)
    following = iter(chats)
    began = time.perf_counter()
    asking = [next(following) for _ in range(min(at_once, number))]
    for chat in asking:
        telegram.ask(chat, questions[chat % len(questions)])

    def everybody() -> bool:
        for place, chat in enumerate(asking):
            if chat in telegram.answered and (after := next(following, None)) is not None:
                asking[place] = after
                telegram.ask(after, questions[after % len(questions)])
        return all(chat in telegram.answered for chat in chats)

    telegram.wait(everybody, PATIENCE_S)
    took = time.perf_counter() - began
    return took, sorted(telegram.answered[chat] - telegram.asked[chat] for chat in chats)


async def processor_times(questions: Sequence[str]) -> list[float]:
    """Quantiles of the processor time of one answer, in milliseconds, without Telegram and the database."""
    from bot.bootstrap import open_bot
    from bot.domain.messages import IncomingMessage
    from bot.settings import Settings

    with tempfile.TemporaryDirectory() as data:
        async with open_bot(Settings(data=Path(data))) as bot:
            times = []
            for number, question in enumerate([*questions[:20], *questions]):
                began = time.process_time()
                await bot.service.respond(IncomingMessage(conversation=f"c{number}", text=question))
                times.append((time.process_time() - began) * 1000)
    ordered = sorted(times[20:])
    return [quantile(ordered, (n + 0.5) / QUANTILES) for n in range(QUANTILES)]


@contextmanager
def a_database() -> Iterator[tuple[str, int]]:
    """A PostgreSQL server with an empty database: its address, and the number of its first process."""
    with postgres_server.running_postgres(durable=True) as server:
        name = asyncio.run(server.create(migrated=False))
        told = (server.folder / "data" / "postmaster.pid").read_text(encoding="utf-8")
        yield server.url(name), int(told.split("\n")[0])


@contextmanager
def serving(telegram: Clock, database: str) -> Iterator["subprocess.Popen[bytes]"]:
    """The bot as an operator starts it, without limits on what one person may ask."""
    with tempfile.TemporaryDirectory() as data:
        environment = os.environ | {
            "FOOTNOTE_DATA": data,
            "FOOTNOTE_DATABASE_URL": database,
            "FOOTNOTE_HASH_KEY": KEY + KEY,
            "FOOTNOTE_TELEGRAM_TOKEN": TOKEN,
            "FOOTNOTE_TELEGRAM_API_URL": telegram.url,
        }
        bot = subprocess.Popen([sys.executable, "-m", "bot", "serve"], env=environment, stderr=subprocess.DEVNULL)
        try:
            telegram.wait(lambda: telegram.polls > 0, PATIENCE_S, unless=lambda: bot.poll() is not None)
            yield bot
        finally:
            bot.terminate()
            bot.wait()


async def database_counters(url: str) -> dict[str, float]:
    """What the database has done so far."""
    import asyncpg

    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SELECT pg_stat_force_next_flush()")
        row = await connection.fetchrow(
            "SELECT xact_commit AS transactions, tup_inserted + tup_updated + tup_deleted AS rows_written,"
            " pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 AS log_bytes,"
            " pg_database_size(datname)::float8 AS stored_bytes"
            " FROM pg_stat_database WHERE datname = current_database()"
        )
        return {name: float(value) for name, value in row.items()}
    finally:
        await connection.close()


def process_s(process: int) -> float:
    """Processor time of a process so far, in seconds."""
    user, system = _ticks(process)[:2]
    return (user + system) * TICK_S


def server_s(postmaster: int) -> float:
    """The same of PostgreSQL's processes, ended ones included."""
    ticks = sum(_ticks(postmaster))
    for found in Path("/proc").glob("[0-9]*"):
        try:
            if _stat(int(found.name))[1] == str(postmaster):
                ticks += sum(_ticks(int(found.name))[:2])
        except OSError:
            continue
    return ticks * TICK_S


def _stat(process: int) -> list[str]:
    return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()


def _ticks(process: int) -> list[int]:
    """User and system time of a process, then those of its children that have ended."""
    return [int(value) for value in _stat(process)[11:15]]


def chroma(vectors: int) -> dict[str, float]:
    """What a search costs a Chroma server with so many passages."""
    import numpy as np
    from chromadb.config import Settings as ChromaSettings

    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        command = [str(Path(sys.executable).parent / "chroma"), "run", "--path", folder, "--port", str(port)]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            client = _connected(port, ChromaSettings(anonymized_telemetry=False))
            found = client.create_collection("passages", embedding_function=None, metadata={"hnsw:space": "cosine"})
            random = np.random.default_rng(1)
            for start in range(0, vectors, 2000):
                some = random.standard_normal((min(2000, vectors - start), 384)).astype(np.float32)
                found.add(ids=[str(start + n) for n in range(len(some))], embeddings=some)
            waits, before = [], process_s(server.pid)
            for _ in range(200):
                asked = random.standard_normal((1, 384)).astype(np.float32)
                began = time.perf_counter()
                found.query(query_embeddings=asked, n_results=50, include=["distances"])
                waits.append((time.perf_counter() - began) * 1000)
            return {
                "passages": vectors,
                "search_ms": round(quantile(sorted(waits), 0.5), 1),
                "search_p95_ms": round(quantile(sorted(waits), 0.95), 1),
                "processor_ms": round((process_s(server.pid) - before) * 1000 / len(waits), 1),
                "server_mb": round(memory_mb(server.pid)),
            }
        finally:
            server.terminate()
            server.wait()


def _connected(port: int, settings: Any) -> Any:
    import chromadb

    until = time.monotonic() + 60
    while True:
        try:
            return chromadb.HttpClient(host="127.0.0.1", port=port, settings=settings)
        except Exception:  # it starts; what it says until then doesn't matter
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
