"""What can't be brought in is named with its file, the reason and a remedy; nothing is half written."""

import io
import zipfile
from pathlib import Path

import pytest

from bot.domain.errors import ConfigurationError
from bot.knowledge.importing.adding import Outcome, Status, add_files
from tests.importing_samples import plain_pdf
from tests.pdf_maker import Page, make_pdf

GOOD = "Drug Z helped nine of 31 children with a rash that had not gone away with methotrexate.\n"
MB = 1_000_000


def scan() -> bytes:
    page = Page()
    page.picture()
    return make_pdf([page, page])


def locked() -> bytes:
    page = Page()
    page.text(60, 60, "Nobody can read this.")
    return make_pdf([page], encrypted=True)


def zip_bomb() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(60):
                part.write(b" " * MB)
    return kept.getvalue()


def archive() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as made:
        made.writestr("a.txt", "a")
    return kept.getvalue()


def word(document: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as made:
        made.writestr("word/document.xml", document)
    return kept.getvalue()


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE article [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><article><front/><body><p>&i;</p></body></article>"
)
EMPTY_PAGE = "<!DOCTYPE html><html><body><nav><a href='/'>Home</a></nav><script>load()</script></body></html>"
FAULTS: list[tuple[str, bytes, str, str]] = [
    ("scan.pdf", scan(), "it holds hardly any text, only pictures of pages (a scan)", "OCR"),
    ("locked.pdf", locked(), "it is encrypted", "save it without one"),
    ("cut.pdf", plain_pdf().data[:300], "it is damaged or cut off", "Download it again"),
    ("nothing.pdf", b"", "it is empty", "again"),
    ("blank.txt", b" \n\n", "it is empty", "again"),
    ("page.pdf", EMPTY_PAGE.encode(), "its name ends in .pdf, but it is a web page", "download the document itself"),
    ("noise.pdf", b"some words that are no document", "it is no PDF", "Download it again"),
    ("bomb.docx", zip_bomb(), "it unpacks to far more than a document holds", "save it again"),
    ("cut.docx", word("<w/>")[:60], "cut off or damaged", "Download it again"),
    ("odd.docx", word("<w/>"), "its inside is broken", "save it again"),
    ("old.docx", b"\xd0\xcf\x11\xe0" + b"x" * 99, "it is an encrypted or old Word file", "password"),
    ("other.docx", archive(), "it is a zip archive", "Unpack it"),
    ("note.docx", b"plain words", "it is no Word file", "Save it again"),
    ("bomb.xml", BOMB.encode(), "it defines entities of its own", "PDF"),
    ("cut.xml", b"<?xml version='1.0'?><article><front>", "its XML is broken in line 1", "Download it again"),
    ("feed.xml", b"<?xml version='1.0'?><rss></rss>", "neither JATS nor PubMed's (it begins with <rss>)", "PubMed"),
    ("shell.html", EMPTY_PAGE.encode(), "it has no main text", "paste its text"),
    ("broken.ris", b"TY  - JOUR\nTI  - A\nTY  - JOUR\nTI  - B\nER  - \n", "2 records begin (TY), 1 end (ER)", "Export"),
    ("empty.ris", b"no tags at all", "its tags are broken", "Export"),
    ("bare.ris", b"TY  - JOUR\nTI  - A title alone\nER  - \n", "it gives no abstract", "publication itself"),
    ("odd.nbib", b"TITLE A\n", "it holds no record with PMID or TI", "PubMed"),
    ("binary.txt", b"\x00\x01\x02" * 99, "it is a binary file", "UTF-8"),
    ("wrong.md", b"---\ntitel: A\n---\nText that is long enough.\n", "unknown field 'titel'", "Correct it"),
    ("heading.md", b"# Only a heading\n", "it holds no text to quote", "the text in it"),
    ("photo.txt", b"\x89PNG\r\n\x1a\n" + b"x" * 99, "it is a picture", "as text"),
    ("letter.rtf", b"{\\rtf1 words}", "files of the kind .rtf aren't read", "Save it as one of"),
    ("nameless", b"words", "files without an ending aren't read", "Save it as one of"),
]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    (tmp_path / "library").mkdir()
    return tmp_path / "library"


def add(library: Path, *files: Path, topic: str = "drafts", anyway: bool = False) -> list[Outcome]:
    return list(add_files(library, files, topic, anyway=anyway))


@pytest.mark.parametrize(("name", "data", "problem", "remedy"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_a_file_that_cannot_be_read_is_named_with_reason_and_remedy(
    tmp_path: Path, library: Path, name: str, data: bytes, problem: str, remedy: str
) -> None:
    (tmp_path / name).write_bytes(data)
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    bad, good = add(library, tmp_path / name, tmp_path / "good.txt")
    assert (bad.status, good.status) == (Status.FAULT, Status.ADDED)
    assert bad.file == str(tmp_path / name)
    assert problem in bad.problem
    assert remedy in bad.remedy
    assert [path.name for path in library.rglob("*") if path.is_file()] == [Path(good.path).name]


def test_a_file_of_sixty_megabytes_is_not_opened(tmp_path: Path, library: Path) -> None:
    with (tmp_path / "huge.pdf").open("wb") as huge:
        huge.write(b"%PDF-1.4\n")
        huge.truncate(60 * MB)
    (outcome,) = add(library, tmp_path / "huge.pdf")
    assert outcome.problem == "it is too large: 60 MB, and 50 MB are read."


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path, library: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    missing, folder = add(library, tmp_path / "missing.txt", tmp_path / "folder.txt")
    assert missing.problem == "there is no such file."
    assert folder.problem == "it is a folder."


def test_a_fault_inside_a_formats_library_costs_only_that_file(
    tmp_path: Path, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Path) -> None:
        raise RecursionError

    monkeypatch.setattr("bot.knowledge.importing.adding.read_materials", fail)
    (outcome,) = add(library, tmp_path / "deep.html")
    assert outcome.problem == "it can't be read (RecursionError)."


@pytest.mark.parametrize("topic", ["..", "a/../../b", "/elsewhere", "", ".hidden", "a\\b"])
def test_a_topic_stays_inside_the_library(tmp_path: Path, library: Path, topic: str) -> None:
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="can't be a folder of the library"):
        add(library, tmp_path / "good.txt", topic=topic)


def test_a_library_that_cannot_be_written_is_told(tmp_path: Path, library: Path) -> None:
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    (library / "drafts").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="can't be written"):
        add(library, tmp_path / "good.txt")


def test_the_same_doi_is_a_duplicate_unless_somebody_insists(tmp_path: Path, library: Path) -> None:
    (library / "old.md").write_text("---\ndoi: 10.1234/AbC\n---\nAn older text about drug Z.\n", encoding="utf-8")
    record = (
        "TY  - JOUR\nTI  - Drug Z\nDO  - https://doi.org/10.1234/abc\nAB  - It helped nine of 31 children.\nER  - \n"
    )
    (tmp_path / "new.ris").write_text(record, encoding="utf-8")
    (again,) = add(library, tmp_path / "new.ris")
    assert again.status is Status.DUPLICATE
    assert "old.md has the same DOI (10.1234/abc)" in again.problem
    assert [path.name for path in library.rglob("*.md")] == ["old.md"]
    (forced,) = add(library, tmp_path / "new.ris", anyway=True)
    assert (library / forced.path).is_file()


def test_nearly_the_same_text_is_a_duplicate_also_within_one_call(tmp_path: Path, library: Path) -> None:
    (tmp_path / "one.txt").write_text(GOOD + "\n" + GOOD.replace("Z", "Y"), encoding="utf-8")
    changed = GOOD + "\n" + GOOD.replace("Z", "Y").replace("nine of", "nine in")
    (tmp_path / "two.txt").write_text(f"Another title\n\n{changed}", encoding="utf-8")
    one, two = add(library, tmp_path / "one.txt", tmp_path / "two.txt")
    assert (one.status, two.status) == (Status.ADDED, Status.DUPLICATE)
    assert f"{one.path} has nearly the same text" in two.problem


def test_no_file_is_ever_overwritten(tmp_path: Path, library: Path) -> None:
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    (first,) = add(library, tmp_path / "good.txt")
    before = (library / first.path).read_bytes()
    (second,) = add(library, tmp_path / "good.txt", anyway=True)
    assert second.path == first.path.replace(".md", "-2.md")
    assert (library / first.path).read_bytes() == before
    assert [name for name in (library / "drafts").iterdir() if name.name.startswith(".")] == []
