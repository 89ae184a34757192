"""What those who handle an update may use, and how handlers look. Built once, in `joining.py`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeAlias

from bot.channels.rendering import RichText
from bot.channels.telegram.affairs import Affairs
from bot.channels.telegram.ports import Answers, Exporting, Feedback, Forgetting, Inbox, Messages, Readers
from bot.domain.documents import RetrievedPassage
from bot.domain.inbox import Claimed
from bot.domain.messages import Audience
from bot.domain.reviews import AnswerReview
from bot.prompts import Wording

if TYPE_CHECKING:
    from telegram import Bot, CallbackQuery, Message, Update

    from bot.channels.telegram.delivery import Delivery
    from bot.channels.telegram.messages import Place
    from bot.channels.telegram.threads import Threads


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A question as it was read from an update or a button.

    `place` is what the answer replies to. `audience` is None where the reader's own choice holds. `note` is the key of
    a sentence that is added to the answer, such as that only a photo's caption was read. `language` is the code of the
    asker's language, for fixed sentences.
    """

    place: Place
    conversation: str
    text: str
    user: str
    is_private: bool
    said_at: datetime
    audience: Audience | None = None
    detail: bool = False
    note: str = ""
    language: str = "en"


class LibraryView(Protocol):
    """What may be told of the library."""

    @property
    def fingerprint(self) -> str:
        """Identifies its content."""
        ...

    def passage(self, document: str, passage: str) -> RetrievedPassage | None:
        """A passage that may be quoted today, with its document; None where there is none."""
        ...


class Reports(Protocol):
    """Where an answer is reported for review."""

    async def get(self, answer_id: str, *, asking: str = "") -> AnswerReview | None:
        """The review of an answer; None where nobody asked for one. Only who asks is named. Raises StoreError."""
        ...

    async def pending(self) -> Sequence[AnswerReview]:
        """The answers that wait for a decision. Raises StoreError."""
        ...

    async def report(self, answer_id: str, reason: str, by: str) -> None:
        """Ask for a review. Raises StoreError."""
        ...


@dataclass(frozen=True, kw_only=True)
class Stores:
    """What the bot remembers."""

    inbox: Inbox
    messages: Messages
    answers: Answers
    readers: Readers
    feedback: Feedback
    reviews: Reports
    forgetting: Forgetting
    exporting: Exporting


@dataclass(frozen=True, kw_only=True)
class Office:
    """What every handler may use. `wording` is that of whoever is being dealt with."""

    bot: Bot
    delivery: Delivery
    threads: Threads
    inbox: Inbox
    messages: Messages
    answers: Answers
    readers: Readers
    feedback: Feedback
    reviews: Reports
    wording: Wording
    library: LibraryView
    forgetting: Forgetting
    exporting: Exporting
    affairs: Affairs
    admins: frozenset[int]
    allowed_chats: frozenset[int]
    retention_days: int
    now: Callable[[], datetime]
    ask: Callable[[Claimed, Asked], Awaitable[None]]
    """Put a question in line that a button or a command asks: placeholder, answer, delivery. Said again, it's one."""
    ask_edited: Callable[[int, int, str, str], Awaitable[str]]
    """Put the edited question of this update in line, in this chat, for this user and their language; gives the key of
    the sentence that refuses it, or nothing."""
    cancel: Callable[[int, str | None], Awaitable[int]]
    """Call off the questions of a user in a chat (of everybody: None); returns how many."""

    def sentence(self, key: str, **values: object) -> RichText:
        """A fixed sentence, which may name the library's topic."""
        return fixed_sentence(self.wording, key, **values)


def fixed_sentence(wording: Wording, key: str, **values: object) -> RichText:
    """A fixed sentence, which may name the library's topic."""
    return RichText(text=wording.say(key, topic=wording.say("topic"), **values))


Command: TypeAlias = "Callable[[Office, Update, Message, str], Awaitable[None]]"
"""Handles a command: the message and what stands behind the command's name."""
Press: TypeAlias = "Callable[[Office, Claimed, CallbackQuery, str], Awaitable[None]]"
"""Handles a button: its query and data."""
Comment: TypeAlias = "Callable[[Office, Claimed, Message], Awaitable[None]]"
"""Handles the reply to a message of the bot whose purpose is `comment`."""
Membership: TypeAlias = "Callable[[Office, Update], Awaitable[None]]"
"""Handles that the bot was added to a chat, removed or blocked."""
