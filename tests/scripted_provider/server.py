"""The HTTP side: an asyncio server on 127.0.0.1 in a thread of its own, so that blocking tests can use it as well."""

import asyncio
import contextlib
import json
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.scripted_provider import wire
from tests.scripted_provider.connection import Call, read, send, send_half, stream, stream_cut
from tests.scripted_provider.scripts import (
    Breaks,
    Cuts,
    Fails,
    Hangs,
    Player,
    Refuses,
    Reply,
    Request,
    Says,
    Script,
    Scripts,
    Sends,
    unknown_model,
)

PATIENCE = 10.0  # seconds that `until` and a start may take
ANY_MODEL = "scripted-model"


@dataclass
class _Part:
    """A script and how far it was played."""

    script: Script
    played: int = 0

    def next(self) -> Reply | Player | None:
        if callable(self.script):
            return self.script
        if self.played == len(self.script):
            return None
        self.played += 1
        return self.script[self.played - 1]


@dataclass(kw_only=True)
class Played:
    """A call and what was replied, with its moments in seconds of `time.perf_counter`.

    `left` holds when each event of a stream left; the first names the role, the others hold a piece of the text each.
    """

    request: Request
    reply: Reply
    began: float
    ended: float = 0.0
    left: list[float] = field(default_factory=list)

    def leaves(self) -> None:
        self.left.append(time.perf_counter())


@dataclass
class ScriptedProvider:
    """Plays a script, or one for each model, and remembers what it was asked.

    `asked` holds every call in order, `played` those that are over. `unscripted` counts calls beyond the script
    or for a model that has none, `left` the clients that went while a reply hung, `broken` what players raised.
    """

    scripts: Scripts
    port: int = 0
    asked: list[Request] = field(default_factory=list, init=False)
    played: list[Played] = field(default_factory=list, init=False)
    unscripted: int = field(default=0, init=False)
    left: int = field(default=0, init=False)
    broken: list[Exception] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self._parts: dict[str, _Part] = {}
        if isinstance(self.scripts, Mapping):
            self._parts = {name: _Part(script) for name, script in self.scripts.items()}
            self._whole = None
        else:
            self._whole = _Part(self.scripts)
        self._changed = threading.Condition()
        self._connections: set[asyncio.Task[Any]] = set()
        self._thread: threading.Thread | None = None
        self._start_error: OSError | None = None
        self._ready = threading.Event()

    @property
    def url(self) -> str:
        """The base URL for a client."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def models(self) -> tuple[str, ...]:
        return tuple(self._parts) or (ANY_MODEL,)

    @property
    def calls(self) -> Counter[str]:
        """How often each model was called."""
        return Counter(request.model for request in list(self.asked))

    def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._ready.wait(PATIENCE), "The server doesn't start."
        if self._start_error is not None:
            self._thread.join(PATIENCE)
            raise self._start_error

    def stop(self) -> None:
        """Close every connection, also those that hang, and the port."""
        if self._thread is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(PATIENCE)
            assert not self._thread.is_alive(), "The server doesn't stop."

    async def until(self, condition: Callable[["ScriptedProvider"], bool]) -> None:
        """Wait for something to have happened here, such as `lambda p: p.left == 1`."""

        def wait() -> bool:
            with self._changed:
                return self._changed.wait_for(lambda: condition(self), PATIENCE)

        assert await asyncio.to_thread(wait), "What was waited for did not happen at the provider."

    # In the thread of the server

    async def _serve(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        try:
            server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        except OSError as error:
            self._start_error = error
            self._ready.set()
            return
        self.port = int(server.sockets[0].getsockname()[1])
        self._ready.set()
        await self._stopping.wait()
        server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            call = await read(reader)
            if call is not None:
                await self._answer(call, reader, writer)
        except ConnectionError:
            pass  # the client went
        except asyncio.CancelledError:
            writer.transport.abort()  # the server stops: nothing is sent any more
        finally:
            self._connections.discard(task)
            writer.close()

    async def _answer(self, call: Call, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = call.path.partition("?")[0]
        if call.method == "GET" and path == "/v1/models":
            await send(writer, wire.models(self.models))
        elif call.method == "GET" and path.startswith("/v1/models/"):
            name = path.removeprefix("/v1/models/")
            known = name in self.models or not self._parts
            reply = Sends(wire.encoded(wire.model(name))) if known else unknown_model(name)
            await self._play(Played(request=Request(body={}), reply=reply, began=0.0), reader, writer)
        elif call.method == "POST" and path == "/v1/chat/completions":
            request = _request(call)
            if request is None:
                await send(writer, wire.failure(Fails(400, message="The body is no JSON object.")), status=400)
                return
            began = time.perf_counter()
            played = Played(request=request, reply=self._choose(request), began=began)
            try:
                await self._play(played, reader, writer)
            finally:
                played.ended = time.perf_counter()
                self.played.append(played)
        else:
            message = f"There is no {call.method} {path} here."
            await send(writer, wire.failure(Fails(404, code="unknown_url", message=message)), status=404)

    def _choose(self, request: Request) -> Reply:
        """The next reply of the script that this model has."""
        part = self._whole or self._parts.get(request.model)
        step = part.next() if part is not None else None
        with self._changed:
            self.asked.append(request)
            if step is None:
                self.unscripted += 1
            self._changed.notify_all()
        if part is None:
            return unknown_model(request.model)
        if step is None:
            message = (
                f"Call {part.played + 1} of {request.model} is beyond the script, which has {part.played} replies."
            )
            return Fails(500, code="unscripted", message=message)
        if not callable(step):
            return step
        try:
            return step(request)
        except Exception as error:  # noqa: BLE001 - a player's mistake fails the test, not the server
            self.broken.append(error)
            return Fails(500, code="player_failed", message=f"The player failed: {type(error).__name__}: {error}")

    async def _play(self, played: Played, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request, reply = played.request, played.reply
        match reply:
            case Says() | Refuses() if request.streams:
                pause = reply.pause if isinstance(reply, Says) else 0.0
                await stream(writer, wire.events(request, reply), leaves=played.leaves, pause=pause)
            case Says() | Refuses():
                await send(writer, wire.completion(request, reply))
            case Fails():
                wait = {} if reply.retry_after is None else {"Retry-After": f"{reply.retry_after:g}"}
                await send(writer, wire.failure(reply), status=reply.status, headers=wait)
            case Sends():
                await send(writer, reply.body, status=reply.status, content_type=reply.content_type)
            case Breaks() if request.streams:
                await stream(writer, wire.broken_events(request, reply), leaves=played.leaves)
            case Breaks():
                await send(writer, wire.encoded(wire.broken(reply)))
            case Cuts() if request.streams:
                await stream_cut(writer, [*wire.cut_events(request, reply)], leaves=played.leaves)
            case Cuts():
                await send_half(writer, wire.completion(request, Says(reply.text, finish=reply.finish)))
            case Hangs():
                await self._hang(played, reply, reader, writer)

    async def _hang(
        self, played: Played, reply: Hangs, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            if reply.after is not None and played.request.streams:
                await stream(writer, wire.hanging_events(played.request, reply), leaves=played.leaves, ends=False)
            elif reply.after is not None:
                await send_half(writer, wire.completion(played.request, Says(reply.after)))
            await reader.read()
        finally:  # also where the client went before it had everything
            if not self._stopping.is_set():
                with self._changed:
                    self.left += 1
                    self._changed.notify_all()


@contextlib.asynccontextmanager
async def serving(scripts: Scripts, *, port: int = 0) -> AsyncIterator[ScriptedProvider]:
    """A running provider. A player's mistake, which the client takes for a server's error, is raised at the end."""
    provider = ScriptedProvider(scripts, port)
    provider.start()
    async with _own_clients():
        try:
            yield provider
        finally:
            provider.stop()
    if provider.broken:
        raise provider.broken[0]


@contextlib.asynccontextmanager
async def _own_clients() -> AsyncIterator[None]:
    """LangChain keeps the HTTP client of every address, even when its port is gone; here each ends with its server."""
    from langchain_openai.chat_models import _client_utils as vendor

    kept, made = vendor._cached_async_httpx_client, contextlib.AsyncExitStack()

    def make(*about: Any) -> Any:
        client = vendor._build_async_httpx_client(*about)
        made.push_async_callback(client.aclose)
        return client

    vendor._cached_async_httpx_client = make  # type: ignore[assignment]
    try:
        async with made:
            yield
    finally:
        vendor._cached_async_httpx_client = kept


def _request(call: Call) -> Request | None:
    try:
        body = json.loads(call.body)
    except ValueError:
        return None
    key = call.headers.get("authorization", "").removeprefix("Bearer ")
    return Request(body=body, key=key) if isinstance(body, dict) else None
