"""What is known about a document and a passage is told in one form."""

import pytest

from bot.domain.documents import CuratedDocument, DocumentKind, Passage, Sentence, Span
from bot.domain.errors import DocumentError, FootnoteError, StoreError
from tests.fakes import passage, sentence


@pytest.mark.parametrize(
    ("kind", "design", "n", "evidence"),
    [
        (DocumentKind.CASE_SERIES, "", 25, "case series, n=25"),
        (DocumentKind.TRIAL, "randomised trial", None, "randomised trial"),
        (DocumentKind.UNKNOWN, "", None, ""),
        (DocumentKind.UNKNOWN, "", 7, "n=7"),
    ],
)
def test_evidence_is_the_kind_of_study_and_its_size(
    kind: DocumentKind, design: str, n: int | None, evidence: str
) -> None:
    assert CuratedDocument(path="a.md", id="a", title="A", kind=kind, design=design, n=n).evidence == evidence


@pytest.mark.parametrize(
    ("headings", "page", "locator"),
    [(("A", "B"), 3, "A > B, page 3"), (("A",), None, "A"), ((), 3, "page 3"), ((), None, "text")],
)
def test_a_passage_is_found_by_its_headings_and_its_page(
    headings: tuple[str, ...], page: int | None, locator: str
) -> None:
    assert Passage(id="x", document="a", heading_path=headings, sentences=(), page=page).locator == locator


def test_a_passage_reads_with_its_headings_and_each_introduction_once() -> None:
    items = [sentence("Skin", lead=("Assess:", "First")), sentence("Muscle", lead=("Assess:", "First"))]
    assert passage("Text.", *items, headings=("A", "B")).text == "A. B. Text. Assess: First: Skin Muscle"


def test_a_sentence_reaches_from_its_first_to_its_last_span() -> None:
    split = Sentence(text="a b", quote="a … b", spans=(Span(start=3, end=4), Span(start=9, end=10)))
    assert (split.start, split.end) == (3, 10)


def test_errors_say_what_where_and_what_to_do() -> None:
    error = DocumentError("a.md", "no title.", line=3, remedy="Add one.")
    assert str(error) == "a.md, line 3: no title. Add one."
    assert (error.path, error.line, error.remedy) == ("a.md", 3, "Add one.")
    assert str(DocumentError("a.md", "is empty.")) == "a.md: is empty."
    assert isinstance(StoreError("Away."), FootnoteError)
