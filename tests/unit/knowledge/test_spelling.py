"""Typing errors are mended with the library's own words, and nothing else is touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.language import stem
from bot.knowledge.spelling import Speller, count_words

TEXTS = ("Rituximab and infliximab improve muscle involvement.", "Calcinosis of the skin; dermatomyositis; ritual.")
SPELLER = Speller(count_words(TEXTS), lambda word: word in {"muscles", "involved", "horse"})


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("ritximab dose?", "rituximab dose?"),
        ("muscle involvemnt", "muscle involvement"),
        ("Calcinsois after Rituxumab", "calcinosis after rituximab"),
        ("dermatomyositits", "dermatomyositis"),
    ],
)
def test_an_error_is_mended_with_a_word_of_the_library(written: str, mended: str) -> None:
    assert SPELLER.mend(written) == mended


@pytest.mark.parametrize("text", ["adalimumab", "horse", "muscles", "skn", "IL-6 anti-MDA5 2.5 mg", "ximab", ""])
def test_what_may_be_right_stays_as_it_is(text: str) -> None:
    assert SPELLER.mend(text) == text


@given(st.from_regex(r"[a-z]{5,12}(ies|ied|ing|ly|ed|s)?", fullmatch=True))
def test_stemming_keeps_the_first_letter_as_the_search_for_forms_needs(word: str) -> None:
    assert stem(word)[0] == word[0]


@pytest.mark.parametrize("form", ["involving", "improving", "infliximabs", "involvements"])
def test_another_form_of_a_word_of_the_library_stays(form: str) -> None:
    assert SPELLER.mend(form) == form


@given(st.text(max_size=200))
def test_only_letters_ever_change(text: str) -> None:
    mended = SPELLER.mend(text)
    assert [c for c in mended if c.isdigit()] == [c for c in text if c.isdigit()]
