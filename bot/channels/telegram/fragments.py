"""Finds the other parts of a long text that its sender's app has cut into several messages."""

from collections.abc import Callable
from datetime import datetime

from telegram import Bot, Message

from bot.channels.telegram.arrivals import FRAGMENT_WAIT, goes_on, is_long, update_in
from bot.channels.telegram.calls import Sleep
from bot.channels.telegram.ports import Inbox
from bot.domain.inbox import Claimed


async def fragments_behind(
    claimed: Claimed, inbox: Inbox, bot: Bot, *, now: Callable[[], datetime], sleep: Sleep
) -> list[tuple[Claimed, Message]]:
    """The parts behind this one in its lane, which come within a moment of each other. Raises StoreError."""
    first = update_in(claimed.arrival.payload, bot).message if claimed.arrival.not_before else None
    if first is None:
        return []
    found: list[tuple[Claimed, Message]] = []
    last, arrival, has_waited = first, claimed.arrival, False
    while is_long(last.text):
        behind = await inbox.following(claimed.arrival.id)
        following = next(iter(behind[len(found) :]), None)
        if following is not None:
            fragment = update_in(following.arrival.payload, bot).message
            late = following.arrival.received_at - arrival.received_at > FRAGMENT_WAIT
            if fragment is None or late or not goes_on(last, fragment):
                break
            found.append((following, fragment))
            last, arrival, has_waited = fragment, following.arrival, False
            continue
        wait = (arrival.received_at + FRAGMENT_WAIT - now()).total_seconds()
        if has_waited or wait <= 0:
            break
        await sleep(wait)
        has_waited = True
    return found
