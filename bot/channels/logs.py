"""How the log is written: readable lines, or one JSON object a line. Neither holds what somebody wrote.

Lines of one question carry its id, under which `footnote trace` shows the recorded answer. An error is told by its kind
and place: its text and its traceback may hold a message. Of other libraries' lines only the unfilled first one is told.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TextIO

OURS = "bot"
TOLD = "told"
"""The attribute of a record that holds further fields: `log.info("…", extra=told(ms=3))`."""
SECRETS = re.compile(r"\b\d{6,}:[A-Za-z\d_-]{10,}|\b(?:sk|key)-[A-Za-z\d_-]{16,}|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)")
"""Tokens of bots, keys of models, users and passwords of addresses: a last net, since nobody should log them at all."""
LONGEST = 500

_question: ContextVar[str] = ContextVar("question", default="")


def told(**fields: str | float | Mapping[str, float]) -> dict[str, Any]:
    """Further fields of a log line; kinds, counts and durations, nothing that somebody wrote."""
    return {TOLD: fields}


def begin_question(id: str) -> None:  # noqa: A002 - it is one
    """From here on this task's lines, and those of all that it starts, belong to this question."""
    _question.set(id)


def question_of_now() -> str:
    """The question that lines belong to just now, to be begun in another process; empty where there is none."""
    return _question.get()


def log_failure(logger: logging.Logger, what: str, error: BaseException) -> None:
    """Log the kind of an error and its place. Not its text or traceback: they may hold what somebody wrote."""
    place = _place(error)
    logger.error("%s: %s%s", what, type(error).__name__, f" at {place}" if place else "")


@contextmanager
def about_question(id: str) -> Iterator[None]:  # noqa: A002 - it is one
    """The lines within belong to this question, unless they belong to one already."""
    if _question.get():
        yield
        return
    before = _question.set(id)
    try:
        yield
    finally:
        _question.reset(before)


def set_up_logs(*, as_json: bool, count: Callable[[str], None] | None = None, stream: TextIO | None = None) -> None:
    """Write the log from now on: as JSON every event, as text only warnings and errors.

    `count` hears the level of each warning and error.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if as_json else TextLines())
    root = logging.getLogger()
    root.handlers[:] = [handler, *([_Counting(count)] if count else [])]
    root.setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(logging.INFO if as_json else logging.WARNING)


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record."""
        fields: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _event(record),
        }
        if question := _question.get():
            fields["question"] = question
        fields |= {key: value for key, value in _more(record).items() if key not in fields}
        return json.dumps(fields, ensure_ascii=False, default=str)


class TextLines(logging.Formatter):
    """One readable line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record."""
        when = datetime.fromtimestamp(record.created).astimezone().isoformat(sep=" ", timespec="seconds")
        about = f"question={question} " if (question := _question.get()) else ""
        more = "".join(f" {key}={value}" for key, value in _more(record).items())
        return f"{when} {record.levelname} {about}{_event(record)}{more}"


class _Counting(logging.Handler):
    def __init__(self, count: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._count = count

    def emit(self, record: logging.LogRecord) -> None:
        self._count("error" if record.levelno >= logging.ERROR else "warning")


def _event(record: logging.LogRecord) -> str:
    """What happened. Other libraries fill their lines with whatever they have at hand."""
    ours = record.name == OURS or record.name.startswith(f"{OURS}.")
    said = record.getMessage() if ours else str(record.msg).partition("\n")[0]
    said = SECRETS.sub("<secret>", " ".join(said.split()))
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"


def _more(record: logging.LogRecord) -> dict[str, Any]:
    more = dict(getattr(record, TOLD, {}))
    if record.exc_info and (error := record.exc_info[1]) is not None:
        more["error"] = type(error).__name__
        if place := _place(error):
            more["at"] = place
    return more


def _place(error: BaseException) -> str:
    """The line that raised an error; empty where it wasn't raised."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
