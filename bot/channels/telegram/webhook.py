"""Receives updates from Telegram's own calls. A call is answered with 200 only when its update is kept."""

import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot, Update

from bot.channels.logs import log_failure
from bot.channels.telegram.polling import has_id, readable
from bot.domain.errors import StoreError

logger = logging.getLogger(__name__)

LARGEST_BODY = 1_000_000
"""Bytes; Telegram's updates have a few thousand."""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header

Keep = Callable[[Update], Awaitable[None]]


def webhook_app(keep: Keep, *, path: str, secret: str, bot: Bot) -> Starlette:
    """The one address that Telegram calls, with the secret that only it knows. `keep` raises StoreError."""
    if not secret:
        raise ValueError("a webhook needs a secret: without one anybody may speak as Telegram")

    async def receive(request: Request) -> Response:
        # Before anything of the call is read: whoever lacks the secret learns nothing but that.
        if not _knows(request, secret):
            return Response(status_code=403)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return Response(status_code=415)
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
        except Exception as error:  # noqa: BLE001 - the server would write a traceback, which may hold words
            log_failure(logger, "An update could not be kept, Telegram will send it again", error)
            return Response(status_code=500)
        return Response()

    return Starlette(routes=[Route(path, receive, methods=["POST"])])


def _knows(request: Request, secret: str) -> bool:
    """Is the secret there, once and whole? The comparison takes as long for a wrong one as for the right one."""
    given = request.headers.getlist(SECRET_HEADER)
    one = given[0] if len(given) == 1 else ""
    return hmac.compare_digest(one.encode(), secret.encode())


async def _body(request: Request) -> bytes | None:
    """The body; None when it is too large, which a call that says so beforehand needn't prove."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > LARGEST_BODY:
        return None
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > LARGEST_BODY:
            return None
        pieces.append(piece)
    return b"".join(pieces)


def path_of(url: str) -> str:
    """The path of the webhook's address."""
    return urlsplit(url).path or "/"
