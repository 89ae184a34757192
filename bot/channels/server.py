"""Serves an HTTP application in this process, beside everything else that it does."""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Iterator

import uvicorn
from starlette.applications import Starlette

from bot.domain.errors import ConfigurationError

CLOSE_S = 2.0
HIGHEST_PORT = 65535


class HttpServer:
    """Serves `app` on `listen`, such as `127.0.0.1:8080`; `setting` is the variable that says where."""

    def __init__(self, app: Starlette, listen: str, *, setting: str) -> None:
        """Raises ConfigurationError where nobody can listen."""
        self._socket = open_socket(listen, setting)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=int(CLOSE_S),
        )
        self._server = _Server(config)
        self._serving: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._socket.getsockname()[1])

    def start(self) -> "asyncio.Task[None]":
        """Serve; the task ends with `stop`."""
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        return self._serving

    async def stop(self) -> None:
        """Finish the calls in hand and take no more."""
        self._server.should_exit = True
        if self._serving is not None:
            await asyncio.wait([self._serving], timeout=CLOSE_S)
        self._socket.close()


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """The bot itself listens to signals."""
        yield


def open_socket(listen: str, setting: str) -> socket.socket:
    """A socket that listens on a `host:port`. Raises ConfigurationError where nobody can."""
    host, port = host_and_port(listen)
    reason = "is no host:port"
    if port is not None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            return socket.create_server((host, port), family=family, backlog=128)
        except OSError as error:
            reason = "can't be listened on: " + (
                "another program does" if error.errno == errno.EADDRINUSE else error.strerror or str(error)
            )
    raise ConfigurationError(
        f"{listen} {reason}.",
        remedy=f"Set {setting} to a free host:port of this machine, such as 127.0.0.1:8090.",
    )


def host_and_port(listen: str) -> tuple[str, int | None]:
    """The two halves of `host:port`, of `:port` for this machine alone, or of `[::1]:port`; None where it is none."""
    host, _, port = listen.rpartition(":")
    is_port = port.isascii() and port.isdigit() and int(port) <= HIGHEST_PORT
    return host.strip("[]") or "127.0.0.1", int(port) if is_port else None
