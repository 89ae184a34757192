"""A disagreement as lines of text: the same words in every channel."""

from bot.domain.answers import Answer, Claim, ClaimRole, Disagreement, Side
from bot.prompts import Wording


def head(disagreement: Disagreement, wording: Wording) -> str:
    """What the sources differ on."""
    return wording.say("answer.disagreement_about", topic=disagreement.topic)


def side_lines(disagreement: Disagreement, answer: Answer, wording: Wording) -> list[str]:
    """A line for each side: who, on what evidence, and what it says. What stands at the top is only pointed at."""
    lines = []
    for side in disagreement.sides:
        claim = _claim_of(side, answer)
        if claim is None:
            said = f"“{next(c.quote for c in answer.citations if c.number == side.citation)}”"
        elif claim.role is ClaimRole.BOTTOM_LINE:
            said = wording.say("answer.disagreement_above")
        else:
            said = claim.text
        year = "" if side.year is None or str(side.year) in side.who else str(side.year)
        about = ", ".join(part for part in (side.evidence, side.directness, year) if part)
        lines.append(f"{side.who}{f' ({about})' if about else ''}: {said} [{side.citation}]")
    return lines


def why(disagreement: Disagreement, wording: Wording) -> str:
    """Why the sources may differ."""
    return wording.say("answer.disagreement_why", reasons=" ".join(disagreement.reasons))


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
