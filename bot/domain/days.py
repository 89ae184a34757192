"""The day, for rules that end on one."""

from datetime import UTC, date, datetime


def today_utc() -> date:
    """Today."""
    return datetime.now(UTC).date()
