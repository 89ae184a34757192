"""Says things in a chat. An answer takes the place of a placeholder: an edit can be repeated, a message can't."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from telegram import (
    Bot,
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    MessageEntity,
    ReplyParameters,
)
from telegram.error import BadRequest, TelegramError

from bot.channels.rich_text import RichText
from bot.channels.telegram.calls import FloodGates, Sleep, persist
from bot.channels.telegram.keyboards import Button, Keyboard
from bot.channels.telegram.messages import Place
from bot.channels.telegram.ports import Inbox
from bot.domain.inbox import Claimed

T = TypeVar("T")
logger = logging.getLogger(__name__)

# Pauses add up to three seconds for a placeholder, to most of a minute for an answer that was worked for.
PLACEHOLDER_TRIES = 6
ANSWER_TRIES = 12
NEXT_PART = RichText(text="…")


class Delivery:
    """Sends and edits as a bot. Every method raises the library's `TelegramError` when Telegram won't have it."""

    def __init__(self, bot: Bot, inbox: Inbox, *, sleep: Sleep = asyncio.sleep, protect: bool = False) -> None:
        """`protect`: what the bot says can't be forwarded or saved."""
        self._bot = bot
        self._inbox = inbox
        self._sleep = sleep
        self._protect = protect
        self._gates = FloodGates(sleep)

    async def send(
        self,
        place: Place,
        rich: RichText,
        *,
        keyboard: Keyboard | None = None,
        force_reply: bool = False,
        tries: int = ANSWER_TRIES,
    ) -> int:
        """Send one message as a reply; returns its id. `force_reply`: the asker's app opens a reply to it."""
        markup = ForceReply(selective=True) if force_reply else _markup(keyboard)

        async def call(message: RichText) -> int:
            sent = await self._bot.send_message(
                place.chat,
                message.text,
                entities=_entities(message),
                message_thread_id=place.topic,
                reply_parameters=ReplyParameters(place.message, allow_sending_without_reply=True),
                reply_markup=markup,
                protect_content=self._protect or None,
            )
            return sent.message_id

        return await self._shown(place, rich, call, tries)

    async def send_file(self, place: Place, name: str, body: bytes, rich: RichText) -> None:
        """Send a file with words under it, as a reply."""
        await self._persist(
            place,
            lambda: self._bot.send_document(
                place.chat,
                InputFile(body, filename=name),
                caption=rich.text,
                message_thread_id=place.topic,
                reply_parameters=ReplyParameters(place.message, allow_sending_without_reply=True),
                protect_content=self._protect or None,
            ),
            ANSWER_TRIES,
        )

    async def edit(
        self,
        place: Place,
        message: int,
        rich: RichText,
        *,
        keyboard: Keyboard | None = None,
        tries: int = ANSWER_TRIES,
    ) -> bool:
        """Change a message of the bot; False when it's gone. May be repeated, which a lost response asks for."""

        async def call(text: RichText) -> None:
            await self._bot.edit_message_text(
                text.text,
                chat_id=place.chat,
                message_id=message,
                entities=_entities(text),
                reply_markup=_markup(keyboard),
            )

        try:
            await self._shown(place, rich, call, tries)
        except BadRequest as error:
            problem = error.message.lower()
            if "not found" in problem or "can't be edited" in problem:
                return False
            if "not modified" not in problem:
                raise
        return True

    async def dress(self, place: Place, message: int, keyboard: Keyboard) -> None:
        """Put other buttons under a message of the bot, if that's possible."""
        try:
            await self._persist(
                place,
                lambda: self._bot.edit_message_reply_markup(place.chat, message, reply_markup=_markup(keyboard)),
                PLACEHOLDER_TRIES,
            )
        except BadRequest as error:
            if "not modified" not in error.message.lower():
                logger.warning("The buttons of a message could not be changed: %s", type(error).__name__)

    async def show(
        self, claimed: Claimed, place: Place, parts: Sequence[RichText], keyboard: Keyboard | None = None
    ) -> list[int]:
        """Show an answer: each part in a message that is noted in the inbox before it is filled.

        Messages that stand already are filled anew. Returns those that hold the answer. Raises StoreError.
        """
        row = claimed.arrival.id
        standing = await self._inbox.shown(row)
        messages = []
        for number, part in enumerate(parts):
            under = keyboard if number == len(parts) - 1 else None
            message = standing[number] if number < len(standing) else await self.begin(row, number, place, NEXT_PART)
            if not await self.edit(place, message, part, keyboard=under):
                message = await self.begin(row, number, place, NEXT_PART)
                await self.edit(place, message, part, keyboard=under)
            messages.append(message)
        return messages

    async def begin(self, row: int, number: int, place: Place, rich: RichText, *, tries: int = ANSWER_TRIES) -> int:
        """Send what stands for a part of an answer, and note it. Raises StoreError."""
        message = await self.send(place, rich, tries=tries)
        await self._inbox.note_shown(row, number, message)
        return message

    async def remove(self, place: Place, message: int) -> None:
        """Take a message of the bot away, if that's possible."""
        try:
            await persist(
                lambda: self._bot.delete_message(place.chat, message),
                tries=1,
                sleep=self._sleep,
                gates=self._gates,
                chat=place.chat,
            )
        except TelegramError as error:
            logger.warning("A message could not be taken away: %s", type(error).__name__)

    async def type(self, place: Place) -> None:
        """Show for five seconds that something is being written; not worth waiting or trying again for."""
        if not self._gates.is_closed(place.chat):
            await self._bot.send_chat_action(place.chat, "typing", message_thread_id=place.topic)

    def close(self) -> None:
        """Nothing is said any more."""
        self._gates.open()

    async def _shown(self, place: Place, rich: RichText, call: Callable[[RichText], Awaitable[T]], tries: int) -> T:
        """Persist with `call`; should Telegram refuse the entities, the words still go out."""
        try:
            return await self._persist(place, lambda: call(rich), tries)
        except BadRequest as error:
            if "entit" not in error.message.lower() or not rich.entities:
                raise
            logger.warning("Telegram refused the entities of a message, which goes out without them")
            return await self._persist(place, lambda: call(RichText(text=rich.text)), tries)

    async def _persist(self, place: Place, call: Callable[[], Awaitable[T]], tries: int) -> T:
        return await persist(call, tries=tries, sleep=self._sleep, gates=self._gates, chat=place.chat)


def _entities(rich: RichText) -> list[MessageEntity]:
    return [MessageEntity(entity.kind.value, entity.offset, entity.length) for entity in rich.entities]


def _markup(keyboard: Keyboard | None) -> InlineKeyboardMarkup | None:
    if keyboard is None:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in keyboard.rows])


def _button(button: Button) -> InlineKeyboardButton:
    if button.copy:
        return InlineKeyboardButton(button.text, copy_text=CopyTextButton(button.copy))
    if button.url:
        return InlineKeyboardButton(button.text, url=button.url)
    return InlineKeyboardButton(button.text, callback_data=button.data)
