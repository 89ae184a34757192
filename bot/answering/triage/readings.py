"""Readings of a patient: a measure's name and, near it, a value beyond its bound (`SpO2 86 %`, `RR 44`)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from bot.answering.triage.lexicon import Span, Written

BETWEEN = r"(?:[\s:=~()'\"-]+(?!(?:than|normal|dose|mg|and|aged?|dropp\w*)\b)[^\W\d_]+){0,4}?[\s:=~()'\"→>-]*?"
BESIDE = r"[\s:=~()]*(?:(?:is|was|of|at|now|up to|down to)\s+)?"
SHORT = 3
"""Letters up to which a measure's name must stand right beside its number: `T 39.8`, not "T cells 38 %"."""
THRESHOLD = re.compile(r"[<>≤≥]|\bthan\b")
DIGIT = re.compile(r"\d")
THOUSANDS = re.compile(r"(?<=\d)[ '](?=\d{3}(?!\d))")


@dataclass(frozen=True, kw_only=True)
class Measure:
    """Values of one measure that call for something: `least` and `most` are the bounds of what is such a value.

    Without a name, one of `units` must follow the number. Of a pressure, 180/110, the first counts.
    """

    id: str
    names: tuple[str, ...]
    least: float
    most: float
    units: tuple[str, ...] = ()

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds the measure with its number; made for the first message that holds a number."""
        unit = "|".join(re.escape(unit) for unit in sorted(self.units, key=len, reverse=True))
        # It looks a few characters ahead only: thousands of digits in a row would cost their square.
        number = r"(?P<number>\d{1,6}(?:[.,]\d{1,2})?)(?![.,]{0,2}\d)"
        if self.names:
            near, far = (
                "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) or "(?!)"
                for names in ([n for n in self.names if len(n) <= SHORT], [n for n in self.names if len(n) > SHORT])
            )
            written = rf"(?<![^\W_])(?:(?:{near})(?![^\W\d_])(?={BESIDE}\d)|(?:{far})(?![^\W\d_]))"
            written += rf"(?P<between>{BETWEEN}){number}"
            written += (
                rf"\s*(?:{unit})(?![^\W\d_])"
                if unit
                else r"(?!\s*(?:mg|years?|y|yo|yrs?|days?|weeks?|months?|h|hours?)\b)"
            )
        else:
            written = rf"(?<!\d)(?P<between>){number}\s*(?:{unit})(?![^\W\d_])"
        return re.compile(written)

    def found(self, written: Written) -> Iterable[Span]:
        """Where a reading stands; a bound (`SpO2 < 92 %`) is none."""
        text = THOUSANDS.sub("", written.text)
        for match in self.pattern.finditer(text):
            before = text[max(0, match.start("number") - 3) : match.start("number")]
            if THRESHOLD.search(match["between"]) or THRESHOLD.search(before):
                continue
            if self.least <= float(match["number"].replace(",", ".")) <= self.most:
                # Places are those of the text without thousands' gaps: near enough to find the token.
                at = sum(token.start <= match.start() for token in written.tokens) - 1
                yield Span(max(at, 0), max(at, 0) + 1)


def has_number(written: Written) -> bool:
    """Can a reading stand in this message at all?"""
    return DIGIT.search(written.text) is not None
