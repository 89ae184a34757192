"""Which rows are a user's: what `/forget` deletes is what `/export` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Select, Table

    from bot.stores.pseudonyms import Pseudonyms


class Whose:
    """The rows of a user such as `telegram:5`, and those of their private chat, under the names of a database."""

    def __init__(self, names: Pseudonyms, user: str, private_chat: int) -> None:
        from bot.stores.tables import conversations

        self.user = names.user(user)
        chat = names.user(f"{user.partition(':')[0]}:{private_chat}")
        self._private_chat = private_chat
        self._scopes = [names.scope(f"user:{user}"), names.scope(f"chat:{private_chat}")]
        self.conversations: ColumnElement[bool] = (conversations.c.id == chat) | conversations.c.id.startswith(
            f"{chat}:", autoescape=True
        )

    @property
    def own(self) -> Select[Any]:
        """The names of the conversations of the private chat."""
        from sqlalchemy import select

        from bot.stores.tables import conversations

        return select(conversations.c.id).where(self.conversations)

    @property
    def turns(self) -> ColumnElement[bool]:
        """What they asked, with the answers."""
        from sqlalchemy import or_

        from bot.stores.tables import turns

        return or_(turns.c.user == self.user, turns.c.conversation.in_(self.own))

    @property
    def rows(self) -> Mapping[str, tuple[Table, ColumnElement[bool]]]:
        """Every kind of record: its table, and which rows of it. In an order in which they can be deleted."""
        from sqlalchemy import or_, select, tuple_

        from bot.stores.tables import feedback, inbox, message_map, readers, reviews, spending, turns

        answers = select(turns.c.answer_id).where(self.turns)
        arrived = select(inbox.c.chat, inbox.c.message).where(inbox.c.user == self.user, inbox.c.message.is_not(None))
        return {
            "messages": (
                message_map,
                or_(
                    message_map.c.chat_id == self._private_chat,
                    message_map.c.user == self.user,
                    message_map.c.conversation.in_(self.own),
                    message_map.c.answer_id.in_(answers),
                    # A button stands under a message that isn't its presser's.
                    message_map.c.by_user & tuple_(message_map.c.chat_id, message_map.c.message_id).in_(arrived),
                ),
            ),
            "feedback": (feedback, or_(feedback.c.user == self.user, feedback.c.answer_id.in_(answers))),
            "reviews": (reviews, or_(reviews.c.reported_by == self.user, reviews.c.answer_id.in_(answers))),
            "turns": (turns, self.turns),
            "arrivals": (inbox, or_(inbox.c.user == self.user, inbox.c.chat == self._private_chat)),
            "audience": (readers, readers.c.scope.in_(self._scopes)),
            "spending": (spending, spending.c.user == self.user),
        }
