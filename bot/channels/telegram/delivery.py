"""Says things in a chat: a placeholder at once, then the answer in its place."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import TypeVar

from telegram import Bot, MessageEntity, ReplyParameters
from telegram.error import BadRequest

from bot.channels.rendering import RichText
from bot.channels.telegram.calls import Sleep, persist
from bot.channels.telegram.messages import Place

T = TypeVar("T")
logger = logging.getLogger(__name__)

# Pauses add up to three seconds for a placeholder, to most of a minute for an answer that was worked for.
PLACEHOLDER_TRIES = 6
ANSWER_TRIES = 12


class Delivery:
    """Sends and edits as a bot. Every method raises the library's `TelegramError` when Telegram won't have it."""

    def __init__(self, bot: Bot, *, sleep: Sleep = asyncio.sleep) -> None:
        self._bot = bot
        self._sleep = sleep

    async def send(self, place: Place, rich: RichText, *, tries: int = ANSWER_TRIES) -> int:
        """Send one message as a reply; returns its id."""

        async def call(message: RichText) -> int:
            sent = await self._bot.send_message(
                place.chat,
                message.text,
                entities=_entities(message),
                message_thread_id=place.topic,
                reply_parameters=ReplyParameters(place.message, allow_sending_without_reply=True),
            )
            return sent.message_id

        return await self._shown(rich, call, tries)

    async def deliver(self, place: Place, parts: Sequence[RichText], placeholder: int | None) -> AsyncIterator[int]:
        """Put the first part in place of the placeholder, where there is one, and send the others after it.

        Gives the id of each message as soon as it stands.
        """
        first, *others = parts
        if placeholder is not None and await self._replace(place, placeholder, first):
            yield placeholder
        else:
            yield await self.send(place, first)
        for part in others:
            yield await self.send(place, part)

    async def restate(self, place: Place, placeholder: int, rich: RichText) -> None:
        """Say something else in the placeholder while the answer is being made; not worth persisting for."""
        await self._replace(place, placeholder, rich, tries=1)

    async def _replace(self, place: Place, placeholder: int, rich: RichText, *, tries: int = ANSWER_TRIES) -> bool:
        """Edit a message; False when it's gone. An edit can be repeated safely, which a lost response asks for."""

        async def call(message: RichText) -> None:
            await self._bot.edit_message_text(
                message.text, chat_id=place.chat, message_id=placeholder, entities=_entities(message)
            )

        try:
            await self._shown(rich, call, tries)
        except BadRequest as error:
            problem = error.message.lower()
            if "not found" in problem or "can't be edited" in problem:
                return False
            if "not modified" not in problem:
                raise
        return True

    async def _shown(self, rich: RichText, call: Callable[[RichText], Awaitable[T]], tries: int) -> T:
        """Persist with `call`; should Telegram refuse the entities, the words still go out."""
        try:
            return await persist(lambda: call(rich), tries=tries, sleep=self._sleep)
        except BadRequest as error:
            if "entit" not in error.message.lower() or not rich.entities:
                raise
            logger.warning("Telegram refused the entities of a message, which goes out without them")
            return await persist(lambda: call(RichText(text=rich.text)), tries=tries, sleep=self._sleep)


def _entities(rich: RichText) -> list[MessageEntity]:
    return [MessageEntity(entity.kind.value, entity.offset, entity.length) for entity in rich.entities]
