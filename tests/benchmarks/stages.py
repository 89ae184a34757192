"""What one question costs by step, and what the program's start is made of.

    python -m tests.benchmarks.stages [--documents 200] [--questions 60]

Each question is asked once, in a conversation of its own; then so many of them again, one after the other, in a long
conversation, and beside it in conversations of their own. Times of steps are wall times as the record keeps them;
processor time is that of the whole process. Imports are timed each in a fresh interpreter, less the interpreter's own.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.machine import describe_machine, memory_mb
from tests.benchmarks.questions import write_library

WARM_UP = 5
LONG = 200
"""Turns of the long conversation, as many as are remembered."""
IMPORTED = ("bot.cli", "bot.bootstrap", "bot.conversation.service", "chromadb", "langgraph.graph",
            "sqlalchemy.ext.asyncio", "onnxruntime", "tantivy", "telegram.ext", "langchain_openai")  # fmt: skip
READING = """
import time, sys
begun = time.process_time()
for name in sys.argv[1:]: __import__(name)
used = time.process_time() - begun
lines = open("/proc/self/status").read().splitlines()
print(used, next(line.split()[1] for line in lines if line.startswith("VmRSS")))
"""


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=0, help="0 takes the shipped library as it is")
    parser.add_argument("--questions", type=int, default=60)
    args = parser.parse_args()
    print(f"{describe_machine()}\n")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FOOTNOTE_DATA"] = str(Path(folder, "data"))
        questions = shipped_questions()
        if args.documents:
            os.environ["FOOTNOTE_KNOWLEDGE"] = str(Path(folder, "library"))
            write_library(Path(folder, "library"), None, None, args.documents)
        asyncio.run(measure(questions[: args.questions + WARM_UP]))
        print()
        asyncio.run(measure_a_long_conversation(questions))
    print()
    report_imports()


def shipped_questions() -> list[str]:
    """The questions that the shipped documents bring themselves, each once."""
    from bot.knowledge.documents import read_library
    from bot.places import shipped

    documents = read_library(shipped("knowledge")).documents
    return list(dict.fromkeys(question for document in documents for question in document.questions))


async def measure(questions: Sequence[str]) -> None:
    """Ask all, and tell the cost."""
    from bot.bootstrap import open_bot
    from bot.domain.messages import IncomingMessage
    from bot.settings import load_settings

    whole: list[float] = []
    processor: list[float] = []
    steps: dict[str, list[float]] = {}
    async with open_bot(load_settings()) as bot:
        for number, question in enumerate(questions):
            began, used = time.perf_counter(), time.process_time()
            reply = await bot.service.respond(IncomingMessage(conversation=f"q{number}", text=question))
            if number < WARM_UP:
                continue
            whole.append((time.perf_counter() - began) * 1000)
            processor.append((time.process_time() - used) * 1000)
            for step, took in reply.timings_ms.items():
                steps.setdefault(step, []).append(took)
    print(f"| one question of {len(whole)}, ms | p50 | p95 |\n|---|---|---|")
    for name, values in {"processor time": processor, "reply": whole, **steps}.items():
        print(f"| {name} | {statistics.median(values):.1f} | {sorted(values)[int(len(values) * 0.95)]:.1f} |")
    memory = ", ".join(f"{kind.upper()} {value:.0f} MB" for kind, value in memory_mb().items())
    print(f"\nMemory afterwards: {memory}.")


async def measure_a_long_conversation(questions: Sequence[str]) -> None:
    """Print what the first and the last twenty turns cost, beside the same questions asked alone."""
    from bot.bootstrap import open_bot
    from bot.domain.messages import IncomingMessage
    from bot.settings import load_settings

    asked = [questions[number % len(questions)] for number in range(LONG)]
    used: dict[str, list[float]] = {"before": [], "alone": [], "long": []}  # Before: its passages are read for once.
    async with open_bot(load_settings()) as bot:
        for number, question in enumerate(asked):
            for kind, spent in used.items():
                conversation = kind if kind == "long" else f"{kind}{number}"
                began = time.process_time()
                await bot.service.respond(IncomingMessage(conversation=conversation, text=question))
                spent.append((time.process_time() - began) * 1000)
    print("| processor time of a turn, ms, mean | in one conversation | alone |\n|---|---|---|")
    for name, part in (("the first twenty", slice(20)), (f"the last twenty of {LONG}", slice(-20, None))):
        long, alone = statistics.mean(used["long"][part]), statistics.mean(used["alone"][part])
        print(f"| {name} | {long:.1f} | {alone:.1f} |")


def report_imports() -> None:
    """Processor time and memory of each import by itself; they share parts, so the sum is more than all together."""
    bare = imported()
    print("| import, by itself | processor time, ms | memory, MB |\n|---|---|---|")
    for name in IMPORTED:
        used, memory = imported(name)
        print(f"| {name} | {used * 1000:.0f} | {memory - bare[1]:.0f} |")
    ours = [name for name in IMPORTED if not name.startswith(("telegram", "langchain"))]
    used, memory = imported(*ours)
    print(f"| all of `footnote ask` together | {used * 1000:.0f} | {memory - bare[1]:.0f} |")


def imported(*names: str) -> tuple[float, float]:
    """Seconds and MB, the least of three."""
    values = []
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", READING, *names], check=True, capture_output=True, text=True)
        used, kilobytes = done.stdout.split()
        values.append((float(used), int(kilobytes) / 1024))
    return min(values)


if __name__ == "__main__":
    main()
