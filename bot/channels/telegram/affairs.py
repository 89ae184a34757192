"""What the running bot can tell of itself, and what its administrators may ask of it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.documents import CuratedDocument
from bot.domain.validation import Figure


class Gap(Protocol):
    """A question that the library doesn't answer: how often it was asked, when last, and what comes closest."""

    @property
    def question(self) -> str:
        """Its usual wording."""
        ...

    @property
    def count(self) -> int:
        """How often it was asked."""
        ...

    @property
    def last_asked(self) -> datetime:
        """When it was asked last."""
        ...

    @property
    def nearest(self) -> tuple[str, ...]:
        """The titles of the documents that come closest."""
        ...


@dataclass(frozen=True, kw_only=True)
class Affairs:
    """The bot's own affairs. `models` are the language models that are sent questions; empty where none is;
    `external`: one of them runs outside this machine and its private network.

    `documents`: those that may be quoted today. `figures`: what was measured. `answers_since`: how many answers of each
    kind. `reload`: reads library and wording anew, gives the faults of files that can't be read, and raises
    FootnoteError where nothing could be. `hear` takes whoever wants to be told, from any thread, of edited words that
    can't be used. `silent`: how long ago Telegram last gave word, by polling; None where that isn't known.
    `without_identifiers`: a text as it may be kept; `masked`: as it may wait in the inbox, as long as before.
    `is_urgent`: does a message tell of an emergency or a crisis? What asks a store raises StoreError.
    """

    version: str
    models: tuple[str, ...]
    documents: Callable[[], Sequence[CuratedDocument]]
    without_identifiers: Callable[[str], str]
    masked: Callable[[str], str]
    is_urgent: Callable[[str], Awaitable[bool]]
    answers_since: Callable[[datetime], Awaitable[Mapping[str, int]]]
    gaps: Callable[[datetime], Awaitable[Sequence[Gap]]]
    reload: Callable[[], Awaitable[Sequence[str]]]
    figures: Callable[[], Sequence[Figure]] = tuple
    silent: Callable[[], timedelta | None] = lambda: None
    hear: Callable[[Callable[[str], object]], None] = lambda _: None
    external: bool = False
