"""Reads the emergency numbers and crisis lines. A number must say where it stands; a fault is told with its line."""

import re
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.domain.errors import ConfigurationError
from bot.domain.helplines import CountryLines, Helpline, Helplines, LanguageLines
from bot.domain.text import fold
from bot.knowledge.yaml_places import line_of, read_yaml, told_with_line


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Line(_Model):
    number: str = Field(pattern=r"^\d[\d ]{1,15}$")
    source: str = Field(pattern=r"^https?://")
    name: str = ""


class _Country(_Model):
    emergency: _Line
    crisis: _Line | None = None
    young: _Line | None = None


class _Language(_Model):
    emergency: str = Field(min_length=1)
    crisis: str = Field(min_length=1)
    words: list[str] = []
    script: str = ""
    country: str = ""


class _File(_Model):
    countries: dict[str, _Country]
    languages: dict[str, _Language]
    checked: date


def load_helplines(path: Path, here: str = "") -> Helplines:
    """The numbers. Raises ConfigurationError that names what is wrong, or a country (`here`) without numbers."""
    found, faults = read_helplines(path)
    if found is None or faults:
        told = "; ".join(f"line {line}: {problem}" for line, problem in faults)
        raise ConfigurationError(f"{path}: {told}.", remedy="Compare them with their neighbours.")
    if here and here not in found.countries:
        raise ConfigurationError(
            f"FOOTNOTE_COUNTRY is wrong: {path} has no numbers of {here}.",
            remedy=f"Choose one of {', '.join(sorted(found.countries))}, add yours there, or leave it empty.",
        )
    return Helplines(countries=found.countries, languages=found.languages, here=here)


def read_helplines(path: Path) -> tuple[Helplines | None, tuple[tuple[int, str], ...]]:
    """The numbers, and what is wrong by line. Raises ConfigurationError where the file can't be read."""
    node, values = read_yaml(path, "Put numbers in quotes.")
    try:
        read = _File.model_validate(values)
    except ValidationError as error:
        return None, tuple(sorted(told_with_line(node, detail) for detail in error.errors()))
    faults = [
        (line_of(node, ["countries", code]), f"{code!r} isn't a country's two capital letters")
        for code in read.countries
        if not re.fullmatch("[A-Z]{2}", code)
    ]
    for code, language in read.languages.items():
        if language.country and language.country not in read.countries:
            place = line_of(node, ["languages", code, "country"])
            faults.append((place, f"{code} names {language.country}, which isn't under countries"))
        if not language.words and not language.script:
            faults.append((line_of(node, ["languages", code]), f"{code} has neither words nor a script to tell it by"))
    lines = Helplines(
        countries={code: _country(country) for code, country in read.countries.items()},
        languages={
            code: LanguageLines(
                emergency=each.emergency,
                crisis=each.crisis,
                words=frozenset(map(fold, each.words)),
                script=each.script,
                country=each.country,
            )
            for code, each in read.languages.items()
        },
    )
    return lines, tuple(sorted(faults))


def _country(read: _Country) -> CountryLines:
    return CountryLines(
        emergency=_line(read.emergency),
        crisis=_line(read.crisis) if read.crisis else None,
        young=_line(read.young) if read.young else None,
    )


def _line(read: _Line) -> Helpline:
    return Helpline(number=read.number, source=read.source, name=read.name)
