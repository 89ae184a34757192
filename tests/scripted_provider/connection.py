"""HTTP on one connection: a call is read, an answer is written, whole, in half or as a stream."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests"}


@dataclass(frozen=True, kw_only=True)
class Call:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


async def read(reader: asyncio.StreamReader) -> Call | None:
    """The next call of a connection; None once the client has gone."""
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
    lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Server Error')}", f"Content-Type: {content_type}"]
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
    cut: bool = False,
) -> None:
    """Events, each an HTTP chunk; `leaves` is told before each. With `cut` the last is sent half and that's the end."""
    writer.write(_head(200, "text/event-stream", **{"Transfer-Encoding": "chunked"}))
    rows = list(events)
    for event in rows[:-1] if cut else rows:
        leaves()
        writer.write(f"{len(event):x}\r\n".encode() + event + b"\r\n")
        await writer.drain()
    if cut:
        writer.write(f"{len(rows[-1]):x}\r\n".encode() + rows[-1][: len(rows[-1]) // 2])
        await writer.drain()
        raise ConnectionAbortedError
    if ends:
        writer.write(b"0\r\n\r\n")
        await writer.drain()
