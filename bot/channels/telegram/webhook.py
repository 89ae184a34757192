"""Receives updates from Telegram's own calls. A call is answered with 200 only when its update is kept."""

import asyncio
import contextlib
import hmac
import json
import logging
import socket
from collections.abc import Awaitable, Callable, Iterator
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot, Update

from bot.channels.telegram.polling import has_id, readable
from bot.domain.errors import ConfigurationError, StoreError

logger = logging.getLogger(__name__)

LARGEST_BODY = 1_000_000
"""Bytes; Telegram's updates have a few thousand."""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
CLOSE_S = 2.0
HIGHEST_PORT = 65535

Keep = Callable[[Update], Awaitable[None]]


def webhook_app(keep: Keep, *, path: str, secret: str, bot: Bot) -> Starlette:
    """The one address that Telegram calls, with the secret that only it knows. `keep` raises StoreError."""

    async def receive(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return Response(status_code=403)
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        try:
            content = json.loads(body)
        except (ValueError, RecursionError):
            content = None
        if not has_id(content):
            logger.warning("A call of the webhook held no update and is put aside")
            return Response()
        try:
            await keep(Update.de_json(readable(content), bot))
        except StoreError as error:
            logger.error("An update could not be kept, Telegram will send it again: %s", error)  # noqa: TRY400
            return Response(status_code=503)
        return Response()

    return Starlette(routes=[Route(path, receive, methods=["POST"])])


async def _body(request: Request) -> bytes | None:
    """The body; None when it is too large."""
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > LARGEST_BODY:
            return None
        pieces.append(piece)
    return b"".join(pieces)


class WebhookServer:
    """Serves the webhook in this process, on `listen` such as `127.0.0.1:8080`."""

    def __init__(self, app: Starlette, listen: str) -> None:
        """Raises ConfigurationError where nobody can listen."""
        self._socket = _listening(listen)
        config = uvicorn.Config(
            app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=int(CLOSE_S)
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


def path_of(url: str) -> str:
    """The path of the webhook's address."""
    return urlsplit(url).path or "/"


def _listening(listen: str) -> socket.socket:
    host, _, port = listen.rpartition(":")
    reason = "that is no host:port"
    if port.isascii() and port.isdigit() and int(port) <= HIGHEST_PORT:
        try:
            return socket.create_server((host or "127.0.0.1", int(port)), backlog=128)
        except OSError as error:
            reason = error.strerror or str(error)
    raise ConfigurationError(
        f"Nobody can listen on {listen!r} ({reason}).",
        remedy="Set FOOTNOTE_WEBHOOK_LISTEN to a free host:port, such as 127.0.0.1:8080.",
    )
