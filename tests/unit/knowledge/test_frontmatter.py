import re
from datetime import date
from pathlib import Path

import pytest

from bot.domain.documents import Conflict, Directness, DocumentKind, PassageKind, ReviewStatus
from bot.knowledge.documents import read_library
from bot.knowledge.frontmatter import examine_header, read_header
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
grade: {level: low, by: a panel}
recommendations:
  - {situation: first line fails, action: add it, strength: weak, wording: "We suggest adding it."}
doses:
  - {drug: tofacitinib, dose: 5 mg, population: children over 25 kg, study: The letter itself}
time_to_judge: 3 months
monitoring: [blood count]
screening: [tuberculosis]
pitfalls: [live vaccines]
if_fails: [rituximab]
if_unavailable: [ciclosporin]
notices:
  - {publication: 10.1000/example, kind: correction, notice: 10.1000/notice, dated: 2022-01-01, handled: figures mended}
review_status: approved
reviewed_by: Dr A
reviewed_on: 2025-10-01
review_note: Read against the paper.
review_by: 2026-10-01
valid_until: 2027-10-01
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
        ("reviewed_on: 2025-13-01", "line 2: reviewed_on: there is no day '2025-13-01'"),
        ("review_status: approved", "line 2: an approved document needs reviewed_by. Add reviewed_by, or go back"),
        ("review_status: approved\nreviewed_by: A", "line 2: an approved document needs reviewed_on"),
        (
            "review_status: approved\nreviewed_by: A\nreviewed_on: 2025-10-01\nreview_by: 2025-10-01",
            "line 5: review_by, 2025-10-01, isn't after reviewed_on",
        ),
        ("last_updated: 20250918", "line 2: last_updated: 20250918 is no date. Write year, month and day"),
        ("doi: https://doi.org/10.1000/a", "line 2: doi can't be .* Write it without https://doi.org/"),
        ("pmid: PMID 123", "line 2: pmid can't be 'PMID 123'. Write its digits only"),
        ("url: doi.org/10.1000/a", "line 2: url can't be .*beginning with https://"),
        ("sources:\n- title: a\n  doi: 11.1/x", r"line 4: sources\.0\.doi can't be '11\.1/x'"),
        ("sources:\n- title: a\n  title: b", "line 4: title is given twice"),
        ("doses:\n- drug: a\n  dose: 1 mg\n  study: b", r"line 3: doses\.0\.population is missing. Add population"),
        ("grade: low", "line 2: grade can't be 'low': .*one a line: level, by"),
        ("recommendations: [{situation: a}]", r"line 2: recommendations\.0\.action is missing"),
        ("notices: [{publication: x, kind: retraction, handled: y}]", "publication can't be 'x'. Write a DOI"),
        ("journal: ''", "line 2: journal can't be ''.*Write it, or delete"),
        ("n: yes", "line 2: n: True is no number"),
        ("excerpt_only: perhaps", "line 2: excerpt_only can't be 'perhaps'.*true or false"),
        ("title: *a", "line 2: the front matter isn't valid YAML: a value can't begin with"),
        ("a: &a [*a]", r"isn't valid YAML: a value can't begin with \*"),
        (f"a: {'[' * 2000}", "line 1: the front matter is nested too deeply"),
        ("sources: [{titel: x}]", "line 2: unknown field 'titel'"),
        ("sources: [{year: 2020}]", r"line 2: sources\.0\.title is missing"),
        ("conflicts_with: x", "line 2: conflicts_with can't be 'x'.*Write it as a list"),
        ("conflicts_with: [x]", "can't be 'x': it isn't a list of fields.*document, topic, reason"),
        ("conflicts_with: [{document: a}]", r"line 2: conflicts_with\.0\.topic is missing"),
        ("conflicts_with: [{document: A b, topic: t}]", "can't be 'A b'. Use lower-case letters"),
        ("conflicts_with: [{document: a, topic: t, why: x}]", "unknown field 'why'. Known fields: document, topic"),
        ("conflicts_with: [{document: a, topic: t, resaon: x}]", "unknown field 'resaon'. Did you mean reason"),
        ("n: 1\nn: 2", "line 3: n is given twice"),
        ("a:b", "line 1: the front matter isn't a list of fields. Write one `field: value` a line"),
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


def test_the_line_that_points_an_editor_to_the_schema_may_come_first() -> None:
    header, faults = read_header("---\n# yaml-language-server: $schema=../x.json\nn: 3\n---\nText.", "a.md")
    assert faults == ()
    assert header is not None
    assert (header.values.n, header.line("n")) == (3, 3)


@pytest.mark.parametrize("line", ["year: 2028", "reviewed_on: 2026-12-01", "last_updated: 2026-12-01"])
def test_only_the_curators_check_minds_dates_in_the_future(line: str) -> None:
    text = f"---\n{line}\n---\nText."
    header, faults = examine_header(text, "a.md", today=date(2026, 11, 30))
    assert [fault.line for fault in faults] == [2]
    assert "lies in the future" in str(faults[0])
    assert header is not None
    assert read_header(text, "a.md")[1] == ()


def test_the_sound_fields_beside_faulty_ones_are_kept_for_further_checks() -> None:
    header, faults = examine_header("---\nkind: novel\nreview_status: approved\ndoi: 10.1000/a\n---\nText.", "a.md")
    assert header is not None
    assert (header.values.doi, header.line("doi"), header.values.review_status) == (
        "10.1000/a", 4, ReviewStatus.SUBMITTED,
    )  # fmt: skip
    assert [fault.line for fault in faults] == [2, 3, 3]
