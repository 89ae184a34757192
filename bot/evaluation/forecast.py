"""What a run with a language model will about cost and take, told before the first call."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.evaluation.cases import Case

WRITTEN = 450
"""Tokens that a model writes for a question: about six claims with their quotations."""
AGAIN = 1.25
"""Calls for a question: every fourth answer or so is given back once to be corrected."""
CALL_S = 8.0
"""Seconds that a call takes, roughly; a model on one's own machine may take many times as long."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Forecast:
    """Calls, tokens told and written, US dollars and seconds, roughly."""

    calls: int
    told: int
    written: int
    dollars: float
    seconds: float

    def __str__(self) -> str:
        """In one sentence."""
        cost = f"${self.dollars:.2f}" if self.dollars else "a cost that is known once prices are given"
        tokens = f"{self.told + self.written:,} tokens"
        return f"About {self.calls} calls, {tokens}, {cost}, {max(1, round(self.seconds / 60))} min."


def foresee(
    cases: Sequence[Case], *, sides: int, prompt_tokens: int, price_told: float, price_written: float, at_once: int
) -> Forecast:
    """A forecast for `sides` models, each told `prompt_tokens` a question; prices in US dollars for a million tokens.

    Questions that no model is asked about (emergencies, refusals) are counted as if it were.
    """
    calls = round(sum(len(case.conversation) for case in cases) * sides * AGAIN)
    told, written = calls * prompt_tokens, calls * WRITTEN
    return Forecast(
        calls=calls,
        told=told,
        written=written,
        dollars=(told * price_told + written * price_written) / 1_000_000,
        seconds=calls * CALL_S / max(1, at_once),
    )
