"""What the Telegram channel needs of the stores. Every method may raise StoreError; every time carries its zone."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.domain.feedback import Opinion
from bot.domain.forgetting import Forgotten
from bot.domain.inbox import Arrival, ArrivalState, Claimed
from bot.domain.messages import Audience, Reply
from bot.domain.placing import MessageNote


class Inbox(Protocol):
    """What arrived, kept until it is dealt with, in order of arrival within each lane."""

    async def accept(self, arrival: Arrival, *, worker: str = "", hold: timedelta = timedelta(0)) -> bool:
        """Keep an arrival for good; once this returns, no crash loses it. False: this id was there already.

        For `hold`, or until its first message stands, only `worker` may claim it, who is about to send that message.
        """
        ...

    async def claim(
        self, worker: str, *, limit: int, lease: timedelta, questions: bool | None = None
    ) -> Sequence[Claimed]:
        """Take up to `limit` arrivals to deal with, none of which anybody else gets before the lease has run out.

        Of each lane only the oldest unfinished one, and only if its `not_before` is past. `questions`: only those, or
        only the others.
        """
        ...

    async def extend(self, id: int, worker: str, lease: timedelta) -> bool:
        """Keep a claim for `lease` from now. False: it is no longer this worker's, or no longer unfinished."""
        ...

    async def settle(self, id: int, worker: str, lease: timedelta) -> bool:
        """Its answer is made: from now on it can't be called off, and `worker` has it for `lease` to deliver it.

        False: it is no longer this worker's, or no longer unfinished.
        """
        ...

    async def note_shown(self, id: int, part: int, message: int) -> None:
        """Record that part `part` of the answer, from 0, stands as this message. A hold on it ends."""
        ...

    async def shown(self, id: int) -> tuple[int, ...]:
        """The messages that stand for its answer, by part."""
        ...

    async def complete(self, id: int) -> None:
        """It is dealt with; its payload is deleted. Changes nothing for one that isn't NEW, such as one on offer."""
        ...

    async def release(self, id: int, worker: str = "") -> None:
        """Give a claim back at once, as if it had not been made. With a worker: only if it is still theirs."""
        ...

    async def bury(self, id: int, reason: str) -> None:
        """Give it up; its payload is deleted. `reason` is a kind of failure, never a text."""
        ...

    async def cancel(self, *, chat: int, user: str | None) -> Sequence[Claimed]:
        """Call off the unfinished questions of a user, or of everybody, in a chat, whether they wait or run.

        Those whose answers are made stay. Returns them as they were.
        """
        ...

    async def state(self, id: int) -> ArrivalState | None:
        """What became of it; None where it's unknown."""
        ...

    async def following(self, id: int) -> Sequence[Claimed]:
        """The unfinished ones behind it in its lane, in order."""
        ...

    async def cut_off(self, chat: int, user: str) -> Claimed | None:
        """The newest unfinished question of a user in a chat that still waits for its next part."""
        ...

    async def fold(self, id: int, into: int) -> None:
        """It was joined to an earlier one as its next part: DONE, and no question of its own."""
        ...

    async def offer(self, id: int) -> None:
        """Keep it, with its payload, until its button is pressed."""
        ...

    async def take_offer(self, id: int, *, chat: int, user: str, lane: str, at: datetime) -> bool:
        """Its button was pressed: now it is this lane's newest question, asked at that time.

        False: it isn't on offer in this chat, or was offered to somebody else. Who wrote in the chat's name can't be
        told, so anybody there may take it.
        """
        ...

    async def waiting(self, lane: str, before: int) -> int:
        """How many unfinished questions stand before this arrival in its lane."""
        ...

    async def asked(self, *, user: str | None = None, chat: int | None = None, since: datetime) -> int:
        """How many questions arrived since then, of this user, in this chat; buried ones don't count."""
        ...

    async def asked_lately(self, user: str, chat: int, *, lately: datetime, day: datetime) -> tuple[int, int, int]:
        """Questions by this user and in this chat since `lately`, and by this user since `day`."""
        ...

    async def depth(self) -> tuple[int, datetime | None]:
        """How many are unfinished, and when the oldest of them arrived."""
        ...

    async def workers(self) -> Sequence[str]:
        """Who has claims on unfinished arrivals."""
        ...

    async def free(self, worker: str) -> int:
        """Give back all claims of a worker that is gone; returns how many. Its attempts count."""
        ...


class Readers(Protocol):
    """Who reads, as chosen for a scope: `user:telegram:5` or `chat:-100`."""

    async def audience(self, scope: str) -> Audience | None:
        """The chosen audience; None where nobody chose."""
        ...

    async def choose(self, scope: str, audience: Audience, at: datetime) -> None:
        """Choose, or choose anew."""
        ...


class Feedback(Protocol):
    """What readers say of answers: one changeable vote of each on each."""

    async def vote(self, answer_id: str, user: str, vote: int, at: datetime) -> None:
        """Vote 1 or -1, or 0 for words alone. A changed mind drops the old vote's words.

        Raises StoreError for an unknown answer.
        """
        ...

    async def explain(
        self, answer_id: str, user: str, *, reason: str | None = None, comment: str | None = None
    ) -> bool:
        """Add a reason or a comment to one's vote. False: there is no vote of this user on this answer."""
        ...

    async def of(self, answer_id: str, *, asking: str = "") -> Sequence[Opinion]:
        """Everybody's opinion on an answer, the oldest first. Only who asks is named."""
        ...


class Messages(Protocol):
    """Where messages belong; not what they say."""

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
        """Record where a message belongs; said again, the newest word counts. `user`: whose it is, if a user's."""
        ...

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
        """Record at once that a user's message was answered, and which messages are the answer's parts."""
        ...

    async def conversation_of(self, chat: int, message: int) -> str | None:
        """The conversation of a message; None where it's unknown."""
        ...

    async def last_spoken(self, chat: int) -> tuple[str, datetime] | None:
        """The conversation, outside of topics, in which a user wrote last, and when something was last said in it."""
        ...

    async def spoken_before(self, chat: int, conversation: str) -> str | None:
        """The conversation, outside of topics, in which a user wrote last before this one began."""
        ...

    async def last_begun(self, chat: int, topic: int) -> str | None:
        """The conversation of a topic that was begun last."""
        ...

    async def about(self, chat: int, message: int) -> MessageNote | None:
        """All that is known of a message."""
        ...

    async def chat_of_answer(self, answer_id: str) -> int | None:
        """The chat in which an answer stands."""
        ...

    async def last_answer(self, chat: int, conversation: str | None = None, topic: int | None = None) -> str | None:
        """The id of the newest answer in a chat, or in a conversation or topic of it."""
        ...


class Answers(Protocol):
    """The answers by their id, as they were given."""

    async def get(self, answer_id: str, *, chat: int | None = None) -> Reply | None:
        """The reply with this id, its conversation as it is named in this chat; None where it's unknown."""
        ...


class Exporting(Protocol):
    """Reads, over all stores at once."""

    async def everything_of(self, user: str, private_chat: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """The records of a user such as `telegram:5` and of their private chat by kind, as JSON takes them."""
        ...


class Forgetting(Protocol):
    """Deletes, over all stores at once."""

    async def forget_user(self, user: str, private_chat: int) -> Forgotten:
        """Delete everything of a user such as `telegram:5`: their private chat, and what is theirs in groups."""
        ...
