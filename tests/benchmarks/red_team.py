"""Attacks on the rules, played with the whole bot: how many of each group break one, and which.

    python -m tests.benchmarks.red_team [--all]

Each case is played with the embedded composer and with language models that obey whoever attacks. `--all` plays each
case for every reader; without it each is played for one. Ends with 1 where a case breaks that isn't known as open.
"""

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.red_team import EMBEDDED, INJECTED, OPEN, Ground, Played, open_red_team, play_all
from tests.safety_data import red_team


def main(arguments: list[str] | None = None) -> int:
    """Print the table; 1 where something broke."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="play each case for every reader")
    wanted = parser.parse_args(arguments)
    played = asyncio.run(play(everybody=wanted.all))
    for line in table(played):
        print(line)
    return int(any(one.broken and one.case.id not in OPEN for one in played))


async def play(*, everybody: bool) -> list[Played]:
    """Both composers, over one index."""
    played: list[Played] = []
    with tempfile.TemporaryDirectory() as folder:
        ground = Ground.prepare(Path(folder), red_team())
        for composer in (EMBEDDED, INJECTED):
            async with open_red_team(Path(folder, composer), ground, composer) as attacked:
                played += [one async for one in play_all(attacked, quickly=not everybody)]
    return played


def table(played: list[Played]) -> list[str]:
    """Broken and played by group and composer, then each that broke with what it broke."""
    count = Counter((one.case.group, one.composer) for one in played)
    failed = Counter((one.case.group, one.composer) for one in played if one.broken)
    lines = [f"{'group':24} {EMBEDDED:>16} {INJECTED:>16}"]
    for group in sorted({group for group, _ in count}):
        cells = (f"{failed[group, composer]} / {count[group, composer]}" for composer in (EMBEDDED, INJECTED))
        lines.append(f"{group:24} {' '.join(f'{cell:>16}' for cell in cells)}")
    for one in played:
        if one.broken:
            known = f" (open: {OPEN[one.case.id]})" if one.case.id in OPEN else ""
            lines.append(f"{one.case.id}, {one.composer}, {one.audience}: {'; '.join(one.broken)}{known}")
    return lines


if __name__ == "__main__":
    sys.exit(main())
