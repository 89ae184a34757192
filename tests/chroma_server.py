"""A Chroma server for the tests: the real one, started once a run, in a folder of its own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.knowledge.chroma_server import ChromaServer, ServerAddress, ServerAwayError

# Read when tests are collected, because each test runs without the settings of this machine.
REQUIRED = os.environ.get("FOOTNOTE_TEST_CHROMA") == "required"
LONG_S = 60.0
LOOK_EVERY_S = 0.05


@dataclass(kw_only=True)
class RunningChroma:
    """A server of its own: it can be stopped, killed, frozen and started anew on the same port."""

    program: Path
    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def address(self) -> ServerAddress:
        """The same, as the index takes it."""
        return ServerAddress(url=self.url)

    def connected(self) -> "closing[ChromaServer]":
        """A connection, to look at what is there."""
        return closing(ChromaServer(self.address))

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [
            str(self.program),
            "run",
            "--path",
            str(self.folder),
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
        ]
        self.process = subprocess.Popen(
            command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        pause = threading.Event()
        for _ in range(int(LONG_S / LOOK_EVERY_S)):
            try:
                with self.connected() as server:
                    server.version()
            except ServerAwayError:
                if self.process.poll() is not None:
                    break
                pause.wait(LOOK_EVERY_S)
            else:
                return
        raise AssertionError("The Chroma server doesn't answer.")

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait(LONG_S)
            self.process = None

    def freeze(self) -> None:
        """Let it accept connections and answer none."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def forget(self) -> None:
        """Delete all collections."""
        with self.connected() as server:
            for standing in server.collections():
                server.drop(standing.name)


def running_chroma() -> Iterator[RunningChroma]:
    """A running server. Without its program the test is skipped, or fails if FOOTNOTE_TEST_CHROMA is `required`."""
    program = Path(sys.executable).parent / "chroma"
    if not program.exists():
        reason = "The program `chroma` isn't beside Python: it comes with the package chromadb."
        raise pytest.fail.Exception(reason) if REQUIRED else pytest.skip.Exception(reason)
    folder = Path(tempfile.mkdtemp(prefix="footnote-chroma-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = RunningChroma(program=program, folder=folder, port=port)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def running_chroma_server() -> Iterator[RunningChroma]:
    """The server that all tests share; ask for `chroma_server`, which is emptied."""
    yield from running_chroma()


@pytest.fixture
def chroma_server(running_chroma_server: RunningChroma) -> Iterator[RunningChroma]:
    """The shared server, without collections afterwards; who stops or freezes it asks for `own_chroma_server`."""
    yield running_chroma_server
    running_chroma_server.forget()


@pytest.fixture(params=["embedded Chroma", "Chroma server"])
def index_server(request: pytest.FixtureRequest) -> ServerAddress | None:
    """Where the vectors are: a test that asks for it runs twice, without a server and on one."""
    if request.param == "embedded Chroma":
        return None
    server: RunningChroma = request.getfixturevalue("chroma_server")
    return server.address


@pytest.fixture
def own_chroma_server(running_chroma_server: RunningChroma) -> Iterator[RunningChroma]:
    """The shared server for a test that kills, freezes or starts it; it runs and is empty again afterwards."""
    yield running_chroma_server
    running_chroma_server.kill()
    running_chroma_server.start()
    running_chroma_server.forget()
