"""What may be quoted depends on the status, the validity and the review of a document, on the very day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.domain.documents import CuratedDocument, ReviewStatus, SearchQuery
from bot.domain.glossary import Glossary
from bot.knowledge.admission import GRACE, Admission, is_overdue, is_past
from bot.knowledge.index import KnowledgeIndex, open_index
from bot.knowledge.indexing import build_index
from bot.knowledge.retrieval import HybridRetriever
from tests.fake_embedder import HashEmbedder, document, passage

TODAY = date(2026, 6, 1)
DAY = timedelta(days=1)
ROOT = Path(__file__).resolve().parents[3]


def test_the_last_day_still_counts() -> None:
    page = document("a.md")
    assert [is_past(replace(page, valid_until=TODAY + n * DAY), TODAY) for n in (-1, 0)] == [True, False]
    assert [is_past(replace(page, review_by=TODAY - GRACE + n * DAY), TODAY) for n in (-1, 0)] == [True, False]
    assert [is_overdue(replace(page, review_by=TODAY + n * DAY), TODAY) for n in (-1, 0)] == [True, False]
    assert not is_past(page, TODAY)


@pytest.mark.parametrize("only_approved", [False, True])
@pytest.mark.parametrize("status", list(ReviewStatus))
def test_the_status_decides(status: ReviewStatus, only_approved: bool) -> None:
    admits = Admission(only_approved=only_approved).admits(document("a.md", status=status))
    assert admits is (status is ReviewStatus.APPROVED or (not only_approved and status is not ReviewStatus.RETIRED))


def test_the_policy_names_the_grace() -> None:
    assert f"{GRACE.days} days" in (ROOT / "knowledge" / "README.md").read_text(encoding="utf-8")


def page(path: str, text: str, status: ReviewStatus = ReviewStatus.SUBMITTED) -> CuratedDocument:
    return document(path, passage(path, text), status=status)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[KnowledgeIndex]:
    """150 pages that nobody approved, better matches than the approved one, and one that is valid until today."""
    pages = [page(f"{number}.md", "Drug Z helps children.") for number in range(150)]
    approved = page("approved.md", "Drug Z helps adults, among other things.", ReviewStatus.APPROVED)
    valid = replace(page("valid.md", "Drug Z helps children."), valid_until=TODAY)
    build_index(tmp_path, [*pages, approved, valid], HashEmbedder())
    index = open_index(tmp_path, HashEmbedder())
    yield index
    index.close()


def found(index: KnowledgeIndex, admission: Admission, k: int = 500) -> set[str]:
    retriever = HybridRetriever(index, HashEmbedder(), Glossary(), admission)
    return {item.document.path for item in retriever.retrieve([SearchQuery(text="drug z helps children")], k)}


def test_what_may_not_be_quoted_pushes_nothing_else_out(index: KnowledgeIndex) -> None:
    assert found(index, Admission(only_approved=True, today=lambda: TODAY)) == {"approved.md"}


def test_a_document_ends_overnight_without_a_new_index(index: KnowledgeIndex) -> None:
    today = TODAY
    admission = Admission(today=lambda: today)
    retriever = HybridRetriever(index, HashEmbedder(), Glossary(), admission)
    query = [SearchQuery(text="drug z helps children")]
    assert retriever.retrieve_from(["valid.md"], query, 3)
    today = TODAY + DAY
    assert not retriever.retrieve_from(["valid.md"], query, 3)
