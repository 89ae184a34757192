"""Times as they go into a database and come out of it: always in UTC."""

from datetime import UTC, datetime


def in_utc(at: datetime) -> datetime:
    """The same moment with its zone, which SQLite drops; every time is stored in UTC."""
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def to_utc(at: datetime, name: str = "the time") -> datetime:
    """The same moment as it is stored. Raises ValueError for a time without a zone, which could be any."""
    if at.tzinfo is None:
        raise ValueError(f"{name} needs its time zone")
    return at.astimezone(UTC)
