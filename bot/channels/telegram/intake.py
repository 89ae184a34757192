"""Keeps what arrives before Telegram hears that it did, and answers with a placeholder at once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from telegram import Message, Update

from bot.channels.telegram.arrivals import (
    FRAGMENT_WAIT,
    Me,
    arrival_of,
    asked_in,
    begins_anew,
    goes_on,
    is_long,
    kind_of,
    lane_of,
    put_asked,
    put_refused,
)
from bot.channels.telegram.asking import Asking
from bot.channels.telegram.calls import Sleep
from bot.channels.telegram.desk import FIRST_PAUSE_S, LONGEST_PAUSE_S, Bell
from bot.channels.telegram.messages import Place, replied_to
from bot.channels.telegram.office import Asked
from bot.channels.telegram.ports import Inbox, Messages
from bot.channels.telegram.threads import Threads
from bot.domain.errors import StoreError
from bot.domain.inbox import Arrival, ArrivalKind, Claimed

logger = logging.getLogger(__name__)

COMMENT = "comment"
"""The purpose of a message whose reply is no question."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How many questions are answered; 0 for no limit a day."""

    user_a_minute: int = 6
    chat_a_minute: int = 20
    user_a_day: int = 200


class Intake:
    """The door. What comes in twice is kept once."""

    def __init__(
        self,
        inbox: Inbox,
        *,
        threads: Threads,
        messages: Messages,
        asking: Asking,
        bell: Bell,
        limits: Limits,
        me: Callable[[], Me],
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        masked: Callable[[str], str],
        admits: Callable[[Update], bool] = lambda _: True,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """`masked` covers the identifiers of a text. `admits`: may this chat be served?

        What comes from another one is handled like a change of membership.
        """
        self._inbox = inbox
        self._threads = threads
        self._messages = messages
        self._asking = asking
        self._bell = bell
        self._limits = limits
        self._me = me
        self._now = now
        self._new_id = new_id
        self._masked = masked
        self._admits = admits
        self._sleep = sleep
        self._turn = asyncio.Lock()
        self._cut: dict[tuple[int, int], tuple[Message, datetime]] = {}
        self.is_waiting_for_store = False

    async def take(self, update: Update) -> None:
        """Keep an update, however long that takes. Never raises: the library would stop polling without a word."""
        pause = FIRST_PAUSE_S
        while True:
            try:
                await self.keep(update)
            except Exception as error:  # noqa: BLE001 - as said
                reason = str(error) if isinstance(error, StoreError) else type(error).__name__
                logger.error("An update could not be kept, trying again: %s", reason)  # noqa: TRY400 - may hold words
            else:
                self.is_waiting_for_store = False
                return
            self.is_waiting_for_store = True
            await self._sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)

    async def keep(self, update: Update) -> None:
        """Keep an update; what isn't meant for the bot is forgotten at once.

        Raises:
            StoreError: it could not be kept, and Telegram must send it again.

        """
        kind = self._kind(update)
        if kind is None:
            return
        if not self._admits(update):
            await self._accept(self._arrival(update, ArrivalKind.MEMBERSHIP))
            return
        async with self._turn:
            if kind is ArrivalKind.QUESTION:
                assert update.message is not None
                await self._keep_question(update, update.message)
                return
            if begins_anew(update, self._me()):
                assert update.message is not None
                with suppress(StoreError):  # The command will try again, and say so.
                    await self._threads.begin(update.message)
            await self._accept(self._arrival(update, kind))

    async def ask(self, claimed: Claimed, asked: Asked) -> None:
        """Put a question in line that a button or a command asks. Raises StoreError.

        It has the negative id of what asked it, so that a second try asks nothing new.
        """
        now = self._now()
        arrival = Arrival(
            id=-claimed.arrival.id,
            kind=ArrivalKind.QUESTION,
            lane=lane_of(asked.place, asked.conversation, private=asked.is_private),
            chat=asked.place.chat,
            user=asked.user,
            message=asked.place.message,
            payload=put_asked(asked),
            answer_id=self._new_id(),
            received_at=now,
        )
        await self._accept_question(arrival, asked)

    async def ask_edited(self, row: int, chat: int, language: str) -> bool:
        """Put an edited question in line whose offer was accepted; False when it is no longer on offer here.

        Its answer takes the place of the offer.
        """
        shown = await self._inbox.shown(row)
        about = await self._messages.about(chat, shown[0]) if shown else None
        if about is None:
            return False
        place = Place(chat=chat, topic=about.topic, message=shown[0])
        lane = lane_of(place, about.conversation, private=chat > 0)  # A private chat has its user's number.
        if not await self._inbox.take_offer(row, chat=chat, lane=lane):
            return False
        await self._asking.begin_again(place, shown[0], language)
        self._bell.ring()
        return True

    def _kind(self, update: Update) -> ArrivalKind | None:
        try:
            kind = kind_of(update, self._me())
            if kind is not None:
                update.to_json()  # What can't be written down can't be kept: it must not be tried for ever.
        except Exception as error:  # noqa: BLE001 - an update that can't be understood must not block the next
            logger.warning("Update %s can't be understood: %s", update.update_id, type(error).__name__)
            return ArrivalKind.UNREADABLE
        return kind

    def _arrival(self, update: Update, kind: ArrivalKind, conversation: str = "") -> Arrival:
        return arrival_of(
            update,
            kind,
            conversation=conversation,
            answer_id=self._new_id(),
            received_at=self._now(),
            masked=self._masked,
        )

    async def _keep_question(self, update: Update, message: Message) -> None:
        if await self._is_comment(message):
            await self._accept(self._arrival(update, ArrivalKind.BUTTON))
            return
        conversation = await self._threads.join(message)
        arrival = self._arrival(update, ArrivalKind.QUESTION, conversation)
        if self._is_fragment(message, arrival.received_at):
            await self._accept(arrival)
        else:
            await self._accept_question(arrival, asked_in(message, conversation, self._me()))
        if arrival.not_before is not None:
            wait = (arrival.not_before - self._now()).total_seconds()
            asyncio.get_running_loop().call_later(max(wait, 0), self._bell.ring)

    async def _accept_question(self, arrival: Arrival, asked: Asked) -> None:
        key = await self._over_limit(arrival)
        if key is not None:
            payload = put_refused(asked.place, key, asked.language)
            await self._accept(
                replace(arrival, kind=ArrivalKind.OTHER, lane=f"now:{arrival.id}", payload=payload, not_before=None)
            )
            return
        async with self._bell.lock:
            if await self._inbox.accept(arrival):
                self._asking.acknowledge(arrival, asked)
        self._bell.ring()

    async def _accept(self, arrival: Arrival) -> None:
        if await self._inbox.accept(arrival):
            self._bell.ring()

    async def _is_comment(self, message: Message) -> bool:
        earlier = replied_to(message)
        if earlier is None:
            return False
        try:
            about = await self._messages.about(message.chat.id, earlier)
        except StoreError as error:
            logger.warning("What a message is for could not be looked up: %s", error)
            return False
        return about is not None and about.purpose == COMMENT

    def _is_fragment(self, message: Message, received_at: datetime) -> bool:
        """Is this the next part of a text that the sender's app has cut? It is answered with the part before."""
        sender = message.from_user.id if message.from_user else 0
        key = (message.chat.id, sender)
        before, until = self._cut.pop(key, (None, received_at))
        if is_long(message.text):
            self._cut = {key: cut for key, cut in self._cut.items() if cut[1] >= received_at}
            self._cut[key] = (message, received_at + FRAGMENT_WAIT)
        return before is not None and received_at <= until and goes_on(before, message)

    async def _over_limit(self, arrival: Arrival) -> str | None:
        """The key of the sentence for one question too many."""
        limits = self._limits
        a_minute_ago = arrival.received_at - timedelta(minutes=1)
        midnight = arrival.received_at.replace(hour=0, minute=0, second=0, microsecond=0)
        by_user, in_chat, today = await self._inbox.asked_lately(
            arrival.user, arrival.chat, lately=a_minute_ago, day=midnight
        )
        if by_user >= limits.user_a_minute:
            return "telegram.too_many_now"
        if in_chat >= limits.chat_a_minute:
            return "telegram.too_many_here"
        if limits.user_a_day and today >= limits.user_a_day:
            return "telegram.too_many_today"
        return None


class DurableQueue(asyncio.Queue[object]):
    """The library's queue of updates: what it puts in is kept before it goes on, and nothing waits here."""

    def __init__(self, take: Callable[[Update], Awaitable[None]]) -> None:
        super().__init__()
        self._take = take

    async def put(self, item: object) -> None:
        """Keep an update. Never raises."""
        if isinstance(item, Update):
            await self._take(item)
