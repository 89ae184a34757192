"""How many questions one process answers a second when 1, 8 or 64 chats ask at once, embedded.

    python -m tests.benchmarks.throughput [--documents 1000] [--questions 120] [--chats 1 8 64]
        [--corpus corpus.jsonl --queries queries.jsonl]

The library is written as for `questions`. Every question is asked once and no other was asked before, so that nothing
that was kept of an answer helps; what is kept of passages does, as it does in a process that serves. A chat asks its
next question when it has its answer. As when serving, no more are answered at once than there are processors: a
question's time holds its waiting. The processor's time is that of all threads of the process.
"""

import argparse
import asyncio
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.questions import resident, row, timed, write_library
from tests.benchmarks.retrieval import quantile

if TYPE_CHECKING:
    from bot.bootstrap.live import LiveService
    from bot.domain.glossary import Glossary

WARMED = 40
"""Questions before the first measurement: a process that serves has its model and its engines loaded."""
ASKED = (
    "How does {drug} work?",
    "Is {drug} safe for a child with JDM?",
    "What dose of {drug} is given in juvenile dermatomyositis?",
    "When is {drug} chosen in refractory disease?",
    "How long does {drug} take to work?",
    "Which tests are needed before {drug}?",
    "Does {drug} help against calcinosis?",
    "What evidence is there for {drug}?",
)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Seconds of every question, of the whole run, and of processors."""

    each: list[float]
    wall: float
    work: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures as a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--queries", type=Path)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--questions", type=int, default=120, help="of each number of chats")
    parser.add_argument("--chats", type=int, nargs="+", default=[1, 8, 64])
    args = parser.parse_args(arguments)
    print(f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        library, data = Path(folder, "library"), Path(folder, "data")
        questions = list(dict.fromkeys(write_library(library, args.corpus, args.queries, args.documents)))
        os.environ |= {"FOOTNOTE_KNOWLEDGE": str(library), "FOOTNOTE_DATA": str(data)}
        timed(["index"], dict(os.environ))
        asyncio.run(measure(questions, args.chats, args.questions, own=args.queries is None))


async def measure(questions: Sequence[str], numbers: Sequence[int], each: int, *, own: bool) -> None:
    """Warm the process, then one table for each number of chats."""
    from bot.cli_opening import opened_bot
    from bot.cli_serve import AT_WORK
    from bot.settings import load_settings

    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(max_workers=AT_WORK))
    async with opened_bot(load_settings()) as bot:
        fresh = iter(dict.fromkeys((*questions, *(made(bot.library.glossary) if own else ()))))
        names = count()
        await ask(bot.service, [next(fresh) for _ in range(WARMED)], 1, AT_WORK, names)
        for chats in numbers:
            batch = [question for _, question in zip(range(each), fresh, strict=False)]
            if not batch:
                row(f"{chats} chats", "no question is left that wasn't asked")
                continue
            tell(chats, await ask(bot.service, batch, chats, AT_WORK, names))


def made(glossary: "Glossary") -> Iterator[str]:
    """Questions for the drugs of the glossary, in the words of no document."""
    from bot.domain.glossary import TermKind

    drugs = [term.name for term in glossary.terms if term.kind is TermKind.DRUG]
    for question in ASKED:
        yield from (question.format(drug=drug) for drug in drugs)


async def ask(
    service: "LiveService", questions: Sequence[str], chats: int, at_once: int, names: Iterator[int]
) -> Measured:
    """Ask them all; each chat is a conversation of its own and takes the next question when it's answered."""
    from bot.domain.messages import IncomingMessage

    waiting, places, took = iter(questions), asyncio.Semaphore(at_once), list[float]()

    async def chat(name: str) -> None:
        for question in waiting:
            began = time.perf_counter()
            async with places:
                message = IncomingMessage(conversation=f"{name}-{next(names)}", text=question, hurried=chats > at_once)
                await service.respond(message)
            took.append(time.perf_counter() - began)

    began, worked = time.perf_counter(), time.process_time()
    await asyncio.gather(*(chat(f"chat-{number}") for number in range(chats)))
    return Measured(each=took, wall=time.perf_counter() - began, work=time.process_time() - worked)


def tell(chats: int, measured: Measured) -> None:
    """The rows of one number of chats."""
    asked, times = len(measured.each), measured.each
    p50, p95, p99 = statistics.median(times) * 1000, quantile(times, 0.95), quantile(times, 0.99)
    row(f"{chats} chats, {asked} questions", f"{asked / measured.wall:.1f} questions/s")
    row("  p50 / p95 / p99", f"{p50:.0f} / {p95:.0f} / {p99:.0f} ms")
    row("  processor time a question", f"{measured.work / asked * 1000:.1f} ms")
    row("  memory of the process", f"{resident():.0f} MB")


if __name__ == "__main__":
    main()
