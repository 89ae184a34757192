"""Answers questions: placeholder, answer, delivery, each step kept so that a crash between any two loses nothing."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from telegram import Bot, Message, Update
from telegram.error import TelegramError

from bot.channels.rendering import RichText, render_stage
from bot.channels.telegram.arrivals import Me, asked_in, get_asked, update_in
from bot.channels.telegram.calls import Sleep
from bot.channels.telegram.delivery import PLACEHOLDER_TRIES, Delivery
from bot.channels.telegram.desk import LEASE, TakenOverError, note
from bot.channels.telegram.fragments import fragments_behind
from bot.channels.telegram.keyboards import Keyboard
from bot.channels.telegram.messages import Place, language_of
from bot.channels.telegram.office import Asked
from bot.channels.telegram.ports import Answers, Inbox, Readers
from bot.channels.telegram.threads import Threads
from bot.conversation.dispatcher import Dispatcher
from bot.domain.errors import StoreError
from bot.domain.inbox import Arrival, ArrivalState, Claimed
from bot.domain.messages import Audience, IncomingMessage, Reply
from bot.domain.progress import Event, Respond, StageReached
from bot.prompts import Words

logger = logging.getLogger(__name__)

Present: TypeAlias = Callable[[Reply, Asked], tuple[Sequence[RichText], Keyboard | None]]
"""The messages of an answer, and the buttons under the last of them; `audience` is known by then."""

ACKNOWLEDGED_AT_ONCE = 10_000
LATE = timedelta(minutes=15)
TYPING_S = 4.5
LOOK_S = 2.0
"""Another process may take the `/cancel` of a question that this one answers: so often it looks."""
CANCELLED = "telegram.cancelled"
PLACEHOLDERS_FIRST_S = 1.0
AT_ONCE_S = 1.0
"""Who answers within this needn't be seen typing."""
ENDS = (".", "!", "?", ":", ";")


@dataclass(kw_only=True, slots=True)
class _Work:
    """A question in work: who may call it off, and what would have to be stopped."""

    answering: asyncio.Task[Reply] | None = None
    is_cancelled: bool = False
    is_made: bool = False

    def call_off(self) -> None:
        """Nobody wants the answer any more."""
        self.is_cancelled = True
        if self.answering is not None:
            self.answering.cancel()


class Asking:
    """Questions from the placeholder to the answer. `time_limit` is how many seconds one answer may take.

    `worker` is this process in the inbox; `made` is called whenever a question waits for nothing but its delivery.
    """

    def __init__(
        self,
        *,
        bot: Bot,
        respond: Respond,
        present: Present,
        inbox: Inbox,
        answers: Answers,
        readers: Readers,
        threads: Threads,
        delivery: Delivery,
        words: Words,
        me: Callable[[], Me],
        worker: str,
        now: Callable[[], datetime],
        at_once: int,
        made: Callable[[], None],
        time_limit: float,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._bot = bot
        self._respond = respond
        self._present = present
        self._inbox = inbox
        self._answers = answers
        self._readers = readers
        self._threads = threads
        self._delivery = delivery
        self._words = words
        self._me = me
        self._worker = worker
        self._now = now
        self._at_once = at_once
        self._made = made
        self._places = asyncio.Semaphore(at_once)
        self._time_limit = time_limit
        self._sleep = sleep
        # Placeholders keep their order in a chat, but never wait for answers or for other chats.
        self._quick = Dispatcher(at_once=ACKNOWLEDGED_AT_ONCE)
        self._receipts: dict[int, asyncio.Task[int | None]] = {}
        self._fresh: set[asyncio.Task[int | None]] = set()
        self._work: dict[int, _Work] = {}

    def acknowledge(self, arrival: Arrival, asked: Asked) -> asyncio.Task[int | None]:
        """Show the placeholder; the task gives its message, None where there is none. Said again, it's the same."""
        row = arrival.id
        if row not in self._receipts:
            receipt = self._quick.submit(str(arrival.chat), lambda: self._acknowledge(arrival, asked))
            self._receipts[row] = receipt
            self._fresh.add(receipt)
            receipt.add_done_callback(self._fresh.discard)
            # Once it's noted any process may answer, and the inbox knows of it.
            receipt.add_done_callback(lambda _: None if row in self._work else self._receipts.pop(row, None))
            # One that Telegram holds up for long holds up nobody else.
            asyncio.get_running_loop().call_later(PLACEHOLDERS_FIRST_S, self._fresh.discard, receipt)
        return self._receipts[row]

    async def begin_again(self, place: Place, message: int, language: str) -> None:
        """Turn a message of the bot into the placeholder of an answer."""
        with suppress(TelegramError):
            await self._delivery.edit(place, message, self._sentence("telegram.placeholder", language), tries=1)

    async def handle(self, claimed: Claimed) -> None:
        """Answer a question, or finish what an earlier try began."""
        row = claimed.arrival.id
        work = self._work[row] = _Work()
        try:
            if await self._inbox.state(row) is ArrivalState.NEW:
                await self._answer(claimed, work)
        finally:
            self._work.pop(row, None)
            self._receipts.pop(row, None)

    async def give_up(self, claimed: Claimed) -> None:
        """Say that a question will not be answered."""
        asked = await self._read(claimed)
        await self._delivery.show(claimed, asked.place, [self._sentence("telegram.gave_up", asked.language)])

    def is_made(self, row: int) -> bool:
        """Is there nothing left to do for a question but to deliver its answer?"""
        return row in self._work and self._work[row].is_made

    async def cancel(self, chat: int, user: str | None) -> int:
        """Call off the questions of a user in a chat, in work or waiting; returns how many. Raises StoreError."""
        cancelled = 0
        for claimed in await self._inbox.cancel(chat=chat, user=user):
            row = claimed.arrival.id
            cancelled += 1
            if (work := self._work.get(row)) is not None:  # Who works on it says so.
                work.call_off()
            else:
                await self._say_cancelled(claimed)
        return cancelled

    async def stop(self, grace: float) -> None:
        """No more placeholders."""
        await self._quick.drain(grace)

    async def _acknowledge(self, arrival: Arrival, asked: Asked) -> int | None:
        try:
            before = await self._inbox.waiting(arrival.lane, arrival.id)
            text = (
                self._sentence("telegram.in_line", asked.language, place=before + 1)
                if before
                else self._sentence("telegram.placeholder", asked.language)
            )
            sent = await self._delivery.begin(arrival.id, 0, asked.place, text, tries=PLACEHOLDER_TRIES)
        except (TelegramError, StoreError) as error:
            note("A placeholder could not be sent", error)
            return None
        await self._threads.note(asked.place, sent, asked.conversation)
        return sent

    async def _answer(self, claimed: Claimed, work: _Work) -> None:
        row = claimed.arrival.id
        asked = await self._read(claimed)
        fragments = await fragments_behind(claimed, self._inbox, self._bot, now=self._now, sleep=self._sleep)
        for _, fragment in fragments:
            text = asked_in(fragment, asked.conversation, self._me()).text
            asked = replace(asked, text=asked.text + ("\n" if asked.text.endswith(ENDS) else " ") + text)
        if asked.audience is None:
            asked = replace(asked, audience=await self._audience(asked))
        receipt = self._receipts.get(row)
        if receipt is None and not await self._inbox.shown(row):
            receipt = self.acknowledge(claimed.arrival, asked)
        recorded = await self._answers.get(claimed.arrival.answer_id)
        made = recorded or await self._make(claimed, asked, work, receipt)
        work.is_made = True
        self._made()
        if not await self._inbox.settle(row, self._worker, LEASE):
            if await self._inbox.state(row) is not ArrivalState.CANCELLED:
                raise TakenOverError
            made = CANCELLED
        if isinstance(made, str):
            await self._shown(receipt)
            await self._delivery.show(claimed, asked.place, [self._sentence(made, asked.language)])
            return
        for fragment_row, _ in fragments:
            await self._fold(fragment_row, row, asked)
        await self._shown(receipt)
        parts, keyboard = self._present(made, asked)
        shown = await self._delivery.show(claimed, asked.place, parts, keyboard)
        await self._threads.note_answer(
            asked.place, asked.conversation, shown, answer_id=made.provenance.answer_id, user=asked.user
        )

    async def _make(
        self, claimed: Claimed, asked: Asked, work: _Work, receipt: asyncio.Task[int | None] | None
    ) -> Reply | str:
        """The reply, or the key of the sentence that is said instead."""
        told: list[asyncio.Task[None]] = []

        def listen(event: Event) -> None:
            if isinstance(event, StageReached) and not told:
                told.append(asyncio.create_task(self._tell(claimed, asked, event, receipt)))

        message = IncomingMessage(
            conversation=asked.conversation,
            text=asked.text,
            user=asked.user,
            audience=asked.audience or Audience.OTHER,
            answer_id=claimed.arrival.answer_id,
            detail=asked.detail,
            delayed=self._now() - asked.said_at > LATE,
            language=asked.language,
        )
        await self._let_placeholders_first()
        waiting, _ = await self._inbox.depth()
        async with self._places:
            if work.is_cancelled:
                return CANCELLED
            message = replace(message, hurried=waiting > self._at_once)
            answering = work.answering = asyncio.ensure_future(self._respond(message, listen))
            beside = [asyncio.create_task(each) for each in (self._type(asked), self._watch(claimed, work))]
            try:
                await asyncio.wait([answering], timeout=self._time_limit)
                if not answering.done():
                    return "telegram.too_slow"
                return CANCELLED if answering.cancelled() else answering.result()
            except Exception as error:  # noqa: BLE001 - whatever it was, the reader gets a sentence
                note("A question could not be answered", error)
                return "telegram.failed"
            finally:
                for task in (answering, *beside):
                    task.cancel()
                # A stage that is told late would stand where the answer should.
                await asyncio.gather(answering, *beside, *told, return_exceptions=True)

    async def _let_placeholders_first(self) -> None:
        """Answering takes the processor from whoever has just asked and sees nothing yet; it waits a moment."""
        loop = asyncio.get_running_loop()
        until = loop.time() + PLACEHOLDERS_FIRST_S
        while self._fresh and (left := until - loop.time()) > 0:
            await asyncio.wait(set(self._fresh), timeout=left)

    async def _read(self, claimed: Claimed) -> Asked:
        asked = get_asked(claimed.arrival.payload)
        if asked is not None:
            return asked
        update = update_in(claimed.arrival.payload, self._bot)
        message = _message(update)
        asked = asked_in(message, await self._threads.join(message), self._me())
        # Who changes a question and asks for its answer later hasn't been kept waiting.
        return asked if update.edited_message is None else replace(asked, said_at=self._now())

    async def _fold(self, fragment: Claimed, into: int, asked: Asked) -> None:
        row = fragment.arrival.id
        await self._inbox.fold(row, into)
        if (receipt := self._receipts.pop(row, None)) is not None:
            await self._shown(receipt)
        for message in await self._inbox.shown(row):
            await self._delivery.remove(asked.place, message)

    async def _audience(self, asked: Asked) -> Audience:
        scope = f"user:{asked.user}" if asked.is_private else f"chat:{asked.place.chat}"
        try:
            return await self._readers.audience(scope) or Audience.OTHER
        except StoreError as error:
            logger.warning("Who reads could not be looked up: %s", error)
            return Audience.OTHER

    async def _tell(
        self, claimed: Claimed, asked: Asked, event: StageReached, receipt: asyncio.Task[int | None] | None
    ) -> None:
        """Say once, in the placeholder, that this takes longer."""
        try:
            standing = await self._inbox.shown(claimed.arrival.id) if receipt is None else ()
            placeholder = next(iter(standing), None) if receipt is None else await self._shown(receipt)
            if placeholder is None:
                return
            told = RichText(text=render_stage(event, self._words.for_language(asked.language)))
            await self._delivery.edit(asked.place, placeholder, told, tries=1)
        except (TelegramError, StoreError) as error:
            note("A stage could not be told", error)

    async def _type(self, asked: Asked) -> None:
        """Show in a private chat that something is being written. In groups that would count as a message."""
        await asyncio.sleep(AT_ONCE_S)
        while asked.is_private:
            with suppress(TelegramError):
                await self._delivery.type(asked.place)
            await asyncio.sleep(TYPING_S)

    async def _watch(self, claimed: Claimed, work: _Work) -> None:
        """End the making of an answer that was called off by way of another process."""
        while not work.is_cancelled:
            await asyncio.sleep(LOOK_S)
            with suppress(StoreError):
                if await self._inbox.state(claimed.arrival.id) is ArrivalState.CANCELLED:
                    work.call_off()

    async def _say_cancelled(self, claimed: Claimed) -> None:
        row = claimed.arrival.id
        receipt = self._receipts.pop(row, None)
        await self._shown(receipt)
        place = Place(chat=claimed.arrival.chat, topic=None, message=claimed.arrival.message or 0)
        for message in (await self._inbox.shown(row))[:1]:
            cancelled = self._sentence("telegram.cancelled", self._language(claimed))
            await self._delivery.edit(place, message, cancelled)

    async def _shown(self, receipt: asyncio.Task[int | None] | None) -> int | None:
        """The placeholder, once it stands."""
        return None if receipt is None else await asyncio.shield(receipt)

    def _language(self, claimed: Claimed) -> str:
        asked = get_asked(claimed.arrival.payload)
        return asked.language if asked else language_of(update_in(claimed.arrival.payload, self._bot))

    def _sentence(self, key: str, language: str, **values: object) -> RichText:
        wording = self._words.for_language(language)
        return RichText(text=wording.say(key, topic=wording.say("topic"), **values))


def _message(update: Update) -> Message:
    message = update.message or update.edited_message
    assert message is not None  # A question is a message, or was one.
    return message
