"""What the editorial policy asks of each document by itself, beyond the form of its fields."""

import re
from collections.abc import Iterator
from datetime import date

from bot.domain.documents import CuratedDocument, ReviewStatus
from bot.domain.errors import DocumentError
from bot.knowledge.addressed import find_orders
from bot.knowledge.frontmatter import Header

IDENTIFIERS = ("doi", "pmid", "url", "no_identifier")
FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


def shortcomings(
    name: str, text: str, header: Header | None, document: CuratedDocument | None, today: date
) -> Iterator[DocumentError]:
    """What a document lacks, and what of it has run out."""
    yield from find_orders(name, text, header.end if header else 0)
    if header is None:
        if document is not None and not (document.doi or document.pmid or document.url):
            remedy = "Add front matter with doi, pmid or url, or with no_identifier and the reason."
            yield DocumentError(name, "it has no identifier.", remedy=remedy)
        return
    if header.values.review_status is ReviewStatus.RETIRED:
        return
    if not any(header.states(field, text) for field in IDENTIFIERS):
        remedy = "Add doi, pmid or url, or no_identifier with the reason."
        yield DocumentError(name, "it has no identifier.", line=1, remedy=remedy)
    yield from _overdue(name, header, today)
    yield from _unsaid_doses(name, text, header)


def _overdue(name: str, header: Header, today: date) -> Iterator[DocumentError]:
    due, last = header.values.review_by, header.values.valid_until
    if due and due < today:
        remedy = "Review it, and enter who, when and the next review_by."
        yield DocumentError(name, f"its review was due by {due}.", line=header.line("review_by"), remedy=remedy)
    if last and last < today:
        remedy = "Review it and enter a later valid_until, or set review_status to retired."
        yield DocumentError(name, f"it expired on {last}.", line=header.line("valid_until"), remedy=remedy)


def _unsaid_doses(name: str, text: str, header: Header) -> Iterator[DocumentError]:
    """Doses with a figure that the text nowhere states: answers quote only the text."""
    said = set(FIGURE.findall(text[header.end :]))
    for at, entry in enumerate(header.values.doses):
        missing = [figure for figure in FIGURE.findall(entry.dose) if figure not in said]
        if missing:
            problem = f"doses.{at}.dose says {' and '.join(missing)}, and the text doesn't."
            remedy = "Write the dose into the text beside its study and population, or correct it here."
            yield DocumentError(name, problem, line=header.line("doses", at, "dose"), remedy=remedy)
