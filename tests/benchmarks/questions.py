"""What one question costs, embedded: warm, cold, and in memory.

    python -m tests.benchmarks.questions [--corpus corpus.jsonl --queries queries.jsonl]

The corpus is one JSON object a line (`_id`, `title`, `text`), the queries likewise (`text`); without them the shipped
library and its documents' own questions are used, repeated until there are 1,000 documents.
"""

import argparse
import asyncio
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main() -> None:
    """Print the figures as a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--queries", type=Path)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--questions", type=int, default=300)
    args = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        library, data = Path(folder, "library"), Path(folder, "data")
        questions = write_library(library, args.corpus, args.queries, args.documents)[: args.questions]
        environment = os.environ | {"FOOTNOTE_KNOWLEDGE": str(library), "FOOTNOTE_DATA": str(data)}
        row("first indexing", f"{timed(['index'], environment)[0]:.1f} s")
        row("second run, nothing changed", f"{timed(['index'], environment)[0]:.2f} s")
        cold = [timed(["ask", questions[0]], environment) for _ in range(3)]
        row("footnote ask, cold start", f"{statistics.median(wall for wall, _, _ in cold):.2f} s")
        helps = [timed(["--help"], environment)[1] for _ in range(3)]
        row("footnote --help, processor time", f"{statistics.median(helps):.2f} s")
        os.environ.update(environment)
        asyncio.run(warm(questions))


def row(name: str, value: str) -> None:
    """One line of the table."""
    print(f"{name:44} {value}", flush=True)


def write_library(folder: Path, corpus: Path | None, queries: Path | None, count: int) -> list[str]:
    """Documents as files; gives the questions."""
    folder.mkdir()
    if corpus and queries:
        entries = [json.loads(line) for line in corpus.read_text(encoding="utf-8").split("\n") if line][:count]
        for entry in entries:
            (folder / f"{entry['_id']}.txt").write_text(f"{entry['title']}\n\n{entry['text']}\n", encoding="utf-8")
        return [json.loads(line)["text"] for line in queries.read_text(encoding="utf-8").split("\n") if line]
    from bot.knowledge.documents import read_library
    from bot.places import shipped

    documents = read_library(shipped("knowledge")).documents
    for number in range(count):
        document = documents[number % len(documents)]
        text = "\n\n".join(p.text for p in document.passages)
        (folder / f"{document.id}-{number}.txt").write_text(f"{document.title} {number}\n\n{text}\n", encoding="utf-8")
    return [question for document in documents for question in document.questions] * 4


def timed(arguments: list[str], environment: dict[str, str]) -> tuple[float, float, float]:
    """Seconds of wall time and of processor time, and megabytes, of one run of the command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "bot", *arguments], env=environment, check=True, capture_output=True)
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, processor, after.ru_maxrss / 1024


async def warm(questions: list[str]) -> None:
    """Latency of questions in one process that stays, and its memory with everything of a serving bot loaded."""
    import telegram.ext  # noqa: F401 - a serving process has it in memory

    from bot.bootstrap import open_bot
    from bot.domain.messages import IncomingMessage
    from bot.settings import load_settings

    async with open_bot(load_settings()) as bot:
        for question in questions[:20]:
            await bot.service.respond(IncomingMessage(conversation="warm-up", text=question))
        took = []
        stages: dict[str, list[float]] = {}
        for number, question in enumerate(questions):
            started = time.perf_counter()
            reply = await bot.service.respond(IncomingMessage(conversation=f"q{number}", text=question))
            took.append((time.perf_counter() - started) * 1000)
            for stage, value in reply.timings_ms.items():
                stages.setdefault(stage, []).append(value)
        took.sort()
        row("one question, warm, p50 / p95", f"{took[len(took) // 2]:.1f} / {took[int(len(took) * 0.95)]:.1f} ms")
        for stage, values in stages.items():
            row(f"  {stage}, p50", f"{statistics.median(values):.1f} ms")
        row("memory of the serving process", f"{resident():.0f} MB")


def resident() -> float:
    """Megabytes that the process holds."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").split("\n"):
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
