"""Receives updates so that one that can't be read never stops the ones behind it."""

import asyncio
import copy
import logging
from typing import Any

from telegram import Update
from telegram.request import HTTPXRequest

logger = logging.getLogger(__name__)
REFUSED = (401, 404)


class PollingRequest(HTTPXRequest):
    """The connection for `getUpdates` alone.

    An update that the library can't parse is put aside: it becomes an empty one with the same id, so that it's
    confirmed like the others. Only its id and the kind of the error are logged. `refused` is set when the server no
    longer knows the token; the library itself would stop polling without a word.
    """

    def __init__(self) -> None:
        super().__init__(connection_pool_size=2)
        self.refused = asyncio.Event()

    async def do_request(self, *args: Any, **options: Any) -> tuple[int, bytes]:
        """The request as ever; notes a refusal."""
        status, body = await super().do_request(*args, **options)
        if status in REFUSED:
            self.refused.set()
        return status, body

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer of the server, with unreadable updates emptied."""
        answer = HTTPXRequest.parse_json_payload(payload)
        if isinstance(answer.get("result"), list):
            answer["result"] = [_readable(update) for update in answer["result"] if _has_id(update)]
        return answer


def _has_id(update: Any) -> bool:
    return isinstance(update, dict) and isinstance(update.get("update_id"), int)


def _readable(update: dict[str, Any]) -> dict[str, Any]:
    try:
        Update.de_json(copy.deepcopy(update), None)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it, the updates behind it must arrive
        # No traceback: it would hold what somebody wrote.
        logger.warning("Update %s can't be read and is put aside: %s", update["update_id"], type(error).__name__)
        return {"update_id": update["update_id"]}
    return update
