"""What comes before everything else, on every turn: emergencies, crises, identifiers, attempts to change the rules.

The rules are the curators' (`knowledge/triage.yaml`); this only matches them. Nothing here looks at the library.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.text import fold


class TriageLevel(StrEnum):
    """What a message needs, most urgent first."""

    EMERGENCY = "emergency"
    CRISIS = "crisis"
    SAME_DAY = "same_day"
    PRESCRIPTION = "prescription"
    INJECTION = "injection"
    GREETING = "greeting"
    THANKS = "thanks"
    ABOUT = "about"


FIXED = frozenset({TriageLevel.EMERGENCY, TriageLevel.CRISIS})


@dataclass(frozen=True, kw_only=True, slots=True)
class RedFlagAdvice:
    """What one red flag means and calls for, in a sentence for a family and one for a clinician."""

    family: str
    clinician: str


@dataclass(frozen=True, kw_only=True)
class TriageRule:
    """Fires when one pattern of every group is found in the folded message and none of `not_if`."""

    id: str
    level: TriageLevel
    groups: tuple[tuple[re.Pattern[str], ...], ...]
    not_if: tuple[re.Pattern[str], ...] = ()
    say: RedFlagAdvice | None = None

    def fires(self, folded: str) -> bool:
        """Does the rule apply to this folded message?"""
        return all(any(p.search(folded) for p in group) for group in self.groups) and not any(
            pattern.search(folded) for pattern in self.not_if
        )


@dataclass(frozen=True, kw_only=True)
class TriageRules:
    """All rules, and words that mark small talk only when the whole message is little more than them."""

    rules: tuple[TriageRule, ...] = ()
    small_talk: Mapping[TriageLevel, tuple[re.Pattern[str], ...]] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Triage:
    """Which levels a message has, the rules that said so, and what these say beside an answer (`advice`).

    Emergencies and crises have fixed words of their own and give no advice here.
    """

    levels: frozenset[TriageLevel] = frozenset()
    fired: tuple[str, ...] = ()
    advice: tuple[RedFlagAdvice, ...] = ()

    def is_(self, level: TriageLevel) -> bool:
        """Is this one of its levels?"""
        return level in self.levels


def triage(message: str, rules: TriageRules) -> Triage:
    """Sort one message. Pure; well under a millisecond."""
    folded = fold(message)
    fired = [rule for rule in rules.rules if rule.fires(folded)]
    levels = {rule.level for rule in fired}
    for level, patterns in (rules.small_talk or {}).items():
        if any(pattern.fullmatch(folded.strip(" .,!?:;)(")) for pattern in patterns):
            levels.add(level)
    advice = tuple(rule.say for rule in fired if rule.say is not None and rule.level not in FIXED)
    return Triage(levels=frozenset(levels), fired=tuple(rule.id for rule in fired), advice=advice)


def without_instructions(message: str, rules: TriageRules) -> str:
    """The message without the sentences that try to change the rules; empty when nothing else is left."""
    sentences = re.split(r"(?<=[.!?;\n])\s+|\n+", message)
    kept = [text for text in sentences if text and not triage(text, rules).is_(TriageLevel.INJECTION)]
    return " ".join(kept)
