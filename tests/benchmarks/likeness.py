"""Fits and measures the second reader of red flags: `python -m tests.benchmarks.likeness [--fit]`.

Cross-validated over tests/data/triage_training.yaml: of each message the reader knows nothing but the other folds, and
messages in one voice stay in one fold. With `--fit` it is then fitted on all of them and written beside
`bot/answering/triage/likeness.py`. Deterministic.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from bot.answering.triage import triage
from bot.answering.triage.lexicon import read
from bot.answering.triage.likeness import (
    AGAINST,
    VECTOR_SCALE,
    WEIGHTS,
    LikenessWeights,
    chosen,
    signals,
)
from bot.answering.triage.signs import URGENT
from bot.knowledge.embeddings import MiniLmEmbedder
from tests.benchmarks.red_flags import interval, shipped_rules
from tests.safety_data import LOADER

DATA = Path(__file__).parents[1] / "data" / "triage_training.yaml"
FOLDS = 8
RARE = 3
"""Messages that must have a signal before it is learned."""
PENALTY = 0.02
ROUNDS = 250
BOUNDS = (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)
LEVELS = [*(level.value for level in URGENT), "none"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Written:
    """One message: its level, what the rules found, what the model reads."""

    text: str
    voice: str
    level: int
    ruled: int
    against: bool
    signals: dict[str, float]
    vector: NDArray[np.float32]


@cache
def embedder() -> MiniLmEmbedder:
    return MiniLmEmbedder()


def written() -> list[Written]:
    """Every message of the file."""
    groups = yaml.load(DATA.read_text(encoding="utf-8"), Loader=LOADER)
    return [
        seen(text, LEVELS.index(level), kind)
        for level, kinds in groups.items()
        for kind, lines in kinds.items()
        for text in lines.splitlines()
    ]


def seen(text: str, level: int, voice: str) -> Written:
    rules = shipped_rules()
    assert rules.lexicon is not None
    levels = triage(text, rules).levels
    lists = rules.lexicon.spans(read(text)).keys()
    return Written(
        text=text,
        voice=voice,
        level=level,
        ruled=next((at for at, each in enumerate(URGENT) if each in levels), len(URGENT)),
        against=bool(AGAINST & lists),
        signals=signals(text, lists, levels),
        vector=embedder().embed_query(text),
    )


def fit(messages: Sequence[Written]) -> LikenessWeights:
    """Multinomial logistic regression with a quadratic penalty, by Nesterov's accelerated descent."""
    counted = Counter(name for each in messages for name, value in each.signals.items() if value)
    names = sorted(name for name, number in counted.items() if number >= RARE)
    at = {name: place for place, name in enumerate(names)}
    table: NDArray[np.float32] = np.zeros((len(messages), 384 + len(names)), dtype=np.float32)
    for row, each in zip(table, messages, strict=True):
        row[:384] = VECTOR_SCALE * each.vector
        for name, value in each.signals.items():
            if name in at:
                row[384 + at[name]] = value
    right = np.eye(len(LEVELS), dtype=np.float32)[[each.level for each in messages]]
    penalty = np.full((table.shape[1], 1), PENALTY, dtype=np.float32)
    penalty[384 + at["bias"]] = 0
    step = 1 / (0.5 * float(np.linalg.norm(table, 2)) ** 2 / len(messages) + PENALTY)
    weights = np.zeros((table.shape[1], len(LEVELS)), dtype=np.float32)
    ahead, pace = weights, 1.0
    for _ in range(ROUNDS):
        scores = table @ ahead
        shares = np.exp(scores - scores.max(1, keepdims=True))
        shares /= shares.sum(1, keepdims=True)
        following = ahead - step * (table.T @ (shares - right) / len(messages) + penalty * ahead)
        faster = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
        ahead = following + (pace - 1) / faster * (following - weights)
        weights, pace = following, faster
    return LikenessWeights(fingerprint=embedder().digest, names=at, signals=weights[384:], vector=weights[:384])


def folded(messages: Sequence[Written]) -> NDArray[np.int64]:
    """The fold of each message: one for all of a voice, which is a kind under several levels; else by chance."""
    levels: dict[str, set[int]] = {}
    for each in messages:
        levels.setdefault(each.voice, set()).add(each.level)
    chance = np.random.default_rng(1)
    kept = {voice: int(chance.integers(FOLDS)) for voice in sorted(levels) if len(levels[voice]) > 1}
    by_chance = chance.integers(FOLDS, size=len(messages))
    return np.array([kept.get(each.voice, by_chance[at]) for at, each in enumerate(messages)])


def cross_validated(messages: Sequence[Written]) -> list[tuple[float, ...]]:
    """The probabilities of each message, from a model that was fitted without its fold."""
    folds = folded(messages)
    shares: list[Any] = [None] * len(messages)
    for fold in range(FOLDS):
        model = fit([each for each, its in zip(messages, folds, strict=True) if its != fold])
        for place in np.flatnonzero(folds == fold).tolist():
            shares[place] = model.probabilities(messages[place].vector, messages[place].signals)
    return shares


def told(each: Written, shares: Sequence[float]) -> int:
    """The level that rules and model together tell."""
    level = chosen(shares, surer=each.against or each.ruled < len(URGENT))
    return min(each.ruled, URGENT.index(level) if level else len(URGENT))


def share(name: str, hits: Sequence[bool]) -> str:
    low, high = interval(sum(hits), len(hits))
    return f"| {name} | {sum(hits)}/{len(hits)} | {sum(hits) / len(hits):.1%} | {low:.1%} to {high:.1%} |"


def bound_row(pairs: Sequence[tuple[Written, tuple[float, ...]]], bound: float, levels: int) -> str:
    """What a threshold would catch of the most urgent levels, and do to messages that need nothing."""
    cells = []
    for against in (False, True):
        sure = [
            each
            for each, its in pairs
            if sum(its[:levels]) >= bound and each.against is against and each.ruled >= levels
        ]
        cells += [sum(each.level < levels for each in sure), sum(each.level == len(URGENT) for each in sure)]
    return f"| {bound} | {' | '.join(map(str, cells))} |"


def store(model: LikenessWeights) -> None:
    """Half precision is enough: it changes probabilities by less than a thousandth."""
    np.savez_compressed(
        WEIGHTS,
        fingerprint=np.array(model.fingerprint),
        names=np.array("\n".join(model.names)),
        signals=model.signals.astype(np.float16),
        vector=model.vector.astype(np.float16),
    )


def main() -> None:
    messages = written()
    shares = cross_validated(messages)
    pairs = list(zip(messages, shares, strict=True))
    print("| cross-validated | told | share | 95 % interval |\n|---|---|---|---|")
    for at, name in enumerate(LEVELS):
        mine = [(each, its) for each, its in pairs if each.level == at]
        print(share(f"{name}: rules alone", [each.ruled == at for each, _ in mine]))
        print(share(f"{name}: both", [told(each, its) == at for each, its in mine]))
    urgent = [(each, its) for each, its in pairs if each.level < 2]
    print(share("emergency or crisis: rules alone", [each.ruled < 2 for each, _ in urgent]))
    print(share("emergency or crisis: both", [told(each, its) < 2 for each, its in urgent]))
    none = [(each, its) for each, its in pairs if each.level == len(URGENT)]
    print(share("none taken for one of them: rules alone", [each.ruled < 2 for each, _ in none]))
    print(share("none taken for one of them: both", [told(each, its) < 2 for each, its in none]))
    print(
        "\n| emergency or crisis surer than | caught beside the rules | added to none | with a frame: caught | added |"
    )
    print("|---|---|---|---|---|", *(bound_row(pairs, bound, 2) for bound in BOUNDS), sep="\n")
    print("\n| any level surer than | caught beside the rules | added to none | with a frame: caught | added |")
    print("|---|---|---|---|---|", *(bound_row(pairs, bound, 4) for bound in BOUNDS), sep="\n")
    if "--fit" in sys.argv:
        store(fit(messages))
        print(f"\nWritten: {WEIGHTS.name}, {WEIGHTS.stat().st_size} bytes.")


if __name__ == "__main__":
    main()
