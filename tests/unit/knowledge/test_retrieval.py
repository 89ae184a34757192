from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.domain.documents import Conflict, CuratedDocument, PassageKind, SearchQuery
from bot.domain.glossary import Glossary, Term, TermKind
from bot.knowledge.admission import Admission
from bot.knowledge.index import KnowledgeIndex, open_index
from bot.knowledge.indexing import build_index
from bot.knowledge.open_generation import Hit
from bot.knowledge.retrieval import MOST_SIDES, HybridRetriever, fuse, mix_terms, mix_vectors, widen
from tests.chroma_server import RunningChroma
from tests.fake_embedder import HashEmbedder, document, passage

MTX = Term(id="mtx", name="methotrexate", kind=TermKind.DRUG, brands=("Trexall",), abbreviations=("MTX",))
JAKI = Term(id="jaki", name="JAK inhibitor", kind=TermKind.DRUG_CLASS, abbreviations=("JAKi",))
TOFA = Term(id="tofa", name="tofacitinib", kind=TermKind.DRUG, brands=("Xeljanz",), classes=("jaki",))
GLOSSARY = Glossary((MTX, JAKI, TOFA))

LIBRARY = [
    document("mtx.md", passage("mtx.md", "Methotrexate was given weekly.", "Nausea was common."), title="First"),
    document("tofa.md", passage("tofa.md", "Tofacitinib helped the skin."), title="Second"),
    document("ivig.md", passage("ivig.md", "Immunoglobulin was infused monthly."), title="Third"),
    document("calcinosis.md", passage("calcinosis.md", "Calcinosis softened slowly."), title="Fourth"),
]


@pytest.fixture(scope="module")
def embedder() -> HashEmbedder:
    return HashEmbedder()


@pytest.fixture(scope="module", params=["embedded Chroma", "Chroma server"])
def index(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, embedder: HashEmbedder
) -> Iterator[KnowledgeIndex]:
    server = None
    if request.param == "Chroma server":
        running: RunningChroma = request.getfixturevalue("running_chroma_server")
        server = running.address
    folder = tmp_path_factory.mktemp("data")
    build_index(folder, LIBRARY, embedder, server=server)
    index = open_index(folder, embedder, server)
    assert index.look() is None
    yield index
    index.close()


@pytest.fixture(scope="module")
def retriever(index: KnowledgeIndex, embedder: HashEmbedder) -> HybridRetriever:
    return HybridRetriever(index, embedder, GLOSSARY)


def ask(retriever: HybridRetriever, *texts: str, k: int = 10) -> list[str]:
    return [found.document.path for found in retriever.retrieve([SearchQuery(text=text) for text in texts], k)]


def test_the_best_passage_comes_first_with_scores_between_zero_and_one(retriever: HybridRetriever) -> None:
    found = retriever.retrieve([SearchQuery(text="Is nausea common with methotrexate?")], 3)
    assert [item.rank for item in found] == [1, 2, 3]
    assert found[0].passage == LIBRARY[0].passages[0]
    assert found[0].document.title == "First"
    assert [item.score for item in found] == sorted((item.score for item in found), reverse=True)
    for item in found:
        assert 0 <= item.dense <= 1
        assert 0 <= item.lexical <= 1
        assert item.score == pytest.approx((item.dense + item.lexical) / 2)


def from_each(retriever: HybridRetriever, *documents: str, k: int = 3) -> list[str]:
    found = retriever.retrieve_from(documents, [SearchQuery(text="Is nausea common with methotrexate?")], k)
    return [item.document.path for item in found]


def test_passages_of_named_documents_are_found_whatever_the_question(retriever: HybridRetriever) -> None:
    assert from_each(retriever, "calcinosis.md", "ivig.md") == ["calcinosis.md", "ivig.md"]


def test_the_best_passages_of_each_document_come_first_and_no_facts_about_it(
    embedder: HashEmbedder, tmp_path: Path
) -> None:
    facts = replace(passage("big.md", "Nausea common with methotrexate."), kind=PassageKind.METADATA)
    texts = ("Calcinosis softened slowly.", "Nausea was common with methotrexate.", "Rash faded.")
    parts = [passage("big.md", text) for text in texts]
    build_index(tmp_path, [document("big.md", *parts, facts, title="Big")], embedder)
    index = open_index(tmp_path, embedder)
    query = SearchQuery(text="Is nausea common with methotrexate?")
    found = HybridRetriever(index, embedder, GLOSSARY).retrieve_from(["big.md"], [query], 2)
    index.close()
    assert found[0].passage == parts[1]
    assert len(found) == 2
    assert facts not in [item.passage for item in found]
    assert all(len(item.similarities) == 1 for item in found)


def test_documents_that_contradict_another_one_are_told(embedder: HashEmbedder, tmp_path: Path) -> None:
    conflict = Conflict(document="b", topic="dose of rituximab", reason="")
    contested = replace(document("a.md", passage("a.md", "One.")), conflicts_with=(conflict,))
    build_index(tmp_path, [contested, document("b.md", passage("b.md", "Two."))], embedder)
    index = open_index(tmp_path, embedder)
    (found,) = HybridRetriever(index, embedder, GLOSSARY).contested()
    index.close()
    assert (found.path, found.conflicts_with) == ("a.md", (conflict,))


def test_a_document_that_is_not_held_and_a_question_without_words_find_nothing(retriever: HybridRetriever) -> None:
    assert from_each(retriever, "unheard-of.md") == []
    assert retriever.retrieve_from(["ivig.md"], [SearchQuery(text=" ")], 3) == ()


def test_each_sentence_is_compared_with_the_first_query(retriever: HybridRetriever) -> None:
    first, second = (SearchQuery(text=text) for text in ("nausea common", "weekly methotrexate"))
    for queries, nearer in (([first, second], 1), ([second, first], 0)):
        best = next(f for f in retriever.retrieve(queries, 5) if f.document.path == "mtx.md")
        assert len(best.similarities) == 2
        assert best.similarities[nearer] == max(best.similarities) > min(best.similarities) >= 0


def test_no_more_than_top_k_are_given(retriever: HybridRetriever) -> None:
    assert len(ask(retriever, "methotrexate", k=2)) == 2
    assert ask(retriever, "methotrexate", k=0) == []


@pytest.mark.parametrize("texts", [(), ("",), ("  ", "\n")])
def test_nothing_asked_finds_nothing(retriever: HybridRetriever, texts: tuple[str, ...]) -> None:
    assert ask(retriever, *texts) == []


@pytest.mark.parametrize("text", ["\x00\x1b[31m", "皮肌炎", "😀", "word " * 4_000, '"; DROP TABLE passages; --'])
def test_odd_messages_are_searched_like_others(retriever: HybridRetriever, text: str) -> None:
    assert len(ask(retriever, text, k=2)) <= 2


@pytest.mark.parametrize(("asked", "first"), [("Trexall", "mtx.md"), ("MTX", "mtx.md"), ("Xeljanz", "tofa.md")])
def test_any_name_of_a_drug_finds_it(retriever: HybridRetriever, asked: str, first: str) -> None:
    assert ask(retriever, f"Tell me about {asked}")[0] == first


def test_a_class_finds_its_members(retriever: HybridRetriever) -> None:
    assert ask(retriever, "JAK inhibitors")[0] == "tofa.md"


def test_synonyms_weigh_less_than_what_was_asked_and_members_less_than_synonyms(index: KnowledgeIndex) -> None:
    lexical = index.generation.lexical
    (synonym,) = widen([SearchQuery(text="MTX")], GLOSSARY, lexical).values()
    (member,) = widen([SearchQuery(text="JAKi")], GLOSSARY, lexical).values()
    (asked,) = mix_terms([SearchQuery(text="methotrexate")], lexical).values()
    assert member < synonym < asked


def test_several_queries_share_the_search_by_their_weights(retriever: HybridRetriever, index: KnowledgeIndex) -> None:
    drug, sign = SearchQuery(text="methotrexate weekly", dense=3, lexical=3), SearchQuery(text="calcinosis softened")
    found = [item.document.path for item in retriever.retrieve([drug, sign], 2)]
    assert found == ["mtx.md", "calcinosis.md"]
    assert sum(mix_terms([drug], index.generation.lexical).values()) == pytest.approx(2)


def test_a_query_may_count_for_its_words_alone(embedder: HashEmbedder) -> None:
    queries = [SearchQuery(text="one"), SearchQuery(text="two", dense=0)]
    vectors = [embedder.embed_query(query.text) for query in queries]
    assert mix_vectors(queries, vectors) == pytest.approx(vectors[0])
    silent = [SearchQuery(text="one", dense=0)]
    assert mix_vectors(silent, vectors[:1]) == pytest.approx(vectors[0] * 0)


def test_scores_are_kept_in_bounds() -> None:
    assert fuse(Hit(passage="p", dense=-0.2, lexical=3.0), ceiling=2.0).score == 0.5
    assert fuse(Hit(passage="p", dense=1.0000001, lexical=0.0), ceiling=0.0).score == 0.5


def test_the_same_question_gives_the_same_ranking(retriever: HybridRetriever) -> None:
    assert ask(retriever, "zebrafish") == ask(retriever, "zebrafish")


def test_a_document_that_came_later_is_found_without_reopening(
    tmp_path_factory: pytest.TempPathFactory, embedder: HashEmbedder
) -> None:
    folder = tmp_path_factory.mktemp("later")
    build_index(folder, LIBRARY[:2], embedder)
    index = open_index(folder, embedder)
    retriever = HybridRetriever(index, embedder, GLOSSARY)
    assert "calcinosis.md" not in ask(retriever, "calcinosis")
    build_index(folder, LIBRARY, embedder)
    assert ask(retriever, "calcinosis")[0] == "calcinosis.md"
    index.close()


def test_facts_about_documents_leave_room_for_what_these_say(tmp_path: Path, embedder: HashEmbedder) -> None:
    def with_facts(number: int) -> CuratedDocument:
        path = f"{number}.md"
        facts = replace(passage(path, "Tofacitinib helped."), id=f"{path}-facts", kind=PassageKind.METADATA)
        stated = replace(passage(path, f"Tofacitinib in child {number} helped the skin a little."), id=f"{path}-stated")
        return document(path, facts, stated, title="Tofacitinib")

    build_index(tmp_path, [with_facts(number) for number in range(6)], embedder)
    index = open_index(tmp_path, embedder)
    found = HybridRetriever(index, embedder, GLOSSARY).retrieve([SearchQuery(text="tofacitinib helped?")], 6)
    kinds = [item.passage.kind for item in found]
    assert kinds.count(PassageKind.METADATA) == 3
    assert len(found) == 6
    assert [item.rank for item in found] == [1, 2, 3, 4, 5, 6]
    index.close()


def test_what_may_be_quoted_is_found_behind_hundreds_that_may_not(embedder: HashEmbedder, tmp_path: Path) -> None:
    past, today = date(2020, 1, 1), date(2026, 1, 1)
    near = [
        replace(document(f"{n:03}.md", passage(f"{n:03}.md", f"Nausea on methotrexate {n}.")), valid_until=past)
        for n in range(450)
    ]
    far = [document(f"z{n}.md", passage(f"z{n}.md", f"Nausea {n} with a great deal of other text.")) for n in range(3)]
    build_index(tmp_path, [*near, *far], embedder)
    index = open_index(tmp_path, embedder)
    retriever = HybridRetriever(index, embedder, GLOSSARY, Admission(today=lambda: today))
    found = ask(retriever, "nausea on methotrexate")
    index.close()
    assert sorted(found) == ["z0.md", "z1.md", "z2.md"]


def test_of_many_documents_with_a_side_those_that_were_found_are_asked(embedder: HashEmbedder, tmp_path: Path) -> None:
    told = [document(f"{n:02}.md", passage(f"{n:02}.md", f"Rash number {n}.")) for n in range(3 * MOST_SIDES)]
    meant = document("meant.md", passage("meant.md", "Nausea was common."))
    build_index(tmp_path, [*told, meant], embedder)
    index = open_index(tmp_path, embedder)
    retriever = HybridRetriever(index, embedder, GLOSSARY)
    held = [document.id for document in index.documents()]
    found = retriever.retrieve_from(held, [SearchQuery(text="was nausea common?")], 1)
    index.close()
    assert len(found) == MOST_SIDES
    assert "meant.md" in {item.document.path for item in found}
