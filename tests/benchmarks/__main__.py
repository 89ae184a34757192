"""`make bench`: every benchmark in turn, each a process of its own, and one page of what they measured.

    python -m tests.benchmarks [--size quick|full] [--only NAME ...] [--write FOLDER]

`quick` ends within a quarter of an hour: what doesn't fit is stopped and says so. The page is
`results/bench-DATE.md`, with plots beside it. Retrieval, follow-ups and claims need public data and have commands of
their own.
"""

import argparse
import os
import platform
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks.machine import describe_machine

ROOT = Path(__file__).parents[2]
RESULTS = Path(__file__).with_name("results")
QUICK, FULL = "quick", "full"
BUDGET_S = {QUICK: 900.0, FULL: 6 * 3600.0}
"""Seconds that all benchmarks together may take."""
LIBRARIES = ("langchain-core", "langgraph", "python-telegram-bot", "sqlalchemy")


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """A module of this package with its options by size, and the seconds that a quick run of it may take at most."""

    name: str
    about: str
    quick: str = ""
    full: str = ""
    limit_s: float = 120.0
    writes: bool = False
    """Whether it writes plots into a folder that it's told by `--write`."""

    def command(self, size: str, folder: Path) -> list[str]:
        """What is run."""
        options = (self.quick if size == QUICK else self.full).split()
        return [sys.executable, "-m", f"tests.benchmarks.{self.name}", *options] + (
            ["--write", str(folder)] if self.writes else []
        )


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a benchmark printed, how long it took, and how it ended: `ok`, `failed` or `stopped`."""

    name: str
    about: str
    ended: str
    seconds: float
    output: str
    command: Sequence[str] = field(default=())


BENCHMARKS = (
    Benchmark(name="stages", about="what a question costs, by step, and what importing costs"),
    Benchmark(name="questions", about="one question, cold and warm", quick="--documents 200"),
    Benchmark(name="throughput", about="many chats at once", quick="--documents 200 --questions 40"),
    Benchmark(
        name="processes",
        about="answering in several processes",
        quick="--documents 200 --questions 120 --chats 16 --kills 1",
    ),
    Benchmark(
        name="peer",
        about="beside the plain LangChain chain",
        quick="--questions 12 --rounds 2 --starts 3",
        limit_s=180,
    ),
    Benchmark(
        name="indexing",
        about="making and editing an index",
        quick="--documents 100 1000 --real-up-to 100",
        writes=True,
        limit_s=180,
    ),
    Benchmark(
        name="growth", about="a question in a growing library", quick="--passages 1000 10000", writes=True, limit_s=180
    ),
    Benchmark(
        name="replicas", about="several replicas on PostgreSQL", quick="--questions 40 --kills 2 --asked 40 --chats 10"
    ),
    Benchmark(name="outages", about="database or vectors away", quick="--seconds 10 --questions 40 --chats 10"),
    Benchmark(name="capacity", about="what a given day needs"),
    Benchmark(name="flood", about="a burst of updates", quick="--updates 2000"),
    Benchmark(name="chats", about="many Telegram chats", quick="--chats 16 --model-chats 4"),
    Benchmark(name="crashes", about="killed at random moments", quick="--seeds 1 --kills 4 --questions 40"),
    Benchmark(name="red_flags", about="emergencies that are recognised"),
    Benchmark(name="identifiers", about="identifiers that are recognised"),
    Benchmark(name="fabricated_edits", about="wrong claims that the gate stops"),
    Benchmark(name="disagreements", about="sources that differ"),
    Benchmark(name="conversations", about="failing models and providers", quick="--conversations 40 --misses 0"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run them and write the page. 1 where one failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=[QUICK, FULL], default=QUICK)
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", choices=[each.name for each in BENCHMARKS])
    parser.add_argument("--write", type=Path, default=RESULTS, metavar="FOLDER")
    args = parser.parse_args(arguments)
    chosen = [each for each in BENCHMARKS if not args.only or each.name in args.only]
    args.write.mkdir(parents=True, exist_ok=True)
    day = datetime.now(UTC).date().isoformat()
    page = args.write / f"bench-{day}.md"
    results = run_all(chosen, args.size, args.write)
    page.write_text(describe(results, args.size, day), encoding="utf-8")
    print(f"\nWritten to {page}.")
    return int(any(result.ended == "failed" for result in results))


def run_all(benchmarks: Sequence[Benchmark], size: str, folder: Path) -> list[Result]:
    """Each in turn, those of this checkout; together they keep the budget of the size."""
    ends = time.monotonic() + BUDGET_S[size]
    results = []
    for each in benchmarks:
        if not Path(__file__).with_name(f"{each.name}.py").is_file():
            continue
        left = max(0.0, ends - time.monotonic())
        limit = min(each.limit_s, left) if size == QUICK else left
        print(f"\n## {each.name}: {each.about}\n", flush=True)
        results.append(run(each.name, each.about, each.command(size, folder), limit))
        print(f"{results[-1].output}\n{told(results[-1])}", flush=True)
    return results


def run(
    name: str, about: str, command: Sequence[str], limit_s: float, environment: Mapping[str, str] | None = None
) -> Result:
    """One benchmark with all that it starts; what it printed until its end or its limit."""
    started = time.monotonic()
    paths = {"PYTHONPATH": str(ROOT)} | dict(environment or {})
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | paths, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe,
        text=True, start_new_session=True,
    )  # fmt: skip
    try:
        output, errors = process.communicate(timeout=limit_s)
        ended = "failed" if process.returncode else "ok"
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, errors = process.communicate()
        ended = "stopped"
    if ended == "failed":
        output += "\n" + "".join(errors.strip().splitlines()[-1:])
    seconds = time.monotonic() - started
    return Result(name=name, about=about, ended=ended, seconds=seconds, output=output.strip("\n"), command=command[1:])


def describe(results: Sequence[Result], size: str, day: str) -> str:
    """The page: the machine, a table of all, then what each printed."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    lines = [f"# Benchmarks of {day}, {size}", "", f"{describe_machine()}, {libraries}, {platform.system()}.", ""]
    lines += ["| benchmark | what it measures | took |", "|---|---|---|"]
    lines += [f"| [{result.name}](#{result.name}) | {result.about} | {told(result)} |" for result in results]
    for result in results:
        options = " ".join(part for part in result.command if not part.startswith(os.sep)).removesuffix(" --write")
        lines += ["", f"## {result.name}", "", f"`python {options}`, {told(result)}", "", framed(result.output)]
    return "\n".join(lines).replace(str(ROOT), ".").rstrip() + "\n"  # no folder of the machine


def told(result: Result) -> str:
    """How long it took, and whether it came to its end."""
    took = f"{result.seconds:.0f} s"
    return took if result.ended == "ok" else f"{result.ended} after {took}"


def framed(output: str) -> str:
    """Markdown below a heading of the page; anything else as it was printed."""
    if re.search(r"^(\||#)", output, re.MULTILINE):
        return re.sub(r"^(#+ )", r"##\1", output, flags=re.MULTILINE)
    return f"```text\n{output}\n```" if output else "It printed nothing."


if __name__ == "__main__":
    sys.exit(main())
