"""Drafts: front matter with what could be read, and Markdown that says what was written, whatever its characters."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.documents import CuratedDocument, PassageKind, ReviewStatus
from bot.knowledge.blocks import BlockKind
from bot.knowledge.documents import parse_document
from bot.knowledge.importing.draft import missing, name_draft, write_draft
from bot.knowledge.importing.material import Material, Piece
from bot.knowledge.importing.written import read_markdown_file, read_text_file

MARKS = [
    "*",
    "**",
    "_x_",
    "`",
    "<b>",
    "p<0.05",
    "#",
    "-",
    "+",
    "1.",
    "2)",
    "[a](b)",
    "![x](y)",
    "<!-- page 3 -->",
    "|",
    ">",
]


def paragraphs(*texts: str, page: int | None = None) -> tuple[Piece, ...]:
    return tuple(Piece(kind=BlockKind.PARAGRAPH, text=text, page=page) for text in texts)


def body(material: Material) -> list[tuple[int | None, str]]:
    read: CuratedDocument = parse_document("x.md", write_draft(material, "x"))
    return [(p.page, s.text) for p in read.passages if p.kind is not PassageKind.METADATA for s in p.sentences]


@given(st.lists(st.sampled_from([*MARKS, "word", "dose", "5 mg"]), min_size=1, max_size=6))
def test_characters_that_mean_something_in_markdown_are_read_as_themselves(parts: list[str]) -> None:
    text = f"{' '.join(parts)} ends here."
    assert " ".join(said for _, said in body(Material(pieces=paragraphs(text, page=2)))) == text


@pytest.mark.parametrize("cell", ["a | b", "**5 mg**", "<20 kg", "1. first", "12*"])
def test_cells_say_what_was_written(cell: str) -> None:
    names = Piece(kind=BlockKind.ROW, cells=("Drug", "Dose"), names=True)
    row = Piece(kind=BlockKind.ROW, cells=("Z", cell))
    assert [said for _, said in body(Material(pieces=(names, row)))] == [f"Drug: Z; Dose: {cell}"]


def test_a_table_that_goes_on_over_the_page_keeps_the_names_of_its_columns() -> None:
    names = Piece(kind=BlockKind.ROW, cells=("Drug", "Dose"), names=True, page=1)
    rows = [Piece(kind=BlockKind.ROW, cells=(drug, "5 mg"), page=page) for drug, page in (("Z", 1), ("Y", 2))]
    assert body(Material(pieces=(names, *rows))) == [(1, "Drug: Z; Dose: 5 mg"), (2, "Drug: Y; Dose: 5 mg")]


def test_a_draft_is_submitted_and_says_what_is_still_to_do(tmp_path: Path) -> None:
    material = Material(
        pieces=paragraphs("Drug Z helped."),
        title="On: drug Z",
        authors=("Miller A",),
        year=2020,
        pmid="0123",
        licence="CC BY",
    )
    read = parse_document("x.md", write_draft(material, "miller-2020"))
    assert (read.id, read.title, read.authors, read.year, read.pmid) == (
        "miller-2020",
        "On: drug Z",
        ("Miller A",),
        2020,
        "0123",
    )
    assert read.review_status is ReviewStatus.SUBMITTED
    assert missing(material) == [
        "journal", "kind", "population", "directness", "design", "n", "questions", "licence (the source says: CC BY)",
        "the text in your own words",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("authors", "year", "title", "name"),
    [
        (("Oddis CV",), 2013, "Rituximab in the treatment of myositis", "oddis-2013-rituximab-treatment-myositis"),
        (("Müller, Änne",), 2020, "A title", "muller-2020-title"),
        (("Anna Beth Miller",), None, "Title", "miller-title"),
        ((), None, "", "file-name"),
        ((), None, "word " * 40, "word-word-word-word-word-word-word-word-word-word-word-word"),
    ],
)
def test_a_draft_is_named_by_author_year_and_title(
    authors: tuple[str, ...], year: int | None, title: str, name: str
) -> None:
    assert name_draft(Material(authors=authors, year=year, title=title), "File name") == name


def test_markdown_is_taken_over_but_not_its_review() -> None:
    text = (
        "---\nid: mine\ntitle: Drug Z\nkind: cohort\nreview_status: approved\nreviewed_by: Me\n"
        "reviewed_on: 2026-01-01\n"
        "---\n## Dose\n\nGive **5\u200b mg** of drug Z.\n"
    )
    written = write_draft(read_markdown_file(text.encode()), "drug-z")
    read = parse_document("x.md", written)
    assert (read.id, read.kind.value, read.review_status, read.reviewed_by) == (
        "drug-z",
        "cohort",
        ReviewStatus.SUBMITTED,
        "",
    )
    assert written.endswith("---\n## Dose\n\nGive **5 mg** of drug Z.\n")


def test_text_keeps_headings_and_pages() -> None:
    text = "A title about drug Z\n\nMethods\n\nWe gave drug Z to 31 children.\n\fResults\n\nNine of them improved.\n"
    read = parse_document("x.md", write_draft(read_text_file(text.encode()), "x"))
    assert read.title == "A title about drug Z"
    assert [p.locator for p in read.passages if p.kind is PassageKind.BODY] == ["Methods, page 1", "Results, page 2"]


def test_what_only_looks_like_an_identifier_stays_out_and_is_named_as_missing() -> None:
    material = Material(pieces=paragraphs("Drug Z helped."), doi="n/a", pmid="PMC12", url="/article/12")
    assert not {"doi: n/a", "pmid: PMC12", "url: /article/12"} & set(write_draft(material, "z").splitlines())
    assert "doi, pmid or url (or no_identifier with the reason)" in missing(material)
