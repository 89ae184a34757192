"""Who reads, and what readers say of answers."""

import sqlalchemy as sa
from alembic import op

revision = "m006"
down_revision = "m005"


def upgrade() -> None:
    """Create both tables. An opinion goes with its answer."""
    op.create_table(
        "readers",
        sa.Column("scope", sa.String(200), primary_key=True),
        sa.Column("audience", sa.String(32), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "feedback",
        sa.Column("answer_id", sa.String(64), sa.ForeignKey("turns.answer_id", ondelete="CASCADE"), primary_key=True),
        sa.Column("user", sa.String(200), primary_key=True),
        sa.Column("vote", sa.Integer, nullable=False),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("feedback_given_at", "feedback", ["given_at"])
    op.create_index("feedback_user", "feedback", ["user"])
