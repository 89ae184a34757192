"""How long chats wait when many ask at once, and whether one whose model hangs slows the others.

    python -m tests.benchmarks.chats [--chats 50] [--model-chats 12]

The bot is the real one, a process of its own, by long polling against the fake Bot API server. With a language model
it is the scripted provider behind a real socket; one chat's call then never ends.
"""

import argparse
import asyncio
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.knowledge.documents import read_library
from bot.places import shipped
from tests.benchmarks.questions import row
from tests.fake_telegram import TOKEN, FakeTelegram
from tests.scripted_provider import Hangs, Reply, Request, ScriptedProvider, honest, serving

PATIENCE_S = 180.0
STUCK = "Please take your time over this one: what is the dose of rituximab in JDM?"


@dataclass
class Waiting:
    """When a chat saw its placeholder and its answer, in seconds since it asked."""

    placeholder: dict[int, float] = field(default_factory=dict)
    answer: dict[int, float] = field(default_factory=dict)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures as a table; exit code 1 if a chat got no answer."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chats", type=int, default=50)
    parser.add_argument("--model-chats", type=int, default=12)
    args = parser.parse_args(arguments)
    print(f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}")
    questions = own_questions()
    complete = tell("embedded", asked_at_once(questions[: args.chats]), args.chats)
    few = questions[: args.model_chats]
    complete &= tell("model", asyncio.run(with_model(few)), len(few))
    complete &= tell("model, one hangs", asyncio.run(with_model(few, stuck=True)), len(few))
    return 0 if complete else 1


def own_questions() -> list[str]:
    """What the library's documents say that they answer."""
    documents = read_library(shipped("knowledge")).documents
    return list(dict.fromkeys(question for document in documents for question in document.questions))


def tell(what: str, waiting: Waiting, chats: int) -> bool:
    """The figures of one run; False if a chat got no answer."""
    for name, times in (("placeholder", waiting.placeholder), ("answer", waiting.answer)):
        seconds = sorted(times.values())
        p95 = seconds[max(0, -(-95 * len(seconds) // 100) - 1)]
        row(f"{what}: {chats} chats, to {name}", f"p50 {statistics.median(seconds):.2f} s, p95 {p95:.2f} s")
    if len(waiting.answer) < chats:
        row(f"{what}, chats without an answer", str(chats - len(waiting.answer)))
    return len(waiting.answer) == chats


async def with_model(questions: Sequence[str], *, stuck: bool = False) -> Waiting:
    """The same with a language model; with `stuck`, one more chat asks what its provider never answers."""

    def play(request: Request) -> Reply:
        return Hangs() if STUCK in request.text else honest(request)

    async with serving(play) as provider:
        return await asyncio.to_thread(asked_at_once, questions, provider, stuck=stuck)


def asked_at_once(
    questions: Sequence[str], provider: ScriptedProvider | None = None, *, stuck: bool = False
) -> Waiting:
    """Every chat asks its question at the same moment, after one question has warmed the bot."""
    with FakeTelegram() as telegram, serving_bot(telegram, provider):
        telegram.says(questions[0], chat=1)
        telegram.wait(lambda: is_answered(telegram, 1), PATIENCE_S)
        if stuck:
            telegram.says(STUCK, chat=2)
            telegram.wait(lambda: telegram.texts(2), PATIENCE_S)
        waiting, chats = Waiting(), range(10, 10 + len(questions))
        began = time.perf_counter()
        for chat, question in zip(chats, questions, strict=True):
            telegram.says(question, chat=chat, sender=chat)

        def everybody() -> bool:
            now = time.perf_counter() - began
            for chat in chats:
                if telegram.texts(chat):
                    waiting.placeholder.setdefault(chat, now)
                if chat not in waiting.answer and is_answered(telegram, chat):
                    waiting.answer[chat] = now
            return len(waiting.answer) == len(questions)

        telegram.wait(everybody, PATIENCE_S)
        return waiting


def is_answered(telegram: FakeTelegram, chat: int) -> bool:
    """Is there more in the chat than a placeholder? An answer has its disclaimer in italics."""
    return any(entity["type"] == "italic" for message in telegram.messages(chat) for entity in message["entities"])


@contextmanager
def serving_bot(telegram: FakeTelegram, provider: ScriptedProvider | None) -> Iterator["subprocess.Popen[bytes]"]:
    """The bot as an operator starts it."""
    with tempfile.TemporaryDirectory() as data:
        environment = os.environ | {
            "FOOTNOTE_DATA": data,
            "FOOTNOTE_TELEGRAM_TOKEN": TOKEN,
            "FOOTNOTE_TELEGRAM_API_URL": telegram.url,
        }
        if provider is not None:
            environment |= {
                "FOOTNOTE_MODEL": "openai:a-model",
                "FOOTNOTE_MODEL_URL": provider.url,
                "FOOTNOTE_MODEL_KEY": "k",
            }
        bot = subprocess.Popen([sys.executable, "-m", "bot", "serve"], env=environment, stderr=subprocess.DEVNULL)
        try:
            telegram.wait(lambda: telegram.polls > 0, PATIENCE_S, unless=lambda: bot.poll() is not None)
            yield bot
        finally:
            bot.terminate()
            bot.wait()


if __name__ == "__main__":
    sys.exit(main())
