"""Runs `footnote` in a process of its own that reaches nothing but itself, and tells what tried to get out.

    python -m tests.sealed REPORT [--careless] ask "…"
    python -m tests.sealed REPORT [--careless] serve "…"

`serve` brings a Bot API server and a language model of its own, puts the question, and ends when it is answered. With
--careless nothing keeps the libraries from doing what the environment says. REPORT is the JSON that is written. What
the image leaves out can't be imported.

Python's sockets are watched. Where the kernel lets it, the process also has a network of its own without a way out, and
the kernel's count of packets without a route tells of libraries that don't ask Python.
"""

import ctypes
import fcntl
import json
import os
import re
import signal
import socket
import struct
import sys
import threading
from pathlib import Path
from typing import Any

NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
SET_FLAGS, UP, RUNNING = 0x8914, 0x1, 0x40
LOOPBACK = re.compile(r"127\.|::1$|::$|0\.0\.0\.0$|localhost$|$")


def own_network() -> bool:
    """Give this process a network in which only the loopback exists; False where it may not have one."""
    libc = ctypes.CDLL(None)
    if libc.unshare(NEW_NETWORK) != 0 and libc.unshare(NEW_USER | NEW_NETWORK) != 0:
        return False
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        fcntl.ioctl(one, SET_FLAGS, struct.pack("16sh14x", b"lo", UP | RUNNING))
    return True


def without_route() -> int:
    """How many packets the kernel of this network knew no way for."""
    names, values = (
        line.split() for line in Path("/proc/self/net/snmp").read_text().splitlines() if line.startswith("Ip:")
    )
    newer = dict(line.split() for line in Path("/proc/self/net/snmp6").read_text().splitlines())
    return int(values[names.index("OutNoRoutes")]) + int(newer["Ip6OutNoRoutes"])


def watch() -> list[str]:
    """Refuse what isn't this machine, as a network that is down would, and note it."""
    tried: list[str] = []

    def guard(event: str, arguments: tuple[Any, ...]) -> None:
        match event, arguments:
            case "socket.connect" | "socket.sendto" | "socket.sendmsg", (_, (host, *_)):
                pass
            case "socket.getaddrinfo" | "socket.gethostbyname" | "socket.gethostbyaddr", (host, *_):
                pass
            case "socket.getnameinfo", ((host, *_),):
                pass
            case _:
                return
        name = host.decode() if isinstance(host, bytes) else str(host or "")
        if not LOOPBACK.match(name):
            tried.append(f"{event} {name}")
            raise OSError(101, "Network is unreachable", name)

    sys.addaudithook(guard)
    return tried


def run(command: str, question: str) -> tuple[int, list[str]]:
    """The exit code, and what the bot said in the chat."""
    from bot.cli import main

    if command == "ask":
        sys.argv = ["footnote", "ask", question]
        return finished(main), []
    from tests.fake_telegram import TOKEN, FakeTelegram
    from tests.scripted_provider import ScriptedProvider, honest

    provider = ScriptedProvider(honest)
    provider.start()
    with FakeTelegram() as telegram:
        os.environ |= {
            "FOOTNOTE_TELEGRAM_TOKEN": TOKEN,
            "FOOTNOTE_TELEGRAM_API_URL": telegram.url,
            "FOOTNOTE_MODEL": "openai:a-model",
            "FOOTNOTE_MODEL_URL": provider.url,
            "FOOTNOTE_MODEL_KEY": "none",
        }
        telegram.says(question)

        def end_when_answered() -> None:
            try:
                telegram.wait(lambda: any("[1]" in text for text in telegram.texts()), 300)
            finally:
                os.kill(os.getpid(), signal.SIGTERM)

        threading.Thread(target=end_when_answered).start()
        sys.argv = ["footnote", "serve"]
        code = finished(main)
        provider.stop()
        return code, telegram.texts()


def leave_out() -> None:
    """Let nobody import what the image leaves out."""
    from importlib.metadata import packages_distributions

    from tests.tools.locked import LOCK, closure, left_out, read_lock

    lock = read_lock(LOCK.read_text(encoding="utf-8"))
    absent = closure(lock) - closure(lock, without=left_out())
    for top, packages in packages_distributions().items():
        if {name.lower().replace("_", "-") for name in packages} <= absent:
            sys.modules[top] = None  # type: ignore[assignment]


def finished(main: Any) -> int:
    """Run the command to its end."""
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


if __name__ == "__main__":
    place, *rest = sys.argv[1:]
    careless = rest[0] == "--careless"
    is_sealed = own_network()
    attempts = watch()
    if careless:
        from bot import privacy

        privacy.OFF.clear()
        privacy.DROPPED = ()
    leave_out()
    code, texts = run(*rest[careless:])
    from langchain_core.tracers.langchain import wait_for_all_tracers

    wait_for_all_tracers()
    report = {
        "code": code,
        "texts": texts,
        "attempts": attempts,
        "without_route": without_route() if is_sealed else 0,
    }
    Path(place).write_text(json.dumps(report))
