"""A Bot API server on this machine, in a thread of its own, on a free port."""

import json
import re
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from bot.demo.methods import MessageMethods
from bot.demo.people import People
from bot.demo.profile import ProfileMethods
from bot.demo.receiving import ReceivingMethods
from bot.demo.refusals import RefusalError
from bot.demo.wire import read_arguments
from bot.demo.world import User, World

Answered = tuple[int, bytes] | None
"""Status and body; None closes the connection without an answer."""

STOP_S = 5
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


class BotApi(People):
    """The server, and all that people do on it. Everything may be used from any thread.

    with BotApi(token="1:a", bot=User(…)) as api: ...
    """

    def __init__(
        self, *, token: str, bot: User, port: int = 0, pause: float = 1.0, now: Callable[[], int] | None = None
    ) -> None:
        """`port` 0 takes a free one; `pause`: seconds before a failed webhook is tried again; `now`: Unix time.

        Raises:
            OSError: the port is taken.

        """
        super().__init__(World(bot, now=now) if now else World(bot))
        self.token = token
        self.messaging = MessageMethods(self.world)
        self.profile = ProfileMethods(self.world)
        self.receiving = ReceivingMethods(self.world, pause=pause)
        self._socket = socket.create_server(("127.0.0.1", port))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def routes(self) -> list[BaseRoute]:
        """What else is served beside the Bot API."""
        return []

    def middleware(self) -> list[Middleware]:
        """What every request passes first."""
        return []

    def __enter__(self) -> Self:
        both = ["GET", "POST"]
        bot_api = Route("/bot{token}/{method}", self._call, methods=both)
        files = Route("/file/bot{token}/documents/{file}", self._file)
        app = Starlette(routes=[bot_api, files, *self.routes()], middleware=self.middleware())
        config = uvicorn.Config(
            app, log_config=None, log_level="critical", lifespan="off", ws="none", http="h11", loop="asyncio",
            timeout_graceful_shutdown=STOP_S,
        )  # fmt: skip
        self._server = _Server(config, self)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, name="bot-api")
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self.world.changes.close()
        self._thread.join()
        self._socket.close()

    async def answer(self, token: str, method: str, arguments: dict[str, Any]) -> Answered:
        """What one call gets."""
        try:
            body: dict[str, Any] = {"ok": True, "result": await self._result(token, method, arguments)}
            status = 200
        except RefusalError as refusal:
            status = refusal.status
            body = {"ok": False, "error_code": status, "description": refusal.description}
        with self.world.changes.looking():
            return status, json.dumps(body).encode()

    async def _result(self, token: str, method: str, arguments: dict[str, Any]) -> Any:
        if token != self.token:
            raise RefusalError(401, "Unauthorized")
        name = "on_" + CAMEL.sub("_", method).lower()
        for methods in (self.messaging, self.profile, self.receiving):
            found = getattr(methods, name, None)
            if found is None:
                continue
            if isinstance(methods, ReceivingMethods):
                return await found(arguments)
            with self.world.changes.making():
                return found(arguments)
        raise RefusalError(404, "Not Found")

    async def _call(self, request: Request) -> Response:
        token, method = request.path_params["token"], request.path_params["method"]
        try:
            arguments = await read_arguments(request)
        except ValueError as error:
            body = {"ok": False, "error_code": 400, "description": f"Bad Request: {error}"}
            return Response(json.dumps(body), 400, media_type="application/json")
        answered = await self.answer(token, method, arguments)
        if answered is None:
            return _Lost()
        status, body_sent = answered
        kind = "text/html" if body_sent.startswith(b"<") else "application/json"
        return Response(body_sent, status, media_type=kind)

    async def _file(self, request: Request) -> Response:
        body = self.world.files.get(request.path_params["file"])
        if body is None or request.path_params["token"] != self.token:
            return PlainTextResponse("Not Found", 404)
        return Response(body, media_type="application/octet-stream")


class _Lost(Response):
    """A response that begins and then breaks off, so that the caller can't know what became of its call."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's own
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})


class _Server(uvicorn.Server):
    """Ends at once when nothing will change any more, instead of looking ten times a second."""

    def __init__(self, config: uvicorn.Config, api: BotApi) -> None:
        super().__init__(config)
        self._api = api

    async def main_loop(self) -> None:
        await self._api.world.changes.until(lambda: self._api.world.changes.closed)
        await self._api.receiving.end()
