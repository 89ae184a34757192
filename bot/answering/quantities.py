"""Numbers with their units, read from text, so that `0.5 g` equals `500 mg` and `5 mg/kg` never equals `5 mg`.

Only listed conversions count as equal; everything else must be the same number with the same unit.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from bot.domain.text import fold

NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
TENS = {word: value for word, value in NUMBER_WORDS.items() if value >= 20}
UNITS = {word: value for word, value in NUMBER_WORDS.items() if value < 10}

# Unit -> (dimension, factor to the dimension's base). One dimension means: may be converted.
CONVERSIONS: dict[str, tuple[str, Decimal]] = {
    "kg": ("mass", Decimal(1_000_000)),
    "g": ("mass", Decimal(1_000)),
    "mg": ("mass", Decimal(1)),
    "mcg": ("mass", Decimal("0.001")),
    "ug": ("mass", Decimal("0.001")),
    "microg": ("mass", Decimal("0.001")),
    "l": ("volume", Decimal(1_000)),
    "dl": ("volume", Decimal(100)),
    "ml": ("volume", Decimal(1)),
    "week": ("days", Decimal(7)),
    "day": ("days", Decimal(1)),
    "year": ("months", Decimal(12)),
    "month": ("months", Decimal(1)),
}
TIMES = {
    name: unit
    for unit, names in {
        "second": "second sec s",
        "minute": "minute min",
        "hour": "hour hr h",
        "day": "day d",
        "week": "week wk w",
        "month": "month mo mos",
        "year": "year yr y",
    }.items()
    for name in names.split()
}
TIME_UNITS = frozenset({"minute", "hour", "day", "week", "month", "year"})
DOSE_UNITS = re.compile(r"^(mg|g|mcg|ug|microg|iu|u|ml)(/|$)")
"""Normal units, alone or per something, in which amounts of a drug are given."""
COUNTED = tuple("patient child case cycle dose infusion course girl boy adult visit responder".split())
TIMES_A = {"once": 1, "twice": 2, "thrice": 3}
ABBREVIATED = {"bid": "2 per day", "b.i.d": "2 per day", "tid": "3 per day", "t.i.d": "3 per day", "qid": "4 per day"}
ADVERBS = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annually": "year"}

_PER = r"(?:kg|m2|days?|d|weeks?|wk|dose|l|ml|dl|h|hr|hour|min|month|mo|year)"
_UNIT = (
    r"(?:mg|mcg|ug|microg|micromol|ng|pg|kg|g|ml|dl|l|iu|u|mmol|umol|nmol|pmol|meq"
    r"|mm ?hg|m2|cm2|mm2|mm3|cm|mm|nm|microm|kpa|kda|msec|ms|bpm|gy|kcal)"
    rf"(?![a-z0-9-])(?:\s?(?:/|per\s)\s?{_PER}(?![a-z0-9]))*"
)
_TIME = (
    r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|h|days?|d|weeks?|wks?|months?|mos?|years?|yrs?)(?![a-z0-9]|-[a-z])"
)
_COUNTED = rf"(?:{'|'.join(COUNTED)})s?(?:ren)?(?![a-z])"
_WORD = rf"(?:(?:{'|'.join(TENS)})[- ](?:{'|'.join(UNITS)})|{'|'.join(sorted(NUMBER_WORDS, key=len, reverse=True))})"
_NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?![\d,])|\d*[.·]\d+|\d+|(?<![a-z])(?:{_WORD})(?![a-z]))"
_BEGINNINGS = "|".join(sorted({word[:2] for word in NUMBER_WORDS}))
_LIKELY = rf"(?=[<>=]|\s?(?:[\d.·]|{_BEGINNINGS}))"
"""What each match begins with, looked at first: most places of a text have nothing of it."""
QUANTITY = re.compile(
    rf"{_LIKELY}(?P<cmp><=|>=|<|>|=)?\s?(?<![\w.])(?P<first>{_NUMBER})"
    rf"(?:\s?(?P<join>-|to|\+-|±|/)\s?(?P<second>{_NUMBER}))?"
    rf"\s?-?(?P<unit>%|per ?cent|{_UNIT}|{_TIME}|{_COUNTED})?"
)
_FREQUENCY = re.compile(
    rf"(?<![a-z0-9])(?:every\s(?P<every>\d+|other|second|third|{_WORD})(?:\s?(?:-|to)\s?(?P<upto>\d+|{_WORD}))?"
    r"[ -](?P<period>days?|weeks?|wks?|months?|mos?|hours?|hrs?|h|years?|yrs?)"
    r"|q(?P<number>\d+)(?P<letter>[wdh])"
    rf"|(?:(?P<once>once|twice|thrice)|(?P<times>\d+|{_WORD})(?:\s?x|\stimes))\s(?:(?:a|per|every|each|in a)\s)?"
    r"(?P<each>day|week|month|year|daily|weekly|monthly|yearly|annually)"
    r"|(?:a|per|every|each)\s(?P<one>day|week|month|year)|(?P<adverb>daily|weekly|monthly|yearly|annually)"
    r"|(?P<short>b\.?i\.?d|t\.?i\.?d|qid))(?![a-z])"
)


LETTERS = re.compile("[a-z]+")
NAME_BEFORE = re.compile(r"[a-z][-_/]?$")
TIMES_BEFORE = re.compile(r"(?:^|[\s(\[])x$")
RELATIONS = {"-": "range", "to": "range", "/": "fraction", "+-": "spread", "±": "spread"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Quantity:
    """A number, or a range, with its unit. `written` is the folded text; `start` and `end` are its place there."""

    values: tuple[Decimal, ...]
    unit: str
    relation: str
    written: str
    start: int
    end: int

    @property
    def key(self) -> tuple[object, ...]:
        """Two quantities with one key say the same."""
        dimension, factor = CONVERSIONS.get(self.unit, (self.unit, Decimal(1)))
        return tuple((value * factor).normalize() for value in self.values), dimension, self.relation


def _value(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "").replace("·", "."))
    except InvalidOperation:
        parts = re.split(r"[- ]", text)
        return Decimal(sum(NUMBER_WORDS[part] for part in parts))


@lru_cache(maxsize=1024)
def _normal_unit(unit: str) -> str:
    unit = "%" if unit.replace(" ", "") == "percent" else re.sub(r"\s?per\s", "/", unit).replace(" ", "")
    singular = re.sub(r"(?:s|ren)$", "", unit) if unit not in {"s", "gs"} else unit
    if singular in TIMES and "/" not in unit:
        return TIMES[singular]
    unit = re.sub(r"/(?:days?|d)\b", "/d", unit)
    unit = re.sub(r"/(?:weeks?|wk)\b", "/week", unit)
    return singular if singular in COUNTED else unit


@lru_cache(maxsize=16_384)
def read_quantities(text: str) -> tuple[Quantity, ...]:
    """Every number of the text with its unit, ranges and fractions kept together; not those inside names (`IL-6`)."""
    return tuple(_read(fold(text)))


def _read(folded: str) -> Iterator[Quantity]:
    if not any(map(str.isdigit, folded)) and NUMBER_WORDS.keys().isdisjoint(LETTERS.findall(folded)):
        return
    for match in QUANTITY.finditer(folded):
        start = match.start("first")
        before = folded[max(0, start - 2) : start]
        if NAME_BEFORE.search(before) and not TIMES_BEFORE.search(before):
            continue  # the 6 of IL-6, the 5 of mda5
        after = folded[match.end("first") : match.end("first") + 1]
        values = [_value(match["first"])]
        join = match["join"] or ""
        if match["second"] is not None:
            values.append(_value(match["second"]))
        relation = RELATIONS.get(join, match["cmp"] or "")
        if match["unit"] is None and after.isalpha() and match["second"] is None:
            continue  # 2nd, 3d: part of a word
        yield Quantity(
            values=tuple(values),
            unit=_normal_unit(match["unit"] or ""),
            relation="" if relation == "=" else relation,
            written=match.group().strip(),
            start=start,
            end=match.end(),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Frequency:
    """How often, in its one form (`2 per day`), as it is written, and where that stands in the folded text."""

    meaning: str
    written: str
    start: int
    end: int


@lru_cache(maxsize=16_384)
def find_frequencies(text: str) -> tuple[Frequency, ...]:
    """How often, in one form each: `twice daily` and `bid` give `2 per day`, `every 4 weeks` gives `every 4 week`."""
    return tuple(
        Frequency(meaning=_meaning(match), written=match.group(), start=match.start(), end=match.end())
        for match in _FREQUENCY.finditer(fold(text))
    )


def _meaning(match: re.Match[str]) -> str:
    if match["short"]:
        return ABBREVIATED[match["short"]]
    if match["number"]:
        return f"every {match['number']} { {'w': 'week', 'd': 'day', 'h': 'hour'}[match['letter']] }"
    if match["every"]:
        number = {"other": "2", "second": "2", "third": "3"}.get(match["every"]) or str(_value(match["every"]))
        upto = f"-{_value(match['upto'])}" if match["upto"] else ""
        return f"every {number}{upto} {TIMES[match['period'].removesuffix('s')]}"
    period = match["each"] or match["one"] or match["adverb"]
    period = ADVERBS.get(period, period)
    times = TIMES_A[match["once"]] if match["once"] else int(_value(match["times"] or "1"))
    return f"per {period}" if times == 1 else f"{times} per {period}"


def read_frequencies(text: str) -> tuple[str, ...]:
    """The meanings of `find_frequencies`, in order."""
    return tuple(found.meaning for found in find_frequencies(text))
