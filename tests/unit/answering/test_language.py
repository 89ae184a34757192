"""Negation, opposites, sentences and content words, as far as the gate needs them."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.language import content, every_word, opposed, read_polarity, split_sentences, stem
from tests.fakes import GLOSSARY


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Rituximab was not effective", "effective"),
        ("Calcinosis did not respond", "respond"),
        ("no infections were seen", "infections"),
        ("a non-responder", "responder"),
        ("It failed to improve", "improve"),
        ("This isn't recommended", "recommended"),
    ],
)
def test_a_cue_negates_the_words_after_it(text: str, word: str) -> None:
    polarity = read_polarity(text)
    assert stem(word) in polarity.negated
    assert stem(word) not in polarity.affirmed


@pytest.mark.parametrize("border", [";", ":", ",", " but ", " whereas ", ". "])
def test_a_negation_ends_with_its_clause(border: str) -> None:
    polarity = read_polarity(f"no infections{border} skin improved")
    assert stem("infections") in polarity.negated
    assert stem("improved") in polarity.affirmed


def test_a_negation_reaches_eight_words_at_the_most() -> None:
    polarity = read_polarity("no " + " ".join(f"word{number}" for number in range(10)))
    assert "word7" in polarity.negated
    assert "word8" in polarity.affirmed


def test_each_line_stands_for_itself() -> None:
    assert stem("rash") in read_polarity("no fever\nrash improved").affirmed


@pytest.mark.parametrize(
    ("mine", "theirs"), [(["increas"], ["decreas"]), (["stop"], ["continu"]), (["earli"], ["late"])]
)
def test_opposites_are_noticed_in_both_directions(mine: list[str], theirs: list[str]) -> None:
    assert opposed(mine, theirs) == (mine[0], theirs[0])
    assert opposed(theirs, mine) == (theirs[0], mine[0])


def test_a_text_that_holds_both_opposites_contradicts_neither() -> None:
    assert opposed(["increas"], ["increas", "decreas"]) is None
    assert opposed(["increas", "decreas"], ["decreas"]) is None
    assert opposed(["skin"], ["joint"]) is None


def test_abbreviations_do_not_end_a_sentence() -> None:
    text = "Smith et al. Reported it. Compare i.e. Rituximab vs. IVIG by Dr. Jones. It worked.\nA new line"
    assert split_sentences(text) == [
        "Smith et al. Reported it.",
        "Compare i.e. Rituximab vs. IVIG by Dr. Jones.",
        "It worked.",
        "A new line",
    ]


def test_content_names_terms_by_their_id_and_drops_stop_words() -> None:
    assert content("Is MabThera given for calcium deposits in two children?", GLOSSARY) == (
        "§rituximab", "§calcinosis", "2", "children"
    )  # fmt: skip


def test_every_word_holds_compound_words_and_their_parts() -> None:
    assert set(every_word("anti-MDA5 and steroid-sparing")) >= {"anti-mda5", "anti", "mda5", "steroid"}


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    read_polarity(text)
    assert all(content(text, GLOSSARY))
    assert all(part.strip() == part for part in split_sentences(text))


def test_threads_that_stem_at_the_same_time_get_the_stems_of_one_thread() -> None:
    words = [
        f"{first}{middle}{last}"
        for first in ("improv", "affect", "relaps", "treat")
        for middle in ("", "iv", "abl")
        for last in ("ing", "ed", "es", "ement", "ations", "fulness", "ities")
    ]
    alone = {word: stem.__wrapped__(word) for word in words}
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            together = list(threads.map(lambda _: {word: stem.__wrapped__(word) for word in words}, range(24)))
    finally:
        sys.setswitchinterval(interval)
    assert all(one == alone for one in together)
