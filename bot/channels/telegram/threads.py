"""Which conversation a message belongs to: a topic, a chain of replies, or the last exchange of a private chat."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from telegram import Message

from bot.channels.telegram.messages import Place, is_private, place_of, replied_to, user_of
from bot.channels.telegram.ports import Messages
from bot.domain.errors import StoreError

logger = logging.getLogger(__name__)

COMMENT = "comment"
"""The purpose of a message to which a reply is a comment on an answer, and no question."""
RECENT = timedelta(minutes=30)
"""How long a private chat goes on about the same without being told."""


class Threads:
    """Finds the conversation of a message, and remembers it for the replies to come.

    A conversation is named after its chat and the message that began it, so that a message which is handled twice
    never begins two. Should the memory fail for good, a message is on its own and still answered.
    """

    def __init__(self, messages: Messages, now: Callable[[], datetime]) -> None:
        self._messages = messages
        self._now = now

    async def join(self, message: Message) -> str:
        """The conversation that a user's message goes on with, or the new one that it begins.

        Raises StoreError where a second try may know.
        """
        place = place_of(message)
        try:
            if (known := await self._messages.conversation_of(place.chat, place.message)) is not None:
                return known
            conversation = await self._find(message, place) or place.name
        except StoreError as error:
            if error.passes:
                raise
            logger.warning("The conversation of a message could not be looked up: %s", error)
            conversation = place.name
        await self.note(place, place.message, conversation, by_user=True, user=user_of(message))
        return conversation

    async def begin(self, message: Message) -> str:
        """A new conversation, which goes on from here. Raises StoreError."""
        place = place_of(message)
        conversation = f"telegram:{place.chat}:{place.message}"
        await self._remember(place, place.message, conversation, by_user=True, user=user_of(message))
        return conversation

    async def note(
        self,
        place: Place,
        message: int,
        conversation: str,
        *,
        by_user: bool = False,
        answer_id: str | None = None,
        purpose: str = "",
        user: str = "",
    ) -> None:
        """Remember where a message belongs, if that's possible. `purpose`: what a reply to it is for."""
        try:
            await self._remember(
                place, message, conversation, by_user=by_user, answer_id=answer_id, purpose=purpose, user=user
            )
        except StoreError as error:
            logger.warning("Where a message belongs could not be recorded: %s", error)

    async def note_answer(
        self, place: Place, conversation: str, parts: Sequence[int], *, answer_id: str, user: str
    ) -> None:
        """Remember, if that's possible, that a question was answered by these messages."""
        try:
            await self._messages.remember_answer(
                place.chat,
                conversation,
                question=place.message,
                parts=parts,
                answer_id=answer_id,
                said_at=self._now(),
                topic=place.topic,
                user=user,
            )
        except StoreError as error:
            logger.warning("Where an answer belongs could not be recorded: %s", error)

    async def _remember(
        self,
        place: Place,
        message: int,
        conversation: str,
        *,
        by_user: bool,
        answer_id: str | None = None,
        purpose: str = "",
        user: str = "",
    ) -> None:
        await self._messages.remember(
            place.chat,
            message,
            conversation,
            said_at=self._now(),
            topic=place.topic,
            by_user=by_user,
            answer_id=answer_id,
            purpose=purpose,
            user=user,
        )

    async def _find(self, message: Message, place: Place) -> str | None:
        """The conversation that this message continues."""
        earlier = replied_to(message)
        if earlier is not None and (found := await self._messages.conversation_of(place.chat, earlier)) is not None:
            return found
        if place.topic is not None:
            return await self._messages.last_begun(place.chat, place.topic)
        if is_private(message) and (last := await self._messages.last_spoken(place.chat)) is not None:
            conversation, said_at = last
            return conversation if self._now() - said_at < RECENT else None
        return None
