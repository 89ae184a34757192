"""What people decide about answers that were given."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ReviewDecision(StrEnum):
    """What a reviewer says of an answer."""

    APPROVED = "approved"
    REJECTED = "rejected"
    CORRECTED = "corrected"


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerReview:
    """An answer in review: why it was reported, what was decided, by whom, when. `decision` is None while pending."""

    answer_id: str
    question: str
    reason: str = ""
    reported_by: str = ""
    decision: ReviewDecision | None = None
    decided_by: str = ""
    note: str = ""
    decided_at: datetime | None = None
