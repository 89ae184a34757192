"""What a flood from one account costs the others: `python -m tests.benchmarks.flood [--updates 10000]`.

The bot is the real one, a process of its own, by long polling against the fake Bot API server. One user sends messages,
commands, edits and presses without a pause; five others ask one question each meanwhile. Memory is read from the
system's own account (Linux).
"""

import argparse
import os
import platform
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.chats import PATIENCE_S, is_answered, own_questions, serving_bot
from tests.benchmarks.questions import row
from tests.fake_telegram import FakeTelegram

MALLORY, OTHERS = 666, range(10, 15)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures as a table; exit code 1 if somebody got no answer."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--updates", type=int, default=10_000)
    args = parser.parse_args(arguments)
    questions = own_questions()
    print(f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}")
    with FakeTelegram() as telegram, serving_bot(telegram, None) as bot:
        telegram.says(questions[0], chat=1, sender=1)
        telegram.wait(lambda: is_answered(telegram, 1), PATIENCE_S)
        quiet = [answered_in(telegram, chat + 100, question) for chat, question in zip(OTHERS, questions, strict=False)]
        before = memory_mb(bot.pid)
        first = telegram.says(questions[0], chat=MALLORY, sender=MALLORY)
        began = time.perf_counter()
        flooded = []
        for chat, question in zip(OTHERS, questions, strict=False):
            pour(telegram, first, args.updates // len(OTHERS))
            flooded.append(answered_in(telegram, chat, question))
        telegram.wait(lambda: telegram.pending == 0, PATIENCE_S)
        took = time.perf_counter() - began
        row("an answer without a flood", f"median {statistics.median(quiet):.2f} s, slowest {max(quiet):.2f} s")
        row("an answer in the flood", f"median {statistics.median(flooded):.2f} s, slowest {max(flooded):.2f} s")
        row(f"{args.updates} updates taken in", f"{took:.1f} s")
        row("memory before, after", f"{before:.0f} MB, {memory_mb(bot.pid):.0f} MB")
        row("messages to the flooder", str(len(telegram.messages(MALLORY))))
        row("presses that were answered", str(len(telegram.called("answerCallbackQuery"))))
    return 0


def pour(telegram: FakeTelegram, first: int, count: int) -> None:
    """So many updates of one user, of four kinds in turn."""
    with telegram.together():
        for number in range(count):
            match number % 4:
                case 0:
                    telegram.says("What is the dose of rituximab in JDM?", chat=MALLORY, sender=MALLORY)
                case 1:
                    telegram.says("/about", chat=MALLORY, sender=MALLORY)
                case 2:
                    telegram.edits(first, f"What is the dose of infliximab in JDM, time {number}?", chat=MALLORY)
                case _:
                    telegram.presses(first, "d:0123456789ab", chat=MALLORY, sender=MALLORY, stale=True)


def answered_in(telegram: FakeTelegram, chat: int, question: str) -> float:
    """How many seconds somebody waits for an answer."""
    began = time.perf_counter()
    telegram.says(question, chat=chat, sender=chat)
    telegram.wait(lambda: is_answered(telegram, chat), PATIENCE_S)
    return time.perf_counter() - began


def memory_mb(process: int) -> float:
    """What a process holds in memory."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


if __name__ == "__main__":
    sys.exit(main())
