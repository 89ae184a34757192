"""The numbers of a conversation: doses, ages and weights as people write them, brought into one form."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from bot.answering.quantities import CONVERSIONS, COUNTED, Quantity, read_quantities
from bot.domain.text import fold

SOMEBODY = r"she|he|who|patient|child|girl|boy|son|daughter"
OTHER_UNIT = r"\d|[./]\d|%|kg|m?g\b|ml|cm|points?|years?|yrs?|months?|mo\b|weeks?|days?|hours?|of\b|patients?"
# In this order: one rule may rest on an earlier one.
PLAIN: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), written)
    for pattern, written in (
        (r"\[\d+\]", " "),
        (
            r"\b(?:option|number|no\.|nr\.?|item|point|choice|answer|claim|source|reference|citation|footnote|quote|#)\s*\d+\b",
            " ",
        ),
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
        (
            rf"\b(?:aged?|turned|(?:{SOMEBODY})(?: is|'s)(?: now| only)?) (\d{{1,2}})\b(?!\s?-?(?:{OTHER_UNIT}))",
            r"\1 years",
        ),
        (r"(?<![\w/.])(\d+)/(\d+)(?![\w/])", r"\1 of \2"),
        (r"\bbetween (\d[\d.]*)(?: ?(?:mg|g|kg|%|years?|months?|weeks?|days?))? and (?=\d)", r"\1-"),
        (r"\b(?:fortnightly|every fortnight|biweekly|every other week)\b", "every 2 weeks"),
        (r"\bq(\d+)d\b", r"every \1 days"),
        (r"\bq(\d+)w\b", r"every \1 weeks"),
        (r"\bq(\d+)m\b", r"every \1 months"),
        (r"\b(?:more|greater|higher|older|heavier|longer) than (?=\d)|\b(?:above|exceeding) (?=\d)", ">"),
        (r"\b(?:less|fewer|lower|younger|lighter|shorter) than (?=\d)|\b(?:below|under) (?=\d)", "<"),
        (r"\b(?:at least|no less than|a minimum of) (?=\d)", ">="),
        (r"\bover (?=\d[\d.,]*\s?-?(?:years?|yrs?|kg|mg|g|%|mcg|ml|iu|u)(?![a-z]))", ">"),
    )
)
POINTS = re.compile(
    r"\b(?:the|these|those|other|all|of|both|which|last|first|next|any|only|no|this|that|every|each)\s*$"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A number or range with its unit. `points`: it stands for something mentioned (`the one`, `those two`)."""

    values: tuple[Decimal, ...]
    unit: str
    relation: str
    amounts: tuple[Decimal, ...]
    dimension: str
    written: str
    points: bool

    @property
    def key(self) -> tuple[object, ...]:
        """Two figures with one key say the same."""
        return self.amounts, self.dimension, self.relation

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
    dimension, factor = CONVERSIONS.get(quantity.unit, (quantity.unit, Decimal(1)))
    return Figure(
        values=quantity.values,
        unit=quantity.unit,
        relation=quantity.relation,
        amounts=tuple((value * factor).normalize() for value in quantity.values),
        dimension=dimension,
        written=quantity.written,
        points=points,
    )


def same_figure(mine: Figure, other: Figure, known: Collection[Figure]) -> bool:
    """Do two figures say the same? A bare one may have taken a known unit, or the whole of a known figure."""
    if mine.key == other.key:
        return True
    if mine.values != other.values or mine.relation not in {"", other.relation}:
        return False
    if mine.relation != other.relation and other.key not in {figure.key for figure in known}:
        return False
    return mine.unit == other.unit or (mine.is_bare and (other.is_bare or other.unit in {f.unit for f in known}))


def is_known(figure: Figure, own: Collection[Figure], known: Collection[Figure]) -> bool:
    """Is each value of a figure known with its unit? Only a bare number of the message itself may have taken a unit."""
    units = {other.unit for other in known}
    return all(
        any(_holds(other, place, figure) for other in known)
        or any(other.is_bare and value in other.values and (figure.is_bare or figure.unit in units) for other in own)
        for place, value in enumerate(figure.values)
    )


def _holds(other: Figure, place: int, figure: Figure) -> bool:
    if other.is_bare and figure.is_bare:
        return figure.values[place] in other.values
    return other.dimension == figure.dimension and figure.amounts[place] in other.amounts
