"""Finds the words of named lists in a message, mistyped ones too, with the sentence and clause that each stands in."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, pairwise

from bot.domain.text import fold

SHORTEST = 5
"""Letters from which a word is recognised although it is mistyped."""
LONG = 9
"""Letters from which two errors are allowed instead of one."""
ENTRIES = 16_384
"""Entries of lists that are kept as they were read; the shipped lists hold half as many."""
REMEMBERED = 20_000
"""Words whose spelling is remembered."""
PIECE = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)?|[.!?;؟।]+|[,:()،؛]| -+ ")
ENDINGS = frozenset({"t", "re", "ve", "ll", "m", "d"})
LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ى": "ي"})


@dataclass(frozen=True, slots=True)
class Token:
    """One word or number: where it begins in the folded text, and the sentence and clause that it stands in."""

    text: str
    start: int
    sentence: int
    clause: int


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a list, from the token `start` up to `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Written:
    """A message: its folded text, its tokens, and which sentences are asked or called out."""

    text: str
    tokens: tuple[Token, ...]
    called: bool

    def sentence(self, number: int) -> Iterable[int]:
        """The tokens of a sentence."""
        return (at for at, token in enumerate(self.tokens) if token.sentence == number)


@dataclass(frozen=True, slots=True)
class _Entry:
    """Words that follow each other; of a stem (`vomit*`) only the beginning has to agree."""

    pieces: tuple[tuple[str, bool], ...]

    def found(self, words: list[str], at: int, tokens: tuple[Token, ...]) -> bool:
        end = at + len(self.pieces)
        if end > len(words) or tokens[at].sentence != tokens[end - 1].sentence:
            return False
        return all(
            word.startswith(piece) if stem else word == piece
            for word, (piece, stem) in zip(words[at:end], self.pieces, strict=True)
        )


def read(message: str) -> Written:
    """The message as tokens. Lines and full stops end a sentence, commas and colons a clause."""
    lines = [fold(line).translate(LETTERS) for line in message.splitlines()]
    text = " ; ".join(line for line in lines if line)
    tokens: list[Token] = []
    sentence = clause = 0
    for match in PIECE.finditer(text):
        piece = match.group()
        if piece[0] in ".!?;؟।":
            sentence, clause = sentence + 1, clause + 1
        elif not piece[0].isalnum():
            clause += 1
        else:
            tokens += (Token(part, match.start(), sentence, clause) for part in _parts(piece))
    return Written(text, tuple(tokens), "!" in text)


def _parts(piece: str) -> tuple[str, ...]:
    """A word with its apostrophe resolved: `can't` is `cant`, `he's` is `he`, `n'arrive` are two words."""
    before, apostrophe, after = piece.partition("'")
    if not apostrophe:
        return (piece,)
    if after == "s":
        return (before,)
    return (before + after,) if after in ENDINGS else (before, after)


@dataclass
class Lexicon:
    """Named lists of words and phrases. A word ending in `*` stands for all that begin so.

    Of the lists in `mistyped` a word is recognised although it is mistyped; `lookalikes` are never taken for one.
    """

    lists: Mapping[str, Iterable[str]]
    mistyped: frozenset[str] = frozenset()
    lookalikes: frozenset[str] = frozenset()
    _words: dict[str, list[tuple[_Entry, str]]] = field(init=False, default_factory=dict)
    _stems: dict[str, list[tuple[_Entry, str]]] = field(init=False, default_factory=dict)
    _known: set[str] = field(init=False, default_factory=set)
    _begin: set[str] = field(init=False, default_factory=set)
    _gaps: dict[str, set[str]] = field(init=False, default_factory=dict)
    _mended: dict[str, str] = field(init=False, default_factory=dict)
    _begun: dict[str, tuple[tuple[_Entry, str], ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for name, entries in self.lists.items():
            for written in entries:
                entry = entry_of(written)
                first, stem = entry.pieces[0]
                (self._stems if stem else self._words).setdefault(first, []).append((entry, name))
                for piece, is_stem in entry.pieces:
                    (self._begin if is_stem else self._known).add(piece)
                    if name in self.mistyped and len(piece) >= SHORTEST and piece.isalpha():
                        for gap in (piece, *_shortened(piece)):
                            self._gaps.setdefault(gap, set()).add(piece)

    def spans(self, written: Written) -> dict[str, list[Span]]:
        """Where the words of each list stand."""
        words = [self.mended(token.text) for token in written.tokens]
        found: dict[str, list[Span]] = {}
        for at, word in enumerate(words):
            for entry, name in self._begun_by(word):
                if entry.found(words, at, written.tokens):
                    found.setdefault(name, []).append(Span(at, at + len(entry.pieces)))
        return found

    def _begun_by(self, word: str) -> tuple[tuple[_Entry, str], ...]:
        """The entries whose first word this may be."""
        if word not in self._begun:
            if len(self._begun) >= REMEMBERED:
                self._begun.clear()
            stems = (self._stems.get(word[:length], ()) for length in range(1, len(word) + 1))
            self._begun[word] = (*self._words.get(word, ()), *chain.from_iterable(stems))
        return self._begun[word]

    def mended(self, word: str) -> str:
        """The word of the lists that a mistyped one is meant to be; the word itself where there is none."""
        if len(word) < SHORTEST - 1 or word in self._known or word in self.lookalikes or not word.isalpha():
            return word
        if any(word[:length] in self._begin for length in range(2, len(word) + 1)):
            return word
        if word not in self._mended:
            if len(self._mended) >= REMEMBERED:
                self._mended.clear()
            self._mended[word] = self._nearest(word)
        return self._mended[word]

    def _nearest(self, word: str) -> str:
        if near := self._near(word, self._known):
            return near
        for length in range(len(word), SHORTEST - 2, -1):
            if near := self._near(word[:length], self._begin):
                return near + word[length:]
        return word

    def _near(self, word: str, known: set[str]) -> str:
        """The first known word that is one error away, or two where it is long."""
        candidates: set[str] = set()
        for gap in (word, *_shortened(word)):
            candidates |= self._gaps.get(gap, set())
        if len(word) >= LONG:
            for gap in _shortened(word):
                for second in _shortened(gap):
                    candidates |= self._gaps.get(second, set())
        good = [
            (errors, other)
            for other in candidates & known
            if other[0] == word[0] and (errors := distance(word, other)) <= (2 if len(other) >= LONG else 1)
        ]
        return min(good)[1] if good else ""


@lru_cache(maxsize=ENTRIES)
def entry_of(written: str) -> _Entry:
    """A word or phrase of a list. Raises ValueError where it has no word. Kept, as each is checked, then put in."""
    pieces: list[tuple[str, bool]] = []
    for part in fold(written).translate(LETTERS).split():
        stem = part.endswith("*")
        words = [word for match in PIECE.finditer(part.rstrip("*")) for word in _parts(match.group())]
        words = [word for word in words if word[0].isalnum()]
        pieces += ((word, stem and at == len(words) - 1) for at, word in enumerate(words))
    if not pieces:
        raise ValueError(f"{written!r} has no word")
    return _Entry(tuple(pieces))


LONGEST_WORD = 40


def distance(one: str, other: str) -> int:
    """How many letters are wrong, missing, too many or exchanged with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        above, row = row, [i]
        for j, b in enumerate(other, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before = above
    return row[-1]


def _shortened(word: str) -> Iterable[str]:
    """The word with one letter left out; none for what is too long to be a word."""
    return {word[:at] + word[at + 1 :] for at in range(len(word))} if len(word) <= LONGEST_WORD else ()


def hull(spans: Iterable[Span]) -> Span:
    """From the first to the last token of several spans."""
    spans = list(spans)
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def gaps(spans: Iterable[Span]) -> int:
    """The widest gap between neighbours of these spans; -1 where two of them overlap."""
    ordered = sorted(spans, key=lambda span: span.start)
    between = [after.start - before.end for before, after in pairwise(ordered)]
    return max(between, default=0) if min(between, default=0) >= 0 else -1
