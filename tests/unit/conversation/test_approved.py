"""An approved answer is served for its own question only, and only while every claim passes the gate."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from bot.conversation.approved import ApprovedAnswers
from bot.domain.answers import Answer, Citation, Claim, ClaimRole, SupportLabel
from bot.domain.documents import ReviewStatus
from bot.domain.errors import StoreError
from bot.domain.messages import Audience, Reply, Turn
from bot.domain.reviews import AnswerReview, ReviewDecision
from bot.places import shipped
from bot.prompts import load_wording
from tests.fakes import GLOSSARY, FakeLibrary, FakeRetriever, document, passage
from tests.unit.stores.replies import a_reply

WORDING = load_wording(shipped("prompts"))
DOSE = "Rituximab was given at 375 mg/m² weekly."
NEXT = "Infusions of rituximab were slow."
QUESTION = "What is the dose of rituximab?"
REVIEW = AnswerReview(
    answer_id="a1",
    question=QUESTION,
    decision=ReviewDecision.APPROVED,
    decided_by="Rita",
    decided_at=datetime(2026, 1, 1, tzinfo=UTC),
)


@dataclass
class Reviews:
    """One approved answer."""

    reply: Reply

    async def get(self, answer_id: str) -> AnswerReview | None:
        return REVIEW if answer_id == REVIEW.answer_id else None

    async def approved(self) -> Sequence[AnswerReview]:
        return (REVIEW,)

    async def answer(self, answer_id: str) -> Reply | None:
        return self.reply


class BrokenReviews(Reviews):
    """A database that is away."""

    async def get(self, answer_id: str) -> AnswerReview | None:
        raise StoreError("The database is away.")

    async def approved(self) -> Sequence[AnswerReview]:
        raise StoreError("The database is away.")


class WithdrawnReviews(Reviews):
    """The review was withdrawn since the approved ones were read."""

    async def get(self, answer_id: str) -> AnswerReview | None:
        return replace(REVIEW, decision=None)


def given(text: str = DOSE, quote: str = DOSE) -> Answer:
    citation = Citation(
        number=1, document="a.md", title="Old", quote=quote, start=5, end=9, locator="text", evidence="", year=None,
        review_status=ReviewStatus.SUBMITTED, passage="a.md#0",
    )  # fmt: skip
    claim = Claim(text=text, role=ClaimRole.BOTTOM_LINE, support=SupportLabel.SUPPORTED, citations=(1,))
    disclaimer = WORDING.say("disclaimer.clinician")
    return Answer(claims=(claim,), citations=(citation,), notices=("Old.",), disclaimer=disclaimer)


def approved(answer: Answer, kind: type[Reviews] = Reviews) -> ApprovedAnswers:
    library = FakeLibrary(FakeRetriever(document(passage(DOSE, NEXT))))
    return ApprovedAnswers(reviews=kind(a_reply(outcome=answer)), library=library, glossary=GLOSSARY, wording=WORDING)


async def served(answer: Answer, question: str = QUESTION, audience: Audience = Audience.CLINICIAN) -> Answer | None:
    return await approved(answer).serve(question, audience, ["Mind this."])


@pytest.mark.parametrize("question", [QUESTION, "what is dose of  Rituximab", "What is the dose of rituximab, please?"])
async def test_the_same_question_gets_it_with_what_is_known_today(question: str) -> None:
    answer = await served(given(), question)
    assert answer is not None
    assert (answer.citations[0].title, answer.citations[0].start) == ("Treatment of juvenile dermatomyositis", 0)
    assert answer.notices == (
        "Mind this.",
        "This answer was reviewed and approved by Rita on 2026-01-01.",
        "Review status: the source has not been reviewed yet.",
    )


async def test_an_approval_that_was_withdrawn_this_moment_serves_nothing() -> None:
    assert await approved(given(), WithdrawnReviews).serve(QUESTION, Audience.CLINICIAN, []) is None


async def test_a_quotation_of_several_sentences_is_found_again() -> None:
    assert await served(given(quote=f"{DOSE} … {NEXT}")) is not None


@pytest.mark.parametrize(
    "question",
    ["When is the dose of rituximab?", "What is the dose of MabThera?", "What is not the dose of rituximab?"],
)
async def test_another_question_does_not_get_it(question: str) -> None:
    assert await served(given(), question) is None


@pytest.mark.parametrize(
    "answer",
    [
        given(text="Rituximab was given at 750 mg/m² weekly."),
        given(quote="Rituximab was given at 375 mg/m² daily."),
        replace(given(), notices=(WORDING.say("notice.patient", patient="a girl of 9 years"),)),
        replace(given(), disclaimer=WORDING.say("disclaimer.family")),
    ],
    ids=["fails the gate", "quotation gone", "of one patient", "of another reader"],
)
async def test_what_no_longer_stands_or_was_for_somebody_else_is_not_served(answer: Answer) -> None:
    assert await served(answer) is None


async def test_a_database_that_is_away_costs_nobody_an_answer() -> None:
    broken = approved(given(), BrokenReviews)
    assert await broken.serve(QUESTION, Audience.CLINICIAN, []) is None
    assert await broken.told(turn(given())) == ()


async def test_who_approved_is_told_again_of_the_answer_and_of_its_repetition_only() -> None:
    answers = approved(given())
    told = ("This answer was reviewed and approved by Rita on 2026-01-01.",)
    assert await answers.told(turn(given(), answer_id="a1")) == told
    assert await answers.told(turn(given())) == told
    assert await answers.told(turn(given(text=NEXT))) == ()
    assert await answers.told(replace(turn(given()), standalone_question="Is rituximab slow?")) == ()


def turn(answer: Answer, answer_id: str = "a2") -> Turn:
    asked_at = datetime(2026, 2, 1, tzinfo=UTC)
    return Turn(
        number=1,
        question=QUESTION,
        standalone_question=QUESTION,
        outcome=answer,
        asked_at=asked_at,
        answer_id=answer_id,
    )
