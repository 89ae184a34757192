"""Words match exactly, by their stem, or as everyday and clinical words for one thing."""

import pytest

from bot.answering.language import every_word
from bot.answering.matching import ALIKE, EXACT, RELATED, Sought, Vocabulary, alike


def credit(asked: str, text: str) -> float:
    (wanted,) = every_word(asked)
    return Vocabulary(every_word(text)).credit(wanted)


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        ("improve", "skin improved", EXACT),
        ("failing", "treatment failure", ALIKE),
        ("kids", "six patients", RELATED),
        ("watch", "monitor the blood count", RELATED),
        ("safe", "well tolerated", RELATED),
        ("kids", "the calcium deposits", 0.0),
        ("muscle", "skin and joints", 0.0),
    ],
)
def test_a_word_gets_credit_by_how_near_the_nearest_word_is(asked: str, text: str, expected: float) -> None:
    assert credit(asked, text) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("wors", "worsen", True), ("fail", "failur", True), ("inter", "interferon", False), ("§ivig", "§ivi", False)],
)
def test_stems_are_alike_when_most_of_the_longer_one_is_shared(one: str, other: str, *, same: bool) -> None:
    assert alike(one, other) is same
    assert alike(other, one) is same


def test_a_short_word_is_like_no_other() -> None:
    assert not alike("ck", "c")
    assert not alike("mtx", "mt")


def test_any_of_asks_for_the_words_themselves() -> None:
    held = Vocabulary(["skin", "joint"])
    assert held.any_of(["skin", "lung"])
    assert not held.any_of(["cutan"])


WORDS = every_word(
    "kids patients failing failure fail improve improvement worse worsening dose dosing skin rash weakness weak strong "
    "monitor watch monitoring interferon intervals respond response responder muscle muscular ck mtx month monthly"
)
TEXTS = [Vocabulary(WORDS[start::step]) for step in (2, 3, 5) for start in range(step)] + [Vocabulary([])]


def test_words_sought_in_many_texts_get_what_each_gets_alone() -> None:
    wanted = (*WORDS, "§ivig", "failur", "nowher", "")
    sought = Sought(wanted, TEXTS)
    for held in TEXTS:
        alone = {word: held.credit(word) for word in wanted}
        assert sought.credits(held) == {word: credit for word, credit in alone.items() if credit}
    assert {credit for held in TEXTS for credit in sought.credits(held).values()} == {EXACT, ALIKE, RELATED}
