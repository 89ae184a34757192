"""A claim's words find their places, and texts are read into comparable tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.alignment import Passages, align
from bot.answering.direction import compare_directions, direction
from bot.answering.tokens import Kind, looks_like_drug, read_tokens
from tests.fakes import GLOSSARY


def keys(text: str) -> list[str]:
    return [token.key for token in read_tokens(text, GLOSSARY)]


def placed(claim: str, passage: str) -> list[str | None]:
    found = align(read_tokens(claim, GLOSSARY), Passages(read_tokens(passage, GLOSSARY), GLOSSARY))
    return [None if place is None else found.tokens[place.at].written for place in found.chosen]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("375 mg/m² weekly", "375 mg/m2 once a week"),
        ("0.5 g twice daily", "500 mg bid"),
        ("5 mg/kg/day", "5 mg per kg per day"),
        ("12 of 20", "12/20"),
        ("at least 6 months", "≥6 months"),
        ("IVIG in JDM", "intravenous immunoglobulin in juvenile dermatomyositis"),
        ("nonsurgical treatment", "non-surgical treatment"),
    ],
)
def test_one_thing_written_differently_has_one_key(one: str, other: str) -> None:
    assert keys(one) == keys(other)


def test_operators_stay_on_the_word_that_they_govern() -> None:
    response, infection = read_tokens("Response may improve without infection.", GLOSSARY)[1:]
    assert response.operators == {"may"}
    assert infection.operators == {"without"}


def test_names_are_told_by_their_shape() -> None:
    kinds = {token.key: token.kind for token in read_tokens("Mutant KLF2 and imatinib RAISED blood levels.", GLOSSARY)}
    assert kinds["klf2"] is kinds["imatinib"] is Kind.NAME
    assert kinds["blood"] is Kind.WORD
    assert not looks_like_drug("comparison")


def test_words_find_the_place_where_their_neighbours_stand() -> None:
    passage = "Rash improved slowly. Fever and rash were treated with surgery."
    assert placed("Fever and rash were treated.", passage) == ["fever", "rash", "treated"]
    assert placed("Rash got worse.", passage)[-1] is None


def test_synonyms_and_inflections_are_found_but_never_an_opposite() -> None:
    assert placed("Doctors demonstrated improvement.", "Physicians showed that it improved.") == [
        "physicians", "showed", "improved"
    ]  # fmt: skip
    assert placed("Pain decreased.", "Pain increased.") == ["pain", None]


@pytest.mark.parametrize(("word", "sign"), [("reduces", -1), ("stopped", -1), ("promotes", 1), ("table", 0)])
def test_directions_are_known_in_every_form(word: str, sign: int) -> None:
    (token,) = read_tokens(word, GLOSSARY)
    assert direction(token) == sign


@pytest.mark.parametrize(
    ("claim", "agrees"),
    [
        ("Statins reduce mortality.", True),
        ("Statins increase mortality.", False),
        ("Statins do not reduce mortality.", False),
    ],
)
def test_a_direction_is_compared_at_its_object(claim: str, agrees: bool) -> None:
    passage = Passages(read_tokens("Statins lowered total mortality but raised glucose.", GLOSSARY), GLOSSARY)
    found = compare_directions(align(read_tokens(claim, GLOSSARY), passage), {0: 1.0})
    assert (found.agree > found.disagree) is agrees


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_can_be_aligned(claim: str, passage: str) -> None:
    assert len(placed(claim, passage)) == len(read_tokens(claim, GLOSSARY))
