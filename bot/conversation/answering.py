"""A question that stands alone, and what was made of it: frozen values, so that another process may do the making."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.answering.graph import Chain
from bot.answering.steps import Question
from bot.domain.answers import Abstention, Answer
from bot.domain.documents import RetrievedPassage
from bot.domain.messages import CheckedClaim, RetrievedNote
from bot.domain.progress import Listener

Suggest = Callable[[Answer, Sequence[str], Sequence[RetrievedPassage], int], tuple[str, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A question, those that the conversation had before, and how many new ones may be tried to suggest some."""

    question: Question
    before: tuple[str, ...] = ()
    tries: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """The checked outcome with its suggestions, who wrote it, and what the record keeps of its making."""

    outcome: Answer | Abstention
    model: str
    prompts: Mapping[str, str]
    timings_ms: Mapping[str, float]
    retrieved: tuple[RetrievedNote, ...]
    checked: tuple[CheckedClaim, ...]


class AnswerMaker(Protocol):
    """Who answers questions from the library, here or in another process."""

    def __call__(self, asked: Asked, listener: Listener | None = None) -> Awaitable[Made]:
        """The answer; a listener hears of its making."""
        ...


def make_with(chain: Chain, suggest: Suggest) -> AnswerMaker:
    """Who answers with this chain and suggests what to ask next."""

    async def make(asked: Asked, listener: Listener | None = None) -> Made:
        answered = await chain(asked.question, listener)
        outcome = answered.outcome
        if isinstance(outcome, Answer):
            suggested = await asyncio.to_thread(suggest, outcome, asked.before, answered.evidence, asked.tries)
            outcome = replace(outcome, suggested_questions=suggested)
        return Made(
            outcome=outcome,
            model=answered.model,
            prompts=answered.prompts,
            timings_ms=answered.timings_ms,
            retrieved=tuple(
                RetrievedNote(document=item.document.path, passage=item.passage.id, score=round(item.score, 4))
                for item in answered.evidence
            ),
            checked=tuple(
                CheckedClaim(text=claim.text, support=verdict.support, reasons=verdict.reasons)
                for claim, verdict in answered.judged
            ),
        )

    return make
