"""Times as they come out of a database."""

from datetime import UTC, datetime


def in_utc(at: datetime) -> datetime:
    """The same moment with its zone, which SQLite drops; every time is stored in UTC."""
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
