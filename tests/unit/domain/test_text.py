"""Spellings that are the same to a reader are the same to us."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text import fold, word_parts, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mg/m²", "MG/M2"),
        ("TNF-α", "tnf-alpha"),
        ("Sjögren’s", "sjogren's"),
        ("3–5", "3-5"),
        ("a\u00ad\u200bb  c\n", "ab c"),
        ("“x”", '"x"'),
        ("5 µg", "5 microg"),
    ],
)
def test_spellings_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_words_keep_what_belongs_together_and_parts_are_given_too() -> None:
    assert words("Anti-MDA5: 2.5 mg/m²") == ["anti-mda5", "2.5", "mg/m2"]
    assert list(word_parts("Anti-MDA5 rash")) == ["anti-mda5", "anti", "mda5", "rash"]


@given(st.text(max_size=200))
def test_folding_twice_is_folding_once_for_plain_text(text: str) -> None:
    plain = text.encode("ascii", "ignore").decode()
    assert fold(fold(plain)) == fold(plain)
