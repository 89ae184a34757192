"""How many tokens each user's questions have cost on each day."""

import sqlalchemy as sa
from alembic import op

revision = "m003"
down_revision = "m002"


def upgrade() -> None:
    """Create the table. Days are summed over all users, and old ones deleted, so they have an index of their own."""
    op.create_table(
        "spending",
        sa.Column("user", sa.String(200), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("tokens", sa.BigInteger, nullable=False),
    )
    op.create_index("spending_day", "spending", ["day"])
