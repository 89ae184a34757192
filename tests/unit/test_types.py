"""The type checker knows every way in which a message can end: a reader that forgets one doesn't pass `make check`."""

from typing import assert_never

import pytest

from bot.domain.answers import (
    Abstention,
    Answer,
    Citation,
    Claim,
    ClaimRole,
    Clarification,
    Direction,
    DirectionKind,
    Outcome,
    SupportLabel,
)
from bot.domain.documents import ReviewStatus

CITATION = Citation(
    number=1, document="a.md", title="A", quote="Some words.", start=0, end=11, locator="text", evidence="", year=None,
    review_status=ReviewStatus.SUBMITTED,
)  # fmt: skip
CLAIM = Claim(text="Some words.", role=ClaimRole.FINDING, support=SupportLabel.SUPPORTED, citations=(1,))
ANSWER = Answer(claims=(CLAIM,), citations=(CITATION,), notices=(), disclaimer="d")
PARTIAL = Answer(claims=(CLAIM,), citations=(CITATION,), notices=(), disclaimer="d", gaps=("x",))
ABSTENTION = Abstention(text="x", nearest=(), notices=(), disclaimer="d")
CLARIFICATION = Clarification(text="x", choices=("a",), notices=(), disclaimer="d")
DIRECTION = Direction(kind=DirectionKind.CRISIS, text="x", notices=(), disclaimer="d")


def kind_of(outcome: Outcome) -> str:
    match outcome:
        case Answer() | Abstention() | Clarification():
            return outcome.kind
        case Direction():
            return outcome.kind.value
        case _:
            assert_never(outcome)


def marks_of(label: SupportLabel) -> str:
    match label:
        case SupportLabel.SUPPORTED:
            return "yes"
        case SupportLabel.CONTRADICTED | SupportLabel.NOT_ENOUGH_INFORMATION:
            return "no"
        case _:
            assert_never(label)


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        (ANSWER, "answer"),
        (PARTIAL, "partial_answer"),
        (ABSTENTION, "abstention"),
        (CLARIFICATION, "clarification"),
        (DIRECTION, "crisis"),
    ],
)
def test_every_outcome_has_one_kind_and_no_other_outcome_exists(outcome: Outcome, kind: str) -> None:
    assert kind_of(outcome) == kind


def test_a_claim_is_carried_or_it_is_not() -> None:
    assert [marks_of(label) for label in SupportLabel] == ["yes", "no", "no"]
