"""How much a message leans on the questions before it, as weights for searching them together with it.

Of the figures, the logistic curve was fitted on half of the conversations of three public sets; the other curves were
chosen by hand with all of four sets in view. `tests/benchmarks/followups.py` measures both halves.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

from bot.answering.language import STOP_WORDS, stem
from bot.conversation.phrases import defined_topic
from bot.conversation.pointers import Pointer
from bot.conversation.references import Reading
from bot.domain.text import word_parts, words

if TYPE_CHECKING:
    import numpy as np

NOWHERE = "qzxjvk"
"""A word that no library holds: what it weighs is the most that a word can weigh."""
Curve = tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Mixture:
    """How much the context counts: among the vectors and among the words, by how much the message tells itself.

    With a pronoun it depends on the rarity of the message's three rarest words (each 1 when it's as rare as can be),
    without on how many telling words there are, on the likeness to the questions before (`likeness` to `certain`: a
    logistic curve, cut off at both ends), and on whether it asks to define a topic of its own. `rewritten` is the share
    of a guess at a pronoun's meaning; the rest goes to the message as it was put.
    """

    pointing_dense: Curve = ((0.5, 0.6), (1.0, 0.35), (1.7, 0.3))
    pointing_lexical: Curve = ((0.5, 0.8), (1.0, 0.3), (1.7, 0.2))
    plain_dense: Curve = ((2.0, 0.45), (6.0, 0.15))
    plain_lexical: Curve = ((2.0, 0.3), (6.0, 0.05))
    likeness: float = 13.0
    joined: float = 2.2
    length: float = -0.7
    shared: float = 1.8
    bias: float = -0.8
    doubtful: float = 0.2
    certain: float = 0.5
    defining: float = 0.3
    rewritten: float = 0.35


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaning:
    """Weights of the context in a search, and whether the message can do without."""

    dense: float
    lexical: float
    belongs: float

    @property
    def is_free(self) -> bool:
        """Does the message have nothing to do with what came before?"""
        return self.dense == 0.0 and self.lexical == 0.0


FREE = Leaning(dense=0.0, lexical=0.0, belongs=0.0)


def lean(
    reading: Reading,
    message: str,
    context: Sequence[str],
    *,
    embed: "Callable[[str], np.ndarray]",
    weight: Callable[[str], float],
    mixture: Mixture,
) -> Leaning:
    """Judge a message against the questions of its context, given as they were asked."""
    if not context or reading.switches:
        return FREE
    rarity = rarities(message, weight)
    if reading.has(Pointer.PRONOUN, Pointer.PERSON, Pointer.THING):
        told = sum(sorted(rarity.values())[-3:])
        return Leaning(
            dense=on_curve(told, mixture.pointing_dense), lexical=on_curve(told, mixture.pointing_lexical), belongs=1.0
        )
    vector = embed(message)
    likeness = max(float(vector @ embed(question)) for question in context)
    before = {part for question in context for part in stems(question)}
    shared = sum(rare for word, rare in rarity.items() if word in before)
    joined = reading.has(Pointer.CONNECTIVE, Pointer.SWAP, Pointer.ELLIPSIS, Pointer.COMPARISON)
    evidence = (
        mixture.bias
        + mixture.likeness * likeness
        + mixture.joined * joined
        + mixture.length * min(len(rarity), 8)
        + mixture.shared * min(shared, 1.0)
    )
    belongs = 1 / (1 + exp(-evidence))
    share = min(1.0, max(0.0, (belongs - mixture.doubtful) / (mixture.certain - mixture.doubtful)))
    if defined_topic(reading.core):
        share *= mixture.defining
    return Leaning(
        dense=share * on_curve(len(rarity), mixture.plain_dense),
        lexical=share * on_curve(len(rarity), mixture.plain_lexical),
        belongs=belongs,
    )


def stems(text: str) -> set[str]:
    """The stems of the telling words of a text; of all words where none tells anything."""
    telling = {stem(part) for part in word_parts(text) if part not in STOP_WORDS}
    return telling or {stem(word) for word in words(text)}


def says_something(text: str) -> bool:
    """Is there a telling word in it?"""
    return any(part not in STOP_WORDS for part in word_parts(text))


def rarities(text: str, weight: Callable[[str], float]) -> dict[str, float]:
    """How rare each telling stem is, from 0 to 1; what the library doesn't hold can't be searched and is left out."""
    weights = {word: weight(word) for word in stems(text)}
    most = max(weight(NOWHERE), *weights.values(), 1e-9) if weights else 1.0
    return {word: value / most for word, value in weights.items() if value < 0.999 * most}


def on_curve(x: float, curve: Curve) -> float:
    """The value at x of the line through the points, level beyond its ends."""
    place = bisect_right([point[0] for point in curve], x)
    if place == 0:
        return curve[0][1]
    if place == len(curve):
        return curve[-1][1]
    (left, low), (right, high) = curve[place - 1], curve[place]
    return low + (high - low) * (x - left) / (right - left)
