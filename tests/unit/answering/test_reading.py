"""What a passage holds is read once, piece by piece, and is what its whole text holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.reading import known, known_in
from bot.domain.documents import Passage
from bot.domain.glossary import DRUG_KINDS
from tests.fakes import GLOSSARY, passage, sentence

NAMES = [name for term in GLOSSARY.terms if term.kind in DRUG_KINDS for name in term.all_names][:12]
WORDS = st.sampled_from([*" ".join(NAMES).split(), *NAMES, "juvenile", "dermatomyositis", "share", "twice", "a/b+c"])
TEXT = st.builds(
    lambda words, end: " ".join(words) + end,
    st.lists(WORDS, min_size=1, max_size=5),
    st.sampled_from([".", ";", ":", "", ",", "-", " &", ")"]),
)


def held(of: Passage) -> tuple[frozenset[str], frozenset[str]]:
    return known_in(of, GLOSSARY).stems, known(of.text, GLOSSARY).stems


@given(
    st.lists(
        st.builds(lambda text, lead: sentence(text, lead=tuple(lead)), TEXT, st.lists(TEXT, max_size=1)), max_size=4
    ),
    st.lists(TEXT, max_size=2),
)
def test_a_passage_holds_what_its_text_holds(sentences: list[object], headings: list[str]) -> None:
    whole = passage(*sentences, headings=tuple(headings))  # type: ignore[arg-type]
    in_pieces, at_once = held(whole)
    assert in_pieces == at_once


@pytest.mark.parametrize("words", [("juvenile", "dermatomyositis"), ("juvenile", "dermatomyositis.", "Next")])
def test_a_name_that_runs_over_two_lines_of_a_list_is_found(words: tuple[str, ...]) -> None:
    in_pieces, at_once = held(passage(*words))
    assert "§jdm" in in_pieces
    assert in_pieces == at_once
