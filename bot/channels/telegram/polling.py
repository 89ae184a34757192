"""Receives updates by long polling. One that can't be read never stops the ones behind it, and silence is noticed."""

import asyncio
import copy
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

from telegram import Bot, Update
from telegram.error import TelegramError
from telegram.ext import Updater
from telegram.request import HTTPXRequest

from bot.channels.telegram.observing import Observe, ObservedRequest, unobserved

logger = logging.getLogger(__name__)
REFUSED = (401, 404)
POLL_S = 10
SILENT_S = 60.0
HIGHEST = 2**63
"""No number that is kept may be as high."""
LOOK_S = 5.0
STOP_S = 2.0


class PollingRequest(ObservedRequest):
    """The connection for `getUpdates` alone.

    An update that the library can't parse is put aside: it becomes an empty one with the same id, so that it's
    confirmed like the others. Only its id and the kind of the error are logged. `refused` is set when the server no
    longer knows the token; the library itself would stop polling without a word.
    """

    def __init__(self, observe: Observe = unobserved) -> None:
        super().__init__(connection_pool_size=2, observe=observe)
        self.refused = asyncio.Event()
        self.heard_at = time.monotonic()

    async def do_request(self, url: str, *args: Any, **options: Any) -> tuple[int, bytes]:
        """The request as ever; notes when one succeeds, and a refusal."""
        status, body = await super().do_request(url, *args, **options)
        if status == 200:
            self.heard_at = time.monotonic()
        if status in REFUSED:
            self.refused.set()
        return status, body

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer of the server, with unreadable updates emptied."""
        answer = HTTPXRequest.parse_json_payload(payload)
        if isinstance(answer.get("result"), list):
            answer["result"] = [readable(update) for update in answer["result"] if has_id(update)]
        return answer


def has_id(update: Any) -> bool:
    """Is it an update at all? Their ids are positive, and a database holds 64 bits of them."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return isinstance(number, int) and not isinstance(number, bool) and 0 < number < HIGHEST


def readable(update: dict[str, Any]) -> dict[str, Any]:
    """The update, or an empty one with its id where the library can't parse it."""
    try:
        Update.de_json(copy.deepcopy(update), None)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it, the updates behind it must arrive
        # No traceback: it would hold what somebody wrote.
        logger.warning("Update %s can't be read and is put aside: %s", update["update_id"], type(error).__name__)
        return {"update_id": update["update_id"]}
    return update


class DurableQueue(asyncio.Queue[object]):
    """The library's queue of updates: what it puts in is kept before it goes on, and nothing waits here."""

    def __init__(self, take: Callable[[Update], Awaitable[None]]) -> None:
        super().__init__()
        self._take = take

    async def put(self, item: object) -> None:
        """Keep an update. Never raises."""
        if isinstance(item, Update):
            await self._take(item)


class Poller:
    """Polls, and begins anew when Telegram has been silent for too long."""

    def __init__(
        self,
        bot: Bot,
        request: PollingRequest,
        queue: "asyncio.Queue[object]",
        *,
        kinds: Sequence[str],
        announce: Callable[[str], None],
        on_error: Callable[[TelegramError], None],
        is_held_up: Callable[[], bool],
    ) -> None:
        """`is_held_up`: are updates waiting for the store, so that it's no wonder that no others are fetched?"""
        self._bot = bot
        self._request = request
        self._queue = queue
        self._kinds = kinds
        self._announce = announce
        self._on_error = on_error
        self._is_held_up = is_held_up
        self._updater: Updater | None = None

    async def start(self) -> None:
        """Begin; tries for ever to reach Telegram. Raises InvalidToken."""
        self._updater = Updater(self._bot, self._queue)
        await self._updater.initialize()
        self._request.heard_at = time.monotonic()
        await self._updater.start_polling(
            timeout=POLL_S, bootstrap_retries=-1, allowed_updates=self._kinds, error_callback=self._on_error
        )

    async def watch(self) -> None:
        """Look after the polling until cancelled. Raises InvalidToken."""
        while True:
            await asyncio.sleep(LOOK_S)
            await self.look()

    async def look(self) -> None:
        """Begin anew if nothing has been heard of Telegram for a minute."""
        silent = time.monotonic() - self._request.heard_at
        if silent < SILENT_S or self._is_held_up():
            return
        self._announce(f"Nothing was heard of Telegram for {silent:.0f} s. Polling begins anew.")
        await self.stop()
        await self.start()

    async def stop(self) -> None:
        """Fetch nothing more."""
        if self._updater is not None and self._updater.running:
            with suppress(TimeoutError, TelegramError):
                await asyncio.wait_for(self._updater.stop(), STOP_S)
