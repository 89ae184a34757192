"""Calls to Telegram that outlast its moods: flood control, lost connections, servers that are down."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

from telegram import CallbackQuery
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[None]]
logger = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.05
LONGEST_PAUSE_S = 10.0


class FloodGates:
    """Telegram's flood control holds for a chat: all calls to that chat wait, those to others don't."""

    def __init__(self, sleep: Sleep = asyncio.sleep) -> None:
        self._sleep = sleep
        self._closed: dict[int, asyncio.Task[None]] = {}

    async def passed(self, chat: int) -> None:
        """Wait until calls to this chat are welcome."""
        while (closed := self._closed.get(chat)) is not None:
            await asyncio.shield(closed)

    def close(self, chat: int, seconds: float) -> None:
        """Hold calls to this chat back for so long."""
        before = self._closed.get(chat)
        self._closed[chat] = asyncio.create_task(self._hold(chat, seconds, before))

    async def _hold(self, chat: int, seconds: float, before: asyncio.Task[None] | None) -> None:
        await self._sleep(seconds)
        if before is not None:
            await asyncio.wait([before])
        if self._closed.get(chat) is asyncio.current_task():
            del self._closed[chat]

    def is_closed(self, chat: int) -> bool:
        """Are calls to this chat held back?"""
        return chat in self._closed

    def open(self) -> None:
        """Nobody calls any more."""
        for closed in self._closed.values():
            closed.cancel()
        self._closed.clear()


async def persist(
    call: Callable[[], Awaitable[T]],
    *,
    tries: int,
    sleep: Sleep = asyncio.sleep,
    gates: FloodGates | None = None,
    chat: int = 0,
) -> T:
    """What `call` returns, tried again as Telegram asks or, after network errors, with doubling pauses.

    After a time-out nobody knows whether the call was carried out, so what isn't idempotent may happen twice.

    Raises:
        TelegramError: of the last try; refusals (`BadRequest`, `Forbidden` and others) at once.

    """
    gates = gates or FloodGates(sleep)
    for attempt in range(tries):
        await gates.passed(chat)
        try:
            return await call()
        except RetryAfter as error:
            wait = error.retry_after
            gates.close(chat, (wait.total_seconds() if isinstance(wait, timedelta) else float(wait)) + 0.1)
            if attempt == tries - 1:
                raise
            continue
        except BadRequest:  # The library derives it from NetworkError.
            raise
        except NetworkError as error:
            if attempt == tries - 1:
                raise
            pause = min(FIRST_PAUSE_S * 2**attempt, LONGEST_PAUSE_S)
            logger.warning("A call to Telegram failed (%s), try %s of %s", type(error).__name__, attempt + 1, tries)
        await sleep(pause)
    raise ValueError("tries must be at least 1")


def is_outage(error: BaseException) -> bool:
    """Is it Telegram or the way to it that fails, so that trying again later may help?"""
    return isinstance(error, RetryAfter) or (isinstance(error, NetworkError) and not isinstance(error, BadRequest))


async def tell_pressed(query: CallbackQuery, text: str = "", *, alert: bool = False, url: str = "") -> None:
    """Tell Telegram that the press of a button has arrived; one that is too old, or was told before, is no matter.

    `url`: a link to the bot itself, which the presser's app then opens.
    """
    with suppress(TelegramError):
        await query.answer(text or None, show_alert=alert, url=url or None)


def redact(text: str, token: str) -> str:
    """The text without the token, which stands in every URL of the Bot API."""
    secret = token.partition(":")[2]
    text = text.replace(token, "<token>")
    return text.replace(secret, "<token>") if secret else text
