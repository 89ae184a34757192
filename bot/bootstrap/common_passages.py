"""Passages that are found once and handed to every side of an evaluation, and which case they are found for."""

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.domain.documents import CuratedDocument, RetrievedPassage, SearchQuery

if TYPE_CHECKING:
    from bot.answering.retriever import Retriever
    from bot.providers.overhearing import Call


@dataclass(kw_only=True)
class Asking:
    """Which message of which case is being answered, and what models were told for it."""

    case: str
    turn: int = 0
    calls: "list[Call]" = field(default_factory=list)


asking_now: ContextVar[Asking] = ContextVar("asking")

Found = dict[tuple[object, ...], tuple[RetrievedPassage, ...]]
"""What was found, by case, message and what was looked for."""


@dataclass(frozen=True)
class CommonRetriever:
    """A side's view of the search. The first search for a message gives every side the same passages, however its
    words put the question; later ones, for the questions that are suggested, are remembered by what they look for.
    """

    inner: "Retriever"
    found: Found
    begun: set[tuple[str, int]] = field(default_factory=set)

    def retrieve(self, queries: Sequence[SearchQuery], top_k: int) -> tuple[RetrievedPassage, ...]:
        asking = asking_now.get()
        place = (asking.case, asking.turn)
        key: tuple[object, ...] = ("more", *queries, top_k) if place in self.begun else ("first", *place)
        if key not in self.found:
            self.found[key] = self.inner.retrieve(queries, top_k)
        self.begun.add(place)
        return self.found[key]

    def retrieve_from(
        self, documents: Sequence[str], queries: Sequence[SearchQuery], top_k: int
    ) -> tuple[RetrievedPassage, ...]:
        key = ("of", *documents, *queries, top_k)
        if key not in self.found:
            self.found[key] = self.inner.retrieve_from(documents, queries, top_k)
        return self.found[key]

    def contested(self) -> tuple[CuratedDocument, ...]:
        return self.inner.contested()

    def is_foreign(self, word: str) -> bool:
        return self.inner.is_foreign(word)

    def is_common(self, word: str) -> bool:
        return self.inner.is_common(word)

    def weight(self, word: str) -> float:
        return self.inner.weight(word)
