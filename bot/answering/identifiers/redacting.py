"""Takes identifiers out of a text so that it still reads as its writer meant it."""

import re
from dataclasses import dataclass

from bot.answering.identifiers.found import IdentifierFinder, IdentifierKind, apart
from bot.answering.identifiers.masking import SENTENCE, find_masked

REMOVED = "[removed]"
GAP = "…"
STANDINS = ("X", "Y", "Z")
"""Stand for the people of a text, the first, the second and all others."""
BORDER = ".,;:!?/–—|("
WANTS_MORE = re.compile(r"(?<!\w)(?:has|have|had|with|under|is|hat|mit|avec|con|ha|tiene|and|und|et)$", re.IGNORECASE)
"""It calls for something behind it, even where what that is called was left out with it."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without identifiers, and which sorts were taken out."""

    text: str
    found: tuple[IdentifierKind, ...]


def redact(text: str, finder: IdentifierFinder) -> Redacted:
    """Put a letter in place of each person and leave out all else that identifies somebody, with what it's called."""
    found = apart([*find_masked(text), *finder.find(text)])
    if not found:
        return Redacted(text, ())
    people: list[frozenset[str]] = []
    told, at = "", 0
    for one in found:
        told += text[at : one.lead if one.kind is not IdentifierKind.NAME else one.start]
        at = one.end
        if one.kind is IdentifierKind.NAME:
            told += _standin(text[one.start : one.end], people)
        else:
            lead = text[one.lead : one.start]
            if told.rstrip()[-1:].isalnum() and SENTENCE.search(lead):
                told += f"{lead.rstrip()} {GAP}"
            else:
                told, at = _leave_out(told, text, at, named=bool(lead))
    told += text[at:]
    words = re.search(r"[^\W\d_]{2,}|\d", told)
    return Redacted(told.strip() if words else REMOVED, tuple(dict.fromkeys(one.kind for one in found)))


def _standin(name: str, people: list[frozenset[str]]) -> str:
    """The letter of a person; who shares a word of the name with one before is the same."""
    words = frozenset(re.findall(r"[^\W\d_]{2,}", name.casefold())) or frozenset({name[0]})
    place = next((place for place, known in enumerate(people) if known & words), len(people))
    if place == len(people):
        people.append(words)
    else:
        people[place] |= words
    return STANDINS[min(place, len(STANDINS) - 1)]


def _leave_out(told: str, text: str, at: int, *, named: bool) -> tuple[str, int]:
    """The text before without what led to the identifier, and where it goes on; a gap shows where one is needed."""
    left, right = told.rstrip(), text[at:].lstrip()
    at = len(text) - len(right)
    if left.endswith("(") and right.startswith((")", ",", ";")):
        if right.startswith(")"):
            return left[:-1].rstrip(), at + 1
        return left, at + 1 + len(right[1:]) - len(right[1:].lstrip())
    if named and right and WANTS_MORE.search(left):
        return f"{left} {GAP}{'' if right[:1] in BORDER else ' '}", at
    bounded = not left or left[-1] in BORDER or not right or right[0] in BORDER or right[0] == ")"
    if not (named or bounded) or (
        not named and left and left[-1].isalnum() and right[:1] not in {")", ""} and right[:1] not in BORDER
    ):
        return f"{left} {GAP}{'' if right[:1] in BORDER else ' '}", at
    if not named and left and left[-1] not in BORDER and _leads(left):
        return f"{left} {GAP}", at
    if left[-1:] in {",", ";"} and right[:1] in {".", "?", "!", ":"}:
        left = left[:-1]
    while right[:1] and right[0] in ".,;:/–—|-" and (not left or left[-1] in BORDER):
        right = right[1:].lstrip()
    at = len(text) - len(right)
    if not right:
        left = left.rstrip(",;:/–—|- ")
    joint = "" if not left or not right or right[0] in ".,;:!?)" or left[-1] == "(" else " "
    return left + joint, at


def _leads(left: str) -> bool:
    """Does the text before call for something to follow?"""
    last = re.search(r"[^\W\d_]+$", left)
    return last is not None and last[0].lower() in {
        "to",
        "at",
        "on",
        "is",
        "in",
        "from",
        "with",
        "by",
        "of",
        "the",
        "my",
        "our",
        "für",
        "unter",
        "ist",
        "an",
        "auf",
        "à",
        "de",
        "en",
        "a",
        "est",
        "por",
        "di",
        "w",
        "z",
        "na",
        "for",
        "near",
        "via",
        "me",
        "write",
        "visit",
        "attends",
        "attend",
        "visits",
        "see",
    }
