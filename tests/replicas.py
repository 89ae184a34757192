"""Several processes of the real program behind one address, on one PostgreSQL and one Chroma server.

Telegram calls the address; a small proxy passes each call on to the next process that listens, as a load balancer does.
Processes are killed with SIGKILL, or asked to end with SIGTERM, at moments chosen by a seed, and started anew as a
supervisor would.
"""

import http.client
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from bot.demo.server import Answered
from tests.crashing import (
    PATIENCE_S,
    SENDING,
    Kill,
    Outcome,
    Plan,
    Trouble,
    all_are_done,
    ask,
    count,
    environment,
    free_port,
)
from tests.names import KEY

MESSAGES = 2
"""Calls that a question takes at least: its placeholder and its answer."""


@dataclass(frozen=True, kw_only=True)
class Servers:
    """What the processes share: where the database is, and the vectors (each has its own where that is empty)."""

    database: str
    vectors: str = ""


@dataclass(kw_only=True)
class Replica:
    """One process, started anew whenever it ends. Its folder is its own."""

    settings: Mapping[str, str]
    folder: Path
    port: int
    status: int
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)
    lives: int = field(default=0, init=False)
    _ends: threading.Event = field(default_factory=threading.Event, init=False)
    _supervisor: threading.Thread | None = field(default=None, init=False)

    def start(self) -> None:
        """Run it until `stop`."""
        self._supervisor = threading.Thread(target=self._supervise, name=f"replica {self.port}")
        self._supervisor.start()

    def kill(self, *, gently: bool = False) -> None:
        """End this life of it; gently with what it has in hand."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM if gently else signal.SIGKILL)

    def stop(self) -> None:
        """End it for good."""
        self._ends.set()
        self.kill()
        if self._supervisor is not None:
            self._supervisor.join(PATIENCE_S)

    def told(self, page: str = "readyz") -> tuple[int, dict[str, Any]]:
        """Status and content of a page of the operator's; 0 where nobody answers."""
        try:
            answered = httpx.get(f"http://127.0.0.1:{self.status}/{page}", timeout=10.0, trust_env=False)
        except httpx.HTTPError:
            return 0, {}
        return answered.status_code, answered.json()

    @property
    def is_ready(self) -> bool:
        """Does it say so itself?"""
        return self.told()[0] == 200

    def errors(self) -> str:
        """What it wrote to its standard error, in all its lives."""
        return (self.folder / "errors.txt").read_text()

    def _supervise(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "errors.txt").open("ab") as errors:
            while not self._ends.is_set():
                command = [sys.executable, "-m", "bot", "serve"]
                self.lives += 1
                self.process = subprocess.Popen(command, env=dict(self.settings), cwd=self.folder, stderr=errors)
                if self._ends.is_set():
                    self.process.kill()
                self.process.wait()


class Front(ThreadingHTTPServer):
    """The one address. `given` counts the statuses that Telegram got; 502 where no process took its call."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Passing)
        self.ports: Sequence[int] = ()
        self.given: Counter[int] = Counter()
        self.passed: Counter[int] = Counter()
        self._turn = 0

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_port}/updates"

    def pass_on(self, path: str, headers: Mapping[str, str], body: bytes) -> int:
        """The status that the next process gives; one that isn't there is passed over."""
        self._turn += 1
        for step in range(len(self.ports)):
            port = self.ports[(self._turn + step) % len(self.ports)]
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
            try:
                connection.request("POST", path, body, dict(headers))
                status = connection.getresponse().status
            except ConnectionRefusedError:
                continue
            except (OSError, http.client.HTTPException):  # It was killed with the call in its hands.
                return 502
            finally:
                connection.close()
            self.passed[port] += 1
            return status
        return 502


class Passing(BaseHTTPRequestHandler):
    """One call on its way."""

    def do_POST(self) -> None:
        """Pass it on."""
        assert isinstance(self.server, Front)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.server.pass_on(self.path, dict(self.headers), body)
        self.server.given[status] += 1
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
        """Silent."""


class Deaths(Trouble):
    """Ends the life of a process at certain calls, whoever makes them; `taken`: the call is still carried out."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.replicas: Sequence[Replica] = ()
        self.due: list[Kill] = []
        self.sent = 0
        self._which = random.Random(f"{plan.seed} which")

    async def answer(self, token: str, method: str, arguments: dict[str, Any]) -> Answered:
        """As ever, unless somebody dies of it."""
        if method in SENDING:
            self.sent += 1
            if self.due and self.sent >= self.due[0].number:
                kill = self.due.pop(0)
                self._which.choice(self.replicas).kill(gently=kill.gently)
                if not kill.taken:
                    return None
        return await super().answer(token, method, arguments)


def calls_of_death(plan: Plan) -> list[Kill]:
    """At which messages of all processes together one of them ends: spread over the run, each at random."""
    chance = random.Random(f"{plan.seed} deaths")
    deaths = plan.kills + plan.stops
    each = plan.questions * MESSAGES / max(deaths, 1)
    moments = sorted(int(each * (number + chance.random())) + 1 for number in range(deaths))
    stops = set(chance.sample(range(deaths), plan.stops))
    return [
        Kill(number=moment, taken=number in stops or chance.random() < 0.5, gently=number in stops)
        for number, moment in enumerate(moments)
    ]


@contextmanager
def replicas_of(
    number: int, telegram_url: str, servers: Servers, folder: Path, settings: Mapping[str, str]
) -> Iterator[tuple[Front, list[Replica]]]:
    """So many processes behind one address, started; `settings` are further variables of their environment."""
    with Front() as front:
        serving = threading.Thread(target=front.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        replicas = [
            Replica(
                settings=dict(settings)
                | {
                    "FOOTNOTE_DATA": str(folder / f"data-{each}"),
                    "FOOTNOTE_DATABASE_URL": servers.database,
                    "FOOTNOTE_CHROMA_URL": servers.vectors,
                    "FOOTNOTE_HASH_KEY": KEY.ljust(32, "."),
                    "FOOTNOTE_TELEGRAM_API_URL": telegram_url,
                    "FOOTNOTE_WEBHOOK_URL": front.url,
                    "FOOTNOTE_WEBHOOK_LISTEN": f"127.0.0.1:{port}",
                    "FOOTNOTE_STATUS_LISTEN": f"127.0.0.1:{status}",
                },
                folder=folder / f"replica-{each}",
                port=port,
                status=status,
            )
            for each, (port, status) in enumerate((free_port(), free_port()) for _ in range(number))
        ]
        front.ports = [replica.port for replica in replicas]
        try:
            for replica in replicas:
                replica.start()
            yield front, replicas
        finally:
            for replica in replicas:
                replica.stop()
            front.shutdown()
            serving.join()


def wait_until_ready(replicas: Sequence[Replica]) -> None:
    """Return as soon as each process says that it can answer."""
    pause, until = threading.Event(), time.monotonic() + 3 * PATIENCE_S
    while not all(replica.is_ready for replica in replicas):
        assert time.monotonic() < until, "\n".join(replica.errors() for replica in replicas)
        pause.wait(0.1)


def run(plan: Plan, servers: Servers, folder: Path, prepared: Path, *, number: int = 2) -> Outcome:
    """Let people ask while processes die; `prepared` is what `tests.crashing.prepare` made."""
    begun = time.monotonic()
    chance = random.Random(f"{plan.seed} people")
    with Deaths(plan) as telegram:
        settings = environment(prepared.parent, folder)
        with replicas_of(number, telegram.url, servers, folder, settings) as (front, replicas):
            telegram.replicas = replicas
            wait_until_ready(replicas)
            telegram.due = calls_of_death(plan)
            kills = list(telegram.due)
            asked: dict[int, list[int]] = {chat: [] for chat in range(1, plan.chats + 1)}
            order = [chat for chat in asked for _ in range(plan.questions // plan.chats)]
            chance.shuffle(order)
            ask(telegram, chance, asked, order)
            try:
                telegram.wait(lambda: all_are_done(telegram, asked), 5 * PATIENCE_S)
            except AssertionError:
                with suppress(OSError):
                    print("\n".join(replica.errors()[-2000:] for replica in replicas))
            telegram.is_quiet = True
            assert not front.given[403], "the processes don't know one secret"
            met = [kill for kill in kills if kill not in telegram.due]
            ended = Counter("SIGTERM" if kill.gently else "SIGKILL" for kill in met)
            return replace(count(plan, telegram, asked, met, time.monotonic() - begun), kills=ended)
