"""How a statement doses a drug, and whether two such schemes say different things.

What can be put into each other is no difference: a range and a value inside it, a scheme and the same one with a
maximum, 28 days and 4 weeks, 0.4 g/kg a day for 5 days and 2 g/kg. Schemes for different routes, phases of treatment or
diseases aren't compared at all.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from bot.answering.candidates import Candidate
from bot.answering.doses import read_doses
from bot.answering.quantities import CONVERSIONS, Quantity, read_frequencies, read_quantities
from bot.domain.glossary import Glossary, TermKind
from bot.domain.text import fold

Range = tuple[float, float]

DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.0, "year": 365.0}
ALMOST = 0.15
"""A month and four weeks are the same interval: what is this close is no difference."""
TOP = re.compile(
    r"(\bmax(imum|imal|\.)?( (dose|of))*|\bup to( a maximum of)?|\bat most|\bno more than|\bnot exceed\w*)\s*$"
)
AFTER_TOP = re.compile(r"^[^.;,]{0,12}\b(at most|max(imum)?)\b")
APART = re.compile(r"\b(?P<n>\d+|one|two|three|four) (?P<unit>days?|weeks?|months?) apart\b")
SPLIT = re.compile(
    r"\b(?:over|on|for|during) (?P<first>\d+|one|two|three|four|five)(?:\s?(?:-|to|or)\s?(?P<last>\d+|five))?"
    r" (?:consecutive )?days?\b"
)
NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
LOWERING = re.compile(
    r"\b(taper\w*|wean\w*|reduc\w+|lower(s|ed|ing)?|fell|decreas\w+|withdraw\w*|stopped|discontinu\w+)\b"
)
PHASES = {
    "start": re.compile(r"\b(starting|initial(ly)?|loading|induction|first dose|started? (at|with))\b"),
    "keep": re.compile(r"\b(maintenance|maintained|long-term|thereafter|continued at)\b"),
}
ROUTES = {
    "mouth": re.compile(r"\b(oral(ly)?|by mouth|tablets?|per os|p\.?o\.?)\b"),
    "vein": re.compile(r"\b(intravenous(ly)?|iv|i\.v\.|infusions?|infused|pulses?)\b"),
    "skin": re.compile(r"\b(subcutaneous(ly)?|sc|s\.c\.|under the skin)\b"),
    "muscle": re.compile(r"\b(intramuscular(ly)?|im|i\.m\.)\b"),
}
AFFECTED = frozenset({TermKind.MANIFESTATION})


@dataclass(frozen=True, kw_only=True, slots=True)
class Scheme:
    """One drug as one statement doses it.

    `amounts` holds ranges by what they refer to (`kg`, `m2`, or nothing); `tops` are maxima; `totals` what a day's
    amounts add up to; `intervals` days from dose to dose; `split` days over which one course is spread.
    """

    drug: str
    amounts: dict[str, tuple[Range, ...]]
    totals: dict[str, tuple[Range, ...]]
    tops: tuple[float, ...]
    intervals: tuple[Range, ...]
    split: tuple[Range, ...]
    lowers: bool
    phases: frozenset[str]
    routes: frozenset[str]


def read_schemes(candidate: Candidate, drugs: Iterable[str], glossary: Glossary) -> tuple[Scheme, ...]:
    """What a statement says of the dose of each of these drugs; nothing where it states none but a maximum."""
    doses = read_doses(candidate.body, candidate.context, glossary)
    schemes = (_scheme(drug, [q for owner, q in doses if owner == drug], fold(candidate.body)) for drug in drugs)
    return tuple(scheme for scheme in schemes if scheme.amounts)


def _scheme(drug: str, doses: Iterable[Quantity], folded: str) -> Scheme:
    amounts: dict[str, list[Range]] = {}
    totals: dict[str, list[Range]] = {}
    tops: list[float] = []
    frequencies, spread = read_frequencies(folded), _splits(folded)
    for dose in doses:
        per, low, high, daily = _amount(dose)
        if _is_top(folded, dose):
            tops.append(high)
            continue
        amounts.setdefault(per, []).append((low, high))
        for times in (int(f[0]) for f in frequencies if re.fullmatch(r"[23] per day", f)):
            totals.setdefault(per, []).append((low * times, high * times))
        if daily or "per day" in frequencies:
            totals.setdefault(per, []).extend((low * first, high * last) for first, last in spread)
    return Scheme(
        drug=drug,
        amounts={per: tuple(ranges) for per, ranges in amounts.items()},
        totals={per: tuple(ranges) for per, ranges in totals.items()},
        tops=tuple(tops),
        intervals=_intervals(folded, frequencies),
        split=spread,
        lowers=LOWERING.search(folded) is not None,
        phases=frozenset(name for name, pattern in PHASES.items() if pattern.search(folded)),
        routes=frozenset(name for name, pattern in ROUTES.items() if pattern.search(folded)),
    )


def _amount(dose: Quantity) -> tuple[str, float, float, bool]:
    """What an amount refers to, its bounds in milligrams (or as written), and whether it's a day's."""
    mass, *per = dose.unit.split("/")
    _, factor = CONVERSIONS.get(mass, (mass, Decimal(1)))
    values = [float(value * factor) for value in dose.values]
    return "/".join(part for part in per if part in {"kg", "m2"}), min(values), max(values), bool({"d", "day"} & {*per})


def _is_top(folded: str, dose: Quantity) -> bool:
    after = folded[dose.start + len(dose.written) :]
    return dose.relation == "<=" or bool(TOP.search(folded[: dose.start]) or AFTER_TOP.match(after))


def _splits(folded: str) -> tuple[Range, ...]:
    return tuple((_number(m["first"]), _number(m["last"] or m["first"])) for m in SPLIT.finditer(folded))


def _number(written: str) -> float:
    return float(NUMBERS.get(written) or written)


def _intervals(folded: str, frequencies: Iterable[str]) -> tuple[Range, ...]:
    found = [_days(frequency) for frequency in frequencies]
    for match in APART.finditer(folded):
        days = _number(match["n"]) * DAYS[match["unit"].rstrip("s")]
        found.append((days, days))
    return tuple(found)


def _days(frequency: str) -> Range:
    """`every 4-8 week` and `2 per day` as days between doses."""
    if match := re.fullmatch(r"every ([\d.]+)(?:-(\d+))? (\w+)", frequency):
        first, last, unit = match.groups()
        return float(first) * DAYS[unit], float(last or first) * DAYS[unit]
    times, _, unit = frequency.rpartition("per ")
    days = DAYS[unit] / float(times.strip() or 1)
    return days, days


def amounts_differ(one: Scheme, other: Scheme) -> bool:
    """Do two schemes of one drug give amounts of which neither can be put into the other?"""
    shared = one.amounts.keys() & other.amounts.keys()
    if not shared:
        return not (_is_top_of(one, other) or _is_top_of(other, one))
    for per in shared:
        mine = (*one.amounts[per], *one.totals.get(per, ()))
        theirs = (*other.amounts[per], *other.totals.get(per, ()))
        if _within(one.amounts[per], theirs) or _within(other.amounts[per], mine):
            return False
        if _meet(one.totals.get(per, ()), theirs) or _meet(other.totals.get(per, ()), mine):
            return False
    return True


def schedules_differ(one: Scheme, other: Scheme) -> bool:
    """Do two schemes give the same amounts at intervals, or spread over days, that don't overlap?"""
    return _apart(one.intervals, other.intervals) or _apart(one.split, other.split)


def are_comparable(one: Scheme, other: Scheme) -> bool:
    """Are both about one drug, one route, and one phase of its treatment?"""
    if one.drug != other.drug or one.lowers != other.lowers:
        return False
    return not (_disjoint(one.phases, other.phases) or _disjoint(one.routes, other.routes))


def _disjoint(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    return bool(mine and theirs) and not mine & theirs


def _is_top_of(one: Scheme, other: Scheme) -> bool:
    """Is what one gives as a fixed amount the other's maximum?"""
    return bool(one.tops) and all(_like(bound, top) for bound in _bounds(other) for top in one.tops)


def _bounds(scheme: Scheme) -> list[float]:
    return [bound for ranges in scheme.amounts.values() for each in ranges for bound in each]


def _like(one: float, other: float) -> bool:
    return abs(one - other) <= 0.02 * max(one, other)


def _within(ranges: Iterable[Range], others: Iterable[Range]) -> bool:
    """Does every range lie inside one of the others?"""
    held = tuple(others)
    return all(any(low * 0.98 <= mine[0] and mine[1] <= high * 1.02 for low, high in held) for mine in ranges)


def _meet(ranges: Iterable[Range], others: Iterable[Range]) -> bool:
    held = tuple(others)
    return any(_like(one[0], other[0]) and _like(one[1], other[1]) for one in ranges for other in held)


def _apart(ranges: tuple[Range, ...], others: tuple[Range, ...]) -> bool:
    """Both known, and none overlapping another, give or take a little."""
    return bool(ranges and others) and not any(
        one[0] <= other[1] * (1 + ALMOST) and other[0] <= one[1] * (1 + ALMOST) for one in ranges for other in others
    )


@lru_cache(maxsize=4096)
def basis(text: str) -> frozenset[str]:
    """What the amounts of a text refer to: `kg`, `m2`, or `fixed`; empty where it states none."""
    found = set()
    for quantity in read_quantities(text):
        mass, *per = quantity.unit.split("/")
        if mass in CONVERSIONS and CONVERSIONS[mass][0] == "mass" and mass != "kg":
            found.add(next((part for part in per if part in {"kg", "m2"}), "fixed"))
    return frozenset(found)


def routes(text: str) -> frozenset[str]:
    """The ways of giving a drug that a text names."""
    folded = fold(text)
    return frozenset(name for name, pattern in ROUTES.items() if pattern.search(folded))
