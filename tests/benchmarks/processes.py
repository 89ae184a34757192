"""How many questions `footnote serve` answers with one process and with several, and whether killing these loses any.

    python -m tests.benchmarks.processes [--processes 1 2] [--chats 64] [--questions 640] [--kills 5]

The bot is the real one, by long polling against the fake Bot API server. Every chat asks its next question when the
last one is answered. Processor time and memory (its own and its part of what is shared) are the system's account of
each process (Linux). Then answering processes are killed with SIGKILL while people ask: each answer is counted.
"""

import argparse
import os
import platform
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.chats import PATIENCE_S
from tests.benchmarks.questions import row, write_library
from tests.fake_telegram import TOKEN, FakeTelegram

TICK = os.sysconf("SC_CLK_TCK")
WARMING = 32


@dataclass
class Played:
    """What a run gave: seconds until each answer, answers too many, seconds in all."""

    waited: list[float] = field(default_factory=list)
    twice: int = 0
    lost: int = 0
    seconds: float = 0.0
    kills: int = 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures as a table; exit code 1 if a question was lost or answered twice."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--chats", type=int, default=64)
    parser.add_argument("--questions", type=int, default=640)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--library", type=Path, help="a library instead of one of so many documents")
    parser.add_argument("--data", type=Path, help="its data folder, where it is indexed already")
    args = parser.parse_args(arguments)
    print(f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        library, data = args.library or Path(folder, "library"), args.data or Path(folder, "data")
        questions = write_library(Path(folder, "library"), None, None, args.documents)
        complete = True
        for number in args.processes:
            with (
                FakeTelegram() as telegram,
                serving(telegram, library, data, Path(folder, f"{number}.sqlite"), number) as bot,
            ):
                play(telegram, questions[-WARMING:], chats=range(1, 1 + WARMING))
                processes = family(bot.pid)
                before = [processor_ms(pid) for pid in processes]
                played = play(telegram, questions[: args.questions], chats=range(100, 100 + args.chats))
                spent = [processor_ms(pid) - ms for pid, ms in zip(processes, before, strict=True)]
                tell(f"{number} processes, {args.chats} chats", played)
                each = " + ".join(f"{ms / args.questions:.1f}" for ms in spent)
                row("  processor time a question", f"{each} = {sum(spent) / args.questions:.1f} ms")
                row("  memory", " + ".join(f"{memory_mb(pid):.0f}" for pid in processes) + " MB")
                if number > 1 and args.kills:
                    asked = questions[: args.questions // 2]
                    killed = play(telegram, asked, chats=range(1000, 1000 + args.chats), bot=bot.pid, kills=args.kills)
                    tell(f"{number} processes, {killed.kills} killed", killed)
                    complete &= not (killed.lost or killed.twice)
                complete &= not (played.lost or played.twice)
    return 0 if complete else 1


def play(telegram: FakeTelegram, questions: Sequence[str], *, chats: range, bot: int = 0, kills: int = 0) -> Played:
    """Each chat asks one question after the other; meanwhile answering processes of the bot are killed."""
    played, chosen = Played(), random.Random(1)
    left = {chat: list(questions[number :: len(chats)]) for number, chat in enumerate(chats)}
    asked = dict.fromkeys(chats, 0)
    since: dict[int, float] = {}
    when = [len(questions) * (number + 1) // (kills + 1) for number in range(kills)]
    began = time.perf_counter()

    def answered() -> list[int]:
        return [chat for chat in since if answers_in(telegram, chat) >= asked[chat]]

    def ask(chat: int) -> None:
        if left[chat]:
            asked[chat] += 1
            since[chat] = time.perf_counter()
            telegram.says(left[chat].pop(), chat=chat, sender=chat)

    for chat in chats:
        ask(chat)
    while since:
        try:
            telegram.wait(answered, PATIENCE_S)
        except AssertionError:
            break
        for chat in answered():
            played.waited.append(time.perf_counter() - since.pop(chat))
            ask(chat)
        if when and len(played.waited) >= when[0]:
            when.pop(0)
            if processes := family(bot)[1:]:
                with suppress(ProcessLookupError):
                    os.kill(chosen.choice(processes), signal.SIGKILL)
                    played.kills += 1
    played.seconds = time.perf_counter() - began
    played.lost = len(since) + sum(map(len, left.values()))
    played.twice = sum(max(0, answers_in(telegram, chat) - asked[chat]) for chat in chats)
    return played


def answers_in(telegram: FakeTelegram, chat: int) -> int:
    """How many answers stand in a chat. Each has its disclaimer in italics."""
    return sum(any(each["type"] == "italic" for each in one["entities"]) for one in telegram.messages(chat))


def tell(what: str, played: Played) -> None:
    """The figures of a run."""
    waited = sorted(played.waited)
    p95 = waited[max(0, -(-95 * len(waited) // 100) - 1)]
    row(what, f"{len(waited) / played.seconds:.1f} questions/s, p50 {statistics.median(waited):.2f} s, p95 {p95:.2f} s")
    row("  lost, answered twice", f"{played.lost}, {played.twice}")


@contextmanager
def serving(
    telegram: FakeTelegram, library: Path, data: Path, database: Path, number: int
) -> Iterator["subprocess.Popen[bytes]"]:
    """The bot as an operator starts it, with so many answering processes, a new database and no limits."""
    environment = os.environ | {
        "FOOTNOTE_DATA": str(data),
        "FOOTNOTE_KNOWLEDGE": str(library),
        "FOOTNOTE_DATABASE_URL": f"sqlite:///{database}",
        "FOOTNOTE_TELEGRAM_TOKEN": TOKEN,
        "FOOTNOTE_TELEGRAM_API_URL": telegram.url,
        "FOOTNOTE_ANSWERING_PROCESSES": str(number),
        "FOOTNOTE_QUESTIONS_PER_MINUTE": "1000",
        "FOOTNOTE_CHAT_QUESTIONS_PER_MINUTE": "10000",
        "FOOTNOTE_QUESTIONS_PER_DAY": "0",
    }
    bot = subprocess.Popen([sys.executable, "-m", "bot", "serve"], env=environment, stderr=subprocess.DEVNULL)
    try:
        telegram.wait(lambda: telegram.polls > 0, 10 * PATIENCE_S, unless=lambda: bot.poll() is not None)
        yield bot
    finally:
        bot.terminate()
        bot.wait()


def family(bot: int) -> list[int]:
    """The bot and the processes that answer for it."""
    listed = Path(f"/proc/{bot}/task/{bot}/children").read_text(encoding="utf-8")
    return [bot, *map(int, listed.split())]


def processor_ms(pid: int) -> float:
    """What a process has computed so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK * 1000


def memory_mb(pid: int) -> float:
    """What a process holds in memory: its own, and its part of what it shares."""
    told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
    return int(told.partition("Pss:")[2].split()[0]) / 1024


if __name__ == "__main__":
    sys.exit(main())
