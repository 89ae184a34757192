"""Answers questions: answer, delivery, each step kept so that a crash between any two loses nothing."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from telegram import Bot, Message, Update
from telegram.error import TelegramError

from bot.channels.logs import log_failure
from bot.channels.rendering import RichText, render_stage
from bot.channels.telegram.arrivals import Me, asked_in, get_asked, update_in
from bot.channels.telegram.calls import Sleep
from bot.channels.telegram.delivery import Delivery
from bot.channels.telegram.desk import LEASE, TakenOverError
from bot.channels.telegram.fragments import fragments_behind
from bot.channels.telegram.keyboards import Keyboard
from bot.channels.telegram.messages import Place, language_of
from bot.channels.telegram.office import Asked, fixed_sentence
from bot.channels.telegram.placeholders import Placeholders, Receipt, standing
from bot.channels.telegram.ports import Answers, Inbox, Readers
from bot.channels.telegram.threads import Threads
from bot.domain.errors import StoreError
from bot.domain.inbox import ArrivalState, Claimed
from bot.domain.messages import Audience, IncomingMessage, Reply
from bot.domain.progress import Event, Respond, StageReached
from bot.prompts import Words

logger = logging.getLogger(__name__)

Present: TypeAlias = Callable[[Reply, Asked], tuple[Sequence[RichText], Keyboard | None]]
"""The messages of an answer, and the buttons under the last of them; `audience` is known by then."""

LATE = timedelta(minutes=15)
TYPING_S = 4.5
LOOK_S = 2.0
"""Another process may take the `/cancel` of a question that this one answers: so often it looks."""
CANCELLED = "telegram.cancelled"
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
    """Questions from the inbox to the answer. `time_limit` is how many seconds one answer may take.

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
        placeholders: Placeholders,
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
        self._placeholders = placeholders
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
        self._work: dict[int, _Work] = {}

    async def handle(self, claimed: Claimed) -> None:
        """Answer a question, or finish what an earlier try began."""
        row = claimed.arrival.id
        with self._placeholders.kept(row):
            work = self._work[row] = _Work()
            try:
                if await self._inbox.state(row) is ArrivalState.NEW:
                    await self._answer(claimed, work)
            finally:
                self._work.pop(row, None)

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

    async def _answer(self, claimed: Claimed, work: _Work) -> None:
        row = claimed.arrival.id
        asked = await self._read(claimed)
        fragments = await fragments_behind(claimed, self._inbox, self._bot, now=self._now, sleep=self._sleep)
        for _, fragment in fragments:
            text = asked_in(fragment, asked.conversation, self._me()).text
            asked = replace(asked, text=asked.text + ("\n" if asked.text.endswith(ENDS) else " ") + text)
        if asked.audience is None:
            asked = replace(asked, audience=await self._audience(asked))
        receipt = self._placeholders.of(row)
        if receipt is None and not await self._inbox.shown(row):
            receipt = self._placeholders.show(claimed.arrival, asked)
        recorded = await self._answers.get(claimed.arrival.answer_id)
        made = recorded or await self._make(claimed, asked, work, receipt)
        work.is_made = True
        self._made()
        if not await self._inbox.settle(row, self._worker, LEASE):
            if await self._inbox.state(row) is not ArrivalState.CANCELLED:
                raise TakenOverError
            made = CANCELLED
        if isinstance(made, str):
            await standing(receipt)
            await self._delivery.show(claimed, asked.place, [self._sentence(made, asked.language)])
            return
        for fragment_row, _ in fragments:
            await self._fold(fragment_row, row, asked)
        await standing(receipt)
        parts, keyboard = self._present(made, asked)
        shown = await self._delivery.show(claimed, asked.place, parts, keyboard)
        await self._threads.note_answer(
            asked.place, asked.conversation, shown, answer_id=made.provenance.answer_id, user=asked.user
        )

    async def _make(self, claimed: Claimed, asked: Asked, work: _Work, receipt: Receipt | None) -> Reply | str:
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
        await self._placeholders.let_first()
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
                log_failure(logger, "A question could not be answered", error)
                return "telegram.failed"
            finally:
                for task in (answering, *beside):
                    task.cancel()
                # A stage that is told late would stand where the answer should.
                await asyncio.gather(answering, *beside, *told, return_exceptions=True)

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
        await standing(self._placeholders.take(row))
        for message in await self._inbox.shown(row):
            await self._delivery.remove(asked.place, message)

    async def _audience(self, asked: Asked) -> Audience:
        scope = f"user:{asked.user}" if asked.is_private else f"chat:{asked.place.chat}"
        try:
            return await self._readers.audience(scope) or Audience.OTHER
        except StoreError as error:
            logger.warning("Who reads could not be looked up: %s", error)
            return Audience.OTHER

    async def _tell(self, claimed: Claimed, asked: Asked, event: StageReached, receipt: Receipt | None) -> None:
        """Say once, in the placeholder, that this takes longer."""
        try:
            shown = await self._inbox.shown(claimed.arrival.id) if receipt is None else ()
            placeholder = next(iter(shown), None) if receipt is None else await standing(receipt)
            if placeholder is None:
                return
            told = RichText(text=render_stage(event, self._words.for_language(asked.language)))
            await self._delivery.edit(asked.place, placeholder, told, tries=1)
        except (TelegramError, StoreError) as error:
            log_failure(logger, "A stage could not be told", error)

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
        await standing(self._placeholders.take(row))
        place = Place(chat=claimed.arrival.chat, topic=None, message=claimed.arrival.message or 0)
        for message in (await self._inbox.shown(row))[:1]:
            cancelled = self._sentence(CANCELLED, self._language(claimed))
            await self._delivery.edit(place, message, cancelled)

    def _language(self, claimed: Claimed) -> str:
        asked = get_asked(claimed.arrival.payload)
        return asked.language if asked else language_of(update_in(claimed.arrival.payload, self._bot))

    def _sentence(self, key: str, language: str) -> RichText:
        return fixed_sentence(self._words.for_language(language), key)


def _message(update: Update) -> Message:
    message = update.message or update.edited_message
    assert message is not None  # A question is a message, or was one.
    return message
