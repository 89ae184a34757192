"""Covers identifiers where a text must keep its length, and finds again what was covered.

Telegram says where a command or a mention stands by counting characters; so each character of an identifier gives
way to one that nobody types, which says what it covers.
"""

import re
from collections.abc import Iterator

from bot.answering.identifiers.found import Found, IdentifierFinder, IdentifierKind, apart

FIRST = 0xE000
"""Of Unicode's private characters."""
KINDS = tuple(IdentifierKind)
MOST_PEOPLE = 8
SENTENCE = re.compile(r"(?:\b(?:is|was|are|born|est|ist|es|birthday|turn\w*)\b|'s\b)", re.IGNORECASE)
"""A label with such a word belongs to its sentence."""
COVERED = re.compile("|".join(f"{chr(FIRST + number)}+" for number in range(len(KINDS) * MOST_PEOPLE)))


def mask(text: str, finder: IdentifierFinder) -> str:
    """The text with its identifiers covered, as long as before in UTF-16 units; people can still be told apart."""
    people: dict[str, int] = {}
    told, at = "", 0
    for one in apart(finder.find(text)):
        start = one.start if SENTENCE.search(text[one.lead : one.start]) else one.lead
        covered = text[start : one.end]
        person = people.setdefault(covered.casefold(), len(people)) if one.kind is IdentifierKind.NAME else 0
        cover = chr(FIRST + KINDS.index(one.kind) + len(KINDS) * (person % MOST_PEOPLE))
        told += text[at:start] + cover * (len(covered.encode("utf-16-le", "surrogatepass")) // 2)
        at = one.end
    return told + text[at:]


def find_masked(text: str) -> Iterator[Found]:
    """What was covered, each person's every mention."""
    for match in () if text.isascii() else COVERED.finditer(text):
        kind = KINDS[(ord(match[0][0]) - FIRST) % len(KINDS)]
        yield Found(start=match.start(), end=match.end(), kind=kind, lead=match.start())
