"""Whom to call: numbers by country, and one sentence of help in the language that a message is written in."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.text import words

REGION = re.compile(r"[-_]([A-Za-z]{2})$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Helpline:
    """A telephone number, who answers there (empty for an emergency number), and the page that states it."""

    number: str
    source: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.number} ({self.name})" if self.name else self.number


@dataclass(frozen=True, kw_only=True, slots=True)
class CountryLines:
    """The numbers of one country; None for what couldn't be confirmed."""

    emergency: Helpline
    crisis: Helpline | None = None
    young: Helpline | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LanguageLines:
    """How help is called for in a language, what tells the language, and the country that it stands for, if any."""

    emergency: str
    crisis: str
    words: frozenset[str] = frozenset()
    script: str = ""
    country: str = ""


@dataclass(frozen=True, kw_only=True)
class Helplines:
    """All numbers and sentences. `here` is the country that the operator has set, and wins over a chat's language."""

    countries: Mapping[str, CountryLines] = field(default_factory=dict)
    languages: Mapping[str, LanguageLines] = field(default_factory=dict)
    here: str = ""

    def lines_for(self, code: str) -> CountryLines | None:
        """The numbers for a chat's language code, such as `en-GB` or `pl`; None where it tells no known country."""
        if self.here:
            return self.countries.get(self.here)
        if region := REGION.search(code):
            return self.countries.get(region[1].upper())
        language = self.languages.get(code.lower())
        return self.countries.get(language.country) if language and language.country else None

    def language_of(self, message: str) -> str:
        """The language of a message by its letters or everyday words; English where neither tells another."""
        names = [unicodedata.name(letter, "") for letter in message if letter.isalpha()]
        for code, lines in self.languages.items():
            if lines.script and sum(name.startswith(lines.script) for name in names) > len(names) / 2:
                return code
        said = [word.translate(PLAIN) for word in words(message)]
        counts = {code: sum(word in lines.words for word in said) for code, lines in self.languages.items()}
        best = max(counts, key=lambda code: counts[code], default="en")
        return best if counts.get(best, 0) > counts.get("en", 0) else "en"


PLAIN = str.maketrans({"ı": "i", "ł": "l"})
