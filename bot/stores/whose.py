"""Which rows are a user's: what `/forget` deletes is what `/export` shows, and it shows the note of a deletion, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import ColumnElement, Select, Table

    from bot.stores.pseudonyms import Pseudonyms


class Whose:
    """The rows of a user and of their private chat, under the names of a database."""

    def __init__(self, *, user: str, chat: str, scope: str, numbers: Collection[int]) -> None:
        """`user`, `chat` and `scope` (of choices in that chat) as they are stored; `numbers`: the chat's, as is."""
        from bot.stores.tables import conversations

        self.user, self.chat, self.scope = user, chat, scope
        self._numbers = numbers
        self.conversations: ColumnElement[bool] = (conversations.c.id == chat) | conversations.c.id.startswith(
            f"{chat}:", autoescape=True
        )

    @classmethod
    def named(cls, names: Pseudonyms, user: str, private_chat: int) -> Self:
        """The rows of a user such as `telegram:5`."""
        return cls(
            user=names.user(user),
            chat=names.user(f"{user.partition(':')[0]}:{private_chat}"),
            scope=names.scope(f"chat:{private_chat}"),
            numbers=[private_chat],
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
                    message_map.c.chat_id.in_(self._numbers),
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
            "arrivals": (inbox, or_(inbox.c.user == self.user, inbox.c.chat.in_(self._numbers))),
            "audience": (readers, readers.c.scope.in_([f"user:{self.user}", self.scope])),
            "spending": (spending, spending.c.user == self.user),
        }

    @property
    def noted(self) -> tuple[Table, ColumnElement[bool]]:
        """The note that they were forgotten, which stays."""
        from bot.stores.tables import erasures

        return erasures, erasures.c.user == self.user
