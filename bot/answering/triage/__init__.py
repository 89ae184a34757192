"""What comes before everything else, on every turn: emergencies, crises, requests that are declined, small talk.

The rules are the curators' (`knowledge/triage.yaml`); this only matches them. `likeness.py` is a second reader for what
they miss. Nothing here looks at the library.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.answering.triage.lexicon import Lexicon, read
from bot.answering.triage.readings import Measure
from bot.answering.triage.signs import URGENT, FirstAid, RedFlagAdvice, Sign, TriageLevel, signs_in
from bot.domain.text import fold

__all__ = [
    "FIXED",
    "URGENT",
    "FirstAid",
    "Lexicon",
    "Measure",
    "RedFlagAdvice",
    "Sign",
    "Triage",
    "TriageLevel",
    "TriageRule",
    "TriageRules",
    "triage",
    "without_instructions",
]

HEAD, TAIL = 4_000, 1_000
"""Characters that are read of the beginning and of the end of a message."""
FIXED = frozenset({TriageLevel.EMERGENCY, TriageLevel.CRISIS})
"""The levels whose answer is fixed words, and that wait for no limit."""


@dataclass(frozen=True, kw_only=True)
class TriageRule:
    """A request that is declined: one pattern of every group is found in the folded message and none of `not_if`."""

    id: str
    level: TriageLevel
    groups: tuple[tuple[re.Pattern[str], ...], ...]
    not_if: tuple[re.Pattern[str], ...] = ()

    def fires(self, folded: str) -> bool:
        """Does the rule apply to this folded message?"""
        return all(any(p.search(folded) for p in group) for group in self.groups) and not any(
            pattern.search(folded) for pattern in self.not_if
        )


@dataclass(frozen=True, kw_only=True)
class TriageRules:
    """Red flags with the words that they are told in, requests, and words that are small talk when they stand alone."""

    rules: tuple[TriageRule, ...] = ()
    small_talk: Mapping[TriageLevel, tuple[re.Pattern[str], ...]] | None = None
    signs: tuple[Sign, ...] = ()
    lexicon: Lexicon | None = None
    measures: tuple[Measure, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Triage:
    """Which levels a message has, the rules that said so, and what these say beside an answer (`advice`).

    Emergencies and crises have fixed words of their own and give no advice here; `first_aid` names the line that these
    add.
    """

    levels: frozenset[TriageLevel] = frozenset()
    fired: tuple[str, ...] = ()
    advice: tuple[RedFlagAdvice, ...] = ()
    first_aid: FirstAid | None = None

    def is_(self, level: TriageLevel) -> bool:
        """Is this one of its levels?"""
        return level in self.levels


def triage(message: str, rules: TriageRules) -> Triage:
    """Sort one message. Pure; two milliseconds, 50 for the longest."""
    message = ends_of(message)
    folded = fold(message)
    fired = [rule for rule in rules.rules if rule.fires(folded)]
    signs = signs_in(read(message), rules.signs, rules.lexicon, rules.measures) if rules.lexicon else []
    levels = {rule.level for rule in fired} | {sign.level for sign in signs}
    for level, patterns in (rules.small_talk or {}).items():
        if any(pattern.fullmatch(folded.strip(" .,!?:;)(")) for pattern in patterns):
            levels.add(level)
    said = [sign.say for sign in signs if sign.say is not None and sign.level not in FIXED]
    return Triage(
        levels=frozenset(levels),
        fired=(*(rule.id for rule in fired), *(sign.id for sign in signs)),
        advice=tuple(dict.fromkeys(said)),
        first_aid=next((sign.first_aid for sign in signs if sign.first_aid), None),
    )


def ends_of(message: str) -> str:
    """What is read of a message: all but the middle of a very long one, cut between words."""
    if len(message) <= HEAD + TAIL:
        return message
    return f"{message[:HEAD].rsplit(maxsplit=1)[0]}.\n{message[-TAIL:].split(maxsplit=1)[-1]}"


def without_instructions(message: str, rules: TriageRules) -> str:
    """The message without the sentences that try to change the rules; empty when nothing else is left."""
    orders = [rule for rule in rules.rules if rule.level is TriageLevel.INJECTION]
    sentences = re.split(r"(?<=[.!?;\n])\s+|\n+", message)
    return " ".join(text for text in sentences if text and not any(rule.fires(fold(text)) for rule in orders))
