"""A disagreement as lines of text: the same words in every channel, and nothing said twice."""

import re

from bot.domain.answers import Answer, Claim, ClaimRole, Disagreement, Side
from bot.domain.text import fold
from bot.prompts import Wording

LONGEST_NAME = 24
"""A source with a longer name is called by its footnote where the reasons name it again."""
NEW_ENOUGH = 0.4
"""The part of a reason's words that must be new; below, it only says again what the sides say."""
NUMBER = re.compile(r"\d+(?:[.,]\d+)*|[<>≤≥±]")
"""A number, or what compares it."""
WORD = re.compile(rf"{NUMBER.pattern}|[^\W\d_]{{4,}}")
NOT = re.compile(r"\b(?:no|not|non)\b", re.IGNORECASE)
QUALIFIED = re.compile(r"\s(?=with(?:out)?\b)")
"""Where a kind of study ends and what it has or lacks begins: `series without control group`."""
STEM = 5


def head(disagreement: Disagreement, wording: Wording) -> str:
    """What the sources differ on."""
    return wording.say("answer.disagreement_about", topic=disagreement.topic)


def side_lines(disagreement: Disagreement, answer: Answer, wording: Wording) -> list[str]:
    """A line for each side: who, on what evidence, and what it says. What stands at the top is only pointed at.

    Whom the evidence is about is told where the sides differ in it; the evidence, where the sentence doesn't tell it
    itself; and where it does, a long title is left to the footnote.
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
        year = "" if side.year is None or str(side.year) in NUMBER.findall(f"{side.who} {said}") else str(side.year)
        evidence = [_untold(part, said) for part in side.evidence.split(", ")]
        about = ", ".join(part for part in (*evidence, "" if shared else side.directness, year) if part)
        about = f" ({about})" if about else ""
        if len(side.who) > LONGEST_NAME and _tells(said, side.evidence) and not _has_new_number(side.who, said):
            lines.append(f"{said} [{side.citation}]{about}")
        else:
            lines.append(f"{side.who}{about}: {said} [{side.citation}]")
    return lines


def reasons(disagreement: Disagreement, lines: list[str]) -> list[str]:
    """Why the sources may differ: the first reason, and each that says more than the sides' lines and those before."""
    told = "\n".join(lines)
    kept: list[str] = []
    for reason in (_with_short_names(each, disagreement) for each in disagreement.reasons):
        if not kept or _says_more(reason, told):
            kept.append(reason)
            told += f"\n{reason}"
    return kept


def why(told: list[str], wording: Wording) -> str:
    """The reasons in a line."""
    return wording.say("answer.disagreement_why", reasons=" ".join(told))


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


def _untold(evidence: str, said: str) -> str:
    """What of the evidence the sentence doesn't tell itself: nothing, what the study has or lacks, or all."""
    kind, *qualifier = QUALIFIED.split(evidence, maxsplit=1)
    if not _tells(said, kind):
        return evidence
    return "".join(each for each in qualifier if not _tells(said, each))


def _tells(said: str, evidence: str) -> bool:
    """Does the sentence tell this kind of study, but for what that has or lacks? A "not" is never left out."""
    words = _words(QUALIFIED.split(evidence)[0])
    return bool(words) and words <= _words(said) and not NOT.search(evidence)


def _has_new_number(text: str, said: str) -> bool:
    return any(map(_is_number, _words(text) - _words(said)))


def _says_more(reason: str, told: str) -> bool:
    """Does the reason bring a number or enough words that weren't said?"""
    words, known = _words(re.sub(r"\[\d+\]", "", reason)), _words(told)
    fresh = words - known
    return any(map(_is_number, fresh)) or len(fresh) > NEW_ENOUGH * len(words)


def _words(text: str) -> set[str]:
    """Numbers, and the beginnings of the words: a child and children are one."""
    return {word if _is_number(word) else word[:STEM] for word in WORD.findall(fold(text))}


def _is_number(word: str) -> bool:
    return NUMBER.match(word) is not None
