"""The last answer's sources are shown again as they were, or said to have changed."""

from datetime import UTC, datetime

import pytest

from bot.conversation.recall import recall, retell
from bot.domain.answers import Abstention, Answer, Citation, Claim, ClaimRole, Outcome, SupportLabel
from bot.domain.documents import ReviewStatus
from bot.domain.messages import History, Turn


def citation(number: int) -> Citation:
    return Citation(
        number=number, document=f"{number}.md", title=f"Title {number}", quote=f"Quotation {number}.", start=0, end=9,
        locator="text", evidence="", year=None, review_status=ReviewStatus.SUBMITTED, passage=f"{number}.md#a",
    )  # fmt: skip


def history() -> History:
    claim = Claim(text="Said.", role=ClaimRole.BOTTOM_LINE, support=SupportLabel.SUPPORTED, citations=(1, 2))
    answer = Answer(claims=(claim,), citations=(citation(1), citation(2)), notices=(), disclaimer="d")
    unknown = Abstention(text="no", nearest=(), notices=(), disclaimer="d")
    when = datetime(2026, 1, 1, tzinfo=UTC)
    said: tuple[Outcome, ...] = (answer, unknown)
    outcomes = enumerate(said, 1)
    return History(
        turns=tuple(
            Turn(number=n, question="q", standalone_question="q", outcome=o, asked_at=when) for n, o in outcomes
        )
    )


@pytest.mark.parametrize(
    "text",
    [
        "What did you base that on?",
        "show me the sources",
        "Where did you get that from?",
        "sources?",
        "how do you know that?",
        "Are you sure?",
        "is that really true?",
    ],
)
def test_asking_for_the_basis_gives_every_citation_of_the_last_answer(text: str) -> None:
    assert [c.number for c in recall(text, history()) or ()] == [1, 2]


@pytest.mark.parametrize(
    "text", ["show me the source for 2", "source 2", "[2]", "what does reference 2 say?", "open citation 2"]
)
def test_asking_for_one_source_gives_that_one(text: str) -> None:
    assert [c.number for c in recall(text, history()) or ()] == [2]


def test_a_number_that_the_answer_does_not_have_gives_nothing() -> None:
    assert recall("source 7", history()) == ()


@pytest.mark.parametrize(
    "text", ["What is the dose of rituximab?", "which source names the dose of IVIG?", "2", "why?"]
)
def test_other_questions_are_left_alone(text: str) -> None:
    assert recall(text, history()) is None


def test_without_an_earlier_answer_there_is_nothing_to_show() -> None:
    assert recall("sources?", History()) is None


def test_what_left_the_library_is_not_shown_and_numbers_start_at_one() -> None:
    claims, citations = retell((citation(1), citation(2)), {"2.md#a": True})
    assert [c.document for c in citations] == ["2.md"]
    assert citations[0].number == 1
    assert claims[0].citations == (1,)
    assert claims[0].text == "“Quotation 2.”"
