"""Questions that the library had no answer to, those that ask the same put together."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.usage import Unanswered

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ALIKE = 0.6
"""From which likeness, the mean of cosine and shared content words, two questions ask the same."""
NEAREST = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """What the library doesn't answer: the usual wording, the others, how often, when last, and what comes closest."""

    question: str
    others: tuple[str, ...]
    count: int
    last_asked: datetime
    nearest: tuple[str, ...]


def find_gaps(
    unanswered: Sequence[Unanswered],
    embed: "Callable[[str], NDArray[np.float32]]",
    content: Callable[[str], Sequence[str]],
) -> tuple[Gap, ...]:
    """The gaps, what was asked most first. The order in which questions came doesn't matter."""
    asked = Counter(" ".join(one.question.split()) for one in unanswered)
    groups: list[list[str]] = []
    vectors = {question: embed(question) for question in asked}
    stems = {question: frozenset(content(question)) for question in asked}
    for question, _ in sorted(asked.items(), key=lambda pair: (-pair[1], pair[0])):
        near = [(_likeness(question, group[0], vectors, stems), -n) for n, group in enumerate(groups)]
        best, place = max(near, default=(0.0, 0))
        if best >= ALIKE:
            groups[-place].append(question)
        else:
            groups.append([question])
    gaps = [_gap(group, unanswered) for group in groups]
    return tuple(sorted(gaps, key=lambda gap: (-gap.count, -gap.last_asked.timestamp(), gap.question)))


def _likeness(
    one: str, other: str, vectors: "dict[str, NDArray[np.float32]]", stems: dict[str, frozenset[str]]
) -> float:
    shared = len(stems[one] & stems[other]) / max(len(stems[one] | stems[other]), 1)
    return (float(vectors[one] @ vectors[other]) + shared) / 2


def _gap(group: Sequence[str], unanswered: Sequence[Unanswered]) -> Gap:
    members = [one for one in unanswered if " ".join(one.question.split()) in set(group)]
    titles = Counter(title for one in members for title in one.nearest)
    nearest = sorted(titles, key=lambda title: (-titles[title], title))[:NEAREST]
    return Gap(
        question=group[0],
        others=tuple(group[1:]),
        count=len(members),
        last_asked=max(one.asked_at for one in members),
        nearest=tuple(nearest),
    )
