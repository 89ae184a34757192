"""`footnote knowledge review` as reviewers run it, in a library that Git keeps."""

import os
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.domain.documents import ReviewStatus
from bot.domain.errors import ConfigurationError, FootnoteError
from bot.knowledge.documents import read_document

PAGE = """\
---
id: drug-z
title: "Drug Z in children"
doi: 10.1234/z
sources:
  - title: "A trial of drug Z"
    pmid: "1234567"
    year: 2020
review_status: submitted   # nobody yet
version: 1
---
## Summary
Drug Z helped nine of 31 children.
"""


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "library"
    (folder / "topic").mkdir(parents=True)
    (folder / "topic" / "drug-z.md").write_text(PAGE, encoding="utf-8")
    monkeypatch.setenv("FOOTNOTE_KNOWLEDGE", str(folder))
    return folder


def git(library: Path, *arguments: str, author: str = "Ada Author") -> None:
    who = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", author), ("EMAIL", "a@example.org"))
    }
    subprocess.run(["git", "-C", str(library), *arguments], env=os.environ | who, check=True, capture_output=True)


def commit(library: Path, author: str = "Ada Author") -> None:
    git(library, "add", ".")
    git(library, "commit", "-m", "A step.", author=author)


def review(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["knowledge", "review", "drug-z", *arguments])


def refusal(*arguments: str) -> str:
    error = review(*arguments).exception
    assert isinstance(error, FootnoteError)
    return str(error)


def status(library: Path) -> ReviewStatus:
    return read_document(library / "topic" / "drug-z.md", library).review_status


def test_a_document_is_reviewed_changed_and_reviewed_again(library: Path) -> None:
    path = library / "topic" / "drug-z.md"
    git(library, "init", "-q")
    commit(library)
    assert "It was never approved" in review().stdout
    assert review("--start", "--by", "Rita Reviewer").exit_code == 0
    approved = review(
        "--approve", "--by", "Rita Reviewer", "--note", "Read against: the trial", "--review-by", "2999-01-01"
    )
    assert approved.stdout == "topic/drug-z.md is now approved.\n"
    text = path.read_text(encoding="utf-8")
    head, _, body = text.partition("version: 1\n")
    assert body == PAGE.partition("version: 1\n")[2]
    today = read_document(path, library).reviewed_on
    assert head.splitlines()[-5:] == [
        "review_status: approved   # nobody yet",
        "reviewed_by: Rita Reviewer",
        f"reviewed_on: {today}",
        "review_note: 'Read against: the trial'",
        "review_by: 2999-01-01",
    ]
    commit(library, "Rita Reviewer")
    shown = review().stdout
    assert f"Status: approved (last decision by Rita Reviewer on {today})" in shown
    assert "Note: Read against: the trial" in shown
    assert "  A trial of drug Z, 2020, PMID 1234567" in shown
    assert "Nothing changed since it was approved" in shown

    path.write_text(text.replace("nine", "ten"), encoding="utf-8")
    git(library, "mv", "topic/drug-z.md", "topic/drug-zed.md")
    commit(library, "Otto Other")
    (library / "topic" / "drug-zed.md").rename(path)
    git(library, "add", ".")
    commit(library)
    assert review("--submit").exit_code == 0
    shown = review().stdout
    assert "-Drug Z helped nine of 31 children.\n+Drug Z helped ten of 31 children." in shown
    assert review("--start").exit_code == 0
    assert "otto other wrote on this text since the last approval" in refusal("--approve", "--by", "otto other")
    assert review("--approve", "--by", "Ada Author").exit_code == 0


def test_nobody_approves_a_text_of_their_own(library: Path) -> None:
    git(library, "init", "-q")
    commit(library)
    review("--start")
    before = (library / "topic" / "drug-z.md").read_bytes()
    assert "nobody approves their own text" in refusal("--approve", "--by", "ada author")
    assert (library / "topic" / "drug-z.md").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--approve", "--by", "Rita"], "--approve isn't possible: the document is submitted. From there: --start"),
        (["--start", "--review-by", "2999-01-01"], "--review-by belongs to an approval"),
        (["--start", "--retire"], "Only one action at a time"),
        (["--by", "Rita"], "There is no action"),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(library: Path, arguments: list[str], told: str) -> None:
    assert told in refusal(*arguments)
    assert (library / "topic" / "drug-z.md").read_text(encoding="utf-8") == PAGE


def test_an_approval_needs_a_name_and_a_day_to_come(library: Path) -> None:
    review("--start")
    assert "An approval needs a name" in refusal("--approve")
    assert "must be a day to come" in refusal("--approve", "--by", "Rita", "--review-by", "2001-01-01")
    assert status(library) is ReviewStatus.UNDER_REVIEW


def test_a_document_that_is_sent_back_says_why_without_any_git(library: Path) -> None:
    review("--start")
    assert review("--send-back", "--by", "Rita", "--note", "The dose is missing.").exit_code == 0
    shown = review().stdout
    assert "Status: submitted (last decision by Rita" in shown
    assert "Note: The dose is missing." in shown
    assert "There is no history" in shown
    assert review("--retire").exit_code == 0
    assert status(library) is ReviewStatus.RETIRED


def test_a_plain_text_has_no_place_for_a_decision(library: Path) -> None:
    (library / "plain.txt").write_text("Drug Q helped nobody at all.\n", encoding="utf-8")
    refused = CliRunner().invoke(app, ["knowledge", "review", "plain", "--start"])
    assert isinstance(refused.exception, FootnoteError)
    assert "only Markdown files have one" in str(refused.exception)
    assert (library / "plain.txt").read_text(encoding="utf-8") == "Drug Q helped nobody at all.\n"


def test_an_unknown_document_and_a_broken_one_are_told(library: Path) -> None:
    unknown = CliRunner().invoke(app, ["knowledge", "review", "nothing"])
    assert isinstance(unknown.exception, FootnoteError)
    (library / "bad.md").write_text("---\nid: [\n---\nText.\n", encoding="utf-8")
    broken = CliRunner().invoke(app, ["knowledge", "review", "bad", "--start"])
    assert isinstance(broken.exception, FootnoteError)
    assert "bad.md" in str(broken.exception)
    assert not isinstance(broken.exception, ConfigurationError)
