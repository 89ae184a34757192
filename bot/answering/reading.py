"""What a text holds for those who look for words and terms in it, kept by text: a passage is asked many times."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Generic, TypeVar

from bot.answering.language import content, every_word
from bot.answering.matching import Vocabulary
from bot.answering.quantities import read_quantities
from bot.domain.documents import Passage
from bot.domain.glossary import Glossary
from bot.domain.text import words

PASSAGES_KEPT = 2_000
CLOSED = (".", ":", "!", "?", ";", ")")
"""How a line ends that no name of the glossary crosses."""
T = TypeVar("T")


class Same(Generic[T]):
    """A value as a key: this very object. Comparing two by what they hold would cost more than reading one."""

    __slots__ = ("value",)

    def __init__(self, value: T) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.value is self.value


@lru_cache(maxsize=16_384)
def family(text: str, glossary: Glossary) -> frozenset[str]:
    """Ids of the terms that a text names and of their classes."""
    named = glossary.terms_in(text)
    return frozenset({term.id for term in named} | {a.id for term in named for a in glossary.ancestors(term)})


@lru_cache(maxsize=16_384)
def known(text: str, glossary: Glossary) -> Vocabulary:
    """Content words of a text, the words inside its terms and the classes of what it names included."""
    stems = {*content(text, glossary), *every_word(text)}
    for mention in glossary.mentions(text):
        stems |= _lineage(mention.term.id, glossary)
    return Vocabulary(stems)


@lru_cache(maxsize=16_384)
def _lineage(term_id: str, glossary: Glossary) -> frozenset[str]:
    """The stems that stand for a term and its classes."""
    term = glossary.term(term_id)
    return frozenset(f"§{each.id}" for each in ((term, *glossary.ancestors(term)) if term else ()))


def known_in(passage: Passage, glossary: Glossary) -> Vocabulary:
    """The same of a whole passage, its headings included; its sentences are read once for it and for themselves."""
    return _known_in(Same(passage), glossary)


@lru_cache(maxsize=PASSAGES_KEPT)
def _known_in(of: Same[Passage], glossary: Glossary) -> Vocabulary:
    pieces = (known(piece, glossary) for piece in _closed(of.value.lines))
    return Vocabulary(frozenset[str]().union(*(piece.stems for piece in pieces)))


def _closed(lines: Sequence[str]) -> Iterator[str]:
    """Lines, those that may go on in the next one together with it."""
    open_: list[str] = []
    for line in lines:
        open_.append(line)
        if line.endswith(CLOSED):
            yield " ".join(open_)
            open_.clear()
    if open_:
        yield " ".join(open_)


@lru_cache(maxsize=16_384)
def said(text: str, glossary: Glossary) -> Vocabulary:
    """Content words of a text and the words inside its terms, without the classes of what it names."""
    return Vocabulary((*content(text, glossary), *every_word(text)))


@lru_cache(maxsize=16_384)
def figures(text: str) -> frozenset[tuple[object, ...]]:
    """What the numbers of a text say, one key each."""
    return frozenset(quantity.key for quantity in read_quantities(text))


@lru_cache(maxsize=32_768)
def count_words(text: str) -> int:
    """The number of its words."""
    return len(words(text))
