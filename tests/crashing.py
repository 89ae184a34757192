"""The real program, killed again and again while people ask and Telegram misbehaves: is anything lost, or said twice?

It runs as a process of its own against the Bot API server of the tests. It is killed with SIGKILL at points chosen by a
seed: while it starts, when it asks for updates, just before or just after a message of its has been taken by Telegram.
"""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.demo.server import Answered
from bot.places import shipped
from bot.prompts import load_wording
from tests.fake_telegram import TOKEN, FakeTelegram, Fault, flood

ROOT = Path(__file__).parents[1]
WORDING = load_wording(shipped("prompts"))
ANSWERED = WORDING.say("disclaimer.other")
FAILED = tuple(WORDING.say(f"telegram.{key}") for key in ("failed", "gave_up", "too_slow"))
PATIENCE_S = 120.0
DRUGS = ("rituximab", "abatacept", "tofacitinib", "infliximab", "cyclophosphamide")
LIBRARY = "\n\n".join(
    f"# {drug.title()}\n\n{drug.title()} is given to children with refractory juvenile dermatomyositis at {dose} mg/kg."
    for dose, drug in enumerate(DRUGS, 3)
)
POISON: dict[str, Any] = {"callback_query": {"id": "7", "from": {"id": 5, "is_bot": False, "first_name": "Ada"}}}
SENDING = ("sendMessage", "editMessageText")


@dataclass(frozen=True, kw_only=True)
class Kill:
    """When a life ends: at the `number`th call of a method, or so many seconds after its start.

    `taken`: Telegram carries the call out before the end. `gently`: it is asked to end, as when a new version comes.
    """

    method: str = ""
    number: int = 1
    taken: bool = False
    gently: bool = False
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What happens in one run. `stops`: how many processes are asked to end, besides those that are killed."""

    seed: int = 1
    kills: int = 20
    stops: int = 0
    questions: int = 200
    chats: int = 20
    webhook: bool = False
    faults: Mapping[str, float] = field(
        default_factory=lambda: {"500": 0.02, "502": 0.02, "429": 0.01, "lost": 0.03, "409": 0.01}
    )


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a run. All but `placeholders` and `seconds` count questions."""

    plan: Plan
    kills: Mapping[str, int]
    lost: int
    twice: int
    out_of_order: int
    failed: int
    placeholders: int
    seconds: float


class Trouble(FakeTelegram):
    """Telegram on a bad day. It notes in which order questions of a chat are answered, and ends a life on time."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(now=lambda: int(time.time()))
        self.answered: dict[int, list[int]] = {}
        self.kill: Kill | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self.is_quiet = False
        self._random = random.Random(f"{plan.seed} faults")
        self._faults_of_a_day = plan.faults
        self._called: dict[str, int] = {}

    def begins(self, kill: Kill | None, process: "subprocess.Popen[bytes]") -> None:
        """A new life."""
        self._called.clear()
        self.kill, self.process = kill, process

    def repeats_one(self, chance: random.Random) -> None:
        """Deliver once more what the bot has already confirmed."""
        with self.world.changes.looking():
            on_their_way = {int(update["update_id"]) for update in self.world.updates.waiting}
            confirmed = sorted(set(self.world.updates._all) - on_their_way)
        if confirmed:
            self.repeats(chance.choice(confirmed))

    async def answer(self, token: str, method: str, arguments: dict[str, Any]) -> Answered:
        self._called[method] = self._called.get(method, 0) + 1
        kill = self.kill
        if kill is not None and kill.method == method and self._called[method] >= kill.number:
            assert self.process is not None
            self.kill = None
            self.process.kill()
            if kill.taken:
                await super().answer(token, method, arguments)
                self._note()
            self.wake()
            return None
        if (fault := self._fault(method)) is not None:
            self.fails(method, fault)
        answered = await super().answer(token, method, arguments)
        self._note()
        return answered

    def _fault(self, method: str) -> Fault | None:
        if self.is_quiet:
            return None
        kinds = {
            "500": Fault(),
            "502": Fault(status=502, html=True),
            "429": flood(1),
            "lost": Fault(drop=True),
            "409": Fault(status=409, description="Conflict: terminated by other getUpdates request")
            if method == "getUpdates"
            else None,
        }
        drawn = self._random.random()
        for kind, chance in self._faults_of_a_day.items():
            if drawn < chance:
                return kinds[kind]
            drawn -= chance
        return None

    def _note(self) -> None:
        """Who has an answer now?"""
        with self.world.changes.looking():
            for chat, place in self.chats.items():
                done = self.answered.setdefault(chat, [])
                for message in place.messages.values():
                    asked = question_of(message)
                    if asked is not None and ANSWERED in message.get("text", "") and asked not in done:
                        done.append(asked)


def question_of(message: Mapping[str, Any]) -> int | None:
    """The message that a message of the bot replies to."""
    if not message["from"]["is_bot"]:
        return None
    earlier = message.get("reply_to_message")
    return None if earlier is None else int(earlier["message_id"])


def prepare(folder: Path) -> Path:
    """A data folder with the index of a small library, to be copied for each run."""
    library = folder / "library"
    library.mkdir()
    for part in LIBRARY.split("# ")[1:]:
        (library / f"{part.split()[0].lower()}.md").write_text(f"# {part}\n")
    data = folder / "data"
    subprocess.run([sys.executable, "-m", "bot", "index"], env=environment(folder, data), check=True, cwd=folder)
    return data


def run(plan: Plan, folder: Path, prepared: Path) -> Outcome:
    """One run, in a folder of its own; `prepared` is what `prepare` made."""
    begun = time.monotonic()
    data = folder / "data"
    shutil.copytree(prepared, data)
    settings = environment(prepared.parent, data)
    kills = list(_kills(plan))
    chance = random.Random(f"{plan.seed} people")
    with Trouble(plan) as telegram:
        if plan.webhook:
            port = free_port()
            settings |= {
                "FOOTNOTE_WEBHOOK_URL": f"http://127.0.0.1:{port}/updates",
                "FOOTNOTE_WEBHOOK_LISTEN": f"127.0.0.1:{port}",
            }
        settings["FOOTNOTE_TELEGRAM_API_URL"] = telegram.url
        asked: dict[int, list[int]] = {chat: [] for chat in range(1, plan.chats + 1)}
        left = [chat for chat in asked for _ in range(plan.questions // plan.chats)]
        chance.shuffle(left)
        each = -(-len(left) // (len(kills) or 1))
        for kill in kills:
            now, left = left[:each], left[each:]
            ask(telegram, chance, asked, now[: len(now) // 2])
            with _life(settings, folder) as process:
                telegram.begins(kill, process)
                ask(telegram, chance, asked, now[len(now) // 2 :])
                _meet_the_end(telegram, process, kill, asked)
        ask(telegram, chance, asked, left)
        with _life(settings, folder) as process:
            telegram.begins(None, process)
            telegram.wait(lambda: all_are_done(telegram, asked) or process.poll() is not None, PATIENCE_S)
            assert process.poll() is None, (folder / "errors.txt").read_text()
            telegram.is_quiet = True
        return count(plan, telegram, asked, kills, time.monotonic() - begun)


def _kills(plan: Plan) -> Iterator[Kill]:
    chance = random.Random(f"{plan.seed} kills")
    receiving = "setWebhook" if plan.webhook else "getUpdates"
    for number in range(plan.kills):
        match number % 5:
            case 0:
                yield Kill(seconds=chance.uniform(0.0, 4.0))
            case 1:
                yield Kill(method=chance.choice(["getMe", receiving]), taken=chance.random() < 0.5)
            case _:
                yield Kill(method=SENDING[number % 2], number=chance.randint(1, 8), taken=chance.random() < 0.5)


def ask(telegram: Trouble, chance: random.Random, asked: Mapping[int, list[int]], chats: list[int]) -> None:
    for chat in chats:
        drug = chance.choice(DRUGS)
        text = f"What is the dose of {drug} in refractory juvenile dermatomyositis?"
        with telegram.together():
            asked[chat].append(telegram.says(text, chat=chat, sender=chat))
            if chance.random() < 0.1:
                telegram.pushes(dict(POISON))
            if chance.random() < 0.1:
                telegram.repeats_one(chance)


def _meet_the_end(
    telegram: Trouble, process: "subprocess.Popen[bytes]", kill: Kill, asked: Mapping[int, list[int]]
) -> None:
    """Wait until the life is over; one with nothing left to do ends as well."""
    if kill.seconds:
        timer = threading.Timer(kill.seconds, process.kill)
        timer.start()
        process.wait(PATIENCE_S)
        timer.cancel()
        return
    telegram.wait(
        lambda: telegram.kill is None or process.poll() is not None or all_are_done(telegram, asked), PATIENCE_S
    )
    process.kill()
    assert process.wait(PATIENCE_S) == -signal.SIGKILL, "the bot ended by itself"


def all_are_done(telegram: Trouble, asked: Mapping[int, list[int]]) -> bool:
    for chat, questions in asked.items():
        over = {
            question_of(message)
            for message in telegram.messages(chat)
            if message.get("text", "").startswith(FAILED) or ANSWERED in message.get("text", "")
        }
        if not over.issuperset(questions):
            return False
    return True


def count(plan: Plan, telegram: Trouble, asked: Mapping[int, list[int]], kills: list[Kill], seconds: float) -> Outcome:
    lost = twice = failed = out_of_order = placeholders = 0
    for chat, questions in asked.items():
        said = telegram.messages(chat)
        for question in questions:
            own = [str(message.get("text", "")) for message in said if question_of(message) == question]
            answers = sum(ANSWERED in text for text in own)
            sorry = sum(text.startswith(FAILED) for text in own)
            lost += answers + sorry == 0
            twice += answers > 1
            failed += answers == 0 and sorry > 0
            placeholders += len(own) - answers - sorry
        done = telegram.answered.get(chat, [])
        out_of_order += sum(before > after for before, after in pairwise(done))
    met = {kill.method or "start-up": 0 for kill in kills}
    for kill in kills:
        met[kill.method or "start-up"] += 1
    return Outcome(
        plan=plan,
        kills=met,
        lost=lost,
        twice=twice,
        out_of_order=out_of_order,
        failed=failed,
        placeholders=placeholders,
        seconds=seconds,
    )


@contextmanager
def _life(settings: Mapping[str, str], folder: Path) -> "Iterator[subprocess.Popen[bytes]]":
    with (folder / "errors.txt").open("ab") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"], env=dict(settings), cwd=folder, stderr=errors
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait(PATIENCE_S)


def environment(prepared: Path, data: Path) -> dict[str, str]:
    return os.environ | {
        "PYTHONPATH": str(ROOT),
        "FOOTNOTE_KNOWLEDGE": str(prepared / "library"),
        "FOOTNOTE_DATA": str(data),
        "FOOTNOTE_TELEGRAM_TOKEN": TOKEN,
        "FOOTNOTE_QUESTIONS_PER_MINUTE": "1000",
        "FOOTNOTE_CHAT_QUESTIONS_PER_MINUTE": "1000",
        "FOOTNOTE_QUESTIONS_PER_DAY": "0",
    }


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
