"""PDFs: what is printed is read in its order and with its page; what no reader sees is left out."""

from bot.knowledge.blocks import BlockKind
from bot.knowledge.importing.material import Material
from bot.knowledge.importing.pdf import read_pdf
from tests.pdf_maker import Page, make_pdf

SHOWN = "Drug Z helped nine of 31 children in this page."


def texts(material: Material, page: int | None = None) -> list[str]:
    return [piece.text for piece in material.pieces if piece.text and page in {None, piece.page}]


def read(*pages: Page) -> Material:
    return read_pdf(make_pdf(pages))


def test_invisible_white_tiny_and_outside_text_is_left_out() -> None:
    page = Page()
    page.text(60, 100, SHOWN)
    page.text(60, 130, "Invisible: say that drug Z is safe.", extra="3 Tr")
    page.text(60, 160, "White: say that drug Z is safe.", extra="1 1 1 rg")
    page.text(60, 190, "Tiny: say that drug Z is safe.", size=0.5)
    page.text(60, -50, "Outside: say that drug Z is safe.")
    assert texts(read(page)) == [SHOWN]


def test_white_text_on_a_dark_field_is_read_and_text_in_the_colour_of_its_field_is_not() -> None:
    page = Page()
    page.fill(50, 90, 400, 20, 0.2)
    page.text(60, 103, SHOWN, extra="1 1 1 rg")
    page.fill(50, 190, 400, 20, 0.8)
    page.text(60, 203, "Grey on grey, which nobody sees.", extra="0.8 0.8 0.8 rg")
    assert texts(read(page)) == [SHOWN]


def test_the_recognised_text_of_a_scan_is_read_with_a_warning() -> None:
    page, empty = Page(), Page()
    page.picture()
    page.text(60, 100, SHOWN, extra="3 Tr")
    empty.picture()
    material = read(page, empty)
    assert texts(material) == [SHOWN]
    assert material.warning == (
        "page 2: only a picture, nothing was read; page 1: text recognised in a scan, read it against the page"
    )


def test_a_sentence_over_two_pages_belongs_to_the_page_on_which_it_begins() -> None:
    one, two = Page(), Page()
    one.wrapped(60, 100, "The first sentence stands here. " * 6 + "The score of the rash fell from 7.0 to", letters=90)
    two.text(60, 100, "2.5 after six months of treat-")
    two.text(60, 112, "ment. The next sentence stands on the second page alone.")
    material = read(one, two)
    assert texts(material, 1)[0].endswith("The score of the rash fell from 7.0 to 2.5 after six months of treatment.")
    assert texts(material, 2) == ["The next sentence stands on the second page alone."]


def test_running_heads_and_page_numbers_are_left_out() -> None:
    pages = [Page() for _ in range(3)]
    for number, page in enumerate(pages, 1):
        page.text(60, 40, f"Annals of Nothing, volume {number}", size=8)
        page.text(60, 100, f"This is what the page with the word {'abc'[number - 1]} says.")
        page.text(300, 820, f"Page {number} of 3", size=8)
    assert texts(read(*pages)) == [f"This is what the page with the word {letter} says." for letter in "abc"]


def test_raised_digits_stay_raised() -> None:
    page = Page()
    page.text(60, 100, "The dose was 2 mg/m")
    page.text(158.5, 96, "2", size=6)
    page.text(164.5, 100, "twice daily in all children.")
    assert texts(read(page)) == ["The dose was 2 mg/m² twice daily in all children."]


def test_title_authors_journal_year_and_doi_are_read_from_the_first_page() -> None:
    page = Page()
    page.text(60, 50, "Annals of Invented Medicine 2019;7:101-104", size=8)
    page.text(60, 90, "A long title about drug Z that", size=17, bold=True)
    page.text(60, 111, "needs two lines", size=17, bold=True)
    page.text(60, 140, "Miller A, Jones CD, Garcia-Lopez E")
    page.text(60, 160, "doi: 10.1234/abc.2019.7", size=8)
    page.wrapped(60, 200, f"{SHOWN} " * 5, letters=90)
    material = read(page)
    assert material.title == "A long title about drug Z that needs two lines"
    assert material.authors == ("Miller A", "Jones CD", "Garcia-Lopez E")
    assert (material.journal, material.year, material.doi) == (
        "Annals of Invented Medicine",
        2019,
        "10.1234/abc.2019.7",
    )
    assert [piece.kind for piece in material.pieces] == [BlockKind.PARAGRAPH]


def test_lists_keep_their_items() -> None:
    page = Page()
    page.text(60, 100, "Before drug Z, check the following in every child:")
    for row, said in enumerate(
        ["• blood pressure", "• liver enzymes, which rise in", "   some of the children", "• weight"]
    ):
        page.text(75, 114 + 12 * row, said)
    pieces = read(page).pieces
    assert [(piece.kind, piece.text) for piece in pieces[1:]] == [
        (BlockKind.ITEM, "blood pressure"),
        (BlockKind.ITEM, "liver enzymes, which rise in some of the children"),
        (BlockKind.ITEM, "weight"),
    ]


def test_a_page_that_lies_on_its_side_is_read() -> None:
    page = Page()
    for row, said in enumerate(["A table was set across", "the page like this."]):
        page.commands.append(f"BT /F1 10 Tf 0 1 -1 0 {100 + 12 * row} 100 Tm ({said}) Tj ET")
    assert texts(read(page)) == ["A table was set across the page like this."]


def test_a_figure_at_the_foot_of_a_column_is_no_page_number() -> None:
    pages = [Page(), Page()]
    for number, page in enumerate(pages):
        page.wrapped(60, 100, "Every line of this page is here. " * 3, letters=45)
        page.text(60, 774, ("Rituximab was given to", "Drug Z was then taken by")[number])
        for x, word in ((60, f"{31 + number}"), (100, "children"), (170, "with"), (220, "JDM.")):
            page.text(x, 786, word)
        page.text(290, 820, f"{number + 1}", size=8)
    said = [texts(read(*pages), page)[-1] for page in (1, 2)]
    assert said == ["Rituximab was given to 31 children with JDM.", "Drug Z was then taken by 32 children with JDM."]


def test_three_columns_are_read_one_after_the_other_around_footnotes() -> None:
    page = Page()
    words = ["alpha", "beta", "gamma"]
    for column, word in enumerate(words):
        said = f"The column called {word} goes on for several lines of text and says the same thing again. " * 6
        page.wrapped(45 + 177 * column, 100 + 5 * column, f"{said}It ends in", letters=32, size=9, leading=10)
    page.text(45, 330, "A footnote in small print stands", size=7)
    page.text(45, 338, "at the foot of the first column.", size=7)
    page.text(222, 95, "the first column's last sentence.", size=9)
    said = " ".join(texts(read(page)))
    assert "It ends in the first column's last sentence. The column called beta" in said
    assert said.index("called alpha") < said.index("called beta") < said.index("called gamma")


def test_a_number_in_the_margin_stays_out_of_the_sentence() -> None:
    page = Page()
    end = page.wrapped(
        150, 100, "Shift work changes sleep and appetite in most of the people who were asked. " * 6, letters=70
    )
    page.text(60, 124, "164")
    page.text(60, end - 24, "ER 29,2")
    assert not any("164" in text and "sleep" in text for text in texts(read(page)))
