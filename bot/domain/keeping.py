"""What is kept, and for how long: `/privacy`, the README and the purge all read it here.

Why it is kept stands in the fixed sentences, under `privacy.what`, `privacy.why` and `privacy.rule`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

RETENTION_DAYS = 30
"""The default of `FOOTNOTE_RETENTION_DAYS`: for a month follow-ups work, and errors can be looked into."""


class Rule(StrEnum):
    """When a kind of record goes, besides by `/forget`."""

    RETENTION = "retention"
    """After the days of the setting; never where that is 0."""
    DAYS = "days"
    """After its own days."""
    WAITING = "waiting"
    """What was written goes once it is dealt with, its numbers after its own days."""
    REVIEW = "review"
    """With its answer; where a decision is awaited, after its own days."""
    CHOICE = "choice"
    """After its own days, unless something that the user asked is kept."""
    LONGEST = "longest"
    """After its own days or those of the setting, whichever are more; never where the setting is 0."""
    NOT_KEPT = "not_kept"
    """There is nothing of a user in it."""
    OPERATOR = "operator"
    """Those who run the bot decide."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """One kind of record. `tables`: its columns in the database by table; empty where it is kept elsewhere or not.

    `among`: the table of another kind, of whose rows these are some.
    """

    name: str
    rule: Rule
    days: int = 0
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    among: str = ""

    def limit(self, now: datetime, retention_days: int) -> datetime | None:
        """What is older than this goes; None where nothing goes by its age."""
        days = retention_days if self.rule is Rule.RETENTION else self.days
        if self.rule is Rule.LONGEST:
            days = max(days, retention_days) if retention_days else 0
        return now - timedelta(days=days) if days else None

    def first_day(self, now: datetime) -> date:
        """The first day that is kept, for what is counted by days."""
        return (now - timedelta(days=self.days)).date()


TURNS = Kind(
    name="turns",
    rule=Rule.RETENTION,
    tables={
        "turns": (
            "answer_id", "conversation", "number", "question", "standalone_question", "kind", "asked_at", "created_at",
            "reply", "user",
        ),
        "conversations": ("id", "afresh_after"),
    },
)  # fmt: skip
APPROVED = Kind(name="approved", rule=Rule.DAYS, days=365, among="turns")
"""Counted from the reviewer's decision."""
MESSAGES = Kind(
    name="messages",
    rule=Rule.RETENTION,
    tables={
        "message_map": (
            "chat_id", "message_id", "topic_id", "conversation", "answer_id", "by_user", "said_at", "purpose", "user",
        )
    },
)  # fmt: skip
WAITING = Kind(
    name="waiting",
    rule=Rule.WAITING,
    days=2,
    tables={
        "inbox": (
            "id", "sequence", "kind", "lane", "chat", "user", "message", "payload", "answer_id", "received_at",
            "not_before", "state", "attempts", "leased_by", "leased_until", "shown", "reason", "forgotten",
        )
    },
)  # fmt: skip
"""Telegram may bring an update again for a day, and questions are limited by the day."""
FEEDBACK = Kind(
    name="feedback",
    rule=Rule.RETENTION,
    tables={"feedback": ("answer_id", "user", "vote", "reason", "comment", "given_at")},
)
REVIEWS = Kind(
    name="reviews",
    rule=Rule.REVIEW,
    days=90,
    tables={
        "reviews": ("answer_id", "reason", "reported_by", "decision", "decided_by", "note", "decided_at"),
    },
)
AUDIENCE = Kind(name="audience", rule=Rule.CHOICE, days=365, tables={"readers": ("scope", "audience", "chosen_at")})
SPENDING = Kind(name="spending", rule=Rule.DAYS, days=2, tables={"spending": ("user", "day", "tokens")})
ERASURES = Kind(
    name="erasures",
    rule=Rule.LONGEST,
    days=max(APPROVED.days, REVIEWS.days, AUDIENCE.days),
    tables={"erasures": ("user", "chat", "scope", "erased_at")},
)
"""Needed while anything that was deleted could outlast the purge, were it brought back by a copy."""
DERIVED = Kind(name="derived", rule=Rule.NOT_KEPT)
"""Usage gaps, statistics and traces."""
LOGS = Kind(name="logs", rule=Rule.NOT_KEPT)
INDEX = Kind(name="index", rule=Rule.NOT_KEPT, tables={"hash_key": ("key_check",)})
BACKUPS = Kind(name="backups", rule=Rule.OPERATOR)

KINDS = (
    TURNS, APPROVED, MESSAGES, WAITING, FEEDBACK, REVIEWS, AUDIENCE, SPENDING, ERASURES, DERIVED, LOGS, INDEX,
    BACKUPS,
)  # fmt: skip
