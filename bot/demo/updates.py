"""The updates that the bot hasn't confirmed yet."""

import itertools
from collections import deque
from collections.abc import Sequence
from typing import Any

from bot.demo.changes import Changes

Update = dict[str, Any]
UNASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds that Telegram sends only to a bot that names them."""


class Updates:
    """Kept in order until they are confirmed. `allowed`: the kinds the bot asked for; empty for the usual ones."""

    def __init__(self, changes: Changes, *, first: int = 70_000) -> None:
        self.polls = 0
        self.allowed: tuple[str, ...] = ()
        self.waiting: deque[Update] = deque()
        self._changes = changes
        self._ids = itertools.count(first)
        self._again: deque[Update] = deque()
        self._all: dict[int, Update] = {}

    def push(self, update: Update, *, whatever: bool = False) -> int | None:
        """A new update; its id, or None when the bot doesn't want its kind. `whatever`: it's sent all the same."""
        kind = next((key for key in update if key != "update_id"), "")
        if not whatever and not self._wanted(kind):
            return None
        with self._changes.making():
            new = {"update_id": next(self._ids)} | update
            self._all[int(new["update_id"])] = new
            self.waiting.append(new)
        return int(new["update_id"])

    def repeat(self, update: int) -> None:
        """Deliver once more what was confirmed already, as Telegram may."""
        with self._changes.making():
            self._again.append(self._all[update])

    def restart_ids(self, first: int) -> None:
        """Count from here: after a week without updates Telegram begins at a random number."""
        with self._changes.making():
            self._ids = itertools.count(first)

    def confirm(self, offset: int) -> None:
        """Forget what is older than `offset`; a negative one keeps that many of the newest."""
        with self._changes.making():
            while offset < 0 and len(self.waiting) > -offset:
                self.waiting.popleft()
            while self.waiting and int(self.waiting[0]["update_id"]) < offset:
                self.waiting.popleft()

    def drop(self) -> None:
        """Forget all of them."""
        with self._changes.making():
            self.waiting.clear()

    @property
    def any(self) -> bool:
        """Is there something to deliver?"""
        return bool(self._again or self.waiting)

    def take(self, limit: int) -> list[Update]:
        """What a poll gets: it stays until it is confirmed, except for what is repeated."""
        with self._changes.looking():
            again = [self._again.popleft() for _ in range(min(limit, len(self._again)))]
            return again + list(itertools.islice(self.waiting, limit - len(again)))

    def next_outside(self, lanes: Sequence[int]) -> Update | None:
        """What a webhook posts next: the oldest update of a chat that has none under way."""
        with self._changes.looking():
            for update in (*self._again, *self.waiting):
                if lane_of(update) not in lanes:
                    return update
        return None

    def done(self, update: Update) -> None:
        """A webhook took it."""
        with self._changes.making():
            for queue in (self._again, self.waiting):
                if update in queue:
                    queue.remove(update)
                    return

    def _wanted(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in UNASKED


def lane_of(update: Update) -> int:
    """The chat or person whose updates Telegram posts one after the other."""
    content = next((value for key, value in update.items() if key != "update_id"), None)
    message = content.get("message", content) if isinstance(content, dict) else {}
    about = message.get("chat") or message.get("from") or {}
    return int(about.get("id") or update["update_id"])
