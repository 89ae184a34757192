"""A running bot's library follows its files, and a broken one costs nothing of what was there."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.bootstrap.library import Library, open_library
from bot.bootstrap.library_watch import LibraryWatch
from bot.domain.documents import SearchQuery
from bot.domain.errors import IndexUnavailableError
from bot.knowledge import upkeep
from bot.knowledge.chroma_server import ServerAddress
from bot.settings import SecretUrl, Settings


@dataclass
class Place:
    """A library that is watched, and what was said."""

    folder: Path
    library: Library
    watch: LibraryWatch
    said: list[str] = field(default_factory=list)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def looks(self, times: int = 2) -> None:
        for _ in range(times):
            self.watch.look()

    def texts(self) -> set[str]:
        found = self.library.retriever.retrieve([SearchQuery(text="drug helped children")], 20)
        return {sentence.text for item in found for sentence in item.passage.sentences}


def page(text: str) -> str:
    return f"# On a drug\n\n## What was found\n\n{text}\n"


@pytest.fixture
def place(tmp_path: Path, index_server: ServerAddress | None) -> Iterator[Place]:
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "a.md").write_text(page("Drug A helped nine children."), encoding="utf-8")
    (folder / "b.md").write_text(page("Drug B helped ten children."), encoding="utf-8")
    url = SecretUrl(index_server.url if index_server else "")
    library = open_library(Settings(knowledge=folder, data=tmp_path / "data", chroma_url=url))
    said: list[str] = []
    yield Place(folder, library, LibraryWatch(folder, tmp_path / "data", library, said.append), said)
    library.index.close()


def test_an_edit_is_taken_up_once_nobody_writes_any_more(place: Place) -> None:
    place.write("a.md", page("Drug A helped eleven children."))
    place.looks(1)
    assert "Drug A helped nine children." in place.texts()
    place.write("a.md", page("Drug A helped twelve children."))
    place.looks(1)
    assert "Drug A helped nine children." in place.texts()
    place.looks(1)
    assert place.texts() >= {"Drug A helped twelve children.", "Drug B helped ten children."}
    assert "Drug A helped nine children." not in place.texts()
    assert place.said == []


def test_files_that_stay_the_same_are_not_read(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "build_index", None)
    place.looks(3)
    assert place.said == []


def test_a_new_document_is_found_and_a_deleted_or_retired_one_no_more(place: Place) -> None:
    place.write("c.md", page("Drug C helped three children."))
    (place.folder / "a.md").unlink()
    place.write("b.md", f"---\nreview_status: retired\n---\n{page('Drug B helped ten children.')}")
    place.looks()
    texts = place.texts()
    assert "Drug C helped three children." in texts
    assert not texts & {"Drug A helped nine children.", "Drug B helped ten children."}


def test_a_file_that_breaks_keeps_its_last_good_text_and_is_told_once(place: Place) -> None:
    place.write("a.md", "---\nid: [\n---\nDrug A hurt everybody.\n")
    place.write("b.md", page("Drug B helped twenty children."))
    place.looks(5)
    assert place.texts() >= {"Drug A helped nine children.", "Drug B helped twenty children."}
    place.write("b.md", page("Drug B helped thirty children."))
    place.looks(5)
    assert len(place.said) == 1
    assert "a.md" in place.said[0]
    place.write("a.md", page("Drug A helped all children."))
    place.looks()
    assert place.texts() >= {"Drug A helped all children.", "Drug B helped thirty children."}
    place.write("a.md", "")
    place.looks()
    assert len(place.said) == 2


def test_a_library_that_goes_away_and_comes_back_stays_searchable(place: Place) -> None:
    place.folder.rename(place.folder.with_name("elsewhere"))
    place.looks(5)
    assert "Drug A helped nine children." in place.texts()
    assert len(place.said) == 1
    assert "doesn't exist" in place.said[0]
    place.folder.with_name("elsewhere").rename(place.folder)
    place.write("a.md", page("Drug A helped two children."))
    place.looks(10)
    assert "Drug A helped two children." in place.texts()


def test_a_library_that_was_empty_fills(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    library = open_library(Settings(knowledge=folder, data=tmp_path / "data"))
    watch = LibraryWatch(folder, tmp_path / "data", library, print)
    before = library.is_empty
    (folder / "a.md").write_text(page("Drug A helped nine children."), encoding="utf-8")
    watch.look()
    watch.look()
    assert (before, library.is_empty) == (True, False)
    library.index.close()


def test_the_library_can_be_read_at_once_on_request(place: Place) -> None:
    place.write("a.md", page("Drug A helped eleven children."))
    place.write("b.md", "---\nreview_status: unheard of\n---\nNo.\n")
    (fault,) = place.watch.reload()
    assert "b.md" in fault
    assert place.texts() >= {"Drug A helped eleven children.", "Drug B helped ten children."}
    place.looks(3)
    assert place.said == []


def test_a_request_that_fails_leaves_the_library_that_is_in_use(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise IndexUnavailableError("The disk is full.")

    monkeypatch.setattr(upkeep, "build_index", fail)
    place.write("a.md", page("Drug A helped eleven children."))
    with pytest.raises(IndexUnavailableError, match="disk is full"):
        place.watch.reload()
    assert "Drug A helped nine children." in place.texts()


def test_typing_errors_are_mended_with_words_that_only_the_library_has(place: Place) -> None:
    place.write("a.md", page("Drug A was followed by zymarthrosis in nine children."))
    place.looks()
    assert place.library.respell("what about zymarthosis?") == "what about zymarthrosis?"
