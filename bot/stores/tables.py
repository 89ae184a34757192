"""The tables, as the newest migration leaves them. Times are in UTC."""

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
    UniqueConstraint("conversation", "number", name="turns_numbered_once"),
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
    Index("message_map_conversation", "conversation"),
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
