"""How the program fares when it is killed again and again: `python -m tests.benchmarks.crashes`."""

import argparse
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from tests.crashing import Outcome, Plan, prepare, run

HEAD = ("by", "seed", "kills", "questions", "lost", "twice", "out of order", "failed", "stray placeholders", "seconds")


def main() -> None:
    """Run both ways of receiving with several seeds, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=2, help="how many runs of each kind")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--chats", type=int, default=20)
    chosen = parser.parse_args()
    plan = Plan(kills=chosen.kills, questions=chosen.questions, chats=chosen.chats)
    _print_row(HEAD)
    with tempfile.TemporaryDirectory() as folder:
        prepared = prepare(Path(folder))
        for webhook in (False, True):
            for seed in range(1, chosen.seeds + 1):
                with tempfile.TemporaryDirectory() as own:
                    _print_row(_told(run(replace(plan, seed=seed, webhook=webhook), Path(own), prepared)))


def _told(outcome: Outcome) -> Iterable[object]:
    plan = outcome.plan
    way = "webhook" if plan.webhook else "polling"
    counted = (outcome.lost, outcome.twice, outcome.out_of_order, outcome.failed, outcome.placeholders)
    return (way, plan.seed, sum(outcome.kills.values()), plan.questions, *counted, round(outcome.seconds))


def _print_row(cells: Iterable[object]) -> None:
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


if __name__ == "__main__":
    main()
