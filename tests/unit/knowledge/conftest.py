from functools import partial

import pytest

from bot.knowledge.chroma_server import ServerAddress
from bot.knowledge.index import open_index
from bot.knowledge.indexing import build_index
from tests.fake_embedder import HashEmbedder


@pytest.fixture
def embedder() -> HashEmbedder:
    return HashEmbedder()


@pytest.fixture
def on_both(
    request: pytest.FixtureRequest, index_server: ServerAddress | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every test of the module runs with vectors in the folder and on a server."""
    for function in (build_index, open_index):
        monkeypatch.setattr(request.module, function.__name__, partial(function, server=index_server), raising=False)
