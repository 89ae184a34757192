"""Users and chats stand as keyed hashes, and what is dealt with while its user is forgotten goes when it is done."""

from typing import Any

import sqlalchemy as sa
from alembic import context, op

from bot.stores.pseudonyms import Pseudonyms

revision = "m008"
down_revision = "m007"

CONVERSATION = sa.String(200)


def upgrade() -> None:
    """Hash every name under the key of this database, and note which key that is."""
    names: Pseudonyms = context.config.attributes["pseudonyms"]
    op.add_column("inbox", sa.Column("forgotten", sa.Boolean, nullable=False, server_default=sa.false()))
    noted = op.create_table("hash_key", sa.Column("key_check", sa.String(64), primary_key=True))
    op.bulk_insert(noted, [{"key_check": names.check}])
    _rename_conversations(names)
    _rename_in_replies(names)
    for table, column in (
        ("turns", "user"),
        ("message_map", "user"),
        ("spending", "user"),
        ("reviews", "reported_by"),
        ("feedback", "user"),
        ("inbox", "user"),
    ):
        _rename(table, column, names.user)
    _rename("inbox", "lane", names.conversation)
    _rename("readers", "scope", names.scope)


def _rename(table: str, column: str, stored: Any) -> None:
    names = sa.table(table, sa.column(column))
    told = names.c[column]
    for (name,) in op.get_bind().execute(sa.select(told).where(told.is_not(None)).distinct()).all():
        if stored(name) != name:
            op.execute(sa.update(names).where(told == name).values({column: stored(name)}))


def _rename_conversations(names: Pseudonyms) -> None:
    """Under the new name first, then what refers to it, then the old name goes."""
    conversations = sa.table("conversations", sa.column("id"), sa.column("afresh_after"))
    for name, afresh_after in op.get_bind().execute(sa.select(conversations)).all():
        stored = names.conversation(name)
        if stored == name:
            continue
        op.execute(sa.insert(conversations).values(id=stored, afresh_after=afresh_after))
        for table in ("turns", "message_map"):
            referring = sa.table(table, sa.column("conversation", CONVERSATION))
            op.execute(sa.update(referring).where(referring.c.conversation == name).values(conversation=stored))
        op.execute(sa.delete(conversations).where(conversations.c.id == name))


def _rename_in_replies(names: Pseudonyms) -> None:
    turns = sa.table("turns", sa.column("answer_id", sa.String(64)), sa.column("reply", sa.JSON))
    connection = op.get_bind()
    for answer in connection.execute(sa.select(turns.c.answer_id)).scalars().all():
        reply: dict[str, Any] = connection.scalar(sa.select(turns.c.reply).where(turns.c.answer_id == answer)) or {}
        stored = names.conversation(reply.get("conversation", ""))
        if stored != reply.get("conversation", ""):
            told = sa.update(turns).where(turns.c.answer_id == answer)
            connection.execute(told.values(reply={**reply, "conversation": stored}))
