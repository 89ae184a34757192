"""What a conversation needs of others: a memory, a library and, where there is one, a language model."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from bot.conversation.contextualize import Contextualized
from bot.domain.documents import RetrievedPassage
from bot.domain.messages import History, Reply
from bot.domain.reviews import AnswerReview

if TYPE_CHECKING:
    import numpy as np


class Conversations(Protocol):
    """The memory that a conversation needs."""

    async def add_turn(self, reply: Reply, *, asked_at: datetime, user: str = "") -> None:
        """Record a turn and who asked. Raises StoreError."""
        ...

    async def history(self, conversation: str, limit: int) -> History:
        """The last turns, oldest first, and the number of the next. Raises StoreError."""
        ...

    async def start_afresh(self, conversation: str) -> None:
        """Leave what was said so far out of the history. Raises StoreError."""
        ...


class Library(Protocol):
    """What a conversation needs to know of the library."""

    @property
    def fingerprint(self) -> str:
        """Identifies its content."""
        ...

    @property
    def is_empty(self) -> bool:
        """Is there nothing to answer from?"""
        ...

    @property
    def is_barred(self) -> bool:
        """Does it hold documents, but none that may be quoted?"""
        ...

    def embed(self, text: str) -> "np.ndarray":
        """The unit vector of a text."""
        ...

    def weight(self, word: str) -> float:
        """How much a stem tells."""
        ...

    def knows(self, text: str) -> bool:
        """Does it use each of these words?"""
        ...

    def respell(self, text: str) -> str:
        """The text with its typing errors mended."""
        ...

    def holds(self, document: str, passage: str) -> bool:
        """Does this passage still stand in this document?"""
        ...

    def passage(self, document: str, passage: str) -> RetrievedPassage | None:
        """A passage that may be quoted today, with its document; None where there is none."""
        ...

    def starters(self) -> Sequence[str]:
        """Questions that it answers, to offer where there is nothing to go by."""
        ...


class Reviews(Protocol):
    """What people decided about answers. Every method raises StoreError."""

    async def get(self, answer_id: str) -> AnswerReview | None:
        """The review of an answer; None where nobody asked for one."""
        ...

    async def approved(self) -> Sequence[AnswerReview]:
        """The answers that were approved, the newest decision first; the same sequence as long as they are the same."""
        ...

    async def answer(self, answer_id: str) -> Reply | None:
        """An answer, as it was given."""
        ...


class Rewriter(Protocol):
    """Who may understand a follow-up better than the embedded rules."""

    @property
    def prompts(self) -> Mapping[str, str]:
        """The digests of its prompts by name."""
        ...

    async def rewrite(
        self, message: str, history: History, embedded: Contextualized, user: str
    ) -> Contextualized | None:
        """A better reading; None where the embedded one stands. Never raises."""
        ...
