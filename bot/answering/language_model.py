"""The language model that answering needs: told two texts, it writes one, piece by piece."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol

CHARACTERS_PER_TOKEN = 3.5
"""A cautious estimate for English medical text, where a provider doesn't count for us."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A piece of text. The last one may say what the call cost, and whether the provider said that it had ended."""

    text: str
    tokens: int = 0
    ended: bool = False


class LanguageModel(Protocol):
    """A model behind its provider."""

    @property
    def name(self) -> str:
        """Its name, for the record of an answer."""
        ...

    def stream(self, system: str, user: str) -> AsyncGenerator[Piece]:
        """What it writes. Raises ModelError, and nothing else, for what a provider may do."""
        ...


def count_tokens(*texts: str) -> int:
    """About how many tokens these texts are."""
    return int(sum(len(text) for text in texts) / CHARACTERS_PER_TOKEN) + 1
