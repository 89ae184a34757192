"""What one question costs as the library grows: time by stage, opening and memory, as a table and two plots.

    python -m tests.benchmarks.growth [--passages 1000 10000 100000] [--real] [--corpus corpus.jsonl] [--keep FOLDER]

Libraries are made of the shipped one's parts, ten passages a document, or read from a corpus (`made_index` says how).
Vectors are mixtures of real ones unless `--real` asks for the model's own: that takes a quarter of an hour of processor
time for 100,000 passages. `--keep` keeps libraries and indexes for the next run; `--write` puts table and plots
into a folder. Questions are those of the shipped documents, so that most have an answer.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.benchmarks.machine import describe_machine
from tests.benchmarks.made_index import SECTIONS, write_library
from tests.benchmarks.plots import Axis, Series, draw

SIZES = (1_000, 10_000, 100_000)
SHIPPED_PASSAGES = 370
"""About as many as the shipped library has, which is part of every made one."""
WARM_UP = 20
LIMIT_MS, LIMIT_MB = 150.0, 1_200.0
"""What a question and a process may cost with the largest library."""
MAIN = ("total", "processor")


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One library: its size, seconds to open it, milliseconds of the first question and of each warm one by stage."""

    documents: int
    passages: int
    opening: float
    first: float
    stages: dict[str, list[float]]
    at_opening: float
    memory: float
    peak: float

    def at(self, stage: str, share: float) -> float:
        """A quantile of a stage in milliseconds."""
        values = sorted(self.stages[stage])
        return values[min(len(values) - 1, int(share * len(values)))]


def measure(folder: Path, passages: int, questions: int, *, real: bool, corpus: Path | None) -> Measured:
    """Make a library of about so many passages, index it and ask, each in a process of its own."""
    documents = max(0, round((passages - SHIPPED_PASSAGES) / (SECTIONS + 1)))
    asked = write_library(folder / "library", 0)
    random.Random(1).shuffle(asked)
    (folder / "questions.json").write_text(json.dumps(asked[: questions + WARM_UP + 1]), encoding="utf-8")
    making = [
        str(folder),
        str(documents),
        *(["--real"] if real else []),
        *(["--corpus", str(corpus)] if corpus else []),
    ]
    made = run("tests.benchmarks.made_index", *making)
    serving = [str(folder / name) for name in ("library", "data", "questions.json")]
    told = run("tests.benchmarks.serving", *serving, str(WARM_UP))
    stages: dict[str, list[float]] = {}
    for one in told["stages"]:
        for stage, value in one.items():
            stages.setdefault(stage, []).append(value)
    return Measured(
        documents=made["documents"],
        passages=made["passages"],
        opening=told["opening_s"],
        first=told["first_ms"],
        stages=stages,
        at_opening=told["at_opening"]["rss"],
        memory=told["memory"]["rss"],
        peak=told["peak_mb"],
    )


def run(module: str, *arguments: str) -> dict[str, Any]:
    """What a benchmark of its own process prints as JSON."""
    done = subprocess.run([sys.executable, "-m", module, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{module} failed:\n{done.stderr}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def tabulate(found: Sequence[Measured], title: str, command: str) -> str:
    """The figures as Markdown."""
    head = "| | " + " | ".join(f"{one.passages:,}" for one in found) + " |"
    lines = [f"# {title}", "", f"{describe_machine()}.", f"`{command}`", "", head, "|---" * (len(found) + 1) + "|"]
    row(lines, "documents", [f"{one.documents:,}" for one in found])
    row(lines, "opening, s", [f"{one.opening:.1f}" for one in found])
    row(lines, "first question, ms", [f"{one.first:.0f}" for one in found])
    stages = dict.fromkeys(stage for one in found for stage in one.stages)
    for stage in (*MAIN, *(stage for stage in stages if stage not in MAIN)):
        name = {"total": "one question, warm", "processor": "its processor time"}.get(stage, f"of it: {stage}")
        told = [" / ".join(f"{one.at(stage, share):.1f}" for share in (0.5, 0.95, 0.99)) for one in found]
        row(lines, f"{name}, p50 / p95 / p99, ms", told)
    row(lines, "memory when opened, MB", [f"{one.at_opening:.0f}" for one in found])
    row(lines, f"memory after {len(found[0].stages['total'])} questions, MB", [f"{one.memory:.0f}" for one in found])
    row(lines, "most memory ever, MB", [f"{one.peak:.0f}" for one in found])
    return "\n".join(lines) + "\n"


def row(lines: list[str], name: str, values: Sequence[str]) -> None:
    """One line of the table."""
    lines.append(f"| {name} | " + " | ".join(values) + " |")


def plot(found: Sequence[Measured]) -> dict[str, str]:
    """Latency and memory over the size of the library, as SVG by name."""
    size = Axis(label="passages in the library", is_log=True)
    kinds = (("p50", "total", 0.5), ("p95", "total", 0.95), ("p95 of search", "retrieve", 0.95))
    time = [
        Series(name=name, points=[(one.passages, one.at(stage, share)) for one in found])
        for name, stage, share in kinds
        if all(stage in one.stages for one in found)
    ]
    memory = [
        Series(name="when opened", points=[(one.passages, one.at_opening) for one in found]),
        Series(name="after questions", points=[(one.passages, one.memory) for one in found]),
    ]
    return {
        "time": draw("One question, warm", size, Axis(label="milliseconds"), time, limit=LIMIT_MS),
        "memory": draw("Memory of a serving process", size, Axis(label="megabytes"), memory, limit=LIMIT_MB),
    }


def main() -> None:
    """Measure each size, print the table, and write it with the plots where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--real", action="store_true", help="the model's own vectors")
    parser.add_argument("--corpus", type=Path, help="documents to read instead of making them")
    parser.add_argument("--keep", type=Path, help="where libraries and indexes stay")
    parser.add_argument("--write", type=Path, help="the folder for table and plots")
    args = parser.parse_args()
    vectors = "the model's own vectors" if args.real else "mixed vectors"
    with tempfile.TemporaryDirectory() as passing:
        kept = args.keep or Path(passing)
        found = []
        for size in args.passages:
            folder = kept / f"{size}-{'real' if args.real else 'mixed'}"
            found.append(measure(folder, size, args.questions, real=args.real, corpus=args.corpus))
            print(f"{found[-1].passages:,} passages measured", file=sys.stderr, flush=True)
    today = datetime.now(UTC).date().isoformat()
    command = f"python -m tests.benchmarks.growth --passages {' '.join(map(str, args.passages))}"
    table = tabulate(found, f"One question as the library grows, {today}; {vectors}", command)
    print(table)
    if args.write:
        name = f"growth{'-real' if args.real else ''}"
        (args.write / f"{name}-{today}.md").write_text(table, encoding="utf-8")
        for kind, drawn in plot(found).items():
            (args.write / f"{name}-{kind}-{today}.svg").write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main()
