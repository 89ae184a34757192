"""Footnote beside the plain LangChain chain: the same documents, questions and embedding model; no model's own time.

    python -m tests.benchmarks.peer [--documents 1000] [--questions 40] [--rounds 3] [--starts 5] [--torch PYTHON]

Every program is a process of its own, asked over a pipe in turn with the others, each question once, then a follow-up.
The chain's packages that Footnote doesn't need are installed under build/peer from `peer.lock`. With `--torch`, a
Python that has `langchain-huggingface`, `sentence-transformers`, `chromadb` and the packages of `peer.lock`, the chain
also runs on sentence-transformers, as in the tutorials. Ratios are the other's figure divided by Footnote's.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.benchmarks.machine import describe_machine
from tests.benchmarks.questions import write_library

ROOT = Path(__file__).parents[2]
PACKAGES = ROOT / "build" / "peer"
LOCK = Path(__file__).with_name("peer.lock")
FOLLOW_UPS = ("And how often is it given?", "What about its side effects?", "Does that hold for small children, too?")
WARM_UP = 3
"""Questions that are asked first and not measured."""


@dataclass(frozen=True, kw_only=True)
class Program:
    """Something that answers: how its index is made, how it's started, and how it's started for a single question."""

    name: str
    index: Sequence[str]
    chat: Sequence[str]
    once: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


Samples = dict[str, dict[str, list[float]]]
"""Measured values by measure and program."""


class Running:
    """A started program that answers lines."""

    def __init__(self, program: Program) -> None:
        self.process = start(program.chat, program)

    def ask(self, text: str, conversation: str) -> tuple[float, float]:
        """Milliseconds until the reply, and of processor time."""
        began, used = time.perf_counter(), self._processor()
        tell(self.process, text, conversation)
        return (time.perf_counter() - began) * 1000, (self._processor() - used) * 1000

    def memory(self) -> dict[str, float]:
        """MB: resident and proportional now, and the most that was ever resident."""
        folder = Path("/proc", str(self.process.pid))
        lines = [*(folder / "smaps_rollup").read_text().splitlines(), *(folder / "status").read_text().splitlines()]
        wanted = {"Rss:": "memory, resident", "Pss:": "memory, proportional", "VmHWM:": "memory, resident at most"}
        values = {line.split()[0]: line.split()[1] for line in lines if len(line.split()) == 3}
        return {name: int(values[key]) / 1024 for key, name in wanted.items()}

    def close(self) -> None:
        """End it."""
        self.process.stdin.close()
        self.process.wait(timeout=60)

    def _processor(self) -> float:
        return time.clock_gettime((~self.process.pid << 3) | 2)  # the process's own clock, threads that ended included


def start(command: Sequence[str], program: Program) -> Any:
    """Start a command of a program, with pipes."""
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, env=os.environ | program.environment, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
    )


def tell(process: Any, text: str, conversation: str) -> None:
    """Ask, and wait for the reply. Raises RuntimeError where there is none."""
    process.stdin.write(json.dumps({"text": text, "conversation": conversation}) + "\n")
    process.stdin.flush()
    reply = process.stdout.readline()
    if not reply or "error" in json.loads(reply):
        raise RuntimeError(f"{' '.join(process.args[1:4])} gave no reply to {text!r}: {reply}")


def main() -> None:
    """Print the figures as a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=0, help="0 takes the shipped library as it is")
    parser.add_argument("--questions", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--torch", default="", metavar="PYTHON")
    args = parser.parse_args()
    install_packages()
    with tempfile.TemporaryDirectory() as folder:
        library, questions, count = prepare(Path(folder), args.documents)
        programs = all_programs(Path(folder), library, args.torch)
        samples: Samples = defaultdict(lambda: defaultdict(list))
        for program in programs:
            measure_indexing(program, samples)
        for number in range(args.starts):
            for program in turned(programs, number):
                measure_start(program, questions[number % len(questions)], samples)
        for number in range(args.rounds):
            measure_questions(turned(programs, number), questions[: args.questions + WARM_UP], samples)
    print(f"{describe_machine()}, " + ", ".join(f"{name} {version(name)}" for name in ("langchain-core", "langgraph")))
    asked = f"{len(questions[: args.questions + WARM_UP]) - WARM_UP} questions, each with a follow-up"
    print(f"{count} documents; {asked}, {args.rounds} times; {args.starts} starts\n")
    report(programs, samples)


def install_packages() -> None:
    """The chain's own packages, once for each state of their lock."""
    mark = PACKAGES / ".lock"
    if mark.is_file() and mark.read_bytes() == LOCK.read_bytes():
        return
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "--upgrade"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(PACKAGES), "-r", str(LOCK)]
    subprocess.run(command, check=True)
    mark.write_bytes(LOCK.read_bytes())


def prepare(folder: Path, count: int) -> tuple[Path, list[str], int]:
    """The library, its questions, and its documents' texts in `documents.json` for the chain."""
    from bot.knowledge.documents import read_library
    from bot.places import shipped

    library, questions = shipped("knowledge"), list[str]()
    if count:
        library = folder / "library"
        questions = write_library(library, None, None, count)
    documents = read_library(library).documents
    questions = questions or [question for document in documents for question in document.questions]
    texts = [
        {"source": each.path, "text": f"{each.title}\n\n" + "\n\n".join(p.text for p in each.passages)}
        for each in documents
    ]
    (folder / "documents.json").write_text(json.dumps(texts), encoding="utf-8")
    # In an order without a pattern, so that a part of them is about the whole library.
    return library, sorted(dict.fromkeys(questions), key=hash_of), len(documents)


def hash_of(text: str) -> int:
    """An order without a pattern, the same everywhere."""
    return int.from_bytes(text.encode()) % 1_000_003


def all_programs(folder: Path, library: Path, torch: str) -> list[Program]:
    """Footnote first: the others are compared with it."""
    from bot.knowledge.minilm import find_model

    python, documents = sys.executable, str(folder / "documents.json")
    ours = {"PYTHONPATH": str(ROOT), "FOOTNOTE_KNOWLEDGE": str(library)}
    apart = {name: ours | {"FOOTNOTE_DATA": str(folder / name)} for name in ("embedded", "model")}
    bot, chain = [python, "-m", "bot"], ["-m", "tests.benchmarks.peer_chain"]
    private = {"ANONYMIZED_TELEMETRY": "False", "LANGSMITH_TRACING": "false", "HF_HUB_OFFLINE": "1"}
    theirs = private | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(PACKAGES)])}
    programs = [
        Program(
            name="Footnote",
            index=[*bot, "index"],
            chat=[*bot, "chat", "--jsonl"],
            once=[*bot, "ask", "--json"],
            environment=apart["embedded"],
        ),
        Program(
            name="Footnote, model at once",
            index=[*bot, "index"],
            chat=[python, "-m", "tests.benchmarks.peer_ours"],
            environment=apart["model"],
        ),
    ]
    for name, interpreter, options in (
        ("chain, same engine", python, []),
        ("chain, torch", torch, ["--torch", str(find_model())]),
    ):
        store = str(folder / name.replace(", ", "-").replace(" ", "-"))
        if interpreter:
            programs.append(
                Program(
                    name=name,
                    index=[interpreter, *chain, "index", store, documents, *options],
                    chat=[interpreter, *chain, "chat", store, *options],
                    environment=theirs,
                )
            )
    return programs


def measure_indexing(program: Program, samples: Samples) -> None:
    """Make the program's index for the first time."""
    done = subprocess.Popen(program.index, env=os.environ | program.environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(done.pid, 0)
    done.returncode = os.waitstatus_to_exitcode(status)
    if done.returncode:
        raise RuntimeError(f"{program.name} could not index.")
    samples["first indexing, processor time, s"][program.name].append(used.ru_utime + used.ru_stime)


def measure_start(program: Program, question: str, samples: Samples) -> None:
    """From the start of the process to its first answer, and its processor time until it has ended."""
    began = time.perf_counter()
    if program.once:
        process = start([*program.once, question], program)
        process.stdin.close()
        if not process.stdout.readline():
            raise RuntimeError(f"{program.name} gave no reply to {question!r}.")
    else:
        process = start(program.chat, program)
        tell(process, question, "first")
    took = time.perf_counter() - began
    if not program.once:
        process.stdin.close()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    samples["cold start to the first answer, s"][program.name].append(took)
    samples["cold start, processor time, s"][program.name].append(used.ru_utime + used.ru_stime)
    samples["cold start, memory at most, MB"][program.name].append(used.ru_maxrss / 1024)


def measure_questions(programs: Sequence[Program], questions: Sequence[str], samples: Samples) -> None:
    """Every program started anew and asked each question, then a follow-up, in turn with the others."""
    with ExitStack() as stack:
        running = {}
        for program in programs:
            running[program.name] = Running(program)
            stack.callback(running[program.name].close)
        for number, question in enumerate(questions):
            for text, kind in ((question, "question"), (FOLLOW_UPS[number % len(FOLLOW_UPS)], "follow-up")):
                for program in turned(programs, number):
                    took, used = running[program.name].ask(text, f"conversation {number}")
                    if number >= WARM_UP:
                        samples[f"{kind}, ms"][program.name].append(took)
                        samples[f"{kind}, processor time, ms"][program.name].append(used)
        for name, one in running.items():
            for measure, value in one.memory().items():
                samples[f"{measure}, MB"][name].append(value)


def turned(programs: Sequence[Program], by: int) -> list[Program]:
    """The programs, another one first each time."""
    start = by % len(programs)
    return [*programs[start:], *programs[:start]]


def report(programs: Sequence[Program], samples: Samples) -> None:
    """A row a measure, and a row for each comparison."""
    names = [program.name for program in programs]
    print("| | " + " | ".join(names) + " |\n|---|" + "---|" * len(names))
    for measure, by_program in samples.items():
        print(f"| {measure} | " + " | ".join(told(by_program[name], measure) for name in names) + " |")
    print("\nThe other's figure divided by Footnote's; above 1 Footnote needs less. In brackets the middle half of all")
    print("pairs, of few the least and the most.\n")
    print("| | " + " | ".join(names[1:]) + " |\n|---|" + "---|" * (len(names) - 1))
    for measure, by_program in samples.items():
        print(
            f"| {measure} | " + " | ".join(ratio(by_program[name], by_program[names[0]]) for name in names[1:]) + " |"
        )


def told(values: Sequence[float], measure: str) -> str:
    """The median; of many values the 95th percentile, too."""
    digits = 2 if measure.endswith(", s") else 0 if measure.endswith("MB") else 1
    most = f" (p95 {sorted(values)[int(len(values) * 0.95)]:.{digits}f})" if len(values) >= 20 else ""
    return f"{statistics.median(values):.{digits}f}{most}"


def ratio(others: Sequence[float], ours: Sequence[float]) -> str:
    """The median of the pairs' ratios with its spread."""
    ratios = sorted(other / own for other, own in zip(others, ours, strict=True))
    cut = len(ratios) // 4 if len(ratios) >= 20 else 0
    spread = f" ({ratios[cut]:.2f} to {ratios[-1 - cut]:.2f})" if len(ratios) > 1 else ""
    return f"{statistics.median(ratios):.2f}{spread}"


if __name__ == "__main__":
    main()
