"""The promises that the types keep."""

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
    SupportLabel,
)
from bot.domain.documents import ReviewStatus

CITATION = Citation(
    number=1, document="a.md", title="A", quote="Some words.", start=0, end=11, locator="text", evidence="", year=None,
    review_status=ReviewStatus.SUBMITTED,
)  # fmt: skip
CLAIM = Claim(text="Some words.", role=ClaimRole.FINDING, support=SupportLabel.SUPPORTED, citations=(1,))


def test_an_answer_without_a_disclaimer_can_not_be_made() -> None:
    with pytest.raises(ValueError, match="disclaimer"):
        Answer(claims=(CLAIM,), citations=(CITATION,), notices=(), disclaimer=" ")


def test_no_other_reply_can_be_made_without_a_disclaimer() -> None:
    with pytest.raises(ValueError, match="disclaimer"):
        Abstention(text="x", nearest=(), notices=(), disclaimer="")
    with pytest.raises(ValueError, match="disclaimer"):
        Clarification(text="x", choices=(), notices=(), disclaimer="")
    with pytest.raises(ValueError, match="disclaimer"):
        Direction(kind=DirectionKind.EMERGENCY, text="x", notices=(), disclaimer="")


def test_an_answer_without_a_claim_can_not_be_made() -> None:
    with pytest.raises(ValueError, match="at least one claim"):
        Answer(claims=(), citations=(CITATION,), notices=(), disclaimer="d")


def test_a_claim_points_only_at_footnotes_that_exist() -> None:
    with pytest.raises(ValueError, match="don't exist"):
        Answer(claims=(CLAIM,), citations=(), notices=(), disclaimer="d")


@pytest.mark.parametrize("label", [SupportLabel.CONTRADICTED, SupportLabel.NOT_ENOUGH_INFORMATION])
def test_an_unsupported_claim_can_not_be_made(label: SupportLabel) -> None:
    with pytest.raises(ValueError, match="supported"):
        Claim(text="x", role=ClaimRole.FINDING, support=label, citations=(1,))


def test_a_claim_without_a_citation_can_not_be_made() -> None:
    with pytest.raises(ValueError, match="citation"):
        Claim(text="x", role=ClaimRole.FINDING, support=SupportLabel.SUPPORTED, citations=())
