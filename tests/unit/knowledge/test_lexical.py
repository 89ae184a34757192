import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.text import words
from bot.knowledge.lexical import SATURATION, LexicalIndex

TEXTS = {
    "mda5": "Anti-MDA5 antibodies go with lung disease.",
    "dose": "Rituximab was given at 750 mg/m2 per dose, twice.",
    "dose35": "Infliximab was given at 375 mg per dose.",
    "tnf": "TNF-α blockade helped some children.",
    "tnfa": "Serum TNFα was high.",
    "il6": "Tocilizumab blocks IL-6.",
    "il": "The ileum was 6 cm long.",
    "wks": "It works within 2–5 weeks.",
    "twentyfive": "It works within 25 weeks.",
    "resp": "Most patients responded to treatments.",
    "müller": "Described by Müller in Zürich.",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    folder = tmp_path_factory.mktemp("tantivy")
    LexicalIndex.build(folder, ((name, " ".join(words(text))) for name, text in TEXTS.items()))
    return LexicalIndex(folder)


def found(index: LexicalIndex, text: str) -> list[str]:
    return [name for name, _ in index.search(text, 20)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("anti-MDA5", "mda5"),
        ("MDA5", "mda5"),
        ("anti MDA5", "mda5"),
        ("antiMDA5", "mda5"),
        ("mg/m2", "dose"),
        ("mg/m²", "dose"),
        ("IL-6", "il6"),
        ("IL6", "il6"),
        ("il 6 blockade", "il6"),
        ("2-5 weeks", "wks"),
        ("25 weeks", "twentyfive"),
        ("response to treatment", "resp"),
        ("Muller", "müller"),
    ],
)
def test_a_spelling_finds_what_is_meant(index: LexicalIndex, text: str, first: str) -> None:
    assert found(index, text)[0] == first


@pytest.mark.parametrize("text", ["TNF-α", "tnf-alpha", "TNFα", "TNF alpha", "tnfalpha"])
def test_a_greek_letter_is_found_however_it_is_written(index: LexicalIndex, text: str) -> None:
    assert {"tnf", "tnfa"} <= set(found(index, text))


def test_stop_words_are_not_looked_up(index: LexicalIndex) -> None:
    assert index.terms("What is the ileum?") == index.terms("ileum")


def test_a_question_of_stop_words_alone_is_looked_up_as_it_is(index: LexicalIndex) -> None:
    assert found(index, "within was it") != []


def test_words_that_the_library_does_not_hold_find_nothing(index: LexicalIndex) -> None:
    assert index.search("zebrafish", 5) == []
    assert index.ceiling(index.terms("zebrafish")) == 0


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_no_text_of_a_user_is_syntax(index: LexicalIndex, text: str) -> None:
    assert len(index.search(text, 3)) <= 3


@pytest.mark.parametrize("text", ["", "   ", 'title:"', "a AND (b OR", "+- \\ /", "💊" * 50, "id:mda5"])
def test_operators_of_query_languages_are_words(index: LexicalIndex, text: str) -> None:
    index.search(text, 5)


def test_no_score_exceeds_the_ceiling(index: LexicalIndex) -> None:
    for text in TEXTS.values():
        (_, best), *_ = index.search(text, 1)
        assert 0 < best <= index.ceiling(index.terms(text))


def test_idf_is_that_of_bm25(index: LexicalIndex) -> None:
    size, holding = len(TEXTS), 2
    assert index.size == size
    assert index.idf("dose") == pytest.approx(math.log(1 + (size - holding + 0.5) / (holding + 0.5)))
    assert index.idf("doses") == index.idf("dose")
    assert index.idf("zebrafish") > index.idf("dose") > 0


def test_idf_of_a_compound_counts_all_its_spellings(index: LexicalIndex) -> None:
    assert index.idf("anti-MDA5") == index.idf("antimda5") < index.idf("anti-zebra")
    assert index.idf("TNF-α") == index.idf("dose")


def test_idf_of_no_word_is_zero(index: LexicalIndex) -> None:
    assert index.idf("...") == 0.0


def test_the_library_knows_a_word_in_each_of_its_forms(index: LexicalIndex) -> None:
    assert all(index.knows(text) for text in ("doses", "anti-MDA5", "antimda5", "MDA5", "TNF-α", "rituximab twice"))
    assert not any(index.knows(text) for text in ("", "zebrafish", "anti-zebra", "rituximab zebrafish"))


def test_rare_words_weigh_more_than_common_ones(index: LexicalIndex) -> None:
    terms = index.terms("rituximab dose")
    assert index.ceiling({term: 1.0 for term in terms if term.startswith("ritux")}) > index.ceiling(
        {term: 1.0 for term in terms if term == "dose"}
    )
    assert SATURATION > 1


def test_weights_order_what_is_found(index: LexicalIndex) -> None:
    (rare,) = index.terms("ileum")
    (common,) = index.terms("dose")
    assert index.search({rare: 0.01, common: 5.0}, 1)[0][0] in {"dose", "dose35"}
    assert index.search({rare: 5.0, common: 0.01}, 1)[0][0] == "il"


def test_an_empty_library_can_be_searched(tmp_path: Path) -> None:
    LexicalIndex.build(tmp_path, [])
    index = LexicalIndex(tmp_path)
    assert index.search("anything", 5) == []
    assert index.size == 0
