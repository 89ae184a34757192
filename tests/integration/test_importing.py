"""Documents of several kinds are brought in, indexed and searched; what is found quotes them and says where."""

import random
from pathlib import Path

import pytest

from bot.domain.documents import CuratedDocument, SearchQuery
from bot.domain.glossary import Glossary
from bot.knowledge.documents import read_library
from bot.knowledge.embeddings import MiniLmEmbedder
from bot.knowledge.importing.adding import Status, add_files
from bot.knowledge.index import open_index
from bot.knowledge.indexing import build_index
from bot.knowledge.retrieval import HybridRetriever
from tests.importing_samples import Sample, samples

SAMPLED = 60


@pytest.fixture(scope="module")
def brought(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[Sample, str]]]:
    """A library made of nothing but what was brought in, and each sample with the path of its draft."""
    place = tmp_path_factory.mktemp("brought")
    library = place / "library"
    library.mkdir()
    given = samples()
    for sample in given:
        (place / sample.name).write_bytes(sample.data)
    outcomes = list(add_files(library, [place / sample.name for sample in given], "drafts"))
    assert [(one.file, one.problem) for one in outcomes if one.status is not Status.ADDED] == []
    return place, [(sample, outcome.path) for sample, outcome in zip(given, outcomes, strict=True)]


def test_every_sentence_of_every_sample_stands_in_its_place(brought: tuple[Path, list[tuple[Sample, str]]]) -> None:
    place, drafts = brought
    documents = {document.path: document for document in read_library(place / "library").documents}
    wrong = [
        (sample.name, sentence, locator, found)
        for sample, path in drafts
        for sentence, locator in sample.places.items()
        if (found := locators(documents[path], sentence)) != [locator]
    ]
    assert wrong == []


def test_sampled_sentences_are_found_with_their_page_or_section(brought: tuple[Path, list[tuple[Sample, str]]]) -> None:
    place, drafts = brought
    every = [(path, *placed) for sample, path in drafts for placed in sample.places.items()]
    drawn = random.Random(7).sample(every, SAMPLED)
    embedder = MiniLmEmbedder()
    read = read_library(place / "library")
    build_index(place / "data", read.documents, embedder)
    index = open_index(place / "data", embedder)
    retriever = HybridRetriever(index, embedder, Glossary())
    missed = []
    for path, sentence, locator in drawn:
        found = retriever.retrieve([SearchQuery(text=sentence)], 5)
        cited = {(one.document.path, one.passage.locator, part.text) for one in found for part in one.passage.sentences}
        if (path, locator, sentence) not in cited:
            missed.append((path, sentence, locator))
    index.close()
    assert missed == []


def test_a_quotation_of_a_draft_is_the_characters_of_its_file(brought: tuple[Path, list[tuple[Sample, str]]]) -> None:
    place, _ = brought
    for document in read_library(place / "library").documents:
        text = (place / "library" / document.path).read_text(encoding="utf-8")
        for passage in document.passages:
            for sentence in passage.sentences:
                parts = " … ".join(text[span.start : span.end] for span in sentence.spans)
                assert " ".join(parts.split()).replace(" … ", "…") == sentence.quote.replace(" … ", "…")


def locators(document: CuratedDocument, sentence: str) -> list[str]:
    """Where a sentence stands in a document."""
    return [one.locator for one in document.passages if sentence in {part.text for part in one.sentences}]
