"""The real model, the real engines, a small library."""

from pathlib import Path

import pytest

from bot.domain.documents import SearchQuery
from bot.domain.glossary import Glossary
from bot.knowledge.embeddings import MiniLmEmbedder
from bot.knowledge.index import open_index
from bot.knowledge.indexing import build_index
from bot.knowledge.retrieval import HybridRetriever
from tests.fake_embedder import document, passage

LIBRARY = [
    document(
        "rituximab.md",
        passage(
            "rituximab.md",
            "Two infusions of 750 mg/m2 were given a week apart.",
            "Eight of ten children met the definition of improvement.",
            headings=("Treatment", "Rituximab"),
        ),
        title="B-cell depletion in refractory juvenile dermatomyositis",
    ),
    document(
        "calcinosis.md",
        passage("calcinosis.md", "Deposits of calcium under the skin softened with pamidronate."),
        title="Calcinosis",
    ),
    document(
        "lung.md",
        passage("lung.md", "Anti-MDA5 antibodies go with rapidly progressive interstitial lung disease."),
        title="Lung disease",
    ),
]


@pytest.mark.parametrize(
    ("question", "path", "sentence"),
    [
        ("How much rituximab do children get?", "rituximab.md", 0),
        ("How many children met the definition of improvement?", "rituximab.md", 1),
        ("What helps hard lumps under the skin?", "calcinosis.md", 0),
        ("MDA5", "lung.md", 0),
    ],
)
def test_a_question_finds_the_passage_and_the_sentence(
    tmp_path_factory: pytest.TempPathFactory, question: str, path: str, sentence: int
) -> None:
    embedder = MiniLmEmbedder()
    folder = shared_folder(tmp_path_factory)
    build_index(folder, LIBRARY, embedder)
    index = open_index(folder, embedder)
    best = HybridRetriever(index, embedder, Glossary()).retrieve([SearchQuery(text=question)], 3)[0]
    assert best.document.path == path
    assert best.similarities.index(max(best.similarities)) == sentence
    index.close()


def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.getbasetemp() / "minilm-index"
