"""What holds for every test: no network, no settings of this machine, a folder of its own to work in."""

import ipaddress
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.chroma_server import chroma_server, index_server, own_chroma_server, running_chroma_server
from tests.postgres_server import postgres_server

__all__ = ["chroma_server", "index_server", "own_chroma_server", "postgres_server", "running_chroma_server"]

# The image is tried out where it's asked for (`make image-test`): that takes minutes and a Docker engine.
collect_ignore = [] if os.environ.get("FOOTNOTE_TEST_IMAGE") else ["image"]

FOREIGN_SETTINGS = ("FOOTNOTE_", "LANGCHAIN_", "LANGSMITH_", "CHROMA_", "ANTHROPIC_", "OPENAI_", "OLLAMA_")
PROXIES = {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"}


class NetworkIsOffError(AssertionError):
    """A test reached for another host. No `OSError`: code that copes with a dead network must not swallow it."""


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the environment nor a `.env` file of the checkout reaches a test, and its data goes to its own folder."""
    for name in list(os.environ):
        if name.startswith(FOREIGN_SETTINGS) or name.upper() in PROXIES:
            monkeypatch.delenv(name)
    monkeypatch.setenv("FOOTNOTE_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sockets reach this machine's loopback and Unix sockets only; servers of the tests live there."""

    def guard(name: str) -> None:
        real: Callable[..., Any] = getattr(socket.socket, name)

        def guarded(self: socket.socket, *args: Any) -> Any:
            if self.family in {socket.AF_INET, socket.AF_INET6} and isinstance(args[-1], tuple):
                refuse_foreign(args[-1][0])
            return real(self, *args)

        monkeypatch.setattr(socket.socket, name, guarded)

    for name in ("connect", "connect_ex", "sendto"):
        guard(name)
    resolve = socket.getaddrinfo

    def guarded_resolve(host: Any, *args: Any, **kwargs: Any) -> Any:
        refuse_foreign(host)
        return resolve(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", guarded_resolve)


def refuse_foreign(host: str | bytes | None) -> None:
    """Raise NetworkIsOffError unless the host is this machine. None and "" mean "any address", to listen on."""
    name = host.decode() if isinstance(host, bytes) else host or "localhost"
    try:
        local = ipaddress.ip_address(name).is_loopback or ipaddress.ip_address(name).is_unspecified
    except ValueError:
        local = name == "localhost"
    if not local:
        raise NetworkIsOffError(f"A test tried to reach {name}: tests use fakes, or servers on 127.0.0.1.")
