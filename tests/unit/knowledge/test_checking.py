"""Thirty files, each broken in another way: every one is named with its line, what is wrong and what to do."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from bot.domain.errors import ConfigurationError
from bot.knowledge.checking import check_library

KNOWLEDGE = Path(__file__).parents[3] / "knowledge"
TODAY = date(2026, 11, 22)
APPROVED = "review_status: approved\nreviewed_by: Dr A\nreviewed_on: 2026-05-01"
GOOD = "---\nid: good\ndoi: 10.1000/good\npmid: '111'\n---\nDrug X helped nine of 31 children.\n"


@dataclass(frozen=True)
class Broken:
    """A file of a library, what is told of it, and where."""

    name: str
    text: str | bytes
    line: int | None
    problem: str
    remedy: str


def document(fields: str, body: str = "Drug X helped nine of 31 children.") -> str:
    return f"---\nno_identifier: made up\n{fields}\n---\n{body}\n"


BROKEN = (
    Broken("unknown-field.md", document("populaton: children"), 3, "unknown field 'populaton'", "mean population"),
    Broken("wrong-kind.md", document("kind: novel"), 3, "kind can't be 'novel'", "Use 'guideline', 'consensus'"),
    Broken("wrong-directness.md", document("directness: adults"), 3, "directness can't be 'adults'", "Use 'jdm'"),
    Broken("no-list.md", document("questions: Does it work?"), 3, "questions can't be", "Write it as a list"),
    Broken("wrong-level.md", document("oxford_2011: 6"), 3, "oxford_2011 can't be 6", "the number that is meant"),
    Broken("words-for-number.md", document("n: nine"), 3, r"n can't be 'nine'\.$", "in digits"),
    Broken("no-such-day.md", document("last_updated: 2026-02-30"), 3, "there is no day '2026-02-30'", "year, month"),
    Broken("other-date.md", document("last_updated: 1 May 2026"), 3, "'1 May 2026' is no date", "such as 2026-03-31"),
    Broken("future.md", document("last_updated: 2026-12-24"), 3, "2026-12-24, lies in the future", "that is meant"),
    Broken("doi-address.md", document("doi: https://doi.org/10.1000/a"), 3, "doi can't be", "without https://doi.org/"),
    Broken("pmid-letters.md", document("pmid: PMC123"), 3, "pmid can't be 'PMC123'", "digits only"),
    Broken("half-url.md", document("url: www.example.org"), 3, "url can't be", "beginning with https://"),
    Broken("source-doi.md", document("sources:\n- title: A\n  doi: 10/x"), 5, r"sources\.0\.doi can't be", "10.1002"),
    Broken("dose-alone.md", document("doses:\n- drug: x\n  dose: 9 g\n  study: Y"), 4, "population is missing", "Add"),
    Broken(
        "unsaid-dose.md",
        document("doses:\n- {drug: x, dose: 575 mg/m² twice, population: children, study: Y}"),
        4, "says 575, and the text doesn't", "Write the dose into the text",
    ),
    Broken("half-recommendation.md", document("recommendations:\n- situation: a"), 4, "action is missing", "Add"),
    Broken("nobody.md", document("review_status: approved\nreviewed_on: 2026-01-01"), 3, "needs reviewed_by", "Add"),
    Broken("never.md", document("review_status: approved\nreviewed_by: Dr A"), 3, "needs reviewed_on", "Add"),
    Broken(
        "backwards.md", document(f"{APPROVED}\nreview_by: 2026-05-01"),
        6, "review_by, 2026-05-01, isn't after reviewed_on", "when the next review is due",
    ),
    Broken("overdue.md", document("review_by: 2026-11-21"), 3, "review was due by 2026-11-21", "Review it"),
    Broken("expired.md", document("valid_until: 2026-11-21"), 3, "it expired on 2026-11-21", "a later valid_until"),
    Broken("twice.md", document("n: 1\nn: 2"), 4, "n is given twice", "Keep one of them"),
    Broken("not-yaml.md", document("title: JDM: a letter"), 3, "isn't valid YAML", "quotation marks"),
    Broken("unclosed.md", "---\ntitle: A\nDrug X helped.", 1, "never closed", "Add a line ---"),
    Broken("no-identifier.md", "---\ntitle: A\n---\nDrug X helped.", 1, "no identifier", "no_identifier with"),
    Broken("no-body.md", document("title: A", ""), None, "its body states no sentence", "below the front matter"),
    Broken("same-id.md", document("id: good"), 3, r"its id 'good' is already used by good\.md", "another id"),
    Broken("same-doi.md", document("doi: 10.1000/GOOD"), 3, r"doi '10.1000/good' is already used by good", "Keep one"),
    Broken(
        "lost-conflict.md", document("conflicts_with:\n- {document: goood, topic: effect}"),
        4, "names 'goood', which is no document", "Did you mean good",
    ),
    Broken("binary.md", b"%PDF-1.7 \x00\x01", None, "it is a PDF, not a text", "Save its text"),
)  # fmt: skip


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    (folder / "good.md").write_text(GOOD, encoding="utf-8")
    for file in BROKEN:
        (folder / file.name).write_bytes(file.text if isinstance(file.text, bytes) else file.text.encode())
    return folder


def test_there_are_thirty_different_faults() -> None:
    assert len({file.name for file in BROKEN}) == len({file.problem for file in BROKEN}) == 30


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.name)
def test_each_is_named_with_its_line_and_a_remedy_and_with_nothing_else(library: Path, file: Broken) -> None:
    faults = [fault for fault in check_library(library, TODAY).faults if fault.path == file.name]
    assert [fault.line for fault in faults] == [file.line]
    assert re.search(file.problem, faults[0].what)
    assert file.remedy in faults[0].remedy


def test_all_thirty_are_told_at_once_and_no_other_file(library: Path) -> None:
    assert {fault.path for fault in check_library(library, TODAY).faults} == {file.name for file in BROKEN}


def test_the_shipped_library_has_no_fault() -> None:
    checked = check_library(KNOWLEDGE, TODAY)
    assert [str(fault) for fault in checked.faults] == []
    assert len(checked.examined) >= 20


def check(folder: Path, *files: Path, **texts: str) -> list[str]:
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return [str(fault) for fault in check_library(folder, TODAY, files).faults]


def test_a_file_with_several_faults_has_them_all_told(tmp_path: Path) -> None:
    told = check(tmp_path, a="---\nkind: novel\nn: 0\nreview_by: 2020-01-01\nauther: me\n---\n\n")
    assert [re.sub(r"a\.md, line (\d).*", r"\1", one) for one in told][1:] == ["1", "2", "3", "4", "5"]
    assert "its body states no sentence" in told[0] or "no text to quote" in told[0]


def test_conflicts_are_entered_on_both_sides_and_never_with_oneself_or_a_retired_document(tmp_path: Path) -> None:
    told = check(
        tmp_path,
        a=document("conflicts_with:\n- {document: b, topic: t}\n- {document: a, topic: t}\n- {document: c, topic: t}"),
        b=document("title: B"),
        c=document("review_status: retired"),
    )
    assert told == [
        "a.md, line 4: conflicts_with.0 names b, which doesn't name this one back. Enter the conflict in b.md too.",
        "a.md, line 5: conflicts_with.1 names the document itself. Name the other document.",
        "a.md, line 6: conflicts_with.2 names c, which is retired. Take the entry out.",
    ]


def test_a_faulty_document_is_still_known_to_the_others(tmp_path: Path) -> None:
    entry = "conflicts_with:\n- {document: %s, topic: t}"
    told = check(tmp_path, a=document(entry % "b"), b=document(entry % "a" + "\nkind: novel"))
    assert [one.split(".")[0] for one in told] == ["b"]


def test_a_retired_document_may_keep_its_doi_for_the_one_that_follows_it(tmp_path: Path) -> None:
    old = document("doi: 10.1000/a\nreview_status: retired\nreview_by: 2020-01-01")
    assert check(tmp_path, a=old, b=document("doi: 10.1000/a")) == []


def test_two_documents_may_be_about_one_publication_where_both_say_so(tmp_path: Path) -> None:
    part = document("doi: 10.1000/a\nsources:\n- {title: The whole, doi: 10.1000/a}")
    assert check(tmp_path, a=part, b=part) == []


def test_a_review_begun_after_it_was_due_is_overdue_but_no_contradiction(tmp_path: Path) -> None:
    begun = APPROVED.replace("approved", "under_review")
    told = check(tmp_path, a=document(f"{begun}\nreview_by: 2026-04-30"), b=document(f"{begun}\nreview_by: 2026-12-31"))
    assert [one.partition(". ")[0] for one in told] == ["a.md, line 6: its review was due by 2026-04-30"]


def test_a_document_is_due_and_expires_only_after_the_day_that_it_names(tmp_path: Path) -> None:
    assert check(tmp_path, a=document("review_by: 2026-11-22\nvalid_until: 2026-11-22")) == []


def test_a_copy_is_told_whatever_its_identifiers(tmp_path: Path) -> None:
    text = "Drug X helped nine of 31 children with vasculitis, and two of them had a relapse when it was stopped again."
    told = check(tmp_path, a=document("doi: 10.1000/a", text), b=document("doi: 10.1000/b", text))
    assert told == ["b.md: it has nearly the same text as a.md. Keep one of them, or set the older one to retired."]


def test_a_plain_text_without_identifier_is_told(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("Drug X helped nine of 31 children.", encoding="utf-8")
    assert ["page.txt: it has no identifier." in one for one in check(tmp_path)] == [True]


def test_only_the_named_files_are_told_of_also_outside_the_library(tmp_path: Path) -> None:
    folder, draft = tmp_path / "library", tmp_path / "draft.md"
    (folder / "sub").mkdir(parents=True)
    (folder / "good.md").write_text(GOOD, encoding="utf-8")
    (folder / "sub" / "bad.md").write_text(document("n: 0"), encoding="utf-8")
    draft.write_text(document("doi: 10.1000/good"), encoding="utf-8")
    assert check(folder, folder / "good.md") == []
    assert len(check(folder, Path("sub"))) == 1
    assert len(check(folder, Path("sub/bad.md"))) == 1
    assert check(folder, draft)[0].startswith(f"{draft}, line 3: its doi '10.1000/good' is already used by good.md")
    assert "can't be opened" in check(folder, tmp_path / "nowhere.md")[0]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("glossary.yaml", "terms:\n- id: a\n  nam: A\n  kind: drug\n", "line 2: a has an unknown field 'nam'"),
        ("glossary.yaml", "terms: [", "glossary.yaml, line 1: it isn't valid YAML."),
        ("glossary.yaml", "names: []", "glossary.yaml: it isn't a list of terms."),
        ("triage.yaml", "rules:\n- id: a\n  level: injection\n  why: x\n  groups: [['(']]\n", "line 5: '(' isn't"),
        ("triage.yaml", "rules:\n- id: a\n  level: panic\n", "triage.yaml, line 2: rules.0.why: field required."),
        ("triage.yaml", "rules: ]", "triage.yaml, line 1: it isn't valid YAML. Put patterns in single quotes."),
        ("triage.yaml", "", "triage.yaml: it is empty. Restore the file."),
    ],
)  # fmt: skip
def test_the_glossary_and_the_triage_rules_are_checked(tmp_path: Path, name: str, text: str, told: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = check(tmp_path)
    assert any(told in one for one in found), found


def test_every_fault_of_the_triage_rules_is_told(tmp_path: Path) -> None:
    rule = "- {id: a, level: injection, why: x, groups: [['(']]}\n"
    (tmp_path / "triage.yaml").write_text(f"rules:\n{rule}{rule}", encoding="utf-8")
    assert len(check(tmp_path)) == 2


def test_a_library_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="doesn't exist"):
        check_library(tmp_path / "nowhere", TODAY)
