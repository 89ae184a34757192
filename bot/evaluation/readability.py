"""How hard a text is to read, by the Flesch-Kincaid grade level (Kincaid, Fishburne, Rogers and Chissom 1975).

The grade is the school year of the United States in which the text is understood; patient leaflets aim at 6 to 8.
"""

import re

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
END = re.compile(r"[.!?]+(?=\s|$)")
VOWELS = re.compile(r"[aeiouy]+")
SILENT = re.compile(r"(?:[^laeiouy]e|[^aeiouytd]ed|[^aeiouysxz]es)$")
"""Endings whose e isn't spoken, such as dose, used and doses' relatives."""


def reading_grade(text: str) -> float | None:
    """The grade; None where there is no word."""
    words = WORD.findall(text)
    if not words:
        return None
    sentences = len(END.findall(text)) or 1
    spoken = sum(map(count_syllables, words))
    return round(0.39 * len(words) / sentences + 11.8 * spoken / len(words) - 15.59, 2)


def count_syllables(word: str) -> int:
    """About how many syllables an English word has: its groups of vowels without a silent ending."""
    small = word.lower()
    groups = len(VOWELS.findall(small))
    return max(1, groups - bool(groups > 1 and SILENT.search(small)))
