"""Which conversation each message of a messenger belongs to: a messenger can't be asked for a message by its id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from bot.domain.placing import MessageNote
from bot.stores.conversations import ensure_conversation
from bot.stores.times import in_utc, to_utc
from bot.stores.upserting import upserting

if TYPE_CHECKING:
    from sqlalchemy import Executable

    from bot.stores.database import Database

KEY = ("chat_id", "message_id")


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
        purpose: str = "",
        user: str = "",
    ) -> None:
        """Record where a message belongs; said again, the newest word counts. `user`: whose it is, if a user's.

        Raises:
            ValueError: `said_at` has no time zone.

        """
        noted = self._row(chat, conversation, answer_id=answer_id, said_at=said_at, topic=topic, user=user)
        await self._put([noted | {"message_id": message, "by_user": by_user, "purpose": purpose}])

    async def remember_answer(
        self,
        chat: int,
        conversation: str,
        *,
        question: int,
        parts: Sequence[int],
        answer_id: str,
        said_at: datetime,
        topic: int | None = None,
        user: str = "",
    ) -> None:
        """Record at once that a user's message was answered, and which messages are the answer's parts.

        Raises:
            ValueError: `said_at` has no time zone.

        """
        noted = self._row(chat, conversation, answer_id=answer_id, said_at=said_at, topic=topic, user=user)
        await self._put([noted | {"message_id": each, "by_user": each == question} for each in (question, *parts)])

    async def about(self, chat: int, message: int) -> MessageNote | None:
        """All that is known of a message; None where it belongs to no conversation or is unknown."""
        async with self._database.asking() as connection:
            row = (await connection.execute(_about(), {"chat_": chat, "message_": message})).one_or_none()
        if row is None:
            return None
        return MessageNote(
            conversation=self._database.pseudonyms.known_in(row.conversation, chat),
            answer_id=row.answer_id,
            by_user=row.by_user,
            purpose=row.purpose,
            topic=row.topic_id,
        )

    async def conversation_of(self, chat: int, message: int) -> str | None:
        """The conversation that a message belongs to; None where it belongs to none or is unknown."""
        note = await self.about(chat, message)
        return None if note is None else note.conversation

    async def chat_of_answer(self, answer_id: str) -> int | None:
        """The chat in which an answer was first given; None where it's unknown."""
        from sqlalchemy import select

        from bot.stores.tables import message_map

        given = select(message_map.c.chat_id).where(message_map.c.answer_id == answer_id)
        first = given.order_by(message_map.c.said_at, message_map.c.message_id).limit(1)
        async with self._database.asking() as connection:
            chat: int | None = await connection.scalar(first)
        return chat

    async def last_answer(self, chat: int, conversation: str | None = None, topic: int | None = None) -> str | None:
        """The id of the newest answer in a chat, or in a conversation or a topic of it; None where there is none.

        A message that has a purpose of its own, such as a page of an older answer's sources, is no answer.
        """
        from sqlalchemy import select

        from bot.stores.tables import message_map

        given = select(message_map.c.answer_id)
        given = given.where(
            message_map.c.chat_id == chat,
            message_map.c.answer_id.is_not(None),
            ~message_map.c.by_user,
            message_map.c.purpose == "",
        )
        if conversation is not None:
            given = given.where(message_map.c.conversation == self._database.pseudonyms.conversation(conversation))
        if topic is not None:
            given = given.where(message_map.c.topic_id == topic)
        async with self._database.asking() as connection:
            answer: str | None = await connection.scalar(given.order_by(message_map.c.message_id.desc()).limit(1))
        return answer

    async def last_spoken(self, chat: int) -> tuple[str, datetime] | None:
        """The conversation, outside of topics, in which a user wrote last, and when something was last said in it."""
        async with self._database.asking() as connection:
            row = (await connection.execute(_last_spoken(), {"chat_": chat})).one_or_none()
        return None if row is None else (self._database.pseudonyms.known_in(row[0], chat), in_utc(row[1]))

    async def spoken_before(self, chat: int, conversation: str) -> str | None:
        """The conversation, outside of topics, in which a user wrote last before this one began; None if none."""
        from sqlalchemy import func, select

        from bot.stores.tables import message_map

        names = self._database.pseudonyms
        conversation = names.conversation(conversation)
        here = (message_map.c.chat_id == chat) & message_map.c.topic_id.is_(None)
        began = select(func.min(message_map.c.message_id)).where(here, message_map.c.conversation == conversation)
        before = (
            select(message_map.c.conversation)
            .where(here, message_map.c.by_user, message_map.c.message_id < began.scalar_subquery())
            .order_by(message_map.c.message_id.desc())
            .limit(1)
        )
        async with self._database.asking() as connection:
            found: str | None = await connection.scalar(before)
        return None if found is None else names.known_in(found, chat)

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
        async with self._database.asking() as connection:
            conversation: str | None = await connection.scalar(begun)
        return None if conversation is None else self._database.pseudonyms.known_in(conversation, chat)

    def _row(
        self, chat: int, conversation: str, *, answer_id: str | None, said_at: datetime, topic: int | None, user: str
    ) -> dict[str, Any]:
        """What messages of one exchange have in common. Raises ValueError for a time without a zone."""
        names = self._database.pseudonyms
        return {
            "chat_id": chat,
            "topic_id": topic,
            "conversation": names.conversation(conversation),
            "answer_id": answer_id,
            "said_at": to_utc(said_at, "said_at"),
            "purpose": "",
            "user": names.user(user) or None,
        }

    async def _put(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Record messages of one conversation; what was said of them before is replaced."""
        from bot.stores.tables import message_map

        async with self._database.writing(softly=True) as connection:
            await ensure_conversation(connection, rows[0]["conversation"])
            values = tuple(column.name for column in message_map.columns if column.name not in KEY)
            await connection.execute(upserting(message_map, KEY, values, dialect=connection.dialect.name), rows)


@cache
def _about() -> Executable:
    from sqlalchemy import bindparam, select

    from bot.stores.tables import message_map

    here = message_map.c.chat_id == bindparam("chat_")
    return select(message_map).where(here, message_map.c.message_id == bindparam("message_"))


@cache
def _last_spoken() -> Executable:
    from sqlalchemy import bindparam, func, select

    from bot.stores.tables import message_map

    every = message_map.alias()
    latest = (
        select(func.max(every.c.said_at))
        .where(
            every.c.chat_id == message_map.c.chat_id,
            every.c.topic_id.is_(None),
            every.c.conversation == message_map.c.conversation,
        )
        .scalar_subquery()
    )
    # By the user's messages alone: a late answer to an earlier question doesn't bring its conversation back.
    here = (message_map.c.chat_id == bindparam("chat_")) & message_map.c.topic_id.is_(None)
    spoken = select(message_map.c.conversation, latest).where(here, message_map.c.by_user)
    return spoken.order_by(message_map.c.message_id.desc()).limit(1)
