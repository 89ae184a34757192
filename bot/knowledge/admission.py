"""Which documents may be quoted today: the editorial policy in one place."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.days import today_utc
from bot.domain.documents import CuratedDocument, ReviewStatus

GRACE = timedelta(days=365)
"""How long a document is still quoted after its `review_by`; `knowledge/README.md` names it."""


def is_overdue(document: CuratedDocument, today: date) -> bool:
    """Should it have been read again by now?"""
    return document.review_by is not None and document.review_by < today


def is_past(document: CuratedDocument, today: date) -> bool:
    """Is it no longer valid, or its review overdue for longer than the grace?"""
    invalid = document.valid_until is not None and document.valid_until < today
    return invalid or (document.review_by is not None and document.review_by + GRACE < today)


@dataclass(frozen=True, kw_only=True, slots=True)
class Admission:
    """Says whether a document may be quoted; `only_approved` leaves out whatever nobody has approved."""

    only_approved: bool = False
    today: Callable[[], date] = today_utc

    def admits(self, document: CuratedDocument) -> bool:
        """May it be quoted?"""
        if document.review_status is ReviewStatus.RETIRED or is_past(document, self.today()):
            return False
        return document.review_status is ReviewStatus.APPROVED or not self.only_approved


QUOTABLE = Admission()
"""What the policy allows everywhere."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Admitted:
    """The documents that may be quoted, those of them that are known to contradict others, and all other passages."""

    documents: tuple[CuratedDocument, ...]
    by_id: Mapping[str, CuratedDocument]
    contested: tuple[CuratedDocument, ...]
    barred: frozenset[str]


def admit(
    documents: Collection[CuratedDocument], admission: Admission, ids_of: Callable[[Iterable[str]], frozenset[str]]
) -> Admitted:
    """Ask of each document whether it may be quoted; `ids_of` gives the passages of documents by path."""
    held = tuple(filter(admission.admits, documents))
    others = {document.path for document in documents} - {document.path for document in held}
    return Admitted(
        documents=held,
        by_id={document.id: document for document in held},
        contested=tuple(document for document in held if document.conflicts_with),
        barred=ids_of(others),
    )
