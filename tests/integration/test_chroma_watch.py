"""A running bot and the Chroma server that it shares: it tells of an outage once, and makes good what was lost."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.bootstrap.chroma_watch import EVERY_S, ChromaWatch, look_at_server, share_index
from bot.bootstrap.library import Library, chroma_address, open_library
from bot.bootstrap.library_watch import LibraryWatch
from bot.bootstrap.watching import StoppedError
from bot.domain.documents import SearchQuery
from bot.domain.errors import ConfigurationError
from bot.knowledge.chroma_server import PREFIX
from bot.knowledge.sharing import Patience
from bot.settings import SecretUrl, Settings
from tests.chroma_server import RunningChroma

PAGE = "# On a drug\n\n## What was found\n\nDrug {name} helped {number} children.\n"


@dataclass
class Place:
    """A library on a server of its own, somebody who looks at it, and what was said."""

    settings: Settings
    library: Library
    server: RunningChroma
    said: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def watch(self) -> ChromaWatch:
        address = self.library.index.server
        assert address is not None
        patience = Patience(stalled=0.0)
        return ChromaWatch(self.library, address, self.said.append, patience=patience, clock=lambda: self.seconds)

    def texts(self) -> set[str]:
        found = self.library.retriever.retrieve([SearchQuery(text=f"drug helped children {len(self.said)}")], 20)
        return {sentence.text for item in found for sentence in item.passage.sentences}


@pytest.fixture
def place(tmp_path: Path, own_chroma_server: RunningChroma) -> Iterator[Place]:
    folder = tmp_path / "library"
    folder.mkdir()
    for name, number in (("A", 9), ("B", 10)):
        (folder / f"{name}.md").write_text(PAGE.format(name=name, number=number), encoding="utf-8")
    settings = Settings(knowledge=folder, data=tmp_path / "data", chroma_url=SecretUrl(own_chroma_server.url))
    library = open_library(settings)
    yield Place(settings, library, own_chroma_server)
    library.index.close()


def test_a_server_that_goes_and_comes_back_is_told_once_each_and_used_again(place: Place) -> None:
    watch, before = place.watch(), place.texts()
    watch.look()
    place.server.kill()
    for _ in range(4):
        place.seconds += EVERY_S
        watch.look()
    assert place.texts() == before
    place.server.start()
    watch.look()
    assert len(place.said) == 1, "it's looked at every few seconds only"
    for _ in range(3):
        place.seconds += EVERY_S
        watch.look()
    assert len(place.said) == 2
    assert "can't be reached" in place.said[0]
    assert "is used again" in place.said[1]
    assert (place.library.index.look(), place.texts()) == (None, before)


def test_what_the_server_lost_is_put_there_by_the_running_bot(place: Place) -> None:
    before = place.texts()
    place.server.forget()
    assert place.library.index.look() is not None
    assert place.texts() == before
    place.watch().look()
    assert (place.library.index.look(), place.texts(), place.said) == (None, before, [])


def test_an_edit_while_the_server_is_away_is_quoted_and_shared_once_it_is_back(place: Place) -> None:
    edits = LibraryWatch(place.settings.knowledge, place.settings.data, place.library, place.said.append)
    watch = place.watch()
    place.server.kill()
    (place.settings.knowledge / "A.md").write_text(PAGE.format(name="A", number=77), encoding="utf-8")
    edits.look()
    edits.look()
    assert "Drug A helped 77 children." in place.texts()
    watch.look()
    place.server.start()
    place.seconds += EVERY_S
    watch.look()
    assert place.library.index.look() is None
    assert "Drug A helped 77 children." in place.texts()
    with place.server.connected() as server:
        names = {standing.name for standing in server.collections() if standing.is_complete}
    assert PREFIX + place.library.fingerprint in names


def test_a_bot_that_stops_leaves_the_rest_to_another_one(place: Place) -> None:
    watch = place.watch()
    place.server.forget()
    watch.stop()
    with pytest.raises(StoppedError):
        watch.look()


def test_a_restart_while_the_server_is_away_says_so_and_answers(place: Place) -> None:
    place.server.kill()
    said: list[str] = []
    library = open_library(place.settings, notice=said.append)
    assert len(said) == 1
    assert place.server.url in said[0]
    assert library.retriever.retrieve([SearchQuery(text="Which drug helped ten children?")], 1)
    library.index.close()


def test_the_doctor_tells_what_is_there_and_what_to_do_where_it_is_not(place: Place) -> None:
    told = look_at_server(place.settings)
    assert f"{place.server.url} answers" in told
    assert "1 of Footnote's collections" in told
    assert f"{place.library.fingerprint[:15]} (in use, {place.library.report.passages} passages, last used 20" in told
    assert "isn't encrypted" in told
    place.server.forget()
    with pytest.raises(ConfigurationError, match="footnote index"):
        look_at_server(place.settings)
    share_index(place.library)
    assert "in use" in look_at_server(place.settings)
    place.server.kill()
    with pytest.raises(ConfigurationError, match=r"can't be reached.*FOOTNOTE_CHROMA_URL"):
        look_at_server(place.settings)
    assert "data folder" in look_at_server(Settings(data=place.settings.data))


@pytest.mark.parametrize(("url", "is_refused"), [("http://chroma:8000", False), ("https://api.example.com", True)])
def test_where_nothing_may_leave_the_house_vectors_of_questions_may_not_either(url: str, is_refused: bool) -> None:
    settings = Settings(chroma_url=SecretUrl(url), external_models="forbidden")
    if not is_refused:
        assert chroma_address(settings)
        return
    with pytest.raises(ConfigurationError, match="FOOTNOTE_CHROMA_URL"):
        chroma_address(settings)
