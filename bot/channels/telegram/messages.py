"""Reads Telegram messages: where they stand, who wrote them, whether they're meant for the bot, what they ask."""

import re
import textwrap
from dataclasses import dataclass

from telegram import CallbackQuery, Message, MessageEntity, Update
from telegram.constants import ChatType

LEFT_OUT = re.compile(r'\s*\[\d+\]|["“”•]')
LONGEST_QUOTE = 200
"""Characters: enough for a sentence; more would drown the question."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where an answer goes: a chat, maybe a topic of it, as a reply to a message."""

    chat: int
    topic: int | None
    message: int

    @property
    def name(self) -> str:
        """What a conversation is called that begins here: after the first message of its topic, or after this one."""
        return f"telegram:{self.chat}:{self.message if self.topic is None else self.topic}"


def place_of(message: Message) -> Place:
    """Where to answer a message. A plain reply carries a thread id too, so only real topics count."""
    topic = message.message_thread_id if message.is_topic_message else None
    return Place(chat=message.chat.id, topic=topic, message=message.message_id)


def user_of(message: Message) -> str:
    """Who wrote a message, by number; the chat, where somebody writes anonymously or in the name of a channel."""
    sender = message.from_user if message.sender_chat is None else None
    return f"telegram:{message.chat.id if sender is None else sender.id}"


def language_of(source: Message | Update | CallbackQuery) -> str:
    """The code of the language in which somebody uses Telegram; English where that isn't told."""
    user = source.effective_user if isinstance(source, Update) else source.from_user
    return (user.language_code if user else None) or "en"


def is_private(message: Message) -> bool:
    """Is nobody else in this chat?"""
    return message.chat.type == ChatType.PRIVATE


def is_for(message: Message, bot_id: int, username: str) -> bool:
    """Is the message meant for the bot: in private, a reply to it, or one that mentions it?"""
    return is_private(message) or _answers(message, bot_id) or bool(_mentions(message, bot_id, username))


def replied_to(message: Message) -> int | None:
    """The message that this one replies to, if any."""
    earlier = message.reply_to_message
    # In a forum every message replies to the one that opened its topic.
    if earlier is None or earlier.forum_topic_created is not None:
        return None
    return earlier.message_id


def question_of(message: Message, bot_id: int, username: str) -> str:
    """What the message says, without the mentions of the bot, and which part of an answer it is about."""
    text = _without_mentions(message, bot_id, username)
    quoted = _quoted(message, bot_id)
    return f'about "{quoted}": {text}' if text and quoted else text


def _without_mentions(message: Message, bot_id: int, username: str) -> str:
    text = (message.text or message.caption or "").encode("utf-16-le")
    for mention in reversed(_mentions(message, bot_id, username)):
        end = mention.offset + mention.length
        text = text[: 2 * mention.offset] + text[2 * end :]
    return text.decode("utf-16-le", "replace").strip()


def _answers(message: Message, bot_id: int) -> bool:
    earlier = message.reply_to_message
    if earlier is None or replied_to(message) is None:
        return False
    return earlier.from_user is not None and earlier.from_user.id == bot_id


def _quoted(message: Message, bot_id: int) -> str:
    """The words of the bot that the user marked when replying, on one line, without footnotes and quotation marks."""
    if message.quote is None or not _answers(message, bot_id):
        return ""
    return textwrap.shorten(LEFT_OUT.sub("", message.quote.text), LONGEST_QUOTE, placeholder=" …")


def _mentions(message: Message, bot_id: int, username: str) -> list[MessageEntity]:
    texts = message.parse_entities() if message.text else message.parse_caption_entities() if message.caption else {}
    return [
        entity
        for entity, text in texts.items()
        if (entity.type == MessageEntity.MENTION and text.casefold() == f"@{username}".casefold())
        or (entity.type == MessageEntity.TEXT_MENTION and entity.user is not None and entity.user.id == bot_id)
    ]
