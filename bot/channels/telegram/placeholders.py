"""What stands where an answer will be: shown at once, in the order of the questions, before anything is computed."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TypeAlias

from telegram.error import TelegramError

from bot.channels.logs import log_failure
from bot.channels.telegram.delivery import PLACEHOLDER_TRIES, Delivery
from bot.channels.telegram.messages import Place
from bot.channels.telegram.office import Asked, fixed_sentence
from bot.channels.telegram.ports import Inbox
from bot.channels.telegram.threads import Threads
from bot.conversation.dispatcher import Dispatcher
from bot.domain.errors import StoreError
from bot.domain.inbox import Arrival
from bot.prompts import Words

logger = logging.getLogger(__name__)

AT_ONCE = 10_000
FIRST_S = 1.0
"""So long answering waits for placeholders that are being sent."""

Receipt: TypeAlias = asyncio.Task[int | None]
"""A placeholder that is being sent; it gives the message, None where there is none."""


class Placeholders:
    """The placeholders of the questions that this process accepted, each known until any process may answer."""

    def __init__(self, *, inbox: Inbox, threads: Threads, delivery: Delivery, words: Words) -> None:
        self._inbox = inbox
        self._threads = threads
        self._delivery = delivery
        self._words = words
        # They keep their order in a chat, but never wait for answers or for other chats.
        self._quick = Dispatcher(at_once=AT_ONCE)
        self._receipts: dict[int, Receipt] = {}
        self._fresh: set[Receipt] = set()
        self._kept: set[int] = set()

    def show(self, arrival: Arrival, asked: Asked) -> Receipt:
        """Show the placeholder of a question. Said again, it's the same."""
        row = arrival.id
        if row not in self._receipts:
            receipt = self._quick.submit(str(arrival.chat), lambda: self._send(arrival, asked))
            self._receipts[row] = receipt
            self._fresh.add(receipt)
            receipt.add_done_callback(self._fresh.discard)
            # Once it's noted any process may answer, and the inbox knows of it.
            receipt.add_done_callback(lambda _: None if row in self._kept else self.take(row))
            # One that Telegram holds up for long holds up nobody else.
            asyncio.get_running_loop().call_later(FIRST_S, self._fresh.discard, receipt)
        return self._receipts[row]

    async def show_in(self, place: Place, message: int, language: str) -> None:
        """Turn a message of the bot into the placeholder of an answer."""
        with suppress(TelegramError):
            sentence = fixed_sentence(self._words.for_language(language), "telegram.placeholder")
            await self._delivery.edit(place, message, sentence, tries=1)

    def of(self, row: int) -> Receipt | None:
        """The placeholder of a question, if it's known here."""
        return self._receipts.get(row)

    def take(self, row: int) -> Receipt | None:
        """The same, which is known here no longer."""
        return self._receipts.pop(row, None)

    @contextmanager
    def kept(self, row: int) -> Iterator[None]:
        """As long as a question is in work, its placeholder stays known."""
        self._kept.add(row)
        try:
            yield
        finally:
            self._kept.discard(row)
            self.take(row)

    async def let_first(self) -> None:
        """Answering takes the processor from whoever has just asked and sees nothing yet; it waits a moment."""
        loop = asyncio.get_running_loop()
        until = loop.time() + FIRST_S
        while self._fresh and (left := until - loop.time()) > 0:
            await asyncio.wait(set(self._fresh), timeout=left)

    async def stop(self, grace: float) -> None:
        """Send no more; those under way have `grace` seconds."""
        await self._quick.drain(grace)

    async def _send(self, arrival: Arrival, asked: Asked) -> int | None:
        wording = self._words.for_language(asked.language)
        try:
            before = await self._inbox.waiting(arrival.lane, arrival.id)
            text = (
                fixed_sentence(wording, "telegram.in_line", place=before + 1)
                if before
                else fixed_sentence(wording, "telegram.placeholder")
            )
            sent = await self._delivery.begin(arrival.id, 0, asked.place, text, tries=PLACEHOLDER_TRIES)
        except (TelegramError, StoreError) as error:
            log_failure(logger, "A placeholder could not be sent", error)
            return None
        await self._threads.note(asked.place, sent, asked.conversation)
        return sent


async def standing(receipt: Receipt | None) -> int | None:
    """The message of a placeholder, once it stands. Who is cancelled meanwhile leaves its sending alone."""
    return None if receipt is None else await asyncio.shield(receipt)
