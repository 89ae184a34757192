"""What readers say of answers."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Opinion:
    """One reader's vote on an answer: 1 or -1, or 0 where there are only words.

    `reason` is a kind such as `outdated`, `comment` their own words.
    """

    answer_id: str
    user: str
    vote: int
    reason: str = ""
    comment: str = ""
    given_at: datetime
