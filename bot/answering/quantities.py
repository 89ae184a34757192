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
}
TIMES = {
    name: unit
    for unit, names in {
        "second": "second sec s",
        "minute": "minute min",
        "hour": "hour hr h",
        "day": "day d",
        "week": "week wk w",
        "month": "month mo",
        "year": "year yr y",
    }.items()
    for name in names.split()
}
TIME_UNITS = frozenset({"minute", "hour", "day", "week", "month", "year"})
DOSE_UNITS = re.compile(r"^(mg|g|mcg|ug|microg|iu|u|ml)(/|$)")
"""Normal units, alone or per something, in which amounts of a drug are given."""
COUNTED = tuple("patient child case cycle dose infusion course girl boy adult visit responder".split())
FREQUENCIES = {
    name: meaning
    for meaning, names in {
        "per day": "daily, once daily, once a day, every day, per day, a day",
        "2 per day": "twice daily, twice a day, two times a day, two times daily, bid, b.i.d",
        "3 per day": "three times daily, three times a day, tid",
        "per week": "weekly, once weekly, once a week, every week, per week, a week",
        "2 per week": "twice weekly, twice a week",
        "per month": "monthly, once monthly, every month, once a month, per month, a month",
        "per year": "yearly, annually",
    }.items()
    for name in names.split(", ")
}

_UNIT = (
    r"(?:mg|mcg|ug|microg|kg|g|ml|dl|l|iu|u|mmol|umol|cm|mm|kpa|mmhg|bpm)(?![a-z0-9-])"
    r"(?:\s?/\s?(?:kg|m2|day|d|week|wk|dose|l|ml|dl|h|hr|month|mo)(?![a-z0-9]))*"
)
_TIME = r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|months?|years?|yrs?)(?![a-z])"
_COUNTED = rf"(?:{'|'.join(COUNTED)})s?(?:ren)?(?![a-z])"
_WORD = rf"(?:(?:{'|'.join(TENS)})[- ](?:{'|'.join(UNITS)})|{'|'.join(sorted(NUMBER_WORDS, key=len, reverse=True))})"
_NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?![\d,])|\d+(?:\.\d+)?|(?<![a-z])(?:{_WORD})(?![a-z]))"
QUANTITY = re.compile(
    rf"(?P<cmp><=|>=|<|>|=)?\s?(?<![\w.])(?P<first>{_NUMBER})"
    rf"(?:\s?(?P<join>-|to|\+-|±|/)\s?(?P<second>{_NUMBER}))?"
    rf"\s?-?(?P<unit>%|per ?cent|{_UNIT}|{_TIME}|{_COUNTED})?"
)
_FREQUENCY = re.compile(
    r"(?<![a-z])(?:every (?P<every>\d+|other|"
    + _WORD
    + r")(?:\s?(?:-|to)\s?(?P<upto>\d+))? (?P<period>days?|weeks?|months?|hours?|years?)"
    rf"|(?P<plain>{'|'.join(re.escape(name) for name in sorted(FREQUENCIES, key=len, reverse=True))}))(?![a-z])"
)


NAME_BEFORE = re.compile(r"[a-z][-_/]?$")
TIMES_BEFORE = re.compile(r"(?:^|[\s(\[])x$")
RELATIONS = {"-": "range", "to": "range", "/": "fraction", "+-": "spread", "±": "spread"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Quantity:
    """A number, or a range, with its unit. `written` is the folded text; `start` is its place there."""

    values: tuple[Decimal, ...]
    unit: str
    relation: str
    written: str
    start: int

    @property
    def key(self) -> tuple[object, ...]:
        """Two quantities with one key say the same."""
        dimension, factor = CONVERSIONS.get(self.unit, (self.unit, Decimal(1)))
        return tuple((value * factor).normalize() for value in self.values), dimension, self.relation


def _value(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        parts = re.split(r"[- ]", text)
        return Decimal(sum(NUMBER_WORDS[part] for part in parts))


def _normal_unit(unit: str) -> str:
    unit = unit.replace(" ", "")
    if unit in {"%", "percent"}:
        return "%"
    singular = re.sub(r"(?:s|ren)$", "", unit) if unit not in {"s", "gs"} else unit
    if singular in TIMES and "/" not in unit:
        return TIMES[singular]
    unit = re.sub(r"/(?:day)\b", "/d", unit)
    unit = re.sub(r"/(?:week|wk)\b", "/week", unit)
    return singular if singular in COUNTED else unit


@lru_cache(maxsize=8192)
def read_quantities(text: str) -> tuple[Quantity, ...]:
    """Every number of the text with its unit, ranges and fractions kept together; not those inside names (`IL-6`)."""
    return tuple(_read(fold(text)))


def _read(folded: str) -> Iterator[Quantity]:
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
        )


@lru_cache(maxsize=8192)
def read_frequencies(text: str) -> tuple[str, ...]:
    """How often, in one form each: `twice daily` and `bid` give `2 per day`, `every 4 weeks` gives `every 4 week`."""
    found = []
    for match in _FREQUENCY.finditer(fold(text)):
        if match["plain"]:
            found.append(FREQUENCIES[match["plain"]])
            continue
        every = "2" if match["every"] == "other" else str(_value(match["every"]))
        upto = f"-{match['upto']}" if match["upto"] else ""
        found.append(f"every {every}{upto} {match['period'].rstrip('s')}")
    return tuple(found)
