"""The hard words of an answer in plain ones, for a reader without medical training: the glossary's own sentences."""

from collections.abc import Callable, Sequence

from bot.domain.answers import Explained
from bot.domain.glossary import DRUG_KINDS, Glossary, Mention, Term, TermKind
from bot.domain.text import fold, words

MOST_WORDS = 5
OF_THE_TRADE = DRUG_KINDS | {TermKind.ANTIBODY, TermKind.CONCEPT, TermKind.MEASURE, TermKind.PROCEDURE}
"""Kinds whose preferred names are hard even where each of their words is an everyday one (`control group`)."""
PLURALS = ("", "s", "es")


def explain_words(
    texts: Sequence[str], known: str, glossary: Glossary, is_common: Callable[[str], bool]
) -> tuple[Explained, ...]:
    """The hard terms that the texts name, in their order; none that `known`, what the library is about, names."""
    familiar = {term.id for term in glossary.terms_in(known)}
    found: dict[str, Explained] = {}
    for text in texts:
        folded = fold(text)
        for mention in glossary.mentions(text):
            term = mention.term
            said = folded[mention.start : mention.end]
            if term.plain and term.id not in familiar and term.id not in found and _is_hard(mention, said, is_common):
                found[term.id] = Explained(term=_as_written(term, said), plain=term.plain)
    return tuple(found.values())[:MOST_WORDS]


def _is_hard(mention: Mention, said: str, is_common: Callable[[str], bool]) -> bool:
    """An abbreviation, a brand, a word that general English lacks, or a name that is a term of the trade."""
    term = mention.term
    parts = words(said)
    if set(parts) <= set(words(term.plain)):
        return False
    if _names(said, (*term.abbreviations, *term.brands, *term.exact)):
        return True
    if not all(is_common(part) for part in parts):
        return True
    return _names(said, (term.name,)) is not None and term.kind in OF_THE_TRADE


def _as_written(term: Term, said: str) -> str:
    return _names(said, term.all_names) or term.name


def _names(said: str, names: Sequence[str]) -> str | None:
    """The name that was said, plurals included."""
    return next((name for name in names if said in {fold(name) + end for end in PLURALS}), None)
