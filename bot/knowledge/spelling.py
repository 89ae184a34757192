"""Mends typing errors in questions with the words that the library and its glossary use.

A drug's beginning stands for the drug (`ritux`). Otherwise only a long word that neither the library nor general
English knows is touched, and only where a single word of the library is near; all else stays as it was written.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from bot.answering.language import stem
from bot.domain.text import fold, words

SHORTEST = 5
LONG = 8
"""Letters from which two errors are allowed instead of one."""
CLEARLY = 3
"""Of two near words, the one that is so many times as frequent is meant."""
WORD = re.compile(r"[^\W\d_]+")


def count_words(texts: Iterable[str]) -> Counter[str]:
    """How often texts use each word that is all letters."""
    return Counter(word for text in texts for word in words(text) if word.isalpha())


class Speller:
    """The words of a library by their letters; `counts` says how often it uses each. A mended word costs milliseconds.

    `names` are known too, however seldom they're used.
    """

    def __init__(
        self,
        counts: Mapping[str, int],
        is_english: Callable[[str], bool],
        *,
        names: Iterable[str] = (),
        drugs: Iterable[str] = (),
    ) -> None:
        self._drugs = [drug for drug in map(fold, drugs) if drug.isalpha()]
        counts = Counter(counts) + count_words(names)
        self._counts = {word: count for word, count in counts.items() if len(word) >= SHORTEST - 1}
        self._known = frozenset(counts)
        self._stems: dict[str, frozenset[str]] = {}
        self._by_letter: dict[str, list[str]] = {}
        for word in self._counts:
            self._by_letter.setdefault(word[0], []).append(word)
        self._is_english = is_english
        self._mended: dict[str, str] = {}

    def mend(self, text: str) -> str:
        """The text with its typing errors mended; the very same text where there are none."""
        return WORD.sub(lambda match: self._word(match.group()), text)

    def _word(self, written: str) -> str:
        folded = fold(written)
        if short := self._shortened(folded):
            return short
        if len(folded) < SHORTEST or self._is_english(folded) or self._is_form(folded):
            return written
        if folded not in self._mended:
            self._mended[folded] = self._nearest(folded)
        return self._mended[folded] or written

    def _is_form(self, word: str) -> bool:
        """Is it a word of the library, or another form of one? Stemming keeps the first letter, so few are stemmed."""
        if word in self._known:
            return True
        first = word[0]
        if first not in self._stems:
            self._stems[first] = frozenset(stem(known) for known in self._known if known[0] == first)
        return stem(word) in self._stems[first]

    def _shortened(self, word: str) -> str:
        """The drug whose name begins so: `ritux`, `tofa`; empty where none or several do, or it's a word of its own."""
        if len(word) < SHORTEST - 1 or word in self._counts or self._is_english(word):
            return ""
        meant = {drug for drug in self._drugs if drug.startswith(word) and drug != word}
        return meant.pop() if len(meant) == 1 else ""

    def _nearest(self, word: str) -> str:
        from rapidfuzz import process
        from rapidfuzz.distance import DamerauLevenshtein

        limit = 2 if len(word) >= LONG else 1
        # The first letter is seldom wrong, and most words differ in it.
        near = process.extract(
            word, self._by_letter.get(word[0], ()), scorer=DamerauLevenshtein.distance, score_cutoff=limit, limit=None
        )
        if not near:
            return ""
        least = min(distance for _, distance, _ in near)
        nearest = sorted((known for known, distance, _ in near if distance == least), key=lambda k: -self._counts[k])
        alone = len({stem(known) for known in nearest}) == 1
        return nearest[0] if alone or self._counts[nearest[0]] > CLEARLY * self._counts[nearest[1]] else ""
