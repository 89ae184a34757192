from datetime import date
from pathlib import Path

import pytest

from bot.domain.documents import PassageKind
from bot.knowledge.authors import read_authors
from bot.knowledge.dates import parse_date
from tests.unit.knowledge.pages import ABSTRACT, WEB_PAGE, read, sentences, texts
from tests.unit.knowledge.test_plain import PRINTED


def test_what_a_page_says_of_itself_can_be_quoted(tmp_path: Path) -> None:
    stated = {s.text: s.quote for s in sentences(read(tmp_path, WEB_PAGE), PassageKind.METADATA)}
    assert stated["Last updated: March 4, 2024."] == "Last updated: March 4, 2024"
    assert stated["Article Review Status: Submitted, Under Review, Approved."] == (
        "Article Review Status Submitted Under Review Approved"
    )
    assert "Handle with care, content is pending human review." in stated
    assert "All pages are reviewed for accuracy by our Clinical Review Board." in stated
    assert "Reference 1: Guideline. Uveitis Overview. Vendor Board & Editors, 2024." in stated
    assert "Title: Drugs After Methotrexate in Childhood Uveitis." in stated


def test_an_abstract_says_where_it_was_published_and_by_whom(tmp_path: Path) -> None:
    stated = texts(read(tmp_path, ABSTRACT), PassageKind.METADATA)
    assert "Published in: Rheumatology, February 12, 2021." in stated
    assert "Authors: Voyer TL, Gitiaux C, Frémond ML, Bader-Meunier B." in stated


def test_notes_and_references_of_a_letter_are_facts_not_text(tmp_path: Path) -> None:
    document = read(tmp_path, PRINTED)
    stated = texts(document, PassageKind.METADATA)
    assert "Funding None declared." in stated
    assert "Correspondence to Dr A B Miller, Department of Paediatrics." in stated
    assert (
        "Reference 2: White C, et al. Long-term outcome of uveitis in children. Rheumatology 2018;57:12–20." in stated
    )
    assert not any("declared" in text or "Lancet" in text for text in texts(document))


def test_a_long_reference_list_stands_apart(tmp_path: Path) -> None:
    entries = "\n".join(
        f"{n}. Author A. A study with a title of some length. Journal 20{n:02};1:1–2." for n in range(1, 40)
    )
    document = read(tmp_path, f"Title\n\nA sentence that says something.\n\nReferences\n{entries}\n")
    about = [passage for passage in document.passages if passage.kind is PassageKind.METADATA]
    assert len(about) > 2
    assert [sentence.text for sentence in about[0].sentences] == ["Title: Title."]
    assert sum(len(passage.sentences) for passage in about) == 40


def test_identifiers_are_found(tmp_path: Path) -> None:
    text = """\
Title of a paper

Jane A. Doe, Richard Roe, and Max Mustermann
Arthritis Rheumatol. 2015 May;67(5):1234-40. doi: 10.1002/art.99999

It works well in most of the children.

PMID: 25708889
"""
    document = read(tmp_path, text)
    assert (document.doi, document.pmid, document.journal, document.year) == (
        "10.1002/art.99999", "25708889", "Arthritis Rheumatol", 2015,
    )  # fmt: skip
    assert document.authors == ("Jane A. Doe", "Richard Roe", "Max Mustermann")


def test_boilerplate_is_in_no_passage(tmp_path: Path) -> None:
    said = " ".join(passage.text for passage in read(tmp_path, WEB_PAGE).passages)
    for phrase in ["tailor", "describes you", "discretion", "follow up question", "editorial policy", "Personalize"]:
        assert phrase not in said


def test_other_sites_have_other_boilerplate(tmp_path: Path) -> None:
    text = """\
Skip to main content
Home > Conditions > Uveitis
Log in
Uveitis: What Parents Should Know
Medically reviewed by Jane Doe, MD — Updated on March 3, 2024
We use cookies to improve your experience. Accept all
What is it?
Uveitis is an inflammation of the eye that may be silent in children.
Share your worries with the doctor.
Was this page helpful?
Facebook
Related articles
- Arthritis
- Lupus in children
Disclaimer
This content is for informational purposes only and is not a substitute for professional medical advice.
© 2024 Health Site Inc. All rights reserved.
"""
    document = read(tmp_path, text)
    assert document.title == "Uveitis: What Parents Should Know"
    assert texts(document) == [
        "Uveitis is an inflammation of the eye that may be silent in children.",
        "Share your worries with the doctor.",
    ]
    assert "Medically reviewed by Jane Doe, MD — Updated on March 3, 2024." in texts(document, PassageKind.METADATA)
    assert document.last_updated == date(2024, 3, 3)


def test_a_sentence_about_a_review_of_patients_stays_text(tmp_path: Path) -> None:
    said = texts(
        read(tmp_path, "Title\n\nIt started early in all of them.\n\nPatients were reviewed by an eye doctor.")
    )
    assert said[-1] == "Patients were reviewed by an eye doctor."


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ding Y, Huang B and Le Voyer T", ("Ding Y", "Huang B", "Le Voyer T")),
        ("A. B. Miller,1 C. D. Jones2", ("A. B. Miller", "C. D. Jones")),
        ("By Jane Doe, MD", ("Jane Doe",)),
        ("Skin, Muscle, Lung and Heart", ()),
        ("Jane Doe, London", ()),
        ("Rituximab", ()),
    ],
)
def test_a_line_is_authors_only_if_every_part_is_a_name(line: str, names: tuple[str, ...]) -> None:
    assert read_authors(line) == names


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("September 18, 2025", date(2025, 9, 18)),
        ("18 Sep 2025", date(2025, 9, 18)),
        ("2025-09-18", date(2025, 9, 18)),
        ("May 2020", date(2020, 5, 1)),
        ("February 30, 2021", None),
    ],
)
def test_dates_are_understood(written: str, meant: date | None) -> None:
    assert parse_date(written) == meant
