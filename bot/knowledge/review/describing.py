"""One document in lines of text, as a reviewer reads it."""

from collections.abc import Iterator
from datetime import date

from bot.domain.documents import CuratedDocument
from bot.knowledge.admission import is_overdue, is_past
from bot.knowledge.review.reviewing import Dossier


def describe_dossier(dossier: Dossier, today: date) -> Iterator[str]:
    """Title, status, dates, sources, and what changed since the last approval."""
    document = dossier.document
    yield document.title
    yield document.path
    yield f"Status: {_status(document)}"
    if dossier.note:
        yield f"Note: {dossier.note}"
    if document.review_by:
        yield f"Next review: {document.review_by}{' (overdue)' if is_overdue(document, today) else ''}"
    if document.valid_until:
        yield f"Valid until: {document.valid_until}"
    if is_past(document, today):
        yield "It is too old to be quoted: renew it with --approve and a new --review-by, or retire it."
    yield ""
    yield from _sources(dossier)
    yield ""
    yield from _changes(dossier)


def _status(document: CuratedDocument) -> str:
    by = f" by {document.reviewed_by}" if document.reviewed_by else ""
    on = f" on {document.reviewed_on}" if document.reviewed_on else ""
    last = f" (last decision{by}{on})" if by or on else ""
    return f"{document.review_status.value.replace('_', ' ')}{last}"


def _sources(dossier: Dossier) -> Iterator[str]:
    document = dossier.document
    own = [
        f"doi {document.doi}" if document.doi else "",
        f"PMID {document.pmid}" if document.pmid else "",
        document.url,
    ]
    yield "Sources:"
    if any(own):
        yield f"  this document: {', '.join(part for part in own if part)}"
    for source in dossier.sources:
        about = (
            str(source.year or ""),
            f"doi {source.doi}" if source.doi else "",
            f"PMID {source.pmid}" if source.pmid else "",
            source.url or "",
        )
        yield f"  {', '.join([source.title, *(part for part in about if part)])}"
    if not any(own) and not dossier.sources:
        yield "  none is named"


def _changes(dossier: Dossier) -> Iterator[str]:
    past = dossier.past
    if past is None:
        yield "There is no history: the file isn't in a Git repository, or was never committed."
    elif past.approved is None:
        yield "It was never approved: read the whole text."
    elif not dossier.diff:
        yield f"Nothing changed since it was approved ({past.approved.written})."
    else:
        yield f"Changes since it was approved ({past.approved.written}):"
        yield from dossier.diff
