"""Whose words a statement holds, and which statements can't be a side."""

import pytest

from bot.answering.attribution import is_reported, speaks_of_the_matter, takes_a_position, weighs_sources
from bot.answering.candidates import Candidate, list_candidates
from bot.domain.documents import PassageKind, RetrievedPassage
from tests.fakes import GLOSSARY, document, passage


def candidate(text: str, *headings: str) -> Candidate:
    page = document(passage(text, headings=headings), title="IVIG in eighteen children (Miller 2000)")
    found = RetrievedPassage(passage=page.passages[0], document=page, rank=1, score=1.0)
    return list_candidates([found], GLOSSARY)[0]


@pytest.mark.parametrize(
    "text",
    [
        "One unreviewed web overview (2025) proposes IVIG.",
        "Another review proposes IVIG.",
        "According to the society, IVIG comes first.",
        "Smith 2011 found that IVIG works.",
        "Smith et al. (2011) found that IVIG works.",
        "SHARE regards IVIG as an add-on.",
        "The RIM trial gave 575 mg/m².",
        "SHARE (2017) advises IVIG.",
    ],
)
def test_what_another_source_says_is_reported(text: str) -> None:
    assert is_reported(candidate(text))


@pytest.mark.parametrize(
    "text", ["IVIG helped 12 children.", "In Miller 2000, IVIG helped.", "Since May 2019 IVIG was given."]
)
def test_what_a_source_says_itself_is_not(text: str) -> None:
    assert not is_reported(candidate(text))


def test_a_document_that_names_itself_as_the_source_reports_nobody_else() -> None:
    assert not is_reported(candidate("IVIG helps, according to the IVIG (Miller 2000)."))
    assert is_reported(candidate("IVIG helps, according to a review."))


def test_a_sentence_or_a_section_that_sets_sources_against_each_other_takes_no_position() -> None:
    assert weighs_sources(candidate("SHARE regards IVIG as an add-on, whereas another review starts with it."))
    assert weighs_sources(candidate("IVIG is an add-on.", "Where sources differ"))
    assert not takes_a_position(candidate("IVIG is an add-on.", "Where sources differ"))
    assert takes_a_position(candidate("The rash improved, whereas strength did not."))


def test_what_a_document_does_not_hold_says_nothing_of_the_matter() -> None:
    assert not speaks_of_the_matter(candidate("The dose of IVIG is not recorded in this document."))
    assert speaks_of_the_matter(candidate("No side effect was seen."))


def test_facts_about_a_document_say_nothing_of_the_matter() -> None:
    page = document(passage("Design: case series."))
    part = page.passages[0]
    facts = type(part)(id="f", document="a.md", heading_path=(), sentences=part.sentences, kind=PassageKind.METADATA)
    found = RetrievedPassage(passage=facts, document=page, rank=1, score=1.0)
    assert not speaks_of_the_matter(list_candidates([found], GLOSSARY)[0])
