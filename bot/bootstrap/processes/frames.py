"""What crosses the pipe between the bot and one of its answering processes: frozen values, each with its length.

Both ends are this program, of one version, and nobody else holds the pipe: so values are pickled.
"""

import pickle
from asyncio import IncompleteReadError, StreamReader
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from bot.conversation.answering import Asked, Made
from bot.prompts import PromptSet
from bot.settings import Settings

if TYPE_CHECKING:
    import numpy as np

LENGTH = 8
"""Bytes of a length."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """The first that a process hears."""

    settings: Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Ready:
    """The first that it says: it has opened the library."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A question to answer with the words of a version and in a language.

    `words` are there where the process may not have this version yet, `vectors` of texts that were embedded already.
    `question` is the id that log lines carry.
    """

    number: int
    asked: Asked
    version: int
    words: PromptSet | None
    language: str
    vectors: "Mapping[str, np.ndarray]"
    question: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What was made of a job, or the kind of the error that ended it: its text may hold a question."""

    number: int
    made: Made | None = None
    error: str = ""


def packed(value: object) -> bytes:
    """A value as bytes."""
    body = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return len(body).to_bytes(LENGTH, "big") + body


def tell(told: BinaryIO, value: object) -> None:
    """Write a value whole; the other end always reads."""
    told.write(packed(value))
    told.flush()


async def unpacked(reader: StreamReader) -> Any:
    """The next value; None where the pipe has ended."""
    try:
        length = int.from_bytes(await reader.readexactly(LENGTH), "big")
        return pickle.loads(await reader.readexactly(length))  # noqa: S301 - from ourselves, see above
    except (IncompleteReadError, ConnectionError):
        return None
