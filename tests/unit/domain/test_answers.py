"""The promises that the types keep."""

from dataclasses import replace

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
    Disagreement,
    Side,
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


def two_sides(first: int, second: int) -> Disagreement:
    sides = (Side(who=str(n), evidence="", directness="", year=None, citation=n) for n in (first, second))
    return Disagreement(topic="dose", sides=tuple(sides), reasons=("Nobody knows.",))


def test_a_disagreement_points_only_at_footnotes_that_exist() -> None:
    with pytest.raises(ValueError, match="side points at footnotes that don't exist"):
        Answer(claims=(CLAIM,), citations=(CITATION,), notices=(), disclaimer="d", disagreements=(two_sides(1, 2),))


def test_one_document_can_not_disagree_with_itself() -> None:
    citations = (CITATION, replace(CITATION, number=2))
    with pytest.raises(ValueError, match="two documents"):
        Answer(claims=(CLAIM,), citations=citations, notices=(), disclaimer="d", disagreements=(two_sides(1, 2),))


def test_sides_of_two_documents_are_a_disagreement() -> None:
    citations = (CITATION, replace(CITATION, number=2, document="b.md"))
    answer = Answer(claims=(CLAIM,), citations=citations, notices=(), disclaimer="d", disagreements=(two_sides(1, 2),))
    assert answer.kind == "answer"
