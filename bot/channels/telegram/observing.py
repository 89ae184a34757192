"""Tells of each call to Telegram how it ended, by the method's name, without the address that holds the token."""

import re
import time
from collections.abc import Callable
from typing import Any

from telegram.error import NetworkError
from telegram.request import HTTPXRequest

Observe = Callable[[str, str, float], None]
"""Hears of a call: method, how it ended, seconds. Words and numbers only, nothing of what was sent."""

METHOD = re.compile(r"/bot[^/]+/(?:test/)?(\w+)$")
ENDS = {200: "ok", 400: "bad_request", 401: "unauthorized", 403: "forbidden", 404: "unauthorized", 409: "conflict"}
FLOOD = 429


def unobserved(_method: str, _outcome: str, _seconds: float) -> None:
    """Nobody hears."""


class ObservedRequest(HTTPXRequest):
    """The connection for all calls but `getUpdates`."""

    def __init__(self, connection_pool_size: int, observe: Observe = unobserved) -> None:
        super().__init__(connection_pool_size=connection_pool_size)
        self._observe = observe

    async def do_request(self, url: str, *args: Any, **options: Any) -> tuple[int, bytes]:
        """The request as ever."""
        began, outcome = time.perf_counter(), "network"
        try:
            status, body = await super().do_request(url, *args, **options)
            outcome = ENDS.get(status, "flood" if status == FLOOD else "server" if status >= 500 else "other")
        except NetworkError:
            raise
        except BaseException:
            outcome = "other"  # Cancelled, most often.
            raise
        finally:
            named = METHOD.search(url)
            self._observe(named[1] if named else "other", outcome, time.perf_counter() - began)
        return status, body
