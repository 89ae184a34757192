"""Conversations and their turns."""

import sqlalchemy as sa
from alembic import op

revision = "m001"
down_revision = None


def upgrade() -> None:
    """Create both tables. The primary key of a turn is its answer's id; its number is unique in its conversation."""
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(200), primary_key=True),
        sa.Column("afresh_after", sa.Integer, nullable=False),
    )
    op.create_table(
        "turns",
        sa.Column("answer_id", sa.String(64), primary_key=True),
        sa.Column(
            "conversation", sa.String(200), sa.ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("standalone_question", sa.Text, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply", sa.JSON, nullable=False),
        sa.UniqueConstraint("conversation", "number", name="turns_numbered_once"),
    )
