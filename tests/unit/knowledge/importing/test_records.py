"""XML, NBIB and RIS: what the tags say of a publication, and its text."""

from bot.knowledge.blocks import BlockKind
from bot.knowledge.importing.material import Material
from bot.knowledge.importing.tagged import read_nbib, read_ris
from bot.knowledge.importing.xml_files import read_xml
from tests.importing_samples import articles

NBIB = """\
PMID- 99999991
TI  - Drug Z in rash: a long title
      that goes on.
AU  - Miller A
FAU - Miller, Anna
AU  - Jones CD
JT  - Annals of invented medicine
DP  - 2020 Mar
LID - S1234(20)1 [pii]
AID - 10.1234/nbib.1 [doi]
CI  - Copyright (c) 2020 Annals.
AB  - BACKGROUND: Rash is common. RESULTS: Nine of 31 children
      improved. Interval: 4 weeks.

PMID- 99999992
TI  - Another one.
AB  - One plain paragraph.
"""
PUBMED = """<?xml version="1.0"?><!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD" "pubmed.dtd"><PubmedArticleSet>
<PubmedArticle><MedlineCitation><PMID>99999993</PMID><Article><Journal><JournalIssue><PubDate><MedlineDate>2019
Nov-Dec</MedlineDate></PubDate></JournalIssue><Title>Annals</Title></Journal><ArticleTitle>Drug <i>Z</i>.</ArticleTitle>
<ELocationID EIdType="doi">10.1234/pm.1</ELocationID><Abstract><AbstractText Label="AIMS">To see.</AbstractText>
<AbstractText Label="RESULTS">Nine of 31 improved.</AbstractText></Abstract><AuthorList><Author>
<LastName>Miller</LastName><Initials>A</Initials></Author>
<Author><CollectiveName>The Z Group</CollectiveName></Author></AuthorList></Article>
</MedlineCitation><PubmedData><ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.1/other</ArticleId>
</ArticleIdList></Reference></ReferenceList></PubmedData></PubmedArticle></PubmedArticleSet>"""


def outline(material: Material) -> list[tuple[str, int, str]]:
    return [(piece.kind.value, piece.depth, piece.text) for piece in material.pieces]


def test_nbib_records_keep_their_labels_as_headings() -> None:
    first, second = read_nbib(NBIB.encode())
    assert first.title == "Drug Z in rash: a long title that goes on"
    assert (first.authors, first.journal, first.year) == (("Miller A", "Jones CD"), "Annals of invented medicine", 2020)
    assert (first.doi, first.pmid, first.licence) == ("10.1234/nbib.1", "99999991", "Copyright (c) 2020 Annals.")
    assert outline(first) == [
        ("heading", 1, "Abstract"),
        ("heading", 2, "Background"),
        ("paragraph", 0, "Rash is common."),
        ("heading", 2, "Results"),
        ("paragraph", 0, "Nine of 31 children improved. Interval: 4 weeks."),
    ]
    assert outline(second)[1:] == [("paragraph", 0, "One plain paragraph.")]
    assert second.excerpt


def test_ris_records_are_read_with_either_name_of_a_tag() -> None:
    one, two = read_ris(
        b"TY  - JOUR\nAU  - Miller, Anna\nTI  - Drug Z\nJO  - Annals\nPY  - 2020/03//\nDO  - 10.1234/ris.1\n"
        b"AN  - 99999994\nUR  - https://example.org/z\nAB  - It helped.\nER  - \n\n"
        b"TY  - JOUR\nA1  - Jones, C\nT1  - Drug Y\nT2  - Letters\nY1  - 2018\nN2  - It did not.\nER  - \n"
    )
    assert (one.title, one.authors, one.journal, one.year) == ("Drug Z", ("Miller, Anna",), "Annals", 2020)
    assert (one.doi, one.pmid, one.url) == ("10.1234/ris.1", "99999994", "https://example.org/z")
    assert (two.title, two.authors, two.journal, two.year) == ("Drug Y", ("Jones, C",), "Letters", 2018)
    assert two.pieces[-1].text == "It did not."


def test_pubmed_records_are_read_with_their_own_identifiers() -> None:
    (record,) = read_xml(PUBMED.encode())
    assert (record.title, record.authors) == ("Drug Z", ("Miller A", "The Z Group"))
    assert (record.journal, record.year, record.doi, record.pmid) == ("Annals", 2019, "10.1234/pm.1", "99999993")
    assert outline(record)[1:3] == [("heading", 2, "Aims"), ("paragraph", 0, "To see.")]


def test_articles_keep_sections_tables_and_references_without_marks() -> None:
    article = read_xml(next(articles()).data)[0]
    assert (article.title, article.authors, article.year) == ("Paper 0 on rare rashes", ("Miller AB",), 2020)
    assert article.licence == "https://creativecommons.org/licenses/by/4.0/"
    assert not article.excerpt
    assert [piece.cells for piece in article.pieces if piece.kind is BlockKind.ROW] == [
        ("Group", "Improved – n", "Improved – %"),
        ("Skin 0", "9", "75"),
    ]
    assert ("caption", 0, "Table 1. Improvement") in outline(article)
    assert outline(article)[-2:] == [("heading", 1, "References"), ("item", 0, "Jones C. A drug. J Test 2019;1:2.")]
    assert not any("¹" in text or "[" in text for _, _, text in outline(article))


def test_an_article_with_an_abstract_alone_is_an_excerpt() -> None:
    article = read_xml(list(articles())[2].data)[0]
    assert article.excerpt
    assert [text for kind, _, text in outline(article) if kind == "heading"] == ["Abstract", "Aims", "Results"]


def test_lists_inside_lists_and_paragraphs_keep_their_order() -> None:
    body = (
        "<list><list-item><p>skin</p><list list-type='order'><list-item><p>face</p></list-item></list></list-item>"
        "<list-item><p>muscle</p></list-item></list>"
    )
    article = (
        f"<article><front/><body><sec><title>Outcomes</title><p>These were counted:{body}</p></sec></body></article>"
    )
    (read,) = read_xml(article.encode())
    assert outline(read) == [
        ("heading", 1, "Outcomes"),
        ("paragraph", 0, "These were counted:"),
        ("item", 0, "skin"),
        ("item", 1, "face"),
        ("item", 0, "muscle"),
    ]


def test_an_author_without_a_name_is_nobody() -> None:
    (record,) = read_nbib(b"PMID- 1\nTI  - A.\nAU  - \nAU  - Miller A\n")
    (reference,) = read_ris(b"TY  - JOUR\nTI  - A\nAU  - \nAU  - Miller, Anna\nER  - \n")
    assert (record.authors, reference.authors) == (("Miller A",), ("Miller, Anna",))
