"""What a text holds for those who look for words and terms in it, kept by text: a passage is asked many times."""

from functools import lru_cache

from bot.answering.language import content, every_word
from bot.answering.matching import Vocabulary
from bot.answering.quantities import read_quantities
from bot.domain.glossary import Glossary
from bot.domain.text import words


@lru_cache(maxsize=16_384)
def family(text: str, glossary: Glossary) -> frozenset[str]:
    """Ids of the terms that a text names and of their classes."""
    named = glossary.terms_in(text)
    return frozenset({term.id for term in named} | {a.id for term in named for a in glossary.ancestors(term)})


@lru_cache(maxsize=16_384)
def known(text: str, glossary: Glossary) -> Vocabulary:
    """Content words of a text, the words inside its terms and the classes of what it names included."""
    terms = (f"§{term}" for term in family(text, glossary))
    return Vocabulary((*content(text, glossary), *every_word(text), *terms))


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
