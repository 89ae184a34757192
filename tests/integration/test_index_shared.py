"""Replicas that share one index on a Chroma server."""

from pathlib import Path

from bot.knowledge.index import build_index, open_index
from tests.chroma_server import RunningChroma
from tests.fake_embedder import HashEmbedder, document

LIBRARY = [document(f"{number}.md") for number in range(20)]


def test_a_second_replica_computes_nothing_anew(tmp_path: Path, chroma_server: RunningChroma) -> None:
    one, two = HashEmbedder(), HashEmbedder()
    said: list[str] = []
    build_index(tmp_path / "one", LIBRARY, one, server=chroma_server.address, notice=said.append)
    build_index(tmp_path / "two", LIBRARY, two, server=chroma_server.address, notice=said.append)
    assert said == []
    assert len(one.embedded) == 20
    assert two.embedded == []
    i = open_index(tmp_path / "two", two, chroma_server.address)
    assert i.generation.trouble() == ""
    assert i.search(one.embed_query("This is about 3.md"), "about 3.md", 5)
    i.close()
