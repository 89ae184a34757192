"""Calls to Telegram that outlast its moods: flood control, lost connections, servers that are down."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from telegram.error import BadRequest, NetworkError, RetryAfter

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[None]]
logger = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.05
LONGEST_PAUSE_S = 10.0


async def persist(call: Callable[[], Awaitable[T]], *, tries: int, sleep: Sleep = asyncio.sleep) -> T:
    """What `call` returns, tried again as Telegram asks or, after network errors, with doubling pauses.

    After a time-out nobody knows whether the call was carried out, so what isn't idempotent may happen twice.

    Raises:
        TelegramError: of the last try; refusals (`BadRequest`, `Forbidden` and others) at once.

    """
    for attempt in range(tries):
        try:
            return await call()
        except RetryAfter as error:
            if attempt == tries - 1:
                raise
            wait = error.retry_after
            pause = (wait.total_seconds() if isinstance(wait, timedelta) else float(wait)) + 0.1
        except BadRequest:  # The library derives it from NetworkError.
            raise
        except NetworkError as error:
            if attempt == tries - 1:
                raise
            pause = min(FIRST_PAUSE_S * 2**attempt, LONGEST_PAUSE_S)
            logger.warning("A call to Telegram failed (%s), try %s of %s", type(error).__name__, attempt + 1, tries)
        await sleep(pause)
    raise ValueError("tries must be at least 1")


def redact(text: str, token: str) -> str:
    """The text without the token, which stands in every URL of the Bot API."""
    secret = token.partition(":")[2]
    text = text.replace(token, "<token>")
    return text.replace(secret, "<token>") if secret else text
