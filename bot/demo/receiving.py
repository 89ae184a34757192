"""The methods of the Bot API by which the bot receives updates: by asking for them, or by a webhook."""

import json
import re
from typing import Any

from bot.demo.refusals import RefusalError, bad_request
from bot.demo.webhook import Address, Webhook
from bot.demo.world import World

Arguments = dict[str, Any]
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
WEBHOOK_IS_SET = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete it first"
SECOND_POLLER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


class ReceivingMethods:
    """One poller, or one webhook. `pause`: seconds before a webhook that failed is tried again."""

    def __init__(self, world: World, *, pause: float = 1.0) -> None:
        self.world = world
        self.webhook: Webhook | None = None
        self._pause = pause
        self._poll = 0

    async def on_get_updates(self, arguments: Arguments) -> list[Any]:
        if self.webhook is not None:
            raise RefusalError(409, WEBHOOK_IS_SET)
        updates, changes = self.world.updates, self.world.changes
        with changes.making():
            updates.polls += 1
            self._poll = mine = self._poll + 1
            self._allow(arguments)
            updates.confirm(int(arguments.get("offset") or 0))
        limit = min(max(int(arguments.get("limit") or 100), 1), 100)
        await changes.until(lambda: updates.any or self._poll != mine, float(arguments.get("timeout") or 0))
        if self._poll != mine:
            raise RefusalError(409, SECOND_POLLER)
        return updates.take(limit)

    async def on_set_webhook(self, arguments: Arguments) -> bool:
        url = str(arguments.get("url") or "")
        secret = str(arguments.get("secret_token") or "")
        at_once = int(arguments.get("max_connections") or 40)
        if not url:
            return await self.on_delete_webhook(arguments)
        if not url.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
            raise bad_request("bad webhook: an HTTPS URL must be provided for webhook")
        if secret and not SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        if not 1 <= at_once <= 100:
            raise bad_request("max_connections must be between 1 and 100")
        await self.end()
        self._allow(arguments)
        if _is_true(arguments.get("drop_pending_updates")):
            self.world.updates.drop()
        address = Address(url=url, secret=secret, at_once=at_once)
        self.webhook = Webhook(self.world, address, pause=self._pause)
        self.world.changes.tell()
        return True

    async def on_delete_webhook(self, arguments: Arguments) -> bool:
        await self.end()
        if _is_true(arguments.get("drop_pending_updates")):
            self.world.updates.drop()
        self.world.changes.tell()
        return True

    async def on_get_webhook_info(self, _: Arguments) -> Arguments:
        told = self.webhook.told() if self.webhook else {"url": ""}
        allowed = list(self.world.updates.allowed)
        waiting = {"has_custom_certificate": False, "pending_update_count": len(self.world.updates.waiting)}
        return waiting | told | ({"allowed_updates": allowed} if allowed else {})

    async def end(self) -> None:
        """Post nothing more."""
        webhook, self.webhook = self.webhook, None
        if webhook is not None:
            await webhook.end()

    def _allow(self, arguments: Arguments) -> None:
        """The kinds the bot asks for; left as they are when it doesn't say."""
        allowed = arguments.get("allowed_updates")
        if isinstance(allowed, list):
            self.world.updates.allowed = tuple(str(kind) for kind in allowed)


def _is_true(value: Any) -> bool:
    """Form data write a boolean as text."""
    return bool(json.loads(value.lower())) if isinstance(value, str) and value else bool(value)
