"""The second reader of red flags: how much a message is like messages in which somebody told of one.

A multinomial logistic model over the message's vector, its words and word pairs, the curators' lists that it has words
of, and what the rules said. It was fitted on `tests/data/triage_training.yaml` by
`python -m tests.benchmarks.likeness --fit`. It only adds a level that the rules missed, in English only, and only with
the embedding model that it was fitted with.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from bot.answering.triage.signs import SMALL_TALK, URGENT, TriageLevel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bot.answering.triage import Triage, TriageRules

WEIGHTS = Path(__file__).with_name("likeness.npz")
VECTOR_SCALE, WORD_SCALE = 7.0, 10.0
"""How much vector and words weigh beside the lists."""
AGAINST = frozenset({"past", "over", "not", "if", "perhaps", "topic", "people", "told", "exam", "elsewhere"})
"""Frames that speak against a sign: with one of them the model has to be surer."""
SURE, SURER = 0.45, 0.55
"""Probability of emergency or crisis from which it counts: with no frame against it, and with one or in one sentence.

Cross-validated by voice over the written messages: about three in a hundred that need nothing, most of them hard cases,
are taken for one beyond what the rules do.
"""
UNLIKELY, LIKE = 0.15, 0.35
"""Below the one, that it needs nothing, an emergency or crisis counts from the other on: between two red flags the more
urgent is the safer."""
ANY, ANY_SURER = 0.75, 0.85
"""The same for any red flag at all, where it isn't an emergency or crisis."""
LIKELIER = 0.55
"""Share of what speaks for a red flag that has to be more urgent than "soon" to be told as of the same day."""
KNOWN = 0.45
"""Share of a message's words that the model must know; of other languages it knows fewer."""
SETTLED = frozenset({*URGENT[:2], TriageLevel.INJECTION, *SMALL_TALK}) - {TriageLevel.WORRY}
"""Levels beside which nothing more is looked for. Who gives the program orders speaks of it, and its rules suffice."""
LEAST = 3
"""Words that a message must have: of fewer it only says what they remind of, and the rules know the telling ones."""
SHORT = 200
"""Characters up to which only the whole message is read."""
WHOLE, SENTENCES, LONGEST = 400, 3, 200
"""Of a longer one: characters of its beginning, how many of its sentences, and characters of each."""
WORD = re.compile(r"[a-z]+|\d+|[?!.,]")
BREAK = re.compile(r"(?<=[.!?;\n])\s+")


def grams(text: str) -> frozenset[str]:
    """Words and pairs of words of a text; `^` marks its beginning, `#` stands for a number."""
    words = ["#" if word.isdigit() else word for word in WORD.findall(re.sub("['’]", "", text.lower()))]
    pairs = {f"{one} {other}" for one, other in pairwise(words)}
    return frozenset(words) | pairs | {f"^{' '.join(words[:number])}" for number in (1, 2) if words}


def signals(text: str, lists: Iterable[str], levels: Collection[TriageLevel]) -> dict[str, float]:
    """What the model reads beside the vector, by name: words, the lists found, what the rules said, form and length."""
    words = grams(text)
    found = {f"w:{gram}": WORD_SCALE / max(1.0, len(words) ** 0.5) for gram in words}
    found |= {f"l:{name}": 1.0 for name in lists}
    found |= {f"r:{level.value}": 1.0 for level in URGENT if level in levels}
    found["asks"] = float("?" in text)
    found["ends asking"] = float(text.rstrip().endswith("?"))
    found["length"] = min(2.0, len(text.split()) / 30)
    found["bias"] = 1.0
    return found


@dataclass(frozen=True, kw_only=True, eq=False)
class LikenessWeights:
    """The fitted model: columns are the levels of URGENT and, last, none. `fingerprint` names the embedding model."""

    fingerprint: str
    names: Mapping[str, int]
    signals: "NDArray[np.float32]"
    vector: "NDArray[np.float32]"

    @classmethod
    def read(cls, path: Path = WEIGHTS) -> "LikenessWeights":
        """The shipped model."""
        import numpy as np

        with np.load(path, allow_pickle=False) as stored:
            names = str(stored["names"]).split("\n")
            return cls(
                fingerprint=str(stored["fingerprint"]),
                names={name: at for at, name in enumerate(names)},
                signals=stored["signals"].astype(np.float32),
                vector=stored["vector"].astype(np.float32),
            )

    def probabilities(self, vector: "NDArray[np.float32]", found: Mapping[str, float]) -> tuple[float, ...]:
        """Of each level of URGENT, then of none."""
        import numpy as np

        known = [(at, value) for name, value in found.items() if (at := self.names.get(name)) is not None]
        told = self.signals[[at for at, _ in known]] * np.array([value for _, value in known], np.float32)[:, None]
        scores = np.add.reduce((VECTOR_SCALE * (vector @ self.vector), *told))
        shares = np.exp(scores - scores.max())
        return tuple(float(share) for share in shares / shares.sum())


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """Reads a message beside the rules. `embed` makes unit vectors with the model of `weights.fingerprint`."""

    embed: "Callable[[str], NDArray[np.float32]]"
    weights: LikenessWeights

    def beside(self, judged: "Triage", text: str, rules: "TriageRules") -> "Triage":
        """What the rules said, and a level that they missed. About 5 ms for a short message, 50 ms for the longest."""
        if rules.lexicon is None or judged.levels & SETTLED:
            return judged
        if not self.is_readable(text):
            return judged
        level = self.level_of(text, judged.levels, rules)
        known = [URGENT.index(found) for found in URGENT if found in judged.levels]
        if level is None or (known and URGENT.index(level) >= min(known)):
            return judged
        return replace(judged, levels=judged.levels | {level}, fired=(*judged.fired, f"likeness:{level.value}"))

    def is_readable(self, text: str) -> bool:
        """Has it enough words, and is it in English, as far as the model's words tell?"""
        words = [word for word in WORD.findall(re.sub("['’]", "", text.lower())) if word.isalpha()]
        return len(words) >= LEAST and sum(f"w:{word}" in self.weights.names for word in words) >= KNOWN * len(words)

    def level_of(self, text: str, levels: frozenset[TriageLevel], rules: "TriageRules") -> TriageLevel | None:
        """The most urgent level that the message or one of its sentences is like."""
        from bot.answering.triage.lexicon import read

        assert rules.lexicon is not None
        whole = text[:WHOLE]
        lists = rules.lexicon.spans(read(whole)).keys()
        surer = bool(AGAINST & lists) or bool(levels & set(URGENT))
        found = [chosen(self.weights.probabilities(self.embed(whole), signals(whole, lists, levels)), surer=surer)]
        if len(text) > SHORT and "exam" not in lists:
            for piece in self._telling(text):
                its = rules.lexicon.spans(read(piece)).keys()
                if not AGAINST & its:
                    shares = self.weights.probabilities(self.embed(piece), signals(piece, its, ()))
                    found.append(chosen(shares, surer=True))
        return min((level for level in found if level), key=URGENT.index, default=None)

    def _telling(self, text: str) -> list[str]:
        """The sentences whose words alone speak most for an emergency or crisis, rather than for none."""
        names = self.weights.names
        speaks = self.weights.signals[:, :2].max(axis=1) - self.weights.signals[:, -1]
        known = {
            piece[:LONGEST]: [
                value * float(speaks[names[name]])
                for name, value in signals(piece[:LONGEST], (), ()).items()
                if name in names
            ]
            for piece in BREAK.split(text)
            if len(piece.split()) > 3
        }
        return sorted(known, key=lambda piece: sum(known[piece]), reverse=True)[:SENTENCES]


def chosen(shares: Sequence[float], *, surer: bool) -> TriageLevel | None:
    """The level that these probabilities are enough for."""
    emergency, crisis, same_day, _, none = shares
    if emergency + crisis >= (SURER if surer else SURE) or (none < UNLIKELY and emergency + crisis >= LIKE):
        return TriageLevel.EMERGENCY if emergency >= crisis else TriageLevel.CRISIS
    if 1 - none >= (ANY_SURER if surer else ANY):
        return TriageLevel.SAME_DAY if emergency + crisis + same_day >= LIKELIER * (1 - none) else TriageLevel.SOON
    return None


def open_likeness(embed: "Callable[[str], NDArray[np.float32]]", fingerprint: str) -> Likeness | None:
    """The shipped model; None where the vectors are another embedding model's."""
    weights = LikenessWeights.read()
    return Likeness(embed=embed, weights=weights) if weights.fingerprint == fingerprint else None
