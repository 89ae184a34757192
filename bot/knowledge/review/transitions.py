"""Which step a document may take from where it stands."""

from collections.abc import Mapping
from enum import StrEnum

from bot.domain.documents import ReviewStatus
from bot.domain.errors import FootnoteError


class Action(StrEnum):
    """What a reviewer or curator does with a document."""

    SUBMIT = "submit"
    START = "start"
    APPROVE = "approve"
    SEND_BACK = "send-back"
    RETIRE = "retire"


STEPS: Mapping[Action, tuple[frozenset[ReviewStatus], ReviewStatus]] = {
    Action.SUBMIT: (frozenset({ReviewStatus.APPROVED, ReviewStatus.RETIRED}), ReviewStatus.SUBMITTED),
    Action.START: (frozenset({ReviewStatus.SUBMITTED, ReviewStatus.APPROVED}), ReviewStatus.UNDER_REVIEW),
    # Approved again: it was read anew and nothing had to change.
    Action.APPROVE: (frozenset({ReviewStatus.UNDER_REVIEW, ReviewStatus.APPROVED}), ReviewStatus.APPROVED),
    Action.SEND_BACK: (frozenset({ReviewStatus.UNDER_REVIEW}), ReviewStatus.SUBMITTED),
    Action.RETIRE: (frozenset(ReviewStatus) - {ReviewStatus.RETIRED}, ReviewStatus.RETIRED),
}
"""From which status each action leads to which."""


def next_status(status: ReviewStatus, action: Action) -> ReviewStatus:
    """Where the action leads. Raises FootnoteError that names the actions which are possible."""
    allowed, reached = STEPS[action]
    if status in allowed:
        return reached
    possible = ", ".join(f"--{each}" for each, (origins, _) in STEPS.items() if status in origins)
    raise FootnoteError(
        f"--{action} isn't possible: the document is {status.value.replace('_', ' ')}.",
        remedy=f"From there: {possible}.",
    )
