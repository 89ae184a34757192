"""What the clocks say: how soon a claim is heard once it's written, and what a question costs beside the model."""

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.answering.model_composer import BRIEFLY_S
from bot.domain.progress import ClaimPassed
from tests.mixed_faults.conversing import Turn
from tests.mixed_faults.leaks import flat
from tests.scripted_provider import Fails, Played, Says


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share lies; 0 where there is none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def claim_delays(turn: Turn) -> Iterator[float]:
    """Seconds from the last byte of a claim leaving the provider until a listener heard that it had passed."""
    for played in turn.played:
        for text, left in _lines_left(played):
            heard = (
                moment
                for moment, event in turn.heard
                if isinstance(event, ClaimPassed) and flat(event.text) == text and moment >= left
            )
            first = next(heard, None)
            if first is not None:
                yield first - left


def _lines_left(played: Played) -> Iterator[tuple[str, float]]:
    """The claims of a reply that is written as it should be, and when the last byte of each left."""
    if not isinstance(played.reply, Says):
        return
    ends, at = [], 0
    for piece in played.reply.pieces:
        at += len(piece)
        ends.append(at)
    at = 0
    for line in played.reply.text.split("\n"):
        at += len(line) + 1
        try:
            text = json.loads(line)["text"]
        except (ValueError, KeyError, TypeError):
            continue
        number = next(i for i, end in enumerate(ends) if end >= at - 1)
        if number + 1 < len(played.left):  # the first event names the role
            yield flat(str(text)), played.left[number + 1]


def model_seconds(turn: Turn) -> float:
    """What the provider itself took for this turn's calls."""
    return sum(played.ended - played.began for played in turn.played)


def waited_seconds(turn: Turn) -> float:
    """What was waited before a model was asked again, on purpose."""
    waited = 0.0
    for before, after in pairwise(turn.played):
        asked = before.reply.retry_after if isinstance(before.reply, Fails) else None
        pause = BRIEFLY_S if asked is None else asked
        if before.request.model == after.request.model and after.began - before.ended >= pause:
            waited += pause
    return waited


def overhead(turn: Turn) -> float:
    """Seconds of everything but the model's own time and the waits."""
    return turn.ended - turn.began - model_seconds(turn) - waited_seconds(turn)
