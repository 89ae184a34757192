"""What the first question needs is read while a bot opens; what goes wrong then is left to the question."""

from pathlib import Path

import pytest

from bot.bootstrap.library import Library, open_library
from bot.domain.errors import IndexUnavailableError
from bot.knowledge.embeddings import MiniLmEmbedder
from bot.knowledge.index import KnowledgeIndex
from bot.settings import Settings


@pytest.fixture
def library(tmp_path: Path) -> Library:
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "a.md").write_text(
        "# On rituximab\n\n## What was found\n\nRituximab helped nine children with myositis.\n"
    )
    open_library(Settings(knowledge=folder, data=tmp_path / "data"))
    return open_library(Settings(knowledge=folder, data=tmp_path / "data"))


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How deep each search of the index went."""
    done: list[int] = []
    search = KnowledgeIndex.search

    def counted(self: KnowledgeIndex, vector: object, words: object, depth: int) -> object:
        done.append(depth)
        return search(self, vector, words, depth)  # type: ignore[arg-type]

    monkeypatch.setattr(KnowledgeIndex, "search", counted)
    return done


@pytest.mark.parametrize("searching", [True, False])
def test_model_and_documents_are_read_and_the_graph_only_where_it_is_searched(
    library: Library, searches: list[int], monkeypatch: pytest.MonkeyPatch, searching: bool
) -> None:
    library.warm(searching=searching)
    assert len(searches) == int(searching)
    monkeypatch.setattr("bot.knowledge.embeddings.open_session", lambda _: pytest.fail("the model is read again"))
    assert library.embed("What helped nine children?").shape == (384,)


def test_a_missing_model_is_told_by_the_question_that_needs_it(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = MiniLmEmbedder(folder=tmp_path / "nowhere")
    monkeypatch.setattr(library.embedder, "_parts", broken._parts)
    library.warm(searching=True)
    with pytest.raises(IndexUnavailableError, match="can't be read"):
        library.embed("What helped nine children?")
