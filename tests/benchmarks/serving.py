"""What one serving process costs, printed as JSON: its opening, its questions and its memory.

python -m tests.benchmarks.serving LIBRARY DATA QUESTIONS WARM_UP
"""

import asyncio
import json
import os
import sys
import time
from pathlib import Path

from tests.benchmarks.machine import memory_mb, peak_mb


async def measure(library: Path, data: Path, questions: list[str], warm_up: int) -> dict[str, object]:
    """Seconds of opening, milliseconds of the first question and of each further one by stage, and memory."""
    import telegram.ext  # noqa: F401 - a serving process has it in memory

    from bot.cli_opening import opened_bot
    from bot.domain.messages import IncomingMessage
    from bot.settings import load_settings

    os.environ.update(FOOTNOTE_KNOWLEDGE=str(library), FOOTNOTE_DATA=str(data))
    started = time.perf_counter()
    async with opened_bot(load_settings()) as bot:
        opened = time.perf_counter() - started
        at_opening = memory_mb()
        first, stages = 0.0, []
        for number, question in enumerate(questions):
            before, used = time.perf_counter(), time.process_time()
            reply = await bot.service.respond(IncomingMessage(conversation=f"q{number}", text=question))
            wall = (time.perf_counter() - before) * 1000
            if number == 0:
                first = wall
            elif number > warm_up:
                stages.append({**reply.timings_ms, "total": wall, "processor": (time.process_time() - used) * 1000})
        return {
            "opening_s": opened,
            "first_ms": first,
            "at_opening": at_opening,
            "memory": memory_mb(),
            "peak_mb": peak_mb(),
            "stages": stages,
        }


if __name__ == "__main__":
    asked = json.loads(Path(sys.argv[3]).read_text(encoding="utf-8"))
    print(json.dumps(asyncio.run(measure(Path(sys.argv[1]), Path(sys.argv[2]), asked, int(sys.argv[4])))))
