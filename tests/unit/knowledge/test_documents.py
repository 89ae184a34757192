import hashlib
import os
from datetime import date
from pathlib import Path

import pytest

from bot.domain.documents import DocumentKind, PassageKind, ReviewStatus
from bot.domain.errors import ConfigurationError, DocumentError
from bot.knowledge.documents import read_document, read_library
from tests.unit.knowledge.pages import ABSTRACT, LETTER, WEB_PAGE, headings, read, texts


def library(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_a_broken_file_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    found = read_library(library(tmp_path, good_txt="Title\n\nRash improved.", empty_txt="", table_csv="a,b"))
    assert [document.path for document in found.documents] == ["good.txt"]
    assert [fault.path for fault in found.faults] == ["empty.txt", "table.csv"]


def test_a_missing_library_is_a_fault_of_the_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="doesn't exist"):
        read_library(tmp_path / "nowhere")
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigurationError, match="isn't a folder"):
        read_library(tmp_path / "file")


def test_the_curators_own_files_and_hidden_ones_are_passed_over(tmp_path: Path) -> None:
    folder = library(
        tmp_path, README_md="x", glossary_yaml="x", triage_yaml="x", a_md="Words.", sub__README_md="Words."
    )
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "b.md").write_text("Words.")
    (tmp_path / ".c.md").write_text("Words.")
    found = read_library(folder)
    assert [document.path for document in found.documents] == ["a.md", "sub/README.md"]
    assert found.faults == ()


def test_an_id_used_twice_is_named_with_its_first_owner(tmp_path: Path) -> None:
    found = read_library(library(tmp_path, a__page_txt="Rash improved.", b__page_txt="Rash improved."))
    assert [document.path for document in found.documents] == ["a/page.txt"]
    assert "already used by a/page.txt" in str(found.faults[0])


def test_a_link_that_leads_back_is_named_and_a_dangling_one_too(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Rash improved.")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    found = read_library(tmp_path)
    assert [document.path for document in found.documents] == ["a.txt"]
    assert sorted(fault.path for fault in found.faults) == ["gone.txt", "loop"]


def test_a_folder_that_may_not_be_opened_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = library(tmp_path, a_txt="Rash improved.", closed__b_txt="Rash improved.")
    scan = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = read_library(folder)
    assert [fault.path for fault in found.faults] == ["closed"]
    assert len(found.documents) == 1


def test_the_digest_follows_the_bytes(tmp_path: Path) -> None:
    first = read(tmp_path, "Rash improved.")
    assert first.digest == read(tmp_path, "Rash improved.").digest
    assert first.digest != read(tmp_path, "Rash improved!").digest
    assert first.digest != hashlib.sha256(b"Rash improved.").hexdigest()


def test_a_plain_page_tells_its_title_question_and_date(tmp_path: Path) -> None:
    document = read(tmp_path, WEB_PAGE, "Uveitis Page_1.txt")
    assert document.id == "uveitis-page-1"
    assert document.title == "Drugs After Methotrexate in Childhood Uveitis"
    assert document.questions == ("Which drug comes after methotrexate in childhood uveitis, and how is it dosed?",)
    assert document.last_updated == date(2024, 3, 4)
    assert (document.kind, document.review_status) == (DocumentKind.UNKNOWN, ReviewStatus.SUBMITTED)


def test_a_letter_tells_its_design_and_size_only_of_its_own_study(tmp_path: Path) -> None:
    letter = read(tmp_path, LETTER)
    assert letter.title == "Drug X significantly improved rash in childhood vasculitis"
    assert (letter.design, letter.n, letter.evidence) == ("case series", 25, "case series, n=25")
    page = read(tmp_path, "Page\n\nEvidence: a small case series of 9 patients. The 9 patients improved.")
    assert (page.design, page.n) == ("", None)


def test_an_abstract_tells_its_authors_journal_and_year(tmp_path: Path) -> None:
    document = read(tmp_path, ABSTRACT)
    assert document.authors == ("Voyer TL", "Gitiaux C", "Frémond ML", "Bader-Meunier B")
    assert (document.journal, document.year, document.design) == ("Rheumatology", 2021, "retrospective study")


def test_a_short_text_without_headings_is_one_passage(tmp_path: Path) -> None:
    document = read(tmp_path, ABSTRACT)
    assert [passage.kind for passage in document.passages] == [PassageKind.BODY, PassageKind.METADATA]
    assert texts(document)[0] == "To find out whether drug Y is safe."


def test_lines_that_three_pages_share_are_boilerplate_and_copies_of_one_page_are_not(tmp_path: Path) -> None:
    banner = "Brought to you by the friendly people of Some Site\nTheir slogan\n\n"
    for number, drug in enumerate(["Rituximab", "Abatacept", "Tocilizumab"]):
        said = f"{drug} for children\n\n{drug} helped {number + 2} of nine children within half a year."
        (tmp_path / f"{number}.txt").write_text(f"{banner}{said}\n\nMonitoring\n\n• Check {drug} levels")
    found = read_library(tmp_path)
    assert all("friendly" not in " ".join(texts(document)) for document in found.documents)
    assert found.documents[0].title == "Rituximab for children"
    assert all("Monitoring" in headings(document) for document in found.documents)

    copies = tmp_path / "copies"
    copies.mkdir()
    for number in range(3):
        (copies / f"{number}.txt").write_text(
            "Same title\n\nThe same long sentence stands in all the copies of it.\n\nThe end is near."
        )
    assert all(len(texts(document)) == 2 for document in read_library(copies).documents)


def test_one_document_is_read_by_itself_or_refused_with_its_first_fault(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\nkind: novel\n---\nText.")
    with pytest.raises(DocumentError, match=r"a\.md, line 2: kind can't be 'novel'"):
        read_document(tmp_path / "a.md", tmp_path)


def test_front_matter_without_a_text_is_still_quotable_but_nothing_at_all_is_a_fault(tmp_path: Path) -> None:
    found = read_library(library(tmp_path, a_md="---\ntitle: Only this\n---\n", b_md="# \n\n![x](y)\n"))
    assert texts(found.documents[0], PassageKind.METADATA)[0] == "Title: Only this."
    assert [fault.path for fault in found.faults] == ["b.md"]
