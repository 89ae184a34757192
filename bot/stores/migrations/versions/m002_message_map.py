"""Which conversation each message of a messenger belongs to."""

import sqlalchemy as sa
from alembic import op

revision = "m002"
down_revision = "m001"


def upgrade() -> None:
    """Create the map. Its rows go with their conversation."""
    op.create_table(
        "message_map",
        sa.Column("chat_id", sa.BigInteger, primary_key=True),
        sa.Column("message_id", sa.BigInteger, primary_key=True),
        sa.Column("topic_id", sa.BigInteger, nullable=True),
        sa.Column(
            "conversation", sa.String(200), sa.ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("answer_id", sa.String(64), nullable=True),
        sa.Column("by_user", sa.Boolean, nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("message_map_conversation", "message_map", ["conversation"])
