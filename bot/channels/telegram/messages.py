"""Reads Telegram messages: which conversation they belong to, whether they're meant for the bot, what they ask."""

from dataclasses import dataclass

from telegram import Message, MessageEntity
from telegram.constants import ChatType


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where an answer goes: a chat, maybe a topic of it, as a reply to a message."""

    chat: int
    topic: int | None
    message: int

    @property
    def conversation(self) -> str:
        """The conversation's name: a chat is one, and so is each topic of a forum."""
        return f"telegram:{self.chat}" if self.topic is None else f"telegram:{self.chat}:{self.topic}"


def place_of(message: Message) -> Place:
    """Where to answer a message. A plain reply carries a thread id too, so only real topics count."""
    topic = message.message_thread_id if message.is_topic_message else None
    return Place(chat=message.chat.id, topic=topic, message=message.message_id)


def is_private(message: Message) -> bool:
    """Is nobody else in this chat?"""
    return message.chat.type == ChatType.PRIVATE


def is_for(message: Message, bot_id: int, username: str) -> bool:
    """Is the message meant for the bot: in private, a reply to it, or one that mentions it?"""
    return is_private(message) or _answers(message, bot_id) or bool(_mentions(message, bot_id, username))


def question_of(message: Message, bot_id: int, username: str) -> str:
    """What the message says, without the mentions of the bot."""
    text = (message.text or "").encode("utf-16-le")
    for mention in reversed(_mentions(message, bot_id, username)):
        end = mention.offset + mention.length
        text = text[: 2 * mention.offset] + text[2 * end :]
    return text.decode("utf-16-le", "replace").strip()


def _answers(message: Message, bot_id: int) -> bool:
    earlier = message.reply_to_message
    # In a forum every message replies to the one that opened its topic.
    if earlier is None or earlier.forum_topic_created is not None:
        return False
    return earlier.from_user is not None and earlier.from_user.id == bot_id


def _mentions(message: Message, bot_id: int, username: str) -> list[MessageEntity]:
    texts = message.parse_entities() if message.text else message.parse_caption_entities() if message.caption else {}
    return [
        entity
        for entity, text in texts.items()
        if (entity.type == MessageEntity.MENTION and text.casefold() == f"@{username}".casefold())
        or (entity.type == MessageEntity.TEXT_MENTION and entity.user is not None and entity.user.id == bot_id)
    ]
