"""What an outage of database or vectors costs: `python -m tests.benchmarks.outages [--seconds 30]`.

Two processes behind one address go on being asked while PostgreSQL (which waits for its disk) or the Chroma server is
stopped at once, as by a power cut, or frozen, as on a machine that hangs.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.chroma_server import running_chroma
from tests.crashing import Plan, prepare
from tests.outages import Outage, run
from tests.postgres_server import running_postgres
from tests.replicas import Servers

HEAD = (
    "outage", "seconds", "questions", "lost", "twice", "out of order", "failed", "answered meanwhile",
    "calls answered with 503", "s to the next answer", "`/readyz` meanwhile", "`/healthz` fine", "restarts",
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table; exit code 1 if anything was lost, said twice or out of order, or a process ended."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--chats", type=int, default=20)
    args = parser.parse_args(arguments)
    plan, survived_all = Plan(questions=args.questions, chats=args.chats, faults={}), True
    _row(*HEAD)
    _row(*["---"] * len(HEAD))
    with (
        tempfile.TemporaryDirectory() as folder,
        running_postgres(durable=True) as postgres,
        contextmanager(running_chroma)() as chroma,
    ):
        prepared = prepare(Path(folder))
        outages = (
            Outage(name="PostgreSQL stopped", part="database", costs=True, begin=postgres.fall, end=postgres.rise),
            Outage(name="PostgreSQL frozen", part="database", costs=True, begin=postgres.freeze, end=postgres.thaw),
            Outage(name="Chroma stopped", part="index", costs=False, begin=chroma.kill, end=chroma.start),
            Outage(name="Chroma frozen", part="index", costs=False, begin=chroma.freeze, end=chroma.thaw),
        )
        for outage in outages:
            database = postgres.url(asyncio.run(postgres.create(migrated=False)))
            with tempfile.TemporaryDirectory() as own:
                survived = run(
                    plan,
                    outage,
                    Servers(database=database, vectors=chroma.url),
                    Path(own),
                    prepared,
                    seconds=args.seconds,
                )
            outcome = survived.outcome
            found = (outcome.lost, outcome.twice, outcome.out_of_order, outcome.failed)
            told = f"{survived.told['status']}: {survived.told['reason']} {survived.told.get('remedy', '')}"
            _row(
                outage.name,
                f"{args.seconds:g}",
                plan.questions,
                *found,
                survived.answered_meanwhile,
                survived.sent_back,
                f"{survived.back_after:.1f}",
                told,
                "yes" if survived.is_alive else "no",
                sum(survived.lives) - len(survived.lives),
            )
            survived_all &= found == (0, 0, 0, 0) and survived.is_alive and survived.lives == (1, 1)
    return 0 if survived_all else 1


def _row(*cells: object) -> None:
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
