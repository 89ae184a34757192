"""How likely a claim in its writer's own words is carried by its passages: a logistic model of thirteen signals.

The coefficients were fitted on the public training claims of SciFact (claim, whole abstract, label SUPPORT or not) and,
lighter, on the same claims turned into their opposite; `python -m tests.benchmarks.claims --fit` fits them again.
Operating point: the floor is where the whole gate's balanced accuracy on those claims is best, about two thirds of the
true and a sixth of the other claims passing. It isn't a certainty: what a clinician reads stands beside its quotation.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.answering.compared import Compared, unknown
from bot.answering.direction import NO_EFFECT, compare_directions, direction
from bot.answering.tokens import NOT, Kind, Token
from bot.domain.answers import Verdict

BIAS = -1.201
COEFFICIENTS: Mapping[str, float] = {
    "weaker half covered by two sentences": 1.628,
    "said literally": 1.911,
    "names found": 0.658,
    "first word found": 0.296,
    "same direction": 1.783,
    "other direction": -0.932,
    "denies alone": -1.683,
    "denied alone": -0.415,
    "falls": -0.801,
    "both fall": 0.683,
    "directions": -0.185,
    "compares": -0.485,
    "length of the passages": -0.225,
}
FLOOR = -0.26
"""Log odds from which a claim passes."""
DENIES_WITHIN = re.compile(
    r"^(?:in(?:effect|cap|accura|suffici|adequa|efficien|frequen|signific|toleran)|un(?:able|effect|reliab|relat|like|safe"
    r"|affect|chang|success|necess|important|common)|im(?:poss|prob)|ir(?:relev)|dis(?:continu|prov)|non-?(?:effect|signif))"
)
"""Words that hold their own negation."""
LACKING = frozenset(
    "fail failed fails failure lack lacked lacks absence absent worse worsen poor little low decrease decreased".split()
)
LONG, HELD = 10, 0.65
"""Words from which a claim is long, and how many of a long one the passages must hold: it says several things."""
LITERAL = 0.95
"""Fit from which a word counts as the very word, inflected or not."""
RESULT = frozenset(
    """
    result results conclusion conclusions conclude concludes concluded suggest suggests suggested show shows shown
    showed demonstrate demonstrates demonstrated find found finding findings reveal reveals revealed indicate indicates
    indicated report reported observed identified associated significantly evidence here
    """.split()
)
AIM = frozenset(
    """objective objectives aim aims aimed investigate investigated examine examined evaluate evaluated assess assessed
    determine determined purpose background hypothesis hypothesized test tested unknown unclear design methods setting
    participants context compare compared""".split()
)
HEADED = frozenset("results conclusion conclusions".split())
"""What tells a sentence that reports from one that announces."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sentence:
    """What one sentence of the passages holds: its tokens, and for each token of the claim how well it fits, 0 to 1."""

    tokens: Sequence[Token]
    fits: Sequence[float]
    coverage: float
    reports: float

    @property
    def denies(self) -> bool:
        return any(token.operators & NOT or token.key in NO_EFFECT for token in self.tokens)


def check_likelihood(it: Compared) -> Verdict | None:
    """None where the model lets the claim pass."""
    if holds_too_little(it):
        return unknown(f"The passage holds only {_held(it):.0%} of what the claim says.")
    if (denial := denies_alone(it)) is not None:
        return unknown(f"The claim says “{denial}”, and the passage has nothing like it there.")
    signals = measure(it)
    odds = BIAS + sum(COEFFICIENTS[name] * value for name, value in signals.items())
    if odds >= FLOOR:
        return None
    missing = [t.written for t, places in zip(it.claim, it.alignment.options, strict=True) if not places]
    if missing:
        return unknown(f"The passage doesn't clearly say so; it has nothing of “{'”, “'.join(missing[:4])}”.")
    return unknown("The passage has these words, but doesn't clearly say so.")


def denies_alone(it: Compared) -> str | None:
    """A word that denies by its prefix (`ineffective`), where nothing of what the claim rests on denies at all."""
    mine = [t for i, t in enumerate(it.claim) if DENIES_WITHIN.match(t.written) and not it.alignment.in_place(i)]
    denied = any(
        t.operators & NOT or t.key in NO_EFFECT | LACKING or DENIES_WITHIN.match(t.written) for t in it.rests_on
    )
    return mine[0].written if mine and not denied else None


def holds_too_little(it: Compared) -> bool:
    """Does a long claim say too much of which the passages have no word?"""
    return len(it.claim) >= LONG and _held(it) < HELD


def _held(it: Compared) -> float:
    return sum(bool(places) for places in it.alignment.options) / len(it.claim)


def measure(it: Compared) -> Mapping[str, float]:
    """The signals of one claim, by name."""
    claim, options = it.claim, it.alignment.options
    weights = [_weight(token) for token in claim]
    sentences = _sentences(it, weights)
    best = max((sentence.coverage for sentence in sentences.values()), default=0.0)
    close = {k: s.coverage**4 * s.reports for k, s in sentences.items() if s.coverage and s.coverage >= 0.7 * best}
    wide = {k: s.coverage**2 * s.reports for k, s in sentences.items() if s.coverage and s.coverage >= 0.4 * best}
    ways = compare_directions(it.alignment, close)
    around = compare_directions(it.alignment, wide)
    nearest = sorted((s for s in sentences.values() if s.coverage >= 0.6 * best), key=lambda s: -s.coverage)[:4]
    total = sum(sentence.coverage for sentence in nearest) or 1.0
    denying = sum(sentence.coverage for sentence in nearest if sentence.denies) / total
    falling = sum(s.coverage for s in nearest if any(direction(token) < 0 for token in s.tokens)) / total
    denies = float(any(token.operators & NOT or token.key in NO_EFFECT for token in claim))
    falls = float(any(direction(token) < 0 for token in claim))
    names = [bool(places) for token, places in zip(claim, options, strict=True) if token.kind in {Kind.NAME, Kind.TERM}]
    return {
        "weaker half covered by two sentences": _weaker_half(list(sentences.values()), weights),
        "said literally": sum(any(place.fit >= LITERAL for place in places) for places in options) / len(claim),
        "names found": sum(names) / len(names) if names else 1.0,
        "first word found": float(bool(options[0])),
        "same direction": (ways.most_agreed - ways.most_disagreed) / (ways.most_agreed + ways.most_disagreed + 0.1),
        "other direction": math.log1p(around.disagree),
        "denies alone": denies * (1 - denying),
        "denied alone": (1 - denies) * denying,
        "falls": falls,
        "both fall": falls * falling,
        "directions": float(sum(direction(token) != 0 for token in claim)),
        "compares": float(any("than" in token.operators or token.key == "compared" for token in claim)),
        "length of the passages": math.log(len(it.passage) + 1),
    }


def _weight(token: Token) -> float:
    return 1.0 + 0.5 * (token.kind in {Kind.NAME, Kind.TERM}) + 0.025 * min(len(token.key), 12)


def _sentences(it: Compared, weights: Sequence[float]) -> Mapping[int, _Sentence]:
    tokens: dict[int, list[Token]] = {}
    for token in it.passage:
        tokens.setdefault(token.sentence, []).append(token)
    fits = {number: [0.0] * len(it.claim) for number in tokens}
    for index, places in enumerate(it.alignment.options):
        for place in places:
            row = fits[it.passage[place.at].sentence]
            row[index] = max(row[index], place.fit)
    last = max(tokens, default=0)
    return {
        number: _Sentence(
            tokens=inside,
            fits=fits[number],
            coverage=_covered(fits[number], weights),
            reports=_reports(inside, first=number == 0, last=number >= last - 1),
        )
        for number, inside in tokens.items()
    }


def _covered(fits: Sequence[float], weights: Sequence[float]) -> float:
    return sum(fit * weight for fit, weight in zip(fits, weights, strict=True)) / (sum(weights) or 1.0)


def _reports(tokens: Sequence[Token], *, first: bool, last: bool) -> float:
    """How much a sentence counts: results, titles and conclusions more, aims and methods less."""
    said = {token.key for token in tokens}
    weight = 1.0 + 0.6 * bool(said & RESULT) + 0.4 * first + 0.5 * last
    return weight * (0.45 if said & AIM and not said & HEADED else 1.0)


def _weaker_half(sentences: Sequence[_Sentence], weights: Sequence[float]) -> float:
    """Of the claim's two halves, how much of the less covered one two neighbouring sentences hold; the best pair."""
    middle = (len(weights) + 1) // 2
    best = 0.0
    for one, other in zip(sentences, [*sentences[1:], sentences[-1]] if sentences else [], strict=True):
        fits = [max(pair) for pair in zip(one.fits, other.fits, strict=True)]
        halves = [_covered(fits[:middle], weights[:middle])]
        if middle < len(weights):
            halves.append(_covered(fits[middle:], weights[middle:]))
        best = max(best, min(halves))
    return best
