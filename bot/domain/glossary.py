"""The terms of the field: one entry for all the names of one thing, and where a text mentions it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import pairwise

from bot.domain.text import fold

ENDINGS = ("s", "es")
PART = re.compile(r"[^\W_]+")
BETWEEN = {" ", "-", "/", "'", "- ", ", ", " & "}
"""What may stand between the words of one name."""


class TermKind(StrEnum):
    """What sort of thing a term names."""

    DRUG = "drug"
    DRUG_CLASS = "drug_class"
    DISEASE = "disease"
    ANTIBODY = "antibody"
    MEASURE = "measure"
    MANIFESTATION = "manifestation"
    PROCEDURE = "procedure"
    CONCEPT = "concept"


DRUG_KINDS = frozenset({TermKind.DRUG, TermKind.DRUG_CLASS})


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """One thing and its names.

    `exact` holds names that are also common English words and count only as written (`SHARE`, `RIM`). `classes` are the
    ids of the terms that it belongs to, `signs_of` of what it may be a sign of: these are searched with it, and never
    taken for the same. `plain` explains it to a family.
    """

    id: str
    name: str
    kind: TermKind
    names: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    signs_of: tuple[str, ...] = ()
    plain: str = ""

    @property
    def all_names(self) -> tuple[str, ...]:
        """Every way to write it, the preferred one first."""
        return tuple(dict.fromkeys((self.name, *self.names, *self.brands, *self.abbreviations, *self.exact)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """Where a text names a term: characters `start` to `end` of `fold(text)`."""

    term: Term
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Name:
    term: Term
    exact: str

    def stands_in(self, text: str) -> bool:
        """A name that is also a common word counts only as it's written."""
        return not self.exact or re.search(rf"(?<!\w){re.escape(self.exact)}(?!\w)", text) is not None


@dataclass(frozen=True, eq=False)
class Glossary:
    """All terms. Names are matched folded, as whole words, the longest first, plurals included.

    Compared by identity, so that what is computed from a text and a glossary can be kept at no cost.
    """

    terms: tuple[Term, ...] = ()

    @cached_property
    def _by_id(self) -> dict[str, Term]:
        return {term.id: term for term in self.terms}

    @cached_property
    def _names(self) -> dict[str, tuple[tuple[tuple[str, ...], _Name], ...]]:
        """By first word: all words of each name, the longest first, and what it names."""
        names: dict[str, dict[tuple[str, ...], _Name]] = {}
        for term in self.terms:
            for name in term.all_names:
                parts = tuple(PART.findall(fold(name)))
                entry = _Name(term, name if name in term.exact else "")
                # `antiMDA5` and `anti MDA5` are one name.
                for words in {parts, ("".join(parts),)} if any(map(_has_digit, parts)) else {parts}:
                    if words:
                        names.setdefault(words[0], {}).setdefault(words, entry)
        return {first: tuple(sorted(known.items(), key=_length, reverse=True)) for first, known in names.items()}

    @cached_property
    def _ancestors(self) -> dict[str, tuple[Term, ...]]:
        return {}

    @cached_property
    def _members(self) -> dict[str, tuple[Term, ...]]:
        """By id of a class."""
        found: dict[str, list[Term]] = {}
        for term in self.terms:
            for above in self.ancestors(term):
                found.setdefault(above.id, []).append(term)
        return {above: tuple(members) for above, members in found.items()}

    def term(self, term_id: str) -> Term | None:
        """The term with this id."""
        return self._by_id.get(term_id)

    @lru_cache(maxsize=16_384)  # noqa: B019 - a glossary lives as long as its process
    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Every term that the text names, in order, none inside another."""
        folded = fold(text)
        names = self._names
        begins = [
            index
            for index, word in enumerate(PART.findall(folded))
            if word in names or (word[-1] == "s" and (word[:-1] in names or word[:-2] in names))
        ]
        if not begins:
            return ()
        parts = [(match[0], *match.span()) for match in PART.finditer(folded)]
        found = []
        at = 0
        for index in begins:
            if index < at:
                continue
            length, term = self._longest(parts, index, folded, text)
            at = index + max(1, length)
            if term is not None:
                found.append(Mention(term=term, start=parts[index][1], end=parts[at - 1][2]))
        return tuple(found)

    def _longest(self, parts: list[tuple[str, int, int]], at: int, folded: str, text: str) -> tuple[int, Term | None]:
        for first in _stems(parts[at][0]):
            for words, entry in self._names.get(first, ()):
                if self._stands(words, parts, at, folded) and entry.stands_in(text):
                    return len(words), entry.term
        return 0, None

    @staticmethod
    def _stands(words: tuple[str, ...], parts: list[tuple[str, int, int]], at: int, folded: str) -> bool:
        here = parts[at : at + len(words)]
        if len(here) < len(words) or words[-1] not in _stems(here[-1][0]):
            return False
        if any(word != part for word, (part, _, _) in zip(words[:-1], here, strict=False)):
            return False
        return all(folded[one[2] : two[1]] in BETWEEN for one, two in pairwise(here))

    @lru_cache(maxsize=16_384)  # noqa: B019 - a glossary lives as long as its process
    def terms_in(self, text: str) -> tuple[Term, ...]:
        """The distinct terms that the text names, in order of first mention."""
        return tuple({mention.term.id: mention.term for mention in self.mentions(text)}.values())

    def ancestors(self, term: Term) -> tuple[Term, ...]:
        """The classes of a term, and theirs."""
        if term.id not in self._ancestors:
            seen: dict[str, Term] = {}
            waiting = list(term.classes)
            while waiting:
                above = self._by_id.get(waiting.pop(0))
                if above is not None and above.id not in seen:
                    seen[above.id] = above
                    waiting += above.classes
            self._ancestors[term.id] = tuple(seen.values())
        return self._ancestors[term.id]

    def members(self, term: Term) -> tuple[Term, ...]:
        """The terms that belong to a class, directly or through another class."""
        return self._members.get(term.id, ())

    def synonyms(self, terms: Iterable[Term]) -> tuple[str, ...]:
        """Every name of these terms."""
        return tuple(dict.fromkeys(name for term in terms for name in term.all_names))


def _stems(word: str) -> tuple[str, ...]:
    """The word, and what it may be the plural of."""
    if not word.endswith("s"):
        return (word,)
    return (word, *(word.removesuffix(end) for end in ENDINGS if word.endswith(end) and len(word) > len(end) + 1))


def _length(name: tuple[tuple[str, ...], _Name]) -> int:
    return len(name[0])


def _has_digit(word: str) -> bool:
    return any(character.isdigit() for character in word)
