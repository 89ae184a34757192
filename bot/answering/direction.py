"""Which way an effect goes: what a claim says rises or falls, and what its passage says of the same thing.

Two texts may share every word and still say the opposite, so each word of direction is compared at its object: the
words after it, or before it where nothing follows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bot.answering.alignment import Alignment
from bot.answering.tokens import NOT, Token

UP_VERBS = """
increase elevate raise enhance promote stimulate activate induce facilitate accelerate augment boost strengthen
upregulate improve exacerbate aggravate worsen expand amplify potentiate trigger cause enable encourage extend heighten
intensify foster provoke elicit prolong sustain maintain restore favor favour support drive sensitize sensitise
advance rise grow lengthen heighten fuel stabilize stabilise produce generate contribute
"""
UP_WORDS = """
risen rose rising grew growing drove drives higher greater more larger longer better stronger superior faster elevation
increment enhancement promotion stimulation induction acceleration augmentation upregulation improvement exacerbation
expansion amplification potentiation restoration benefit beneficial effective efficacious susceptible susceptibility
vulnerable vulnerability positive positively essential required necessary important critical crucial activates
high abundant widespread excess worse effectively efficacy sensitive
"""
DOWN_VERBS = """
decrease reduce lower inhibit suppress repress impair block attenuate diminish lessen prevent protect abolish abrogate
decline drop limit restrict slow delay downregulate ameliorate alleviate mitigate hinder impede interfere degrade
dampen blunt halt stop deactivate hamper damage curtail eliminate remove reverse counteract oppose weaken harm exclude
minimise minimize relieve disrupt compromise antagonize antagonise destabilize destabilise rescue fail cure resist
shorten shrink obstruct avoid inactivate silence interrupt disfavor disfavour quench struggle
"""
DOWN_WORDS = """
fell falling fallen less fewer smaller shorter poorer lesser slower weaker inferior reduction suppression impairment
attenuation prevention protection protective decline downregulation amelioration alleviation mitigation inhibitory
resistant resistance negatively negative inverse inversely ineffective insufficient low rare rarely scarce minor trivial
dispensable unnecessary immune inaccurate incapable unable poor harmful restriction limitation
"""
NO_EFFECT = frozenset(
    """
    unaffected unrelated independent independently unchanged similar similarly equal equally equivalent comparable
    uninvolved insignificant nonsignificant
    """.split()
)
OBJECT, BEFORE = 3, 6
"""Words of a direction's object in the claim, and how many words before it in the passage its direction may stand."""


@cache
def directions() -> Mapping[str, int]:
    """By word: 1 for up, -1 for down."""
    found = dict.fromkeys(UP_WORDS.split(), 1) | dict.fromkeys(DOWN_WORDS.split(), -1)
    for verbs, sign in ((UP_VERBS, 1), (DOWN_VERBS, -1)):
        for verb in verbs.split():
            found.update(dict.fromkeys(_forms(verb), sign))
    return found


def _forms(verb: str) -> Iterator[str]:
    base = verb[:-1] if verb.endswith(("e", "y")) else verb
    yield from (verb, verb + "s", verb + "es", verb + "ed", verb + "ing", base + "ed", base + "ing", base + "ies")
    yield from (base + "ied", verb + "d", verb + verb[-1] + "ed", verb + verb[-1] + "ing")


def direction(token: Token) -> int:
    """1 for up, -1 for down, 0 for neither."""
    return directions().get(token.key, 0)


@dataclass(slots=True)
class Agreement:
    """How much of the passage agrees and disagrees with the claim's directions, weighted; and the most of each."""

    agree: float = 0.0
    disagree: float = 0.0
    most_agreed: float = 0.0
    most_disagreed: float = 0.0
    found: int = 0

    def count(self, score: float) -> None:
        """One more place of the passage: above 0 it agrees."""
        self.found += 1
        if score > 0:
            self.agree += score
            self.most_agreed = max(self.most_agreed, score)
        else:
            self.disagree -= score
            self.most_disagreed = max(self.most_disagreed, -score)


def compare_directions(alignment: Alignment, weights: Mapping[int, float]) -> Agreement:
    """Each direction of the claim against its object's in the sentences that weigh anything."""
    claim, passage = alignment.claim, alignment.tokens
    found = Agreement()
    starts = alignment.passages.sentences
    for index, token in enumerate(claim):
        mine = direction(token)
        if not mine:
            continue
        objects = [k for k in range(index + 1, min(len(claim), index + 1 + OBJECT)) if not direction(claim[k])]
        objects = objects or [k for k in range(index - 1, max(-1, index - 3), -1) if not direction(claim[k])]
        subjects = [k for k in range(index) if not direction(claim[k]) and k not in objects]
        denied = any(claim[k].operators & NOT for k in range(max(0, index - 2), min(len(claim), index + 2)))
        for sentence, weight in weights.items():
            inside = starts[sentence]
            at = [(p.at, abs(k - index) - 1) for k in objects for p in alignment.options[k] if p.at in inside]
            nearest = _nearest_direction(passage, at, inside)
            if nearest is None:
                continue
            distance, there = nearest
            refused = any(
                passage[p].operators & NOT for p in range(max(inside.start, there - 1), min(inside.stop, there + 2))
            )
            same = (mine == direction(passage[there])) == (refused == denied)
            known = not subjects or any(p.at in inside for k in subjects for p in alignment.options[k])
            worth = weight / (1 + 0.15 * distance) * (1.0 if known else 0.5)
            found.count(worth if same else -worth)
    return found


def _nearest_direction(
    passage: Sequence[Token], at: Sequence[tuple[int, int]], inside: range
) -> tuple[float, int] | None:
    """Distance and position of the direction next before one of these places; the second number puts a place behind."""
    return min(
        (
            (position - other + 0.7 * behind, other)
            for position, behind in at
            for other in range(max(inside.start, position - BEFORE), position)
            if direction(passage[other])
        ),
        default=None,
    )
