"""A document goes from submitted over a review to approved, back, or out."""

from itertools import product

import pytest

from bot.domain.documents import ReviewStatus
from bot.domain.errors import FootnoteError
from bot.knowledge.review.transitions import Action, next_status

S, U, A, R = ReviewStatus.SUBMITTED, ReviewStatus.UNDER_REVIEW, ReviewStatus.APPROVED, ReviewStatus.RETIRED
ALLOWED = {
    (S, Action.START): U,
    (S, Action.RETIRE): R,
    (U, Action.APPROVE): A,
    (U, Action.SEND_BACK): S,
    (U, Action.RETIRE): R,
    (A, Action.SUBMIT): S,
    (A, Action.START): U,
    (A, Action.APPROVE): A,
    (A, Action.RETIRE): R,
    (R, Action.SUBMIT): S,
}


@pytest.mark.parametrize(("status", "action"), list(product(ReviewStatus, Action)))
def test_only_these_steps_are_possible(status: ReviewStatus, action: Action) -> None:
    if (status, action) in ALLOWED:
        assert next_status(status, action) is ALLOWED[status, action]
    else:
        with pytest.raises(FootnoteError, match=r"isn't possible: the document is .* From there: --"):
            next_status(status, action)
