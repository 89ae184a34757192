"""An answer that a person approved serves the same question again, as long as all of it still stands.

Only the question itself counts, not what it resembles; each claim goes through the gate again with the passages as they
are today. An approved answer is never evidence for another one.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.answering.conclude import cite, disclaimer, review_notices
from bot.answering.judging import judge_claim
from bot.conversation.ports import Library, Reviews
from bot.domain.answers import Answer, Citation, DraftClaim, Quotation, SupportLabel
from bot.domain.days import today_utc
from bot.domain.documents import Passage, RetrievedPassage, Span
from bot.domain.errors import StoreError
from bot.domain.glossary import Glossary
from bot.domain.messages import Audience, Turn
from bot.domain.reviews import AnswerReview, ReviewDecision
from bot.domain.text import words
from bot.prompts import Wording

log = logging.getLogger(__name__)

IDLE = frozenset("a an the please".split())
"""Words that make no other question."""


@dataclass(kw_only=True, slots=True)
class _Known:
    """What was approved when it was last asked for, by the words of its question."""

    approved: Sequence[AnswerReview] = ()
    by_question: Mapping[tuple[str, ...], Sequence[AnswerReview]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ApprovedAnswers:
    """Finds the approved answer to a question, and what was decided about an answer."""

    reviews: Reviews
    library: Library
    glossary: Glossary
    wording: Wording
    _known: _Known = field(default_factory=_Known, init=False, repr=False, compare=False)

    async def serve(self, question: str, audience: Audience, notices: Sequence[str]) -> Answer | None:
        """The approved answer to this very question for this reader; None where there is none that still stands."""
        try:
            for known in await self._approved(question):
                review = await self.reviews.get(known.answer_id)
                if review is None or review.decision is not ReviewDecision.APPROVED:
                    continue
                reply = await self.reviews.answer(review.answer_id)
                if reply is not None and isinstance(reply.outcome, Answer):
                    fits = self._is_for_anyone_like(reply.outcome, audience)
                    served = self._checked(reply.outcome, review, notices) if fits else None
                    if served is not None:
                        return served
        except StoreError as error:
            log.warning("reviews not available: %s", error)
        return None

    async def told(self, turn: Turn) -> tuple[str, ...]:
        """What was decided about the answer of a turn, or about the approved one that it repeated, as a notice."""
        try:
            review = await self.reviews.get(turn.answer_id) or await self._repeated(turn)
        except StoreError as error:
            log.warning("reviews not available: %s", error)
            return ()
        if review is None or review.decision is None:
            return ()
        return (self._say(f"answer_{review.decision.value}", review),)

    async def _repeated(self, turn: Turn) -> AnswerReview | None:
        if not isinstance(turn.outcome, Answer):
            return None
        for review in await self._approved(turn.standalone_question):
            reply = await self.reviews.answer(review.answer_id)
            if reply and isinstance(reply.outcome, Answer) and reply.outcome.claims == turn.outcome.claims:
                return review
        return None

    async def _approved(self, question: str) -> Sequence[AnswerReview]:
        """The approved answers to this very question, the newest first, found by its words without a look at others."""
        approved = await self.reviews.approved()
        if approved is not self._known.approved:
            by_question: dict[tuple[str, ...], list[AnswerReview]] = {}
            for review in approved:
                by_question.setdefault(_plain(review.question), []).append(review)
            self._known.approved, self._known.by_question = approved, by_question
        return self._known.by_question.get(_plain(question), ())

    def _is_for_anyone_like(self, answer: Answer, audience: Audience) -> bool:
        """Was it given to this kind of reader, and to no particular patient of an earlier message?"""
        patient = self.wording.sentences["notice.patient"].partition("{{")[0]
        return answer.disclaimer == disclaimer(self.wording, audience) and not any(
            notice.startswith(patient) for notice in answer.notices
        )

    def _say(self, key: str, review: AnswerReview) -> str:
        on = review.decided_at.date() if review.decided_at else ""
        note = f" {review.note}" if review.note else ""
        return self.wording.say(f"notice.{key}", by=review.decided_by, on=on) + note

    def _checked(self, answer: Answer, review: AnswerReview, notices: Sequence[str]) -> Answer | None:
        """The answer with its citations as they are today; None where a claim no longer passes."""
        given: dict[str, RetrievedPassage] = {}
        quotations: dict[int, Quotation] = {}
        fresh: list[Citation] = []
        for citation in answer.citations:
            item = self.library.passage(citation.document, citation.passage)
            spans = _find(citation.quote, item.passage) if item else ()
            if item is None or not spans:
                return None
            given[item.passage.id] = item
            quotations[citation.number] = Quotation(passage=item.passage.id, quote=citation.quote, spans=spans)
            fresh.append(cite(citation.number, quotations[citation.number], item))
        for claim in answer.claims:
            cited = tuple(quotations[number] for number in claim.citations)
            draft = DraftClaim(text=claim.text, role=claim.role, quotations=cited)
            if judge_claim(draft, given, self.glossary).support is not SupportLabel.SUPPORTED:
                return None
        told = [
            *notices,
            self._say("answer_approved", review),
            *(self.wording.say("notice.differ", topic=each.topic) for each in answer.disagreements),
            *answer.gaps,
            *review_notices(fresh, self.wording, today_utc()),
        ]
        return replace(answer, citations=tuple(fresh), notices=tuple(told), withheld=0, suggested_questions=())


def _plain(question: str) -> tuple[str, ...]:
    return tuple(word for word in words(question) if word not in IDLE)


def _find(quote: str, passage: Passage) -> tuple[Span, ...]:
    """Where the quotation stands in the passage today; what it leaves out between sentences is marked there."""
    spans: list[Span] = []
    rest = quote
    for sentence in passage.sentences:
        if rest == sentence.quote:
            return (*spans, *sentence.spans)
        if rest.startswith(f"{sentence.quote} … "):
            rest = rest.removeprefix(f"{sentence.quote} … ")
            spans += sentence.spans
    return ()
