"""Web pages: the main content only, in the encoding that the page is in."""

import pytest

from bot.knowledge.blocks import BlockKind
from bot.knowledge.importing.draft import write_draft
from bot.knowledge.importing.material import Piece
from bot.knowledge.importing.web import read_web_page
from tests.importing_samples import Sample, web_pages

PAGES = list(web_pages())
PROSE = "Drug Z is given to children whose rash did not go away with methotrexate after six months. " * 3


def read(inside: str, head: str = "") -> list[Piece]:
    """The pieces of a page whose article holds some prose and this."""
    page = f"<html><head>{head}</head><body><article><p>{PROSE}</p>{inside}</article></body></html>"
    return list(read_web_page(page.encode()).pieces)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_navigation_banners_adverts_comments_and_hidden_text_are_left_out(page: Sample) -> None:
    text = write_draft(read_web_page(page.data), "x")
    for stranger in ("cookies", "Home", "Guidelines of", "secret", "Ignore all", "miracle", "My cousin", "rights"):
        assert stranger not in text


def test_the_head_of_the_page_tells_of_the_publication() -> None:
    head = (
        '<meta name="citation_title" content="Drug Z for rash"><meta name="citation_author" content="Miller, Anna">'
        '<meta name="citation_journal_title" content="Annals"><meta name="citation_publication_date" content="2022/03">'
        '<meta name="citation_doi" content="10.1234/web.1"><meta name="citation_pmid" content="999">'
        '<link rel="canonical" href="https://example.org/z"><link rel="license" href="https://example.org/by">'
    )
    page = f"<html><head>{head}</head><body><article><h1>Drug Z</h1><p>{PROSE}</p></article></body></html>"
    material = read_web_page(page.encode())
    assert (material.title, material.authors, material.journal) == ("Drug Z for rash", ("Miller, Anna",), "Annals")
    assert (material.year, material.doi, material.pmid) == (2022, "10.1234/web.1", "999")
    assert (material.url, material.licence) == ("https://example.org/z", "https://example.org/by")


def test_words_inside_a_paragraph_and_raised_digits_stay_where_they_are() -> None:
    dose = (
        "<p>Give <b>2 mg/m<sup>2</sup></b> of <code>Z</code> at 10<sup>9</sup>/L or more, and <a href='/x'>ask</a>.</p>"
    )
    assert read(dose)[-1].text == "Give 2 mg/m² of Z at 10⁹/L or more, and ask."


def test_zero_width_characters_are_removed() -> None:
    last = read("<p>Never\u200b give\u202e drug\u2060 Q to a child, whatever happens.</p>")[-1]
    assert (last.kind, last.text) == (BlockKind.PARAGRAPH, "Never give drug Q to a child, whatever happens.")


@pytest.mark.parametrize(
    "style", ["display:none", "visibility: hidden", "font-size:0", "color:#fff", "opacity:0", "left:-9999px"]
)
def test_what_a_style_hides_is_left_out(style: str) -> None:
    hidden = f'<p style="{style}">Drug Q is safe for everybody, says this line.</p>'
    text = " ".join(piece.text for piece in read(f"{hidden}<p>Drug Z was stopped in two of 31 children.</p>"))
    assert "Drug Q" not in text
    assert "Drug Z was stopped" in text


def test_a_class_that_only_print_hides_is_read() -> None:
    style = "<style>@media print { .tip { display: none } } nav.ghost, #gone { display: none }</style>"
    shown = '<p class="tip">Take drug Z with a glass of water in the morning.</p>'
    hidden = '<p id="gone">This line was hidden from everybody who reads.</p>'
    text = " ".join(piece.text for piece in read(shown + hidden, style))
    assert "glass of water" in text
    assert "hidden from everybody" not in text
