"""How long 80 of the shipped cases take on the embedded composer: `python -m tests.benchmarks.cases`.

The library is indexed before. Told are the seconds until all are played, with opening, and those of processors.
"""

import asyncio
import os
import tempfile
import time
from pathlib import Path

COUNT = 80


async def main() -> None:
    """Play and print."""
    from bot.bootstrap import open_library
    from bot.bootstrap.cases import case_folders, know_library
    from bot.bootstrap.evaluating import Prices, open_sides
    from bot.bootstrap.sides import open_side
    from bot.evaluation.case_faults import find_cases
    from bot.evaluation.outcome import conclude
    from bot.evaluation.records import Run
    from bot.evaluation.running import run_cases
    from bot.prompts.texts import Faults
    from bot.settings import load_settings

    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("FOOTNOTE_DATA", folder)
        settings = load_settings()
        open_library(settings)
        began, worked = time.perf_counter(), time.process_time()
        side = open_side("extractive", settings)
        cases = find_cases(case_folders(settings), know_library(settings, side.words), Faults())[:COUNT]
        async with open_sides([side], prices=Prices()) as table:
            run = Run(sides={side.name: side.about}, knowledge=table.library.fingerprint, cases="")
            records = await run_cases(cases, table.plays, run, Path(folder, "run.jsonl"), at_once=8)
        conclude(records, [side.name])
        took, work = time.perf_counter() - began, time.process_time() - worked
    load = os.getloadavg()[0]
    print(f"{len(cases)} cases, {took:.1f} s, {work:.1f} s of {os.cpu_count()} processors, load {load:.1f}")


if __name__ == "__main__":
    asyncio.run(main())
