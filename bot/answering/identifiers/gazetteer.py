"""Which words are names of persons, and which are words: what a list can tell of a word without its context."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "ß": "ss", "œ": "oe", "’": "'", "İ": "i"}
)
ENDINGS = ("s", "es", "ed", "d", "ing", "ly", "'s", "er", "al", "ness")
"""What is left off a word to find it in the list."""


@lru_cache(maxsize=20_000)
def unaccented(word: str) -> str:
    """A word in lower case without accents, and letters that have no plain form by those nearest."""
    if word.isascii():
        return word.lower()
    lowered = unicodedata.normalize("NFKC", word.lower()).translate(LETTERS)
    return "".join(c for c in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(c))


@dataclass(frozen=True, kw_only=True, eq=False)
class Gazetteer:
    """Given names, family names, common English words and countries, all without accents."""

    given: frozenset[str] = frozenset()
    family: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()

    def is_given(self, word: str) -> bool:
        """Is this a given name somewhere in the world?"""
        return unaccented(word) in self.given

    def is_family(self, word: str) -> bool:
        """Is this a family name, or a given one that may serve as such?"""
        plain = unaccented(word)
        return plain in self.family or plain in self.given

    def is_word(self, word: str) -> bool:
        """Is this a common English word or a country?"""
        plain = unaccented(word)
        return plain in self.words or plain in self.countries or any(stem in self.words for stem in _stems(plain))


def _stems(word: str) -> list[str]:
    stems = [word.removesuffix(end) for end in ENDINGS if word.endswith(end) and len(word) > len(end) + 2]
    return stems + [f"{stem}e" for stem in stems] + [f"{stem[:-1]}y" for stem in stems if stem.endswith("i")]
