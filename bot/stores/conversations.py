"""The turns of each conversation: recorded whole, recalled in order, forgotten on request."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, assert_never

from bot.domain.answers import Abstention, Answer, Clarification, Direction, Outcome
from bot.domain.errors import StoreError
from bot.domain.messages import History, Reply, Turn
from bot.stores.codec import decode_reply, encode_reply
from bot.stores.texts import storable
from bot.stores.times import in_utc, to_utc
from bot.stores.upserting import inserting

if TYPE_CHECKING:
    from sqlalchemy import Executable

    from bot.stores.connection import Connection
    from bot.stores.database import Database

KEPT = 1000
"""Outcomes of turns that are kept in memory, decoded: some 8 MB. A long conversation is read whole at each message."""


class Conversations:
    """The conversations in a database. Every method raises `StoreError` where the database can't be used."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._outcomes: dict[str, Outcome] = {}

    async def add_turn(self, reply: Reply, *, asked_at: datetime, user: str = "") -> None:
        """Record a reply as its conversation's turn; recording the same answer twice changes nothing. `user` asked.

        Raises:
            StoreError: another answer already has this turn's number.
            ValueError: `asked_at` has no time zone.

        """
        asked_at, names = to_utc(asked_at, "asked_at"), self._database.pseudonyms
        reply = replace(reply, conversation=names.conversation(reply.conversation))
        async with self._database.writing(softly=True) as connection:
            await ensure_conversation(connection, reply.conversation)
            await lock_conversation(connection, reply.conversation)
            place = {"conversation_": reply.conversation, "number_": reply.turn}
            found = await connection.execute(_same_turn(), {"answer_id_": reply.provenance.answer_id, **place})
            taken = set(found.scalars())
            if reply.provenance.answer_id in taken:
                return
            if taken:
                raise StoreError(f"Turn {reply.turn} of this conversation is already recorded.", remedy="Ask again.")
            await connection.execute(
                _new_turn(),
                {
                    "answer_id": reply.provenance.answer_id,
                    "conversation": reply.conversation,
                    "number": reply.turn,
                    "question": storable(reply.question),
                    "standalone_question": storable(reply.standalone_question),
                    "kind": _kind(reply.outcome),
                    "asked_at": asked_at,
                    "created_at": datetime.now(UTC),
                    "reply": encode_reply(reply),
                    "user": names.user(user) or None,
                },
            )

    async def history(self, conversation: str, limit: int) -> History:
        """The most recent `limit` turns since the conversation was last started afresh, oldest first."""
        asked = {
            "conversation_": self._database.pseudonyms.conversation(conversation),
            "limit_": max(limit, 1),  # The last one tells the next one's number.
        }
        async with self._database.asking() as connection:
            rows = (await connection.execute(_recent(), asked)).all()
            present = [row for row in rows[: max(limit, 0)] if row.number > row.afresh_after]
            outcomes = await self._outcomes_of([row.answer_id for row in present], connection)
        turns = (
            Turn(
                number=row.number,
                question=row.question,
                standalone_question=row.standalone_question,
                outcome=outcomes[row.answer_id],
                asked_at=in_utc(row.asked_at),
                answer_id=row.answer_id,
            )
            for row in reversed(present)
            if row.answer_id in outcomes
        )
        return History(turns=tuple(turns), next_turn=rows[0].number + 1 if rows else 1)

    async def _outcomes_of(self, answers: list[str], connection: Connection) -> dict[str, Outcome]:
        """What was answered, as far as it is still there: what was met lately is not fetched and decoded again."""
        kept = self._outcomes
        outcomes = {answer: kept[answer] for answer in answers if answer in kept}
        if new := [answer for answer in answers if answer not in outcomes]:
            found = (await connection.execute(_replies(), {"answers_": new})).all()
            outcomes |= {row.answer_id: decode_reply(row.reply).outcome for row in found}
        for answer, outcome in outcomes.items():
            kept.pop(answer, None)
            kept[answer] = outcome  # As the last: those that were met longest ago stand first.
        for answer in list(islice(kept, max(0, len(kept) - KEPT))):
            del kept[answer]
        return outcomes

    async def start_afresh(self, conversation: str) -> None:
        """Leave what was said so far out of the history from now on; it stays recorded."""
        from sqlalchemy import update

        from bot.stores.tables import conversations

        conversation = self._database.pseudonyms.conversation(conversation)
        async with self._database.writing() as connection:
            await ensure_conversation(connection, conversation)
            await lock_conversation(connection, conversation)
            last = await _last_turn(connection, conversation)
            await connection.execute(
                update(conversations).where(conversations.c.id == conversation).values(afresh_after=last)
            )

    async def forget(self, conversation: str) -> int:
        """Delete the conversation with its turns, its answers and the map of its messages; returns how many turns."""
        from sqlalchemy import delete

        from bot.stores.tables import conversations, turns

        conversation = self._database.pseudonyms.conversation(conversation)
        async with self._database.writing() as connection:
            await lock_conversation(connection, conversation)
            deleted = await connection.execute(delete(turns).where(turns.c.conversation == conversation))
            await connection.execute(delete(conversations).where(conversations.c.id == conversation))
            return deleted.rowcount


async def ensure_conversation(connection: Connection, conversation: str) -> None:
    """Make the row that turns and messages of a conversation refer to, unless it is there."""
    await connection.execute(_new_conversation(connection.dialect.name), {"id": conversation, "afresh_after": 0})


async def lock_conversation(connection: Connection, conversation: str) -> None:
    """Let nobody else add to a conversation, or delete it, before this transaction ends.

    In SQLite nobody can: it has one writer at a time.
    """
    if connection.dialect.name != "sqlite":
        await connection.execute(_held(), {"conversation_": conversation})


async def _last_turn(connection: Connection, conversation: str) -> int:
    return (await connection.execute(_last(), {"conversation_": conversation})).scalar() or 0


# Made once: to put a statement together costs as much as to run it.


@cache
def _new_conversation(dialect: str) -> Executable:
    from bot.stores.tables import conversations

    return inserting(conversations, dialect=dialect).on_conflict_do_nothing()


@cache
def _held() -> Executable:
    from sqlalchemy import bindparam, select

    from bot.stores.tables import conversations

    return select(conversations.c.id).where(conversations.c.id == bindparam("conversation_")).with_for_update()


@cache
def _last() -> Executable:
    from sqlalchemy import bindparam, func, select

    from bot.stores.tables import turns

    return select(func.max(turns.c.number)).where(turns.c.conversation == bindparam("conversation_"))


@cache
def _recent() -> Executable:
    from sqlalchemy import bindparam, select

    from bot.stores.tables import conversations, turns

    told = (turns.c.number, turns.c.asked_at, turns.c.answer_id, turns.c.question, turns.c.standalone_question)
    return (
        select(*told, conversations.c.afresh_after)
        .join(conversations, conversations.c.id == turns.c.conversation)
        .where(turns.c.conversation == bindparam("conversation_"))
        .order_by(turns.c.number.desc())
        .limit(bindparam("limit_"))
    )


@cache
def _replies() -> Executable:
    from sqlalchemy import bindparam, select

    from bot.stores.tables import turns

    return select(turns.c.answer_id, turns.c.reply).where(turns.c.answer_id.in_(bindparam("answers_", expanding=True)))


@cache
def _same_turn() -> Executable:
    from sqlalchemy import bindparam, select

    from bot.stores.tables import turns

    return select(turns.c.answer_id).where(
        (turns.c.answer_id == bindparam("answer_id_"))
        | ((turns.c.conversation == bindparam("conversation_")) & (turns.c.number == bindparam("number_")))
    )


@cache
def _new_turn() -> Executable:
    from sqlalchemy import insert

    from bot.stores.tables import turns

    return insert(turns)


def _kind(outcome: Outcome) -> str:
    match outcome:
        case Answer() | Abstention() | Clarification():
            return outcome.kind
        case Direction():
            return outcome.kind.value
        case _:
            assert_never(outcome)
