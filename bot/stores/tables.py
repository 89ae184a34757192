"""The tables, as the newest migration leaves them. Times are in UTC. Users and chats stand as `pseudonyms.py` says."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

metadata = MetaData()

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("afresh_after", Integer, nullable=False),
)

turns = Table(
    "turns",
    metadata,
    Column("answer_id", String(64), primary_key=True),
    Column("conversation", String(200), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("question", Text, nullable=False),
    Column("standalone_question", Text, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("reply", JSON, nullable=False),
    Column("user", String(200), nullable=True),
    UniqueConstraint("conversation", "number", name="turns_numbered_once"),
    Index("turns_user", "user"),
    Index("turns_asked_at", "asked_at"),
)

message_map = Table(
    "message_map",
    metadata,
    Column("chat_id", BigInteger, primary_key=True),
    Column("message_id", BigInteger, primary_key=True),
    Column("topic_id", BigInteger, nullable=True),
    Column("conversation", String(200), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("answer_id", String(64), nullable=True),
    Column("by_user", Boolean, nullable=False),
    Column("said_at", DateTime(timezone=True), nullable=False),
    Column("purpose", String(32), nullable=False, server_default=""),
    Column("user", String(200), nullable=True),
    Index("message_map_conversation", "conversation"),
    Index("message_map_answer", "answer_id"),
    Index("message_map_user", "user"),
)

spending = Table(
    "spending",
    metadata,
    Column("user", String(200), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("tokens", BigInteger, nullable=False),
    Index("spending_day", "day"),
)

reviews = Table(
    "reviews",
    metadata,
    Column("answer_id", String(64), ForeignKey("turns.answer_id", ondelete="CASCADE"), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("reported_by", String(200), nullable=False),
    Column("decision", String(32), nullable=True),
    Column("decided_by", String(200), nullable=False),
    Column("note", Text, nullable=False),
    Column("decided_at", DateTime(timezone=True), nullable=True),
    Index("reviews_decision", "decision"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("lane", String(200), nullable=False),
    Column("chat", BigInteger, nullable=False),
    Column("user", String(200), nullable=False),
    Column("message", BigInteger, nullable=True),
    Column("payload", Text, nullable=False),
    Column("answer_id", String(64), nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("not_before", DateTime(timezone=True), nullable=True),
    Column("state", String(32), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("leased_by", String(200), nullable=True),
    Column("leased_until", DateTime(timezone=True), nullable=True),
    Column("shown", JSON, nullable=False),
    Column("reason", String(64), nullable=False),
    Column("forgotten", Boolean, nullable=False, server_default=false()),
    Index("inbox_lanes", "state", "lane", "sequence"),
    Index("inbox_user", "user", "received_at"),
    Index("inbox_chat", "chat", "received_at"),
)

readers = Table(
    "readers",
    metadata,
    Column("scope", String(200), primary_key=True),
    Column("audience", String(32), nullable=False),
    Column("chosen_at", DateTime(timezone=True), nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("answer_id", String(64), ForeignKey("turns.answer_id", ondelete="CASCADE"), primary_key=True),
    Column("user", String(200), primary_key=True),
    Column("vote", Integer, nullable=False),
    Column("reason", String(64), nullable=False),
    Column("comment", Text, nullable=False),
    Column("given_at", DateTime(timezone=True), nullable=False),
    Index("feedback_given_at", "given_at"),
    Index("feedback_user", "user"),
)

erasures = Table(
    "erasures",
    metadata,
    Column("user", String(200), primary_key=True),
    Column("chat", String(200), nullable=False),
    Column("scope", String(200), nullable=False),
    Column("erased_at", DateTime(timezone=True), nullable=False),
    Index("erasures_erased_at", "erased_at"),
)

hash_key = Table("hash_key", metadata, Column("key_check", String(64), primary_key=True))
