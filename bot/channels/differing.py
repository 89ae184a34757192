"""A disagreement as lines of text: the same words in every channel, and nothing said twice."""

import re

from bot.domain.answers import Answer, Claim, ClaimRole, Disagreement, Side
from bot.domain.text import fold
from bot.prompts import Wording

LONGEST_NAME = 24
"""A source with a longer name is called by its footnote where the reasons name it again."""
NEW_ENOUGH = 0.3
"""The part of a reason's words that must be new; below, it only says again what the sides say."""
KNOWN_ENOUGH = 0.5
"""The part of the words on a side's evidence from which on its sentence tells that evidence itself."""
WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]{4,}")
STEM = 5


def head(disagreement: Disagreement, wording: Wording) -> str:
    """What the sources differ on."""
    return wording.say("answer.disagreement_about", topic=disagreement.topic)


def side_lines(disagreement: Disagreement, answer: Answer, wording: Wording) -> list[str]:
    """A line for each side: who, on what evidence, and what it says. What stands at the top is only pointed at.

    Whom the evidence is about is told where the sides differ in it; no evidence, where the sentence tells it itself.
    """
    lines = []
    shared = len({side.directness for side in disagreement.sides}) == 1
    for side in disagreement.sides:
        claim = _claim_of(side, answer)
        if claim is None:
            said = f"“{next(c.quote for c in answer.citations if c.number == side.citation)}”"
        elif claim.role is ClaimRole.BOTTOM_LINE:
            said = wording.say("answer.disagreement_above")
        else:
            said = claim.text
        year = "" if side.year is None or str(side.year) in WORD.findall(f"{side.who} {said}") else str(side.year)
        evidence = [part for part in side.evidence.split(", ") if not _tells(said, part)]
        about = ", ".join(part for part in (*evidence, "" if shared else side.directness, year) if part)
        lines.append(f"{side.who}{f' ({about})' if about else ''}: {said} [{side.citation}]")
    return lines


def why(disagreement: Disagreement, lines: list[str], wording: Wording) -> str:
    """Why the sources may differ: each reason that says more than the sides' lines and the reasons before it."""
    told = "\n".join(lines)
    reasons: list[str] = []
    for reason in (_with_short_names(each, disagreement) for each in disagreement.reasons):
        if not reasons or _says_more(reason, told):
            reasons.append(reason)
            told += f"\n{reason}"
    return wording.say("answer.disagreement_why", reasons=" ".join(reasons))


def claims_elsewhere(answer: Answer) -> tuple[Claim, ...]:
    """The claims that no block on a disagreement shows, the bottom line included."""
    sides = [side for disagreement in answer.disagreements for side in disagreement.sides]
    shown = [claim for side in sides if (claim := _claim_of(side, answer)) and claim.role is not ClaimRole.BOTTOM_LINE]
    return tuple(claim for claim in answer.claims if claim not in shown)


def _claim_of(side: Side, answer: Answer) -> Claim | None:
    """The claim that says what this side says and nothing of the others; None where only a quotation does."""
    alone = [claim for claim in answer.claims if claim.citations == (side.citation,)]
    added = (claim for claim in alone if claim.role is ClaimRole.DISAGREEMENT)
    return next(added, alone[0] if alone else None)


def _with_short_names(reason: str, disagreement: Disagreement) -> str:
    for side in disagreement.sides:
        if len(side.who) > LONGEST_NAME:
            reason = reason.replace(side.who, f"[{side.citation}]")
    return reason


def _tells(said: str, evidence: str) -> bool:
    """Does the sentence tell this evidence? Every number of it must stand there."""
    words, known = _words(evidence), _words(said)
    fresh = words - known
    return bool(words) and not any(map(str.isnumeric, map(_first, fresh))) and len(fresh) <= KNOWN_ENOUGH * len(words)


def _says_more(reason: str, told: str) -> bool:
    """Does the reason bring a number or enough words that weren't said?"""
    words, known = _words(re.sub(r"\[\d+\]", "", reason)), _words(told)
    fresh = words - known
    return any(map(str.isnumeric, map(_first, fresh))) or len(fresh) > NEW_ENOUGH * len(words)


def _words(text: str) -> set[str]:
    """Numbers, and the beginnings of the words: a child and children are one."""
    return {word if _first(word).isnumeric() else word[:STEM] for word in WORD.findall(fold(text))}


def _first(word: str) -> str:
    return word[:1]
