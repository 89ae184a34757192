"""The figures of a text: every number with its unit, written in one way, so that a register can be asked for it."""

import re

WORDS = "two three four five six seven eight nine ten eleven twelve".split()
UNIT = r"mg/kg/day|mg/kg|mg/m²|g/kg|U/L|mg|kg|g|m²|%|(?:year|month|week|day|point|cycle)s?"
NUMBER = r"(?<![\w.])(?<![A-Za-z]-)\d+(?:[.,]\d+)*(?:(?:[–/±]|-(?=\d))\d+(?:\.\d+)*)*"
FIGURE = re.compile(rf"(?:{NUMBER}|\b(?:{'|'.join(WORDS)}|half)\b)(?:[ -]?(?:{UNIT})(?!\w))?", re.IGNORECASE)
"""A number that belongs to a name (IL-6, CD20, anti-Mi-2, PRINTO20) isn't a figure."""


def figures(text: str) -> list[str]:
    """Each figure as the register writes it: digits, one blank, the unit in the singular."""
    return [_written(match[0]) for match in FIGURE.finditer(text)]


def _written(figure: str) -> str:
    lowered = figure.lower().replace("-year", " year").replace("-month", " month").replace("-week", " week")
    first, _, rest = lowered.partition(" ")
    if first in WORDS:
        first = str(WORDS.index(first) + 2)
    return re.sub(r"(year|month|week|day|point|cycle)s$", r"\1", f"{first} {rest}".strip())
