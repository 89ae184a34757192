"""Which answers were reported for review, and what was decided about them."""

import sqlalchemy as sa
from alembic import op

revision = "m004"
down_revision = "m003"


def upgrade() -> None:
    """Create the table. Its rows go with their answer."""
    op.create_table(
        "reviews",
        sa.Column("answer_id", sa.String(64), sa.ForeignKey("turns.answer_id", ondelete="CASCADE"), primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("reported_by", sa.String(200), nullable=False),
        sa.Column("decision", sa.String(32), nullable=True),
        sa.Column("decided_by", sa.String(200), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("reviews_decision", "reviews", ["decision"])
