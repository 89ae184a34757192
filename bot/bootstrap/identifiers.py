"""Chooses who finds identifiers: the embedded finder, and Presidio beside it where that is asked for."""

from functools import lru_cache
from typing import TYPE_CHECKING

from bot.domain.text import words

if TYPE_CHECKING:
    from bot.answering.identifiers import IdentifierFinder
    from bot.bootstrap.library import Library

PRESIDIO = "presidio"


def open_finder(chosen: str, library: "Library") -> "IdentifierFinder":
    """The finder that the setting names. Raises ConfigurationError where Presidio isn't installed."""
    from bot.answering.identifiers import EmbeddedFinder, FinderTogether
    from bot.knowledge.gazetteer import load_gazetteer

    @lru_cache(maxsize=1)
    def authors(_: str) -> frozenset[str]:
        held = library.documents()
        return frozenset(part for one in held for author in one.authors for part in words(author) if len(part) > 2)

    embedded = EmbeddedFinder(
        load_gazetteer(),
        is_term=lambda word: bool(library.glossary.terms_in(word)),
        is_author=lambda word: word.casefold() in authors(library.fingerprint),
    )
    if chosen != PRESIDIO:
        return embedded
    from bot.providers.presidio import open_presidio

    return FinderTogether((embedded, open_presidio(lambda word: bool(library.glossary.terms_in(word)))))
