import re
from datetime import date
from pathlib import Path

import pytest

from bot.domain.documents import Conflict, Directness, DocumentKind, PassageKind, ReviewStatus
from bot.knowledge.documents import read_library
from bot.knowledge.frontmatter import read_header
from tests.unit.knowledge.pages import read, sentences, texts

FULL = """\
---
id: jak-letter
title: "JAK inhibitors: a letter"
kind: case series
authors: [Ding Y, Huang B]
journal: Ann Rheum Dis
year: 2021
doi: 10.1000/example
pmid: 12345678
population: children with JDM
directness: jdm
design: case series
n: 25
oxford_2011: 4
questions:
  - How well do they work?
sources:
  - title: The letter itself
    year: 2021
    doi: 10.1000/example
review_status: approved
reviewed_by: Dr A
reviewed_on: 2025-10-01
review_by: 2026-10-01
last_updated: 2025-09-18
evidence_searched_until: 2025-08-01
version: 1.2
licence: CC-BY-4.0
excerpt_only: true
conflicts_with:
  - document: another-letter
    topic: effect of JAK inhibitors
    reason: They counted different things.
  - {document: a-third, topic: safety}
---
# JAK inhibitors: a letter

Rash improved.
"""


def test_front_matter_becomes_the_values_of_the_document(tmp_path: Path) -> None:
    document = read(tmp_path, FULL, "a.md")
    assert (document.id, document.title, document.kind) == (
        "jak-letter", "JAK inhibitors: a letter", DocumentKind.CASE_SERIES,
    )  # fmt: skip
    assert (document.authors, document.journal, document.year) == (("Ding Y", "Huang B"), "Ann Rheum Dis", 2021)
    assert (document.doi, document.pmid, document.n, document.level) == ("10.1000/example", "12345678", 25, 4)
    assert (document.directness, document.population) == (Directness.JDM, "children with JDM")
    assert (document.review_status, document.reviewed_by) == (ReviewStatus.APPROVED, "Dr A")
    assert (document.reviewed_on, document.review_by) == (date(2025, 10, 1), date(2026, 10, 1))
    assert (document.last_updated, document.excerpt_only) == (date(2025, 9, 18), True)
    assert document.questions == ("How well do they work?",)
    assert document.conflicts_with == (
        Conflict(document="another-letter", topic="effect of JAK inhibitors", reason="They counted different things."),
        Conflict(document="a-third", topic="safety"),
    )


def test_front_matter_can_be_quoted_line_by_line(tmp_path: Path) -> None:
    stated = {
        sentence.text: sentence.quote for sentence in sentences(read(tmp_path, FULL, "a.md"), PassageKind.METADATA)
    }
    assert stated["Journal: Ann Rheum Dis, 2021."] == "journal: Ann Rheum Dis … year: 2021"
    assert stated["Last updated: 2025-09-18."] == "last_updated: 2025-09-18"
    assert "Review status: approved, reviewed by Dr A on 2025-10-01." in stated
    assert stated["The letter itself, 2021, doi 10.1000/example."].startswith("title: The letter itself year: 2021")
    assert "Only an excerpt of the publication was available." in stated


def test_the_title_is_said_once(tmp_path: Path) -> None:
    said = texts(read(tmp_path, FULL, "a.md"), PassageKind.METADATA)
    assert [text for text in said if text.startswith("Title")] == ["Title: JAK inhibitors: a letter."]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("auther: me", r"line 2: unknown field 'auther'\. Did you mean authors\?"),
        ("kind: novel", r"line 2: kind can't be 'novel'\. Use 'guideline'"),
        ("n: 0", "line 2: n can't be 0"),
        ("oxford_2011: 6", "line 2: oxford_2011 can't be 6"),
        ("id: Not Kebab", "line 2: id can't be 'Not Kebab'. Use lower-case letters"),
        ("authors: Ding Y", "line 2: authors can't be 'Ding Y'.*Write it as a list"),
        ("reviewed_on: 2025-13-01", "line 2: reviewed_on can't be '2025-13-01'"),
        ("review_status: approved", "line 2: an approved document needs reviewed_by and reviewed_on"),
        ("sources: [{titel: x}]", "line 2: unknown field 'titel'"),
        ("sources: [{year: 2020}]", r"line 2: sources\.0\.title is missing"),
        ("conflicts_with: x", "line 2: conflicts_with can't be 'x'.*Write it as a list"),
        ("conflicts_with: [x]", "can't be 'x': it isn't a list of fields.*document, topic, reason"),
        ("conflicts_with: [{document: a}]", r"line 2: conflicts_with\.0\.topic is missing"),
        ("conflicts_with: [{document: A b, topic: t}]", "can't be 'A b'. Use lower-case letters"),
        ("conflicts_with: [{document: a, topic: t, why: x}]", "unknown field 'why'. Known fields: document, topic"),
        ("conflicts_with: [{document: a, topic: t, resaon: x}]", "unknown field 'resaon'. Did you mean reason"),
        ("n: 1\nn: 2", "line 3: n is given twice"),
        ("title: [a", "isn't valid YAML"),
        ("a: b: c", "line 2: the front matter isn't valid YAML"),
    ],
)
def test_a_fault_is_told_with_its_line(line: str, told: str) -> None:
    header, faults = read_header(f"---\n{line}\n---\nText.", "a.md")
    assert header is None
    assert any(re.search(told, str(fault)) for fault in faults), [str(fault) for fault in faults]


def test_every_fault_is_told_not_only_the_first(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\nkind: novel\nauther: me\nn: none\n---\nText.")
    assert sorted(fault.line or 0 for fault in read_library(tmp_path).faults) == [2, 3, 4]


def test_front_matter_that_is_never_closed_is_told() -> None:
    _, faults = read_header("---\ntitle: a\nText.", "a.md")
    assert "never closed" in str(faults[0])


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    assert read_header("---\n\nText between rules.\n\n---\n", "a.md") == (None, ())
