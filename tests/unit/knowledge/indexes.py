"""A small library to index, and what an index of it holds."""

from pathlib import Path

import pytest

from bot.knowledge.index import KnowledgeIndex
from tests.fake_embedder import HashEmbedder, document

LIBRARY = [document("a.md"), document("b.md"), document("c.md"), document("d.md")]

EMBEDDED = pytest.mark.parametrize("index_server", ["embedded Chroma"], indirect=True)
"""For tests of what only an index with its vectors in the folder has."""


def found(index: KnowledgeIndex, embedder: HashEmbedder, text: str, depth: int = 100) -> list[str]:
    hits = index.search(embedder.embed_query(text), text, depth)
    return [hit.passage.split("#")[0] for hit in sorted(hits, key=lambda hit: -hit.dense - hit.lexical)]


def generations_in(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "index").iterdir() if path.name.isdigit())
