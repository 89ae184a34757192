"""The commands `footnote knowledge …` as curators run them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.domain.errors import ConfigurationError, FootnoteError
from tests.importing_samples import plain_pdf
from tests.registry_server import Registry, serve, summary, update, work

RECORD = "TY  - JOUR\nTI  - Drug Z\nDO  - 10.1234/z\nAB  - It helped nine of 31 children.\nER  - \n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an empty library and a few files to bring in."""
    (tmp_path / "library").mkdir()
    monkeypatch.setenv("FOOTNOTE_KNOWLEDGE", str(tmp_path / "library"))
    (tmp_path / "paper.pdf").write_bytes(plain_pdf().data)
    (tmp_path / "record.ris").write_text(RECORD, encoding="utf-8")
    (tmp_path / "broken.xml").write_text("<?xml version='1.0'?><article>", encoding="utf-8")
    return tmp_path


def knowledge(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["knowledge", *map(str, arguments)])


def test_what_is_added_is_listed_and_shown_with_its_pages(place: Path) -> None:
    added = knowledge("add", place / "paper.pdf", place / "record.ris", "--topic", "jdm/new")
    assert added.exit_code == 0, added.output
    assert "jdm/new/drug-z.md\n  still to do: authors; journal; year; kind; population" in added.stdout
    listed = json.loads(knowledge("list", "--json").stdout)
    assert {(one["path"], one["review_status"]) for one in listed} == {
        ("jdm/new/drug-z.md", "submitted"),
        ("jdm/new/abrolimab-its-relatives-rare-rashes.md", "submitted"),
    }
    assert set(listed[0]) == {"id", "title", "kind", "year", "review_status", "path"}
    assert "drug-z  submitted  Drug Z" in knowledge("list").stdout
    assert "[Results, page 2]" in knowledge("show", "abrolimab-its-relatives-rare-rashes").stdout
    shown = json.loads(knowledge("show", "drug-z", "--json").stdout)
    assert [one["text"] for one in shown["passages"] if one["locator"] == "Abstract"] == [
        "Abstract. It helped nine of 31 children."
    ]


def test_a_broken_file_is_named_and_the_others_are_still_added(place: Path) -> None:
    added = knowledge("add", place / "broken.xml", place / "record.ris", place / "record.ris", "--json")
    assert added.exit_code == 1
    assert f"{place / 'broken.xml'}: its XML is broken in line 1. Download it again" in added.stderr
    assert "drafts/drug-z.md has the same DOI" in added.stderr
    assert [one["status"] for one in json.loads(added.stdout)] == ["fault", "added", "duplicate"]


def test_an_unknown_document_or_topic_is_told(place: Path) -> None:
    assert isinstance(knowledge("show", "nothing").exception, FootnoteError)
    assert isinstance(knowledge("add", place / "record.ris", "--topic", "..").exception, ConfigurationError)


def test_a_library_with_faults_is_listed_with_them(place: Path) -> None:
    (place / "library" / "empty.md").write_text("", encoding="utf-8")
    listed = knowledge("list")
    assert listed.exit_code == 1
    assert "empty.md: it is empty." in listed.stderr


def test_structured_fields_are_shown_and_never_quoted(place: Path) -> None:
    fields = "id: a\nreview_by: 2030-01-01\ndoses:\n- {drug: x, dose: 5 mg, population: children, study: Y 2020}\n"
    (place / "library" / "a.md").write_text(f"---\n{fields}---\nDrug X helped.\n", encoding="utf-8")
    shown = json.loads(knowledge("show", "a", "--json").stdout)
    assert shown["front_matter"]["review_by"] == "2030-01-01"
    assert shown["front_matter"]["doses"] == [
        {"drug": "x", "dose": "5 mg", "population": "children", "study": "Y 2020"}
    ]
    assert "5 mg" not in "".join(passage["text"] for passage in shown["passages"])
    assert "[front matter]\nid: a\n" in knowledge("show", "a").stdout


def test_check_tells_every_fault_and_fails_until_they_are_mended(place: Path) -> None:
    document = place / "library" / "a.md"
    document.write_text("---\nkind: novel\nn: 0\n---\nDrug X helped.\n", encoding="utf-8")
    checked = knowledge("check")
    assert checked.exit_code == 1
    assert "a.md, line 2: kind can't be 'novel'. Use 'guideline'" in checked.stdout
    assert checked.stdout.endswith("1 document, 3 faults.\n")
    told = json.loads(knowledge("check", document, "--json").stdout)
    assert told["documents"] == 1
    assert told["faults"][2] == {
        "file": "a.md", "line": 3, "problem": "n can't be 0: input should be greater than or equal to 1.",
        "remedy": "Write the number that is meant.",
    }  # fmt: skip
    document.write_text("---\nkind: review\npmid: 1\n---\nDrug X helped.\n", encoding="utf-8")
    checked = knowledge("check")
    assert (checked.exit_code, checked.stdout) == (0, "1 document, no faults.\n")


def test_online_the_registries_are_asked_and_a_retraction_fails_the_check(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "library" / "a.md").write_text("---\ndoi: 10.1000/a\npmid: 5\n---\nDrug X helped.\n", encoding="utf-8")
    retracted = work("10.1000/a", updated_by=[update("10.1000/note", source="retraction-watch")])
    with serve(Registry(works={"10.1000/a": retracted}, summaries={"5": summary("5")})) as registry:
        monkeypatch.setenv("FOOTNOTE_CROSSREF_URL", registry.url)
        monkeypatch.setenv("FOOTNOTE_PUBMED_URL", registry.url)
        checked = knowledge("check", "--online")
        told = json.loads(knowledge("check", "--online", "--json").stdout)
    assert checked.exit_code == 1
    assert "a.md, line 2: DOI 10.1000/a was retracted, 2020-05-01" in checked.stdout
    assert checked.stdout.endswith("1 document, asked about 2 publications, 1 fault.\n")
    assert (told["publications"], len(told["faults"]), told["handled"]) == (2, 1, [])
    assert knowledge("check").exit_code == 0
