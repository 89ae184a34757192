"""Whose a turn and a message are, so that they can be forgotten, and what a message is for."""

import sqlalchemy as sa
from alembic import op

revision = "m007"
down_revision = "m006"


def upgrade() -> None:
    """Add the columns. Of what was recorded before, nobody is known."""
    op.add_column("turns", sa.Column("user", sa.String(200), nullable=True))
    op.create_index("turns_user", "turns", ["user"])
    op.create_index("turns_asked_at", "turns", ["asked_at"])
    op.add_column("message_map", sa.Column("purpose", sa.String(32), nullable=False, server_default=""))
    op.add_column("message_map", sa.Column("user", sa.String(200), nullable=True))
    op.create_index("message_map_answer", "message_map", ["answer_id"])
    op.create_index("message_map_user", "message_map", ["user"])
