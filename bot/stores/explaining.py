"""Says in words why a database can't be used, without stored text, user names or passwords."""

from __future__ import annotations

import socket
import sqlite3
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from bot.domain.errors import StoreError

REMEDIES = (
    ("not a database", "The file is something else. Choose another data folder, or restore it from a backup."),
    ("malformed", "The file is damaged. Restore it from a backup."),
    ("readonly", "Give this user the right to write to the file and its folder."),
    ("unable to open", "Give this user the right to write to the folder, or choose another data folder."),
    ("locked", "Another program holds the database. Close it and try again."),
    ("disk is full", "Free some space on the disk."),
)
OTHER_REMEDY = "Check the disk and the rights on the file."

# By the class of the driver's error or of one that it derives from. PostgreSQL's own messages may quote what is stored.
REFUSED = ("the server refuses the user or the password", "Check both in FOOTNOTE_DATABASE_URL.")
LOST = ("the connection was lost", "Check that the server runs, and try again.")
POSTGRES = {
    "InvalidAuthorizationSpecificationError": REFUSED,
    "InvalidPasswordError": REFUSED,
    "InvalidCatalogNameError": ("the server has no such database", "Create it with createdb, or name another one."),
    "InsufficientPrivilegeError": ("the user lacks a right", "Make this user the owner of the database."),
    "CannotConnectNowError": ("the server is starting or stopping", "Try again in a moment."),
    "TooManyConnectionsError": (
        "the server has no connection left",
        "Raise its max_connections, or close other users.",
    ),
    "ReadOnlySQLTransactionError": ("the server only reads", "Name the primary server, not a replica."),
    "DiskFullError": ("the server's disk is full", "Free some space on it."),
    "LockNotAvailableError": ("another program holds a lock", "Close it, or try again in a moment."),
    "DeadlockDetectedError": ("two writers waited for each other", "Try again."),
    "StringDataRightTruncationError": ("a name is too long", "Shorten it."),
    "PostgresConnectionError": LOST,
    "OperatorInterventionError": LOST,
    "InterfaceError": LOST,
}
POSTGRES_REMEDY = "Check the server's log."
PASSING = {
    "CannotConnectNowError",
    "TooManyConnectionsError",
    "ReadOnlySQLTransactionError",
    "DiskFullError",
    "LockNotAvailableError",
    "DeadlockDetectedError",
    "PostgresConnectionError",
    "OperatorInterventionError",
    "InterfaceError",
}
"""What says nothing against the statement: later it may go well."""
PASSING_OF_FILE = ("readonly", "unable to open", "locked", "disk is full")


@contextmanager
def explained(place: str, *, server: bool = False) -> Iterator[None]:
    """Turn what SQLAlchemy, its drivers and the system raise into a `StoreError` that names no stored text."""
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.exc import TimeoutError as PoolTimeout

    errors: tuple[type[Exception], ...] = (DBAPIError, PoolTimeout, OSError, UnicodeEncodeError, sqlite3.Error)
    if server:
        # SQLAlchemy leaves what goes wrong while a connection is made as the driver raised it.
        from asyncpg import InterfaceError, PostgresError

        errors += (PostgresError, InterfaceError)
    try:
        yield
    except errors as error:
        reason, remedy = (_of_server if server else _of_file)(error)
        passes = _passes(_cause(error)) if server else any(sign in reason.lower() for sign in PASSING_OF_FILE)
        raise StoreError(f"The database {place} can't be used: {reason}.", remedy=remedy, passes=passes) from None


def _of_file(error: Exception) -> tuple[str, str]:
    cause = _cause(error)
    reason = (cause.strerror if isinstance(cause, OSError) else None) or str(cause) or type(cause).__name__
    return reason, next((remedy for sign, remedy in REMEDIES if sign in reason.lower()), OTHER_REMEDY)


def _of_server(error: Exception) -> tuple[str, str]:
    from sqlalchemy.exc import TimeoutError as PoolTimeout

    cause = _cause(error)
    match cause:
        case UnicodeEncodeError():
            return "it can't hold half a character", "Remove it from the text."
        case PoolTimeout():
            return "all connections are in use", "Try again in a moment."
        case TimeoutError():
            return "the server doesn't answer in time", "Check its address and the network, and try again."
        case socket.gaierror():
            return "there is no such host", "Check the host in FOOTNOTE_DATABASE_URL."
        case ssl.SSLError():
            return "no encrypted connection could be made", "Check the server's certificate, or the URL's `ssl`."
        case OSError():
            return "no server answers there", "Start it, or check host and port in FOOTNOTE_DATABASE_URL."
        case _:
            return _of_postgres(cause)


def _passes(cause: BaseException) -> bool:
    """Is it the server or the way to it that fails?"""
    from sqlalchemy.exc import TimeoutError as PoolTimeout

    if isinstance(cause, OSError | PoolTimeout):
        return True
    return any(kind.__name__ in PASSING for kind in type(cause).__mro__)


def _of_postgres(cause: BaseException) -> tuple[str, str]:
    known = (POSTGRES[kind.__name__] for kind in type(cause).__mro__ if kind.__name__ in POSTGRES)
    return next(known, (type(cause).__name__, POSTGRES_REMEDY))


def _cause(error: BaseException) -> BaseException:
    """What the driver itself raised."""
    from sqlalchemy.exc import DBAPIError

    while isinstance(error, DBAPIError) and error.orig is not None:
        error = error.orig
    # SQLAlchemy wraps asyncpg's errors in its own, which keep them as their cause.
    own = type(error).__module__.startswith("sqlalchemy.dialects")
    return error.__cause__ if own and error.__cause__ is not None else error
