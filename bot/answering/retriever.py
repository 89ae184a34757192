"""The search that answering needs, whoever does it."""

from collections.abc import Sequence
from typing import Protocol

from bot.domain.documents import CuratedDocument, RetrievedPassage, SearchQuery


class Retriever(Protocol):
    """Finds passages, and tells how much words say."""

    def retrieve(self, queries: Sequence[SearchQuery], top_k: int) -> tuple[RetrievedPassage, ...]:
        """The passages that fit the queries best, fused; similarities are those of the first query."""
        ...

    def retrieve_from(
        self, documents: Sequence[str], queries: Sequence[SearchQuery], top_k: int
    ) -> tuple[RetrievedPassage, ...]:
        """Of each of these documents, by id, the passages that fit best; none of one that the library doesn't hold."""
        ...

    def contested(self) -> tuple[CuratedDocument, ...]:
        """The documents that a curator has said to contradict another one, without their passages."""
        ...

    def is_foreign(self, word: str) -> bool:
        """Is it a rare word that the library never uses?"""
        ...

    def is_common(self, word: str) -> bool:
        """Is it a word of general English?"""
        ...

    def weight(self, word: str) -> float:
        """How much a word tells about what is asked; rare words more. Zero or more."""
        ...
