"""Of a library only what changed is read again, and the index is the one that reading all of it would give."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.domain.documents import CuratedDocument
from bot.knowledge import documents, upkeep
from bot.knowledge.documents import read_library
from bot.knowledge.index import KnowledgeIndex, open_index
from bot.knowledge.indexing import build_index
from bot.knowledge.signature import recall
from bot.knowledge.upkeep import Kept, keep_up
from tests.fake_embedder import HashEmbedder

FOOTER = "Printed for the ward of the hospital"


def page(text: str, title: str = "On a drug") -> str:
    return f"# {title}\n\n## What was found\n\n{text}\n"


@dataclass
class Place:
    """A library on a disk, and which of its files were opened."""

    folder: Path
    data: Path
    opened: list[str] = field(default_factory=list)
    embedder: HashEmbedder = field(default_factory=HashEmbedder)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def keep_up(self) -> Kept:
        self.opened.clear()
        return keep_up(self.folder, self.data, self.embedder, progress=lambda *_: None, notice=lambda _: None)

    def index(self) -> KnowledgeIndex:
        return open_index(self.data, self.embedder)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    place = Place(folder=tmp_path / "library", data=tmp_path / "data")
    place.folder.mkdir()
    for name in ("a", "b", "c"):
        place.write(f"{name}.md", page(f"Drug {name} helped nine children with calcinosis."))
    real = documents.open_document

    def noted(path: Path, name: str) -> tuple[bytes, str]:
        place.opened.append(name)
        return real(path, name)

    monkeypatch.setattr(documents, "open_document", noted)
    place.keep_up()
    assert sorted(place.opened) == ["a.md", "b.md", "c.md"]
    return place


def test_only_the_edited_file_is_opened(place: Place) -> None:
    place.write("b.md", page("Drug b helped eleven children."))
    kept = place.keep_up()
    assert place.opened == ["b.md"]
    assert (kept.report.documents, kept.report.embedded, kept.report.removed) == (3, 1, 1)


def test_the_index_is_the_one_that_reading_everything_gives(place: Place, tmp_path: Path) -> None:
    place.write("e.md", page("Drug e helped all children."))
    place.keep_up()
    place.write("b.md", page("Drug b helped eleven children."))
    (place.folder / "c.md").unlink()
    place.write("d.md", page("Drug d harmed nobody.", title="On another"))
    kept = place.keep_up()
    assert place.opened == ["b.md", "d.md"]
    other = build_index(tmp_path / "other", read_library(place.folder).documents, place.embedder)
    assert kept.report.fingerprint == other.fingerprint
    mine, theirs = place.index(), open_index(tmp_path / "other", place.embedder)
    assert mine.documents() == theirs.documents()
    assert mine.vocabulary() == theirs.vocabulary()
    assert {path: mine.passages_of(path) for path in ("a.md", "b.md", "c.md", "d.md", "e.md")} == {
        path: theirs.passages_of(path) for path in ("a.md", "b.md", "c.md", "d.md", "e.md")
    }
    for words in ("calcinosis", "children harmed", "eleven"):
        vector = place.embedder.embed_query(words)
        found = [{hit.passage: hit for hit in index.search(vector, words, 10)} for index in (mine, theirs)]
        assert found[0].keys() == found[1].keys()
        assert all(hit.lexical == found[1][name].lexical for name, hit in found[0].items())
    mine.close()
    theirs.close()


def test_a_word_that_is_gone_from_the_library_is_unknown(place: Place) -> None:
    place.write("b.md", page("Drug b met zoster once."))
    place.keep_up()
    place.write("b.md", page("Drug b helped eleven children."))
    place.keep_up()
    index = place.index()
    assert not index.knows("zoster")
    assert "zoster" not in index.vocabulary()
    assert index.vocabulary()["calcinosis"] == 2
    index.close()


def test_a_touched_file_is_read_and_nothing_is_built(place: Place) -> None:
    before = place.keep_up().report.generation
    place.write("b.md", page("Drug b helped nine children with calcinosis."))
    assert place.keep_up().report.generation == before
    assert place.opened == ["b.md"]
    place.keep_up()
    assert place.opened == []


def test_an_id_that_an_unchanged_document_has_is_refused(place: Place) -> None:
    (place.folder / "more").mkdir()
    place.write("more/b.md", page("Another b."))
    kept = place.keep_up()
    assert [fault.path for fault in kept.faults] == ["more/b.md"]
    assert "already used by b.md" in str(kept.faults[0])


def test_a_file_with_a_fault_is_told_each_time(place: Place) -> None:
    place.write("d.md", "---\ntitle: [\n---\nText.\n")
    assert [fault.path for fault in place.keep_up().faults] == ["d.md"]
    assert [fault.path for fault in place.keep_up().faults] == ["d.md"]
    assert place.opened == ["d.md"]


def test_a_line_that_plain_texts_begin_to_share_leaves_all_of_them(place: Place) -> None:
    for name in ("x", "y"):
        body = " ".join(f"{name}{number}" for number in range(30))
        place.write(f"{name}.txt", f"Title {name}\n\nThe text of {name} says {body}.\n\n{FOOTER}\n")
    place.keep_up()
    place.write("z.txt", f"Title z\n\nThe text of z is longer than the line that all of them share.\n\n{FOOTER}\n")
    place.keep_up()
    assert {"x.txt", "y.txt", "z.txt"} == set(place.opened)
    index = place.index()
    said = " ".join(passage.text for name in "xyz" for passage in index.passages_of(f"{name}.txt"))
    index.close()
    assert FOOTER not in said
    place.write("a.md", page("Drug a helped two children."))
    place.keep_up()
    assert place.opened == ["a.md"]


def test_what_another_process_built_meanwhile_is_read_anew(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    real = read_library

    def overtaken(folder: Path, known: documents.Known) -> documents.Library:
        read = real(folder, known)
        if known.ids:
            (other,) = [one for one in real(folder).documents if one.path == "a.md"]
            build_index(place.data, [other], place.embedder)
        return read

    monkeypatch.setattr(upkeep, "read_library", overtaken)
    place.write("b.md", page("Drug b helped eleven children."))
    kept = place.keep_up()
    assert kept.report.documents == 3
    index = place.index()
    assert [one.path for one in index.documents()] == ["a.md", "b.md", "c.md"]
    index.close()


def test_a_library_that_changed_for_the_most_part_is_read_whole(place: Place) -> None:
    place.write("b.md", page("Drug b helped eleven children."))
    place.write("c.md", page("Drug c helped twelve children."))
    place.keep_up()
    assert sorted(place.opened) == ["a.md", "b.md", "c.md"]


def test_another_folder_with_the_same_names_is_read(place: Place, tmp_path: Path) -> None:
    place.folder.rename(tmp_path / "moved")
    place.folder = tmp_path / "moved"
    place.keep_up()
    assert sorted(place.opened) == ["a.md", "b.md", "c.md"]


def test_the_faulty_files_are_not_remembered(place: Place) -> None:
    place.write("d.md", "---\ntitle: [\n---\nText.\n")
    place.keep_up()
    files = recall(place.data)
    assert files is not None
    assert set(files.files) == {"a.md", "b.md", "c.md"}
    assert files.signature == ""


def test_what_is_kept_of_an_unreadable_file_stays_indexed(place: Place) -> None:
    held: list[CuratedDocument] = list(read_library(place.folder).documents)
    place.write("b.md", "---\ntitle: [\n---\nText.\n")
    kept = keep_up(
        place.folder,
        place.data,
        place.embedder,
        keep=lambda read: [one for one in held if one.path in {fault.path for fault in read.faults}],
        progress=lambda *_: None,
        notice=lambda _: None,
    )
    assert kept.report.documents == 3
