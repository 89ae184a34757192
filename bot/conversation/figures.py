"""The numbers of a conversation: doses, ages and weights as people write them, brought into one form to compare them."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from bot.answering.quantities import COUNTED, Quantity, read_quantities
from bot.domain.text import fold

# In this order: one rule may rest on an earlier one.
PLAIN: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), written)
    for pattern, written in (
        (r"\[\d+\]", " "),
        (r"\b(?:option|number|no\.|nr\.?|item|point|choice|answer|claim|source|reference|citation|footnote|quote|#)\s*\d+\b", " "),
        (r"\b(?:square met(?:er|re)s?|sqm|m\^2)\b", "m2"),
        (r"\bmilligrams?\b", "mg"),
        (r"\b(?:kgs|kilos?|kilograms?)\b", "kg"),
        (r"\bgrams?\b", "g"),
        (r"\bmicrograms?\b", "mcg"),
        (r"(?<=\d)(kgs|kilos?)\b", "kg"),
        (r"(?<=mg|cg|.g) per (?=kg\b|m2\b|dose\b|day\b|week\b)", "/"),
        (r"\s?/\s?(?:day|d)\b", " a day"),
        (r"\s?/\s?(?:week|wk)\b", " a week"),
        (r"\b(\d+)[\s-]*(?:y\.?/?o\.?|yr?s?[\s-]old|years?[\s-]old|years? of age)(?![a-z])", r"\1 years"),
        (r"\b(?:aged?|turned|(?:she|he|who|patient|child|girl|boy|son|daughter)(?: is|'s)(?: now| only)?) (\d{1,2})\b"
         r"(?!\s?-?(?:\d|[./]\d|%|kg|m?g\b|ml|cm|points?|years?|yrs?|months?|mo\b|weeks?|days?|hours?|of\b|patients?))",
         r"\1 years"),
        (r"(?<![\w/.])(\d+)/(\d+)(?![\w/])", r"\1 of \2"),
        (r"\bbetween (\d[\d.]*)(?: ?(?:mg|g|kg|%|years?|months?|weeks?|days?))? and (?=\d)", r"\1-"),
        (r"\b(?:fortnightly|every fortnight|biweekly|every other week)\b", "every 2 weeks"),
        (r"\bq(\d+)([dwm])\b", lambda m: f"every {m[1]} { {'d': 'days', 'w': 'weeks', 'm': 'months'}[m[2]]}"),
        (r"\b(\w+)[- ](week|month)ly\b(?<!\bonce weekly)", lambda m: m[0]),
        (r"\b(?:more|greater|higher|older|heavier|longer) than (?=\d)|\b(?:above|exceeding) (?=\d)", ">"),
        (r"\b(?:less|fewer|lower|younger|lighter|shorter) than (?=\d)|\b(?:below|under) (?=\d)", "<"),
        (r"\b(?:at least|no less than|a minimum of) (?=\d)", ">="),
        (r"\bover (?=\d[\d.,]*\s?-?(?:years?|yrs?|kg|mg|g|%|mcg|ml|iu|u)(?![a-z]))", ">"),
    )
)
POINTS = re.compile(r"\b(?:the|these|those|other|all|of|both|which|last|first|next|any|only|no|this|that|every|each)\s*$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A number or range with its unit. `points`: it stands for something mentioned (`the one`, `those two`)."""

    values: tuple[Decimal, ...]
    unit: str
    relation: str
    key: tuple[object, ...]
    written: str
    points: bool

    @property
    def is_bare(self) -> bool:
        """Without a unit, or with what is counted for one."""
        return not self.unit or self.unit in COUNTED


def with_plain_units(text: str) -> str:
    """The folded text with ages, weights, units, ranges and comparisons in one way of writing."""
    folded = fold(text)
    for pattern, written in PLAIN:
        folded = pattern.sub(written, folded)
    return folded


def read_figures(text: str) -> tuple[Figure, ...]:
    """Every number of a text."""
    plain = with_plain_units(text)
    return tuple(_figure(quantity, plain) for quantity in read_quantities(plain))


def _figure(quantity: Quantity, text: str) -> Figure:
    worded = quantity.written[:1].isalpha() and not quantity.unit
    points = worded and (quantity.values == (Decimal(1),) or bool(POINTS.search(text[: quantity.start])))
    return Figure(
        values=quantity.values,
        unit=quantity.unit,
        relation=quantity.relation,
        key=quantity.key,
        written=quantity.written,
        points=points,
    )


def same_figure(mine: Figure, other: Figure, units: Collection[str]) -> bool:
    """Do two figures say the same? One without a unit may have taken one of the conversation's units."""
    if mine.key == other.key:
        return True
    if mine.values != other.values or mine.relation != other.relation:
        return False
    return mine.is_bare and (other.is_bare or other.unit in units)


def same_values(figure: Figure, known: Iterable[Figure], units: Collection[str]) -> bool:
    """Is each value of a figure, with its unit, among the known ones?"""
    held = tuple(known)
    return all(any(_holds(other, value, figure, units) for other in held) for value in figure.values)


def _holds(other: Figure, value: Decimal, figure: Figure, units: Collection[str]) -> bool:
    alone = {part for key in (other.key,) for part in (key[0] if isinstance(key[0], tuple) else ())}
    if value in other.values and (other.unit == figure.unit or (other.is_bare and (figure.is_bare or figure.unit in units))):
        return True
    mine = figure.key[0]
    return isinstance(mine, tuple) and len(mine) == 1 and figure.key[1] == other.key[1] and mine[0] in alone
