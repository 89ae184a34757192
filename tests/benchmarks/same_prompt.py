"""How often the same prompt is told different from itself: `python -m tests.benchmarks.same_prompt`.

A scripted model that obeys its prompt is as moody as a model at some temperature: with each seed it now and then says
less. Every pair of seeds is a comparison of a prompt with itself; 50 of them are counted. All shipped cases are played
once a seed.
"""

import asyncio
import itertools
import os
import tempfile
import time
from pathlib import Path

from tests.scripted_provider.obedient import obedient
from tests.scripted_provider.server import serving

SEEDS, PAIRS = 11, 50


async def main() -> None:
    """Play, compare, and print what was found."""
    from bot.bootstrap.cases import case_folders, know_library
    from bot.bootstrap.evaluating import Prices, open_sides
    from bot.bootstrap.sides import open_side
    from bot.evaluation.case_faults import find_cases
    from bot.evaluation.intervals import Values, compare
    from bot.evaluation.metrics import DECIDING
    from bot.evaluation.records import Run, values_of
    from bot.evaluation.running import run_cases
    from bot.prompts.texts import Faults
    from bot.settings import load_settings

    began, played = time.perf_counter(), list[Values]()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("FOOTNOTE_DATA", folder)
        for seed in range(SEEDS):
            async with serving({"obedient": obedient(seed)}) as provider:
                os.environ |= {"FOOTNOTE_MODEL_URL": provider.url, "FOOTNOTE_MODEL_KEY": "none"}
                settings = load_settings()
                side = open_side("openai:obedient", settings)
                cases = find_cases(case_folders(settings), know_library(settings, side.words), Faults())
                async with open_sides([side], prices=Prices()) as table:
                    run = Run(sides={side.name: side.about}, knowledge=table.library.fingerprint, cases=str(seed))
                    log = Path(folder, f"{seed}.jsonl")
                    records = await run_cases(cases, table.plays, run, log, at_once=8)
                played.append(values_of(records, side.name))
    pairs = list(itertools.combinations(range(SEEDS), 2))[:PAIRS]
    told: list[str] = []
    for number, (one, other) in enumerate(pairs):
        clear = [found.metric for found in compare(played[one], played[other], DECIDING, number) if found.is_clear]
        if clear:
            told.append(f"seeds {one} and {other}: {', '.join(clear)}")
    changed = [
        sum(
            any(played[one][case].get(metric) != played[other][case].get(metric) for metric in DECIDING)
            for case in played[one]
        )
        for one, other in pairs
    ]
    print(f"{len(cases)} cases, {SEEDS} seeds, {len(pairs)} comparisons, {time.perf_counter() - began:.0f} s")
    print(f"cases that differ between two seeds: {min(changed)} to {max(changed)}")
    print(f"told different: {len(told)} of {len(pairs)}")
    for line in told:
        print(f"  {line}")


if __name__ == "__main__":
    asyncio.run(main())
