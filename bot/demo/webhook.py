"""Posts updates to the bot's own address, at least once each, as Telegram does."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx

from bot.demo.updates import Update, lane_of
from bot.demo.world import World

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
PATIENCE_S = 60.0


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where updates go. `at_once`: how many may be under way together."""

    url: str
    secret: str = ""
    at_once: int = 40


class Webhook:
    """Several chats at once, each chat in order; whatever isn't answered with 2xx comes again after `pause` seconds."""

    def __init__(self, world: World, address: Address, *, pause: float = 1.0) -> None:
        self.address = address
        self.last_error: tuple[int, str] | None = None
        self._world = world
        self._pause = pause
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._posting = asyncio.create_task(self._post_all())

    async def end(self) -> None:
        """Post nothing more."""
        self._posting.cancel()
        with suppress(asyncio.CancelledError):
            await self._posting

    async def _post_all(self) -> None:
        async with httpx.AsyncClient(timeout=PATIENCE_S, trust_env=False) as client:
            try:
                while await self._world.changes.until(lambda: self._next() is not None):
                    update = self._next()
                    assert update is not None  # Only this task takes one.
                    lane = lane_of(update)
                    self._under_way[lane] = asyncio.create_task(self._post(client, update, lane))
            finally:
                under_way = list(self._under_way.values())
                for task in under_way:
                    task.cancel()
                await asyncio.gather(*under_way, return_exceptions=True)

    def _next(self) -> Update | None:
        if len(self._under_way) >= self.address.at_once:
            return None
        return self._world.updates.next_outside(tuple(self._under_way))

    async def _post(self, client: httpx.AsyncClient, update: Update, lane: int) -> None:
        headers = {SECRET_HEADER: self.address.secret} if self.address.secret else {}
        try:
            problem = await self._problem(client, update, headers)
            if problem is None:
                self._world.updates.done(update)
            else:
                self.last_error = (self._world.now(), problem)
                self._world.changes.tell()
                await asyncio.sleep(self._pause)
        finally:
            self._under_way.pop(lane, None)
            self._world.changes.tell()

    async def _problem(self, client: httpx.AsyncClient, update: Update, headers: dict[str, str]) -> str | None:
        try:
            response = await client.post(self.address.url, json=update, headers=headers)
        except httpx.HTTPError as error:
            return f"Connection failed: {type(error).__name__}"
        if response.is_success:
            return None
        return f"Wrong response from the webhook: {response.status_code} {response.reason_phrase}"

    def told(self) -> dict[str, Any]:
        """As `getWebhookInfo` tells it."""
        error = self.last_error
        return {"url": self.address.url, "max_connections": self.address.at_once} | (
            {"last_error_date": error[0], "last_error_message": error[1]} if error else {}
        )
