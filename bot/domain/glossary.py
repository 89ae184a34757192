"""The terms of the field: one entry for all the names of one thing, and where a text mentions it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from bot.domain.text import fold

ENDINGS = ("", "s", "'s", "es")


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """One thing and its names.

    `exact` holds names that are also common English words and count only as written (`SHARE`, `RIM`). `classes` are the
    ids of the terms that it belongs to. `plain` explains it to a family.
    """

    id: str
    name: str
    kind: TermKind
    names: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
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


@dataclass(frozen=True)
class Glossary:
    """All terms. Names are matched folded, as whole words, the longest first, plurals included."""

    terms: tuple[Term, ...] = ()

    @cached_property
    def _by_name(self) -> dict[str, Term]:
        names: dict[str, Term] = {}
        for term in self.terms:
            for name in term.all_names:
                names.setdefault(_squeeze(fold(name)), term)
        return names

    @cached_property
    def _by_id(self) -> dict[str, Term]:
        return {term.id: term for term in self.terms}

    @cached_property
    def _exact(self) -> dict[str, str]:
        return {_squeeze(fold(name)): name for term in self.terms for name in term.exact}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        names = {re.sub(r"[\s-]+", " ", fold(name)).strip() for term in self.terms for name in term.all_names}
        ordered = sorted(names, key=len, reverse=True)
        alternatives = "|".join(re.escape(name).replace(r"\ ", r"[\s-]?") for name in ordered)
        return re.compile(rf"(?<!\w)(?:{alternatives or '(?!)'})(?:'?s|es)?(?!\w)")

    def term(self, term_id: str) -> Term | None:
        """The term with this id."""
        return self._by_id.get(term_id)

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Every term that the text names, in order, none inside another."""
        found = []
        for match in self._pattern.finditer(fold(text)):
            term = self._lookup(match.group(), text)
            if term is not None:
                found.append(Mention(term=term, start=match.start(), end=match.end()))
        return tuple(found)

    def _lookup(self, written: str, text: str) -> Term | None:
        squeezed = _squeeze(written)
        for ending in ENDINGS:
            stem = squeezed.removesuffix(ending)
            if squeezed.endswith(ending) and (term := self._by_name.get(stem)):
                exact = self._exact.get(stem)
                return term if exact is None or re.search(rf"(?<!\w){re.escape(exact)}(?!\w)", text) else None
        return None

    def terms_in(self, text: str) -> tuple[Term, ...]:
        """The distinct terms that the text names, in order of first mention."""
        return tuple({mention.term.id: mention.term for mention in self.mentions(text)}.values())

    def ancestors(self, term: Term) -> tuple[Term, ...]:
        """The classes of a term, and theirs."""
        seen: dict[str, Term] = {}
        waiting = list(term.classes)
        while waiting:
            above = self._by_id.get(waiting.pop(0))
            if above is not None and above.id not in seen:
                seen[above.id] = above
                waiting += above.classes
        return tuple(seen.values())

    def members(self, term: Term) -> tuple[Term, ...]:
        """The terms that belong to a class, directly or through another class."""
        return tuple(other for other in self.terms if any(above.id == term.id for above in self.ancestors(other)))

    def synonyms(self, terms: Iterable[Term]) -> tuple[str, ...]:
        """Every name of these terms."""
        return tuple(dict.fromkeys(name for term in terms for name in term.all_names))


def _squeeze(folded: str) -> str:
    """Names that differ only in hyphens and spaces are one name: `anti-MDA5`, `anti MDA5`, `antiMDA5`."""
    return re.sub(r"[\s-]+", "", folded)
