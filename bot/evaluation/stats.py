"""The library in numbers: what sort of documents it holds, and which of them answers cite."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.documents import CuratedDocument, ReviewStatus

AGES = ((1, "up to 1 year"), (3, "2 to 3 years"), (5, "4 to 5 years"), (10, "6 to 10 years"))
OLDER, UNKNOWN = "over 10 years", "not known"
Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Stats:
    """Counts of documents. `citations`: by title, in how many answers; `never_cited`: titles.

    `gone`: citations of documents that the library no longer holds.
    """

    documents: int
    passages: int
    kinds: Counts
    statuses: Counts
    levels: Counts
    ages: Counts
    citations: Counts
    never_cited: tuple[str, ...]
    gone: int


def count_library(documents: Sequence[CuratedDocument], cited: Mapping[str, int], today: date) -> Stats:
    """The numbers of these documents; `cited` counts answers by the path of a document."""
    titles = {document.path: document.title for document in documents}
    by_title = [(titles[path], count) for path, count in cited.items() if path in titles]
    quotable = [document for document in documents if document.review_status is not ReviewStatus.RETIRED]
    levels = Counter(str(document.level or UNKNOWN) for document in documents)
    order = [*(label for _, label in AGES), OLDER, UNKNOWN]
    ages = Counter(_age(document, today) for document in documents)
    return Stats(
        documents=len(documents),
        passages=sum(len(document.passages) for document in documents),
        kinds=_most_first(document.kind.value for document in documents),
        statuses=_most_first(document.review_status.value.replace("_", " ") for document in documents),
        levels=tuple(sorted(levels.items())),
        ages=tuple((label, ages[label]) for label in order if ages[label]),
        citations=tuple(sorted(by_title, key=lambda pair: (-pair[1], pair[0]))),
        never_cited=tuple(sorted(document.title for document in quotable if not cited.get(document.path))),
        gone=sum(count for path, count in cited.items() if path not in titles),
    )


def _age(document: CuratedDocument, today: date) -> str:
    """How long ago it was published; where that isn't known, how long ago its text was last changed."""
    year = document.year or (document.last_updated.year if document.last_updated else None)
    if year is None:
        return UNKNOWN
    return next((label for limit, label in AGES if today.year - year <= limit), OLDER)


def _most_first(values: Iterable[str]) -> Counts:
    return tuple(sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0])))
