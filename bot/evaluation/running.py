"""Runs cases: several at once, each on every side, what is done written down at once."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from bot.evaluation.cases import Case
from bot.evaluation.metrics import Seen, measure
from bot.evaluation.records import Record, Run, append, describe, open_log

Play = Callable[[Case], Awaitable[Seen]]
"""Has a case's conversation with one side and gives its last reply."""


async def run_cases(
    cases: Sequence[Case],
    sides: Mapping[str, Play],
    run: Run,
    path: Path,
    *,
    at_once: int,
    fresh: bool = False,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> list[Record]:
    """Every case on every side; the sides of a case one after the other, so that the first one's passages are there.

    A run that was stopped goes on: what it has is kept, and a case of which a side is missing is played anew. One that
    had come to its end is played from the beginning.
    """
    names = {case.name for case in cases}
    known = [record for record in open_log(path, run, fresh=fresh) if record["case"] in names]
    have = {(record["case"], record["side"]) for record in known}
    left = [case for case in cases if not all((case.name, side) in have for side in sides)]
    if not left:
        open_log(path, run, fresh=True)
        left = list(cases)
    missing = {case.name for case in left}
    done = [record for record in known if record["case"] not in missing and record["side"] in sides]
    limit = asyncio.Semaphore(at_once)
    total, finished = len(cases), len(cases) - len(left)
    progress(finished, total)

    async def play(case: Case) -> None:
        nonlocal finished
        async with limit:
            records = []
            for side, reply in sides.items():
                seen = await reply(case)
                records.append(describe(case, side, seen, measure(case, seen)))
        append(path, records)
        done.extend(records)
        finished += 1
        progress(finished, total)

    async with asyncio.TaskGroup() as group:
        for case in left:
            group.create_task(play(case))
    order = {case.name: number for number, case in enumerate(cases)}
    sequence = list(sides)
    return sorted(done, key=lambda record: (order[record["case"]], sequence.index(record["side"])))


def digest_cases(cases: Sequence[Case]) -> str:
    """Tells these cases, with all that they expect, from others."""
    told = [
        [
            case.name,
            case.kind,
            case.conversation,
            case.audience,
            sorted(case.expect),
            [case.must_cite, case.may_cite, case.must_not_cite, case.must_say, case.must_not_say],
            [case.rewrite_must_contain, case.disagreement],
        ]
        for case in cases
    ]
    return "sha256:" + hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
