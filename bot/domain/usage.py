"""What was asked and cited, without who asked it or where."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Unanswered:
    """A question that the library had no answer to, and the titles of the documents that came closest."""

    question: str
    asked_at: datetime
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class WordsUsed:
    """That a prompt or wording file, by its name and digest, had a part in so many answers, from `first` to `last`."""

    name: str
    digest: str
    answers: int
    first: datetime
    last: datetime
