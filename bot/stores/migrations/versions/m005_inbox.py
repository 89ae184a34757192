"""What arrived and is to be dealt with."""

import sqlalchemy as sa
from alembic import op

revision = "m005"
down_revision = "m004"


def upgrade() -> None:
    """Create the table. `sequence` is the order of arrival; a messenger's ids may start again anywhere."""
    op.create_table(
        "inbox",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("sequence", sa.BigInteger, nullable=False, unique=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("lane", sa.String(200), nullable=False),
        sa.Column("chat", sa.BigInteger, nullable=False),
        sa.Column("user", sa.String(200), nullable=False),
        sa.Column("message", sa.BigInteger, nullable=True),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("answer_id", sa.String(64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("leased_by", sa.String(200), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shown", sa.JSON, nullable=False),
        sa.Column("reason", sa.String(64), nullable=False),
    )
    op.create_index("inbox_lanes", "inbox", ["state", "lane", "sequence"])
    op.create_index("inbox_user", "inbox", ["user", "received_at"])
    op.create_index("inbox_chat", "inbox", ["chat", "received_at"])
