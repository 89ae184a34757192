"""What the bot does with each kind of message. No handler waits for the network: all work goes to the dispatcher."""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from telegram import Message, Update
from telegram.error import Forbidden, TelegramError
from telegram.ext import Application, CallbackContext, CommandHandler, MessageHandler, filters

from bot.channels.rendering import RichText, render_telegram
from bot.channels.telegram.delivery import PLACEHOLDER_TRIES, Delivery
from bot.channels.telegram.messages import Place, is_for, is_private, place_of, question_of
from bot.channels.telegram.splitting import split
from bot.conversation.dispatcher import Dispatcher
from bot.domain.messages import IncomingMessage, Reply
from bot.prompts import Wording

logger = logging.getLogger(__name__)

Respond: TypeAlias = Callable[[IncomingMessage], Awaitable[Reply]]
StartAfresh: TypeAlias = Callable[[str], Awaitable[None]]
BotApplication: TypeAlias = Application[Any, Any, Any, Any, Any, Any]
Context: TypeAlias = CallbackContext[Any, Any, Any, Any]

QUICK_AT_ONCE = 64
LAST_WORDS_S = 0.5


class Handlers:
    """The bot's side of all chats. `time_limit` is how many seconds one answer may take."""

    def __init__(
        self,
        *,
        respond: Respond,
        start_afresh: StartAfresh,
        wording: Wording,
        dispatcher: Dispatcher,
        delivery: Delivery,
        time_limit: float,
    ) -> None:
        self._respond = respond
        self._start_afresh = start_afresh
        self._wording = wording
        self._dispatcher = dispatcher
        # Placeholders and fixed sentences keep their order too, but never wait for answers.
        self._quick = Dispatcher(at_once=QUICK_AT_ONCE)
        self._delivery = delivery
        self._time_limit = time_limit
        self._waiting: dict[Place, asyncio.Task[int | None]] = {}

    def register(self, application: BotApplication) -> None:
        """Tell the application what is handled by whom. Edited messages, channel posts and joins by nobody."""
        new = filters.UpdateType.MESSAGE
        application.add_handler(CommandHandler("start", self.start, filters=new))
        application.add_handler(CommandHandler("help", self.help, filters=new))
        application.add_handler(CommandHandler("new", self.new, filters=new))
        application.add_handler(MessageHandler(new & filters.COMMAND & filters.ChatType.PRIVATE, self.help))
        application.add_handler(MessageHandler(new & filters.TEXT & ~filters.COMMAND, self.question))
        application.add_handler(MessageHandler(new & ~filters.TEXT & ~filters.StatusUpdate.ALL, self.not_text))
        application.add_error_handler(_note_failure)

    async def start(self, update: Update, _: Context) -> None:
        """`/start`"""
        self._say(_message(update), "telegram.start")

    async def help(self, update: Update, _: Context) -> None:
        """`/help`, and any command that doesn't exist."""
        self._say(_message(update), "telegram.help")

    async def new(self, update: Update, _: Context) -> None:
        """`/new`"""
        place = place_of(_message(update))
        self._dispatcher.submit(place.conversation, lambda: self._begin_anew(place))

    async def question(self, update: Update, context: Context) -> None:
        """Any text that is meant for the bot."""
        message = _message(update)
        if is_for(message, context.bot.id, context.bot.username):
            place, text = place_of(message), question_of(message, context.bot.id, context.bot.username)
            receipt = self._quick.submit(place.conversation, lambda: self._acknowledge(place))
            self._waiting[place] = receipt
            self._dispatcher.submit(place.conversation, lambda: self._answer(place, text, receipt))

    async def not_text(self, update: Update, context: Context) -> None:
        """A photo, a voice message, a file, a sticker."""
        message = _message(update)
        if is_private(message) or is_for(message, context.bot.id, context.bot.username):
            self._say(message, "telegram.not_text")

    async def apologise(self) -> None:
        """Tell everybody who was promised an answer that won't come any more to ask again."""
        await self._quick.drain(LAST_WORDS_S)
        await asyncio.gather(*(self._apologise(place, receipt) for place, receipt in dict(self._waiting).items()))

    def _say(self, message: Message, key: str) -> None:
        place = place_of(message)
        self._quick.submit(place.conversation, lambda: self._deliver(place, [self._sentence(key)], None))

    async def _begin_anew(self, place: Place) -> None:
        try:
            await self._start_afresh(place.conversation)
        except Exception as error:  # noqa: BLE001 - whatever it was, the reader gets a sentence
            _note("A conversation could not be started afresh", error)
            await self._deliver(place, [self._sentence("telegram.failed")], None)
        else:
            await self._deliver(place, [self._sentence("telegram.new")], None)

    async def _acknowledge(self, place: Place) -> int | None:
        """Send the placeholder; None when Telegram won't have it, and then the answer is sent on its own."""
        try:
            return await self._delivery.send(place, self._sentence("telegram.placeholder"), tries=PLACEHOLDER_TRIES)
        except TelegramError as error:
            _note("A placeholder could not be sent", error)
            return None

    async def _answer(self, place: Place, text: str, receipt: asyncio.Task[int | None]) -> None:
        message = IncomingMessage(conversation=place.conversation, text=text)
        try:
            reply = await asyncio.wait_for(self._respond(message), self._time_limit)
            parts = split(render_telegram(reply, self._wording))
        except Exception as error:  # noqa: BLE001 - whatever it was, the reader gets a sentence
            _note("A question could not be answered", error)
            parts = [self._sentence("telegram.failed")]
        placeholder = await receipt
        await self._deliver(place, parts, placeholder)
        self._waiting.pop(place, None)

    async def _deliver(self, place: Place, parts: list[RichText], placeholder: int | None) -> None:
        try:
            await self._delivery.deliver(place, parts, placeholder)
        except Forbidden:
            logger.warning("A message could not be delivered: the bot was blocked or removed")
        except TelegramError as error:
            _note(f"A message to {place.conversation} could not be delivered", error)

    async def _apologise(self, place: Place, receipt: asyncio.Task[int | None]) -> None:
        placeholder = receipt.result() if receipt.done() and not receipt.cancelled() else None
        await self._deliver(place, [self._sentence("telegram.failed")], placeholder)

    def _sentence(self, key: str) -> RichText:
        return RichText(text=self._wording.say(key, topic=self._wording.say("topic")))


def _message(update: Update) -> Message:
    assert update.message is not None  # Every handler is registered for new messages only.
    return update.message


async def _note_failure(_: object, context: Context) -> None:
    if context.error is not None:
        _note("An update could not be handled", context.error)


def _note(what: str, error: BaseException) -> None:
    """Log the kind of an error and its place. Not its text or traceback: they may hold what somebody wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    logger.error("%s: %s%s", what, type(error).__name__, where)
