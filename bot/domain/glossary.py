"""The terms of the field: one entry for all the names of one thing, and where a text mentions it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import accumulate

from bot.domain.text import fold

ENDINGS = ("s", "es")
PART = re.compile(r"[^\W_]+")
SPLIT = re.compile(rf"({PART.pattern})")
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
    """One name of a term: of its `length` words those between the first and the last one, and the last one's forms."""

    term: Term
    exact: str
    inner: tuple[str, ...]
    last: frozenset[str]
    length: int

    def follows(self, words: Sequence[str], pieces: Sequence[str], at: int) -> bool:
        """Do the rest of its words stand behind the word at this place, joined as words of one name may be?"""
        end = at + self.length - 1
        if end >= len(words) or words[end] not in self.last:
            return False
        if self.inner and tuple(words[at + 1 : end]) != self.inner:
            return False
        return all(pieces[2 * place] in BETWEEN for place in range(at + 1, end + 1))

    def stands_in(self, text: str) -> bool:
        """A name that is also a common word counts only as it's written."""
        return not self.exact or re.search(rf"(?<!\w){re.escape(self.exact)}(?!\w)", text) is not None


class _Names:
    """All names by how they begin; the word that may begin one is in `first`."""

    def __init__(self, entries: Mapping[tuple[str, ...], _Name]) -> None:
        self._alone: dict[str, tuple[_Name, ...]] = {}
        self._longer: dict[tuple[str, str], tuple[_Name, ...]] = {}
        # The longest first; a word's own name before those of which it may be the plural.
        for words, name in sorted(entries.items(), key=_length, reverse=True):
            if len(words) == 1:
                self._alone[words[0]] = (name,)
            for second in name.last if len(words) == 2 else words[1:2]:
                self._longer[words[0], second] = (*self._longer.get((words[0], second), ()), name)
        for end in ENDINGS:
            for words, name in entries.items():
                if len(words) == 1 and (plural := f"{words[0]}{end}") in name.last:
                    self._alone[plural] = (*self._alone.get(plural, ()), name)
        self.first = frozenset((*self._alone, *(first for first, _ in self._longer)))

    def beginning(self, words: Sequence[str], at: int) -> tuple[_Name, ...]:
        """The names that may begin with the word at this place, in the order in which they are tried."""
        alone = self._alone.get(words[at], ())
        return (*self._longer.get((words[at], words[at + 1]), ()), *alone) if at + 1 < len(words) else alone


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
    def _names(self) -> "_Names":
        entries: dict[tuple[str, ...], _Name] = {}
        for term in self.terms:
            for name in term.all_names:
                parts = tuple(PART.findall(fold(name)))
                exact = name if name in term.exact else ""
                # `antiMDA5` and `anti MDA5` are one name.
                for words in {parts, ("".join(parts),)} if any(map(_has_digit, parts)) else {parts}:
                    if words and words not in entries:
                        entries[words] = _Name(term, exact, words[1:-1], _forms(words[-1]), len(words))
        return _Names(entries)

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
        # What stands before the first word, the word, what stands before the next one, and so on.
        pieces = SPLIT.split(folded)
        words = pieces[1::2]
        begins = [index for index, word in enumerate(words) if word in names.first]
        if not begins:
            return ()
        ends = tuple(accumulate(map(len, pieces)))
        found = []
        at = 0
        for index in begins:
            if index < at:
                continue
            for name in names.beginning(words, index):
                if (name.length == 1 or name.follows(words, pieces, index)) and name.stands_in(text):
                    at = index + name.length
                    found.append(Mention(term=name.term, start=ends[2 * index], end=ends[2 * at - 1]))
                    break
        return tuple(found)

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


def _forms(word: str) -> frozenset[str]:
    """The word, and its plurals."""
    return frozenset((word, *(f"{word}{end}" for end in ENDINGS if len(word) > 1)))


def _length(name: tuple[tuple[str, ...], _Name]) -> int:
    return len(name[0])


def _has_digit(word: str) -> bool:
    return any(character.isdigit() for character in word)
