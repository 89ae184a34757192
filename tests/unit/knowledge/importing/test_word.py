"""Word files: everything that is shown, nothing that is hidden or was deleted."""

import io

import docx
from docx.document import Document
from docx.oxml import parse_xml
from docx.shared import Pt, RGBColor

from bot.knowledge.importing.material import Material
from bot.knowledge.importing.word import read_word

NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def read(document: Document) -> Material:
    kept = io.BytesIO()
    document.save(kept)
    return read_word(kept.getvalue())


def test_hidden_white_and_tiny_runs_are_left_out() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Drug Z is given with food.")
    paragraph.add_run(" Hidden.").font.hidden = True
    paragraph.add_run(" White.").font.color.rgb = RGBColor(255, 255, 255)
    paragraph.add_run(" Tiny.").font.size = Pt(1)
    assert [piece.text for piece in read(document).pieces] == ["Drug Z is given with food."]


def test_insertions_are_read_and_deletions_are_not() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Give ")
    added = f'<w:ins {NS} w:id="1" w:author="a"><w:r><w:t>4 mg</w:t></w:r></w:ins>'
    removed = f'<w:del {NS} w:id="2" w:author="a"><w:r><w:delText>40 mg</w:delText></w:r></w:del>'
    for change in (added, removed):
        paragraph._p.append(parse_xml(change))
    assert read(document).pieces[0].text == "Give 4 mg"


def test_title_and_authors_come_from_the_style_and_the_properties() -> None:
    document = docx.Document()
    document.core_properties.author = "Anna Miller; Carl Jones"
    document.add_heading("Drug Z in the clinic", 0)
    document.add_paragraph("See 10.1234/word.1 for more.")
    material = read(document)
    assert (material.title, material.authors) == ("Drug Z in the clinic", ("Anna Miller", "Carl Jones"))
    assert material.doi == "10.1234/word.1"


def test_a_cell_over_two_columns_stands_in_both() -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=3)
    table.cell(0, 0).text = "Group"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "Improved"
    for column, said in enumerate(("All", "9", "29%")):
        table.cell(1, column).text = said
    assert [piece.cells for piece in read(document).pieces] == [("Group", "Improved", "Improved"), ("All", "9", "29%")]


def test_a_raised_digit_stays_raised() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("2 mg/m")
    paragraph.add_run("2").font.superscript = True
    assert read(document).pieces[0].text == "2 mg/m²"
