"""Reads the words of a text, each with what gazetteer and vocabulary know of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.answering.identifiers import vocabulary
from bot.answering.identifiers.contexts import IS_KIN
from bot.answering.identifiers.gazetteer import Gazetteer, unaccented

LETTER = r"[^\W\d_]"
WORD = re.compile(rf"{LETTER}+(?:['’](?!s\b|S\b){LETTER}+)*(?:-{LETTER}+(?:['’](?!s\b){LETTER}+)*)*")
HYPHEN = re.compile(r"[-'’]")
JOINT = re.compile(r"\w[-.#@_*]$|\w/$")
CODED = re.compile(r"[-+]?\d|\+")


REMEMBERED = 20_000
"""Words of which is remembered what is known of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What gazetteer and vocabulary know of a word, wherever it stands."""

    given: bool
    family: bool
    common: bool
    term: bool
    bar: bool


@dataclass(frozen=True, slots=True)
class Word:
    """A word with what is known of it."""

    text: str
    start: int
    end: int
    is_code: bool
    given: bool
    family: bool
    common: bool
    term: bool
    bar: bool

    @property
    def capital(self) -> bool:
        """Does it begin with a capital, in a script that has them?"""
        return self.text[0].isupper()

    @property
    def shouted(self) -> bool:
        """Is all of it in capitals?"""
        return len(self.text) > 1 and self.text.isupper()

    @property
    def initial(self) -> bool:
        """Is it a single capital?"""
        return len(self.text) == 1 and self.text.isupper()

    @property
    def open(self) -> bool:
        """Is it neither code, nor of the field, nor barred: may it be a name by itself?"""
        return not (self.is_code or self.bar or self.term or self.initial)

    @property
    def callable(self) -> bool:
        """May it be a name at all, where what stands around says so? A word of every day needs a capital for it."""
        return self.capital or self.given or not self.common

    @property
    def placed(self) -> bool:
        """Is it a place after which people are named?"""
        return unaccented(self.text) in vocabulary.PLACES

    @property
    def plain_given(self) -> bool:
        """Is it a given name and nothing else?"""
        return self.given and not (self.common or self.bar or self.term or self.is_code)

    @property
    def plain(self) -> bool:
        """Is it a name, or a word that isn't English: nothing speaks against its being one?"""
        return self.open and not (self.common and not self.given and not self.family)


class WordReader:
    """Reads words. `is_term` knows the field's."""

    def __init__(self, gazetteer: Gazetteer, is_term: Callable[[str], bool]) -> None:
        self._gazetteer = gazetteer
        self._is_term = is_term
        self._known: dict[str, Known] = {}

    def read(self, text: str) -> list[Word]:
        """Every word of a text, in order."""
        return [self._word(match[0], *match.span(), text) for match in WORD.finditer(text)]

    def _word(self, word: str, start: int, end: int, text: str) -> Word:
        parts = _parts(word)
        if len(parts) > 1 and parts[-1] in vocabulary.HONORIFICS:
            end -= len(word) - word.rindex("-")
            word, parts = word[: word.rindex("-")], parts[:-1]
        known = self._known.get(word) or self._read(word, parts)
        before = text[max(0, start - 2) : start]
        coded = (
            bool(CODED.match(text, end))
            or before[-1:].isdigit()
            or bool(JOINT.search(before) and not (word[0].isupper() and before.endswith("/")))
        )
        return Word(
            text=word,
            start=start,
            end=end,
            is_code=coded,
            given=known.given,
            family=known.family,
            common=known.common,
            term=known.term,
            bar=known.bar,
        )

    def _read(self, word: str, parts: list[str]) -> Known:
        """What is known of a word; remembered where it is none of a person alone."""
        solid = [part for part in parts if part not in vocabulary.PARTICLES] or parts
        held = self._gazetteer
        known = Known(
            given=_is_given(solid, held),
            family=any(held.is_family(part) for part in solid),
            common=any(
                held.is_word(part) or part in vocabulary.ALSO_WORDS or part in vocabulary.PLACES for part in solid
            )
            or word.lower() in vocabulary.FOREIGN,
            term=any(part in vocabulary.EPONYMS for part in parts)
            or bool(
                vocabulary.DRUG_ENDINGS.search(parts[-1])
                and not held.is_given(parts[-1])
                and not held.is_family(parts[-1])
            )
            or self._is_term(word)
            or any(self._is_term(part) for part in parts),
            bar=self._is_barred(word),
        )
        if known.common or known.term:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[word] = known
        return known

    def _is_barred(self, word: str) -> bool:
        """Is this a word that is no name, whatever stands around it?"""
        if len(word) == 1:
            return word == "I" or word.islower()
        if word.lower() in vocabulary.NO_NAMES or unaccented(word) in vocabulary.NO_NAMES:
            return True
        elsewhere = {word.lower(), unaccented(word)} & vocabulary.FOREIGN or IS_KIN.fullmatch(word)
        return bool(elsewhere) and not (word[0].isupper() and self._gazetteer.is_given(word))


def _parts(word: str) -> list[str]:
    if word.isascii() and word.isalpha():
        return [word.lower()]
    return [unaccented(part) for part in HYPHEN.split(word) if len(part) > 1] or [unaccented(word)]


def _is_given(parts: list[str], gazetteer: Gazetteer) -> bool:
    """Are these the parts of a given name? One known part is enough where no other is a word."""
    known = [gazetteer.is_given(part) for part in parts]
    return all(known) or (any(known) and not any(gazetteer.is_word(part) for part in parts))
