"""Which conversation each message of a messenger belongs to: a messenger can't be asked for a message by its id."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.stores.conversations import ensure_conversation
from bot.stores.times import in_utc

if TYPE_CHECKING:
    from bot.stores.database import Database


class Messages:
    """The messages of users and bot that belong to an exchange; not what they say, only where they belong.

    They go when their conversation is forgotten. Every method raises `StoreError` where the database can't be used.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def remember(
        self,
        chat: int,
        message: int,
        conversation: str,
        *,
        said_at: datetime,
        topic: int | None = None,
        by_user: bool = False,
        answer_id: str | None = None,
    ) -> None:
        """Record where a message belongs; said again, the newest word counts.

        Raises:
            ValueError: `said_at` has no time zone.

        """
        from sqlalchemy import insert, update

        from bot.stores.tables import message_map

        if said_at.tzinfo is None:
            raise ValueError("said_at needs its time zone")
        values = {
            "topic_id": topic,
            "conversation": conversation,
            "answer_id": answer_id,
            "by_user": by_user,
            "said_at": said_at.astimezone(UTC),
        }
        same = (message_map.c.chat_id == chat) & (message_map.c.message_id == message)
        async with self._database.writing() as connection:
            await ensure_conversation(connection, conversation)
            updated = await connection.execute(update(message_map).where(same).values(values))
            if not updated.rowcount:
                await connection.execute(insert(message_map).values(chat_id=chat, message_id=message, **values))

    async def conversation_of(self, chat: int, message: int) -> str | None:
        """The conversation that a message belongs to; None where it belongs to none or is unknown."""
        return await self._about(chat, message, "conversation")

    async def answer_of(self, chat: int, message: int) -> str | None:
        """The id of the answer that a message asked for or is a part of; None where there is none."""
        return await self._about(chat, message, "answer_id")

    async def last_spoken(self, chat: int) -> tuple[str, datetime] | None:
        """The conversation, outside of topics, in which a user wrote last, and when something was last said in it."""
        from sqlalchemy import func, select

        from bot.stores.tables import message_map

        here = (message_map.c.chat_id == chat) & message_map.c.topic_id.is_(None)
        # By the user's messages alone: a late answer to an earlier question doesn't bring its conversation back.
        spoken = (
            select(message_map.c.conversation)
            .where(here, message_map.c.by_user)
            .order_by(message_map.c.message_id.desc())
            .limit(1)
        )
        async with self._database.reading() as connection:
            conversation = await connection.scalar(spoken)
            if conversation is None:
                return None
            latest = select(func.max(message_map.c.said_at)).where(here, message_map.c.conversation == conversation)
            said_at = await connection.scalar(latest)
        return conversation, in_utc(said_at)

    async def last_begun(self, chat: int, topic: int) -> str | None:
        """The conversation of a topic that was begun last, whatever was said in earlier ones since."""
        from sqlalchemy import func, select

        from bot.stores.tables import message_map

        begun = (
            select(message_map.c.conversation)
            .where(message_map.c.chat_id == chat, message_map.c.topic_id == topic)
            .group_by(message_map.c.conversation)
            .order_by(func.min(message_map.c.message_id).desc())
            .limit(1)
        )
        async with self._database.reading() as connection:
            conversation: str | None = await connection.scalar(begun)
        return conversation

    async def _about(self, chat: int, message: int, column: str) -> str | None:
        from sqlalchemy import select

        from bot.stores.tables import message_map

        wanted = select(message_map.c[column]).where(message_map.c.chat_id == chat, message_map.c.message_id == message)
        async with self._database.reading() as connection:
            found: str | None = await connection.scalar(wanted)
        return found
