from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.rich_text import EntityKind
from bot.channels.telegram.keyboards import MOST_COPIED
from bot.channels.telegram.source_page import copyable, link_to, source_page
from bot.domain.answers import Citation
from bot.domain.documents import CuratedDocument, RetrievedPassage
from bot.knowledge.documents import read_library
from tests.unit.channels.test_rendering import WORDING, shown
from tests.unit.stores.replies import a_citation

SOURCE = """---
id: doses
title: "Doses in JDM"
kind: trial
year: 2013
n: 200
no_identifier: "made for this test"
---
## Dosing
Doses were fixed. Rituximab was given *twice* at 750 mg/m². Nothing else was given. Steroids went on.

For the skin:
- Hydroxychloroquine 5 mg/kg
- IVIG 2 g/kg

| Drug | Dose | Interval |
|------|------|----------|
| **Rituximab** | ≤375 mg/m² | weekly |
| IVIG | 2 g/kg | monthly |

|  |  |
|--|--|
| CK | ≤150 U/L |
"""


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> RetrievedPassage:
    folder: Path = tmp_path_factory.mktemp("library")
    (folder / "doses.md").write_text(SOURCE, encoding="utf-8")
    (document,) = read_library(folder).documents
    return RetrievedPassage(passage=document.passages[0], document=document, rank=1, score=1.0)


def citing(*quotes: str) -> Citation:
    return replace(a_citation(3, " … ".join(quotes)), title="Doses in JDM", locator="Dosing, page 3")


def quote_of(held: RetrievedPassage, word: str) -> str:
    return next(sentence.quote for sentence in held.passage.sentences if word in sentence.quote)


def test_the_quotation_is_bold_in_its_passage(held: RetrievedPassage) -> None:
    rich = source_page(citing("Rituximab was given *twice* at 750 mg/m²."), held, WORDING)

    assert rich.text == (
        "Source [3]\n"
        "Doses in JDM (2013, trial, n=200) · Dosing, page 3 · not reviewed yet\n"
        "\n"
        "Doses were fixed. Rituximab was given *twice* at 750 mg/m². Nothing else was given. Steroids went on.\n"
        "For the skin:\n"
        "• Hydroxychloroquine 5 mg/kg\n"
        "• IVIG 2 g/kg\n"
        "• Drug: Rituximab\n"
        "   Dose: ≤375 mg/m²\n"
        "   Interval: weekly\n"
        "• Drug: IVIG\n"
        "   Dose: 2 g/kg\n"
        "   Interval: monthly\n"
        "• CK: ≤150 U/L"
    )
    assert shown(rich, EntityKind.BOLD) == ["Source [3]", "Rituximab was given *twice* at 750 mg/m²."]
    (passage,) = shown(rich, EntityKind.BLOCKQUOTE)
    assert passage.startswith("Doses were fixed.")
    assert passage.endswith("CK: ≤150 U/L")


def test_a_quotation_with_a_gap_is_bold_in_each_of_its_places(held: RetrievedPassage) -> None:
    rich = source_page(citing("Doses were fixed.", "Nothing else was given.", "IVIG 2 g/kg"), held, WORDING)

    assert shown(rich, EntityKind.BOLD)[1:] == ["Doses were fixed.", "Nothing else was given.", "IVIG 2 g/kg"]


def test_a_part_of_a_sentence_is_bold_alone(held: RetrievedPassage) -> None:
    assert shown(source_page(citing("at 750 mg/m²"), held, WORDING), EntityKind.BOLD)[1:] == ["at 750 mg/m²"]


def test_the_cells_of_a_quoted_row_are_bold_behind_their_labels(held: RetrievedPassage) -> None:
    quote = quote_of(held, "375")

    rich = source_page(citing(quote), held, WORDING)

    assert quote == "Rituximab … ≤375 mg/m² … weekly"
    assert shown(rich, EntityKind.BOLD)[1:] == ["Rituximab", "≤375 mg/m²", "weekly"]


def test_a_passage_that_is_gone_or_says_something_else_leaves_the_stored_quotation(held: RetrievedPassage) -> None:
    for now in (None, held):
        rich = source_page(citing("Rituximab was given at 1 g."), now, WORDING)

        assert shown(rich, EntityKind.BLOCKQUOTE) == ["“Rituximab was given at 1 g.”"]
        assert WORDING.say("source.changed") in rich.text
        assert "Doses were fixed." not in rich.text


def test_every_sentence_of_a_document_is_found_where_it_stands(held: RetrievedPassage) -> None:
    for passage in held.document.passages:
        for sentence in passage.sentences:
            rich = source_page(citing(sentence.quote), replace(held, passage=passage), WORDING)
            bold = " … ".join(shown(rich, EntityKind.BOLD)[1:])
            assert bold == sentence.quote


DOCUMENT = CuratedDocument(
    path="a.md", id="a", title="T", authors=("Oddis CV", "Reed AM"), year=2013, doi="10.1002/art.37754", pmid="1"
)


def test_a_citation_can_be_copied() -> None:
    citation = replace(a_citation(), title="Rituximab in myositis")

    assert copyable(citation, DOCUMENT) == (
        "Oddis CV, Reed AM. Rituximab in myositis. 2013. https://doi.org/10.1002/art.37754"
    )
    assert copyable(replace(citation, year=None)) == "Rituximab in myositis."


@pytest.mark.parametrize(
    ("document", "link"),
    [
        (DOCUMENT, "https://doi.org/10.1002/art.37754"),
        (replace(DOCUMENT, doi=""), "https://pubmed.ncbi.nlm.nih.gov/1/"),
        (replace(DOCUMENT, doi="", pmid="", url="https://example.org/a"), "https://example.org/a"),
        (replace(DOCUMENT, doi="", pmid="", url="javascript:alert(1)"), ""),
        (None, ""),
    ],
)
def test_the_source_itself_is_linked_where_an_address_is_known(document: CuratedDocument | None, link: str) -> None:
    assert link_to(document) == link


def test_many_authors_give_way_before_the_title_and_the_address_never_does() -> None:
    many = replace(DOCUMENT, authors=tuple(f"Author {number}" for number in range(60)))

    copied = copyable(replace(a_citation(), title="word " * 30), many)

    assert copied.startswith("Author 0, et al. word word")
    assert copied.endswith(" 2013. https://doi.org/10.1002/art.37754")


@given(
    title=st.text(max_size=400),
    authors=st.lists(st.text(min_size=1, max_size=40), max_size=20).map(tuple),
    doi=st.text(max_size=300),
)
def test_what_is_copied_always_fits_on_a_button(title: str, authors: tuple[str, ...], doi: str) -> None:
    citation = replace(a_citation(), title=title)

    assert len(copyable(citation, replace(DOCUMENT, authors=authors, doi=doi))) <= MOST_COPIED
