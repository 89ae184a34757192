"""That somebody was forgotten, and when, so that it can be done again in a copy that is put back."""

import sqlalchemy as sa
from alembic import op

revision = "m009"
down_revision = "m008"


def upgrade() -> None:
    """Create the table. Of what was deleted before, nothing is known."""
    op.create_table(
        "erasures",
        sa.Column("user", sa.String(200), primary_key=True),
        sa.Column("chat", sa.String(200), nullable=False),
        sa.Column("scope", sa.String(200), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("erasures_erased_at", "erasures", ["erased_at"])
