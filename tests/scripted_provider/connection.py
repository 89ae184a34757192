"""HTTP: a call is read, an answer is written, whole, in half or as a stream.

Each connection serves one call. A client that kept it would take it into a later test, where its event loop is closed.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests"}


@dataclass(frozen=True, kw_only=True)
class Call:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


async def read(reader: asyncio.StreamReader) -> Call | None:
    """The call; None if the client went, or speaks no HTTP."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.split("\r\n")
        method, path, _ = first.split(" ", 2)
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
        return None
    return Call(method=method, path=path, headers=headers, body=body)


def _head(status: int, content_type: str, **headers: str) -> bytes:
    headers = {"Content-Type": content_type, "Connection": "close", **headers}
    lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Server Error')}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def send(
    writer: asyncio.StreamWriter,
    body: bytes,
    *,
    status: int = 200,
    content_type: str = "application/json",
    headers: Mapping[str, str] | None = None,
) -> None:
    writer.write(_head(status, content_type, **{"Content-Length": str(len(body))}, **(headers or {})) + body)
    await writer.drain()


async def send_half(writer: asyncio.StreamWriter, body: bytes) -> None:
    writer.write(_head(200, "application/json", **{"Content-Length": str(len(body))}) + body[: len(body) // 2])
    await writer.drain()


async def stream(
    writer: asyncio.StreamWriter,
    events: Iterable[bytes],
    *,
    leaves: Callable[[], None],
    ends: bool = True,
    pause: float = 0.0,
) -> None:
    """Events, each an HTTP chunk, `pause` seconds apart; `leaves` is told before each.

    `ends` tells whether the body's last chunk follows.
    """
    writer.write(_head(200, "text/event-stream", **{"Transfer-Encoding": "chunked"}))
    for event in events:
        if pause:
            await asyncio.sleep(pause)
        leaves()
        writer.write(f"{len(event):x}\r\n".encode() + event + b"\r\n")
        await writer.drain()
    if ends:
        writer.write(b"0\r\n\r\n")
        await writer.drain()


async def stream_cut(writer: asyncio.StreamWriter, events: Sequence[bytes], *, leaves: Callable[[], None]) -> None:
    """A stream whose last event is announced whole and sent in half."""
    *whole, last = events
    await stream(writer, whole, leaves=leaves, ends=False)
    writer.write(f"{len(last):x}\r\n".encode() + last[: len(last) // 2])
    await writer.drain()
