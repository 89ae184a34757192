"""Keeps what arrives before Telegram hears that it did, and answers with a placeholder at once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from telegram import Message, Update

from bot.channels.telegram.arrivals import (
    Me,
    arrival_of,
    asked_in,
    begins_anew,
    goes_on,
    lane_of,
    place_in,
    put_asked,
    put_refused,
    understood_as,
    update_in,
    user_in,
)
from bot.channels.telegram.asking import Asking
from bot.channels.telegram.calls import Sleep
from bot.channels.telegram.desk import FIRST_PAUSE_S, LONGEST_PAUSE_S, Bell
from bot.channels.telegram.messages import Place, language_of, replied_to, user_of
from bot.channels.telegram.office import Asked
from bot.channels.telegram.payload import sparing
from bot.channels.telegram.ports import Inbox, Messages
from bot.channels.telegram.threads import Threads
from bot.channels.telegram.throttle import Pace, Throttle
from bot.domain.errors import StoreError
from bot.domain.inbox import Arrival, ArrivalKind, Claimed

logger = logging.getLogger(__name__)

HOLD = timedelta(seconds=5)
"""So long no other process answers a question whose placeholder is being sent: it would send a second one."""
OLD = "command.old_button"
COMMENT = "comment"
"""The purpose of a message whose reply is no question."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How many questions are answered; 0 for no limit a day."""

    user_a_minute: int = 6
    chat_a_minute: int = 20
    user_a_day: int = 200

    @property
    def of_user(self) -> int:
        """Updates of any kind that one user may cause in a minute: as fast as somebody turns pages, and no faster."""
        return max(60, 2 * self.user_a_minute)

    @property
    def of_group(self) -> int:
        """The same for all members of a group together."""
        return max(120, 2 * self.chat_a_minute)


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
        worker: str,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        masked: Callable[[str], str],
        is_urgent: Callable[[str], Awaitable[bool]],
        admits: Callable[[Update], bool] = lambda _: True,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """`worker` is this process in the inbox. `masked` covers the identifiers of a text.

        `is_urgent`: does a message tell of an emergency or a crisis? Such a one is answered beyond every limit.

        `admits`: may this chat be served? What comes from another one is handled like a change of membership.
        """
        self._inbox = inbox
        self._threads = threads
        self._messages = messages
        self._asking = asking
        self._bell = bell
        self._limits = limits
        self._me = me
        self._worker = worker
        self._now = now
        self._new_id = new_id
        self._masked = masked
        self._is_urgent = is_urgent
        self._admits = admits
        self._sleep = sleep
        self._turn = asyncio.Lock()
        self._users, self._groups = Throttle(limits.of_user), Throttle(limits.of_group)
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
        kind = understood_as(update, self._me(), self._now())
        if kind is None:
            return
        user, group = user_in(update), _group(update)
        pace = self._pace(user, group)
        if pace is not Pace.LET_IN:
            await self._leave_out(update, pace)
            return
        try:
            await self._keep(update, kind)
        except BaseException:
            self._users.give_back(user)
            self._groups.give_back(group)
            raise

    async def _keep(self, update: Update, kind: ArrivalKind) -> None:
        if kind is ArrivalKind.UNREADABLE:
            await self._accept(self._arrival(update, kind))
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

    async def ask_edited(self, row: int, chat: int, user: str, language: str) -> str:
        """Put an edited question in line whose offer was accepted by who had edited it; its answer takes that place.

        Returns the key of the sentence that refuses it, or nothing. Raises StoreError.
        """
        shown = await self._inbox.shown(row)
        about = await self._messages.about(chat, shown[0]) if shown else None
        if about is None:
            return OLD
        now = self._now()
        if (key := await self._over_limit(user, chat, now)) is not None:
            return key
        place = Place(chat=chat, topic=about.topic, message=shown[0])
        lane = lane_of(place, about.conversation, private=chat > 0)  # A private chat has its user's number.
        if not await self._inbox.take_offer(row, chat=chat, user=user, lane=lane, at=now):
            return OLD
        await self._asking.begin_again(place, shown[0], language)
        self._bell.ring()
        return ""

    def _pace(self, user: str, group: str) -> Pace:
        now = self._now()
        pace = self._users.pace(user, now) if user else Pace.LET_IN
        return self._groups.pace(group, now) if group and pace is Pace.LET_IN else pace

    async def _leave_out(self, update: Update, pace: Pace) -> None:
        """Too much at a time. Nothing is stored of it; once in a minute its sender is told. Raises StoreError."""
        place = place_in(update)
        if pace is Pace.SAY and place is not None and self._admits(update):
            payload = put_refused(place, "telegram.too_fast", language_of(update))
            await self._accept(replace(self._arrival(update, ArrivalKind.OTHER), payload=payload))

    def _arrival(self, update: Update, kind: ArrivalKind, conversation: str = "") -> Arrival:
        return arrival_of(
            update,
            kind,
            conversation=conversation,
            answer_id=self._new_id(),
            received_at=self._now(),
            masked=sparing(self._me().username, self._masked),
        )

    async def _keep_question(self, update: Update, message: Message) -> None:
        if await self._is_comment(message):
            await self._accept(self._arrival(update, ArrivalKind.BUTTON))
            return
        conversation = await self._threads.join(message)
        arrival = self._arrival(update, ArrivalKind.QUESTION, conversation)
        if await self._is_fragment(message):
            await self._accept(arrival)
        else:
            await self._accept_question(arrival, asked_in(message, conversation, self._me()))
        if arrival.not_before is not None:
            wait = (arrival.not_before - self._now()).total_seconds()
            asyncio.get_running_loop().call_later(max(wait, 0), self._bell.ring)

    async def _accept_question(self, arrival: Arrival, asked: Asked) -> None:
        key = await self._over_limit(arrival.user, arrival.chat, arrival.received_at)
        if key is not None and not await self._is_urgent(asked.text):
            payload = put_refused(asked.place, key, asked.language)
            await self._accept(
                replace(arrival, kind=ArrivalKind.OTHER, lane=f"now:{arrival.id}", payload=payload, not_before=None)
            )
            return
        async with self._bell.lock:
            if await self._inbox.accept(arrival, worker=self._worker, hold=HOLD):
                self._asking.acknowledge(arrival, asked)
        self._bell.ring(questions=True)

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

    async def _is_fragment(self, message: Message) -> bool:
        """Is this the next part of a text that the sender's app has cut? It is answered with the part before.

        Raises StoreError.
        """
        cut_off = await self._inbox.cut_off(message.chat.id, user_of(message))
        before = None if cut_off is None else update_in(cut_off.arrival.payload, None).message
        return before is not None and goes_on(before, message)

    async def _over_limit(self, user: str, chat: int, now: datetime) -> str | None:
        """The key of the sentence for one question too many."""
        limits = self._limits
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        by_user, in_chat, today = await self._inbox.asked_lately(
            user, chat, lately=now - timedelta(minutes=1), day=midnight
        )
        if by_user >= limits.user_a_minute:
            return "telegram.too_many_now"
        if in_chat >= limits.chat_a_minute:
            return "telegram.too_many_here"
        if limits.user_a_day and today >= limits.user_a_day:
            return "telegram.too_many_today"
        return None


def _group(update: Update) -> str:
    """The group in which something happens; empty in a private chat, whose user counts already."""
    chat = update.effective_chat
    # Telegram's library takes an update as it comes, also one whose chat has no number.
    number = getattr(chat, "id", None)
    return str(number) if isinstance(number, int) and number < 0 else ""


class DurableQueue(asyncio.Queue[object]):
    """The library's queue of updates: what it puts in is kept before it goes on, and nothing waits here."""

    def __init__(self, take: Callable[[Update], Awaitable[None]]) -> None:
        super().__init__()
        self._take = take

    async def put(self, item: object) -> None:
        """Keep an update. Never raises."""
        if isinstance(item, Update):
            await self._take(item)
