"""Emergency numbers: each with its source, chosen by country or language; faults are told with their line."""

from pathlib import Path

import pytest

from bot.domain.errors import ConfigurationError
from bot.domain.helplines import CountryLines
from bot.knowledge.helplines import load_helplines
from bot.places import shipped

SHIPPED = shipped("knowledge") / "helplines.yaml"
FILE = """
countries:
  DE: {{emergency: {{number: {number}, source: {source}}}}}
checked: 2026-01-01
languages:
  de: {{emergency: Ruf an., crisis: Sprich., {tell}}}
"""


def written(
    folder: Path, number: str = '"112"', source: str = '"https://a.example"', tell: str = "words: [der]"
) -> Path:
    path = folder / "helplines.yaml"
    path.write_text(FILE.format(number=number, source=source, tell=tell), encoding="utf-8")
    return path


def number(lines: CountryLines | None) -> str:
    return lines.emergency.number if lines else ""


@pytest.mark.parametrize(
    ("here", "code", "expected"),
    [
        ("", "en-GB", "999"), ("", "en-US", "911"), ("", "en", ""), ("", "de-AT", "144"),
        ("", "pl", "112"), ("", "en-ZZ", ""), ("AU", "de-DE", "000"),
    ],
)  # fmt: skip
def test_the_number_is_that_of_the_set_country_or_of_the_chats_language(here: str, code: str, expected: str) -> None:
    assert number(load_helplines(SHIPPED, here).lines_for(code)) == expected


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("my son cant breathe", "en"),
        ("Meine Tochter bekommt keine Luft mehr", "de"),
        ("ma fille ne respire plus", "fr"),
        ("mi hijo no puede respirar", "es"),
        ("non riesce a respirare, mia figlia", "it"),
        ("minha filha não consegue respirar", "pt"),
        ("mijn zoon krijgt geen lucht", "nl"),
        ("syn nie może oddychać", "pl"),
        ("oğlum nefes alamıyor", "tr"),
        ("сын не дышит", "ru"),
        ("ابني لا يتنفس", "ar"),
        ("SpO2 84 %", "en"),
    ],
)
def test_a_messages_language_is_told_by_its_letters_or_words(message: str, code: str) -> None:
    assert load_helplines(SHIPPED).language_of(message) == code


def test_a_country_without_numbers_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="FOOTNOTE_COUNTRY is wrong"):
        load_helplines(SHIPPED, "ZZ")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"number": "112"}, "input should be a valid string"),
        ({"number": '"help"'}, "should match"),
        ({"source": '"I know it"'}, "should match"),
        ({"tell": "words: []"}, "neither words nor a script"),
        ({"tell": "words: [der], country: AT"}, "names AT, which isn't under countries"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, change: dict[str, str], told: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"line \d+: .*{told}"):
        load_helplines(written(tmp_path, **change))


def test_a_file_that_is_nested_too_deeply_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "helplines.yaml"
    path.write_text("countries: " + "[" * 3000, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="isn't valid YAML"):
        load_helplines(path)
