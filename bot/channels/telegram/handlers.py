"""What the bot does with each kind of message.

No handler waits for the network or for an answer: all work goes to the dispatcher. Only where a message belongs is
found at once, because it decides whose turn it is.
"""

import asyncio
import logging
import traceback
from typing import Any, TypeAlias

from telegram import Message, Update
from telegram.error import Forbidden, TelegramError
from telegram.ext import Application, CallbackContext, CommandHandler, MessageHandler, filters

from bot.channels.rendering import RichText, render_stage, render_telegram
from bot.channels.telegram.delivery import PLACEHOLDER_TRIES, Delivery
from bot.channels.telegram.messages import Place, is_for, is_private, language_of, place_of, question_of, user_of
from bot.channels.telegram.splitting import split
from bot.channels.telegram.threads import Threads
from bot.conversation.dispatcher import Dispatcher
from bot.conversation.without_evidence import POLICY
from bot.domain.messages import IncomingMessage
from bot.domain.progress import Event, Respond, StageReached
from bot.prompts import Wording, Words

logger = logging.getLogger(__name__)

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
        threads: Threads,
        wording: Words,
        dispatcher: Dispatcher,
        delivery: Delivery,
        time_limit: float,
    ) -> None:
        self._respond = respond
        self._threads = threads
        self._wording = wording
        self._dispatcher = dispatcher
        # Placeholders and fixed sentences keep their order in a chat, but never wait for answers.
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
        application.add_handler(CommandHandler("policy", self.policy, filters=new))
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
        """`/new`: what is said next without a reply, or as a reply to this, has nothing to do with what was said."""
        message = _message(update)
        try:
            conversation = await self._threads.begin(message)
        except Exception as error:  # noqa: BLE001 - whatever it was, the reader gets a sentence
            _note("A conversation could not be begun", error)
            self._say(message, "telegram.failed")
        else:
            self._say(message, "telegram.new", conversation)

    async def question(self, update: Update, context: Context) -> None:
        """Any text that is meant for the bot."""
        message = _message(update)
        if is_for(message, context.bot.id, context.bot.username):
            await self._ask(message, question_of(message, context.bot.id, context.bot.username))

    async def policy(self, update: Update, _: Context) -> None:
        """`/policy`: how the library is made."""
        await self._ask(_message(update), POLICY)

    async def _ask(self, message: Message, text: str) -> None:
        place = place_of(message)
        conversation = await self._threads.join(message)
        asked = IncomingMessage(
            conversation=conversation, text=text, user=user_of(message), language=language_of(message)
        )
        receipt = self._quick.submit(str(place.chat), lambda: self._acknowledge(place, asked))
        self._waiting[place] = receipt
        self._dispatcher.submit(conversation, lambda: self._answer(place, asked, receipt))

    async def not_text(self, update: Update, context: Context) -> None:
        """A photo, a voice message, a file, a sticker."""
        message = _message(update)
        if is_private(message) or is_for(message, context.bot.id, context.bot.username):
            self._say(message, "telegram.not_text")

    async def apologise(self) -> None:
        """Tell everybody who was promised an answer that won't come any more to ask again."""
        await self._quick.drain(LAST_WORDS_S)
        await asyncio.gather(*(self._apologise(place, receipt) for place, receipt in dict(self._waiting).items()))

    def _say(self, message: Message, key: str, conversation: str | None = None) -> None:
        place, said = place_of(message), self._sentence(key, language_of(message))
        self._quick.submit(str(place.chat), lambda: self._deliver(place, [said], None, conversation))

    async def _acknowledge(self, place: Place, asked: IncomingMessage) -> int | None:
        """Send the placeholder; None when Telegram won't have it, and then the answer is sent on its own."""
        try:
            waiting = self._sentence("telegram.placeholder", asked.language)
            sent = await self._delivery.send(place, waiting, tries=PLACEHOLDER_TRIES)
        except TelegramError as error:
            _note("A placeholder could not be sent", error)
            return None
        await self._threads.note(place, sent, asked.conversation)
        return sent

    async def _answer(self, place: Place, asked: IncomingMessage, receipt: asyncio.Task[int | None]) -> None:
        conversation, wording = asked.conversation, self._wording.for_language(asked.language)
        answer_id = None
        told: list[asyncio.Task[None]] = []

        def listen(event: Event) -> None:
            if isinstance(event, StageReached) and not told:
                told.append(self._quick.submit(str(place.chat), lambda: self._tell(place, event, receipt, wording)))

        try:
            reply = await asyncio.wait_for(self._respond(asked, listen), self._time_limit)
            parts = split(render_telegram(reply, wording))
            answer_id = reply.provenance.answer_id
            await self._threads.note(place, place.message, conversation, by_user=True, answer_id=answer_id)
        except Exception as error:  # noqa: BLE001 - whatever it was, the reader gets a sentence
            _note("A question could not be answered", error)
            parts = [self._sentence("telegram.failed", asked.language)]
        placeholder = await receipt
        # A stage that is told late would stand where the answer should.
        await asyncio.gather(*told)
        await self._deliver(place, parts, placeholder, conversation, answer_id)
        self._waiting.pop(place, None)

    async def _tell(
        self, place: Place, event: StageReached, receipt: asyncio.Task[int | None], wording: Wording
    ) -> None:
        """Say once, in the placeholder, that this takes longer."""
        placeholder = await receipt
        if placeholder is not None:
            told = RichText(text=render_stage(event, wording))
            try:
                await self._delivery.restate(place, placeholder, told)
            except TelegramError as error:
                _note("A stage could not be told", error)

    async def _deliver(
        self,
        place: Place,
        parts: list[RichText],
        placeholder: int | None,
        conversation: str | None = None,
        answer_id: str | None = None,
    ) -> None:
        """Show a message; one that belongs to a conversation is remembered for the replies to it."""
        try:
            async for sent in self._delivery.deliver(place, parts, placeholder):
                if conversation is not None:
                    await self._threads.note(place, sent, conversation, answer_id=answer_id)
        except Forbidden:
            logger.warning("A message could not be delivered: the bot was blocked or removed")
        except TelegramError as error:
            _note(f"A message to chat {place.chat} could not be delivered", error)

    async def _apologise(self, place: Place, receipt: asyncio.Task[int | None]) -> None:
        placeholder = receipt.result() if receipt.done() and not receipt.cancelled() else None
        await self._deliver(place, [self._sentence("telegram.failed")], placeholder)

    def _sentence(self, key: str, language: str = "en") -> RichText:
        wording = self._wording.for_language(language)
        return RichText(text=wording.say(key, topic=wording.say("topic")))


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
