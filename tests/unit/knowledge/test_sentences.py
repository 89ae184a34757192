import pytest

from bot.knowledge.sentences import END, split_sentences
from bot.knowledge.traced import Traced


def split(text: str) -> list[str]:
    return [sentence.text for sentence in split_sentences(Traced.of(text, 0, len(text)))]


@pytest.mark.parametrize(
    "whole",
    [
        "It was given i.v. every week, e.g. with MTX, i.e. late, vs. placebo.",
        "As Smith et al. reported, Dr. Miller and J. R. Brown saw it in Fig. 2.",
        "The dose was 1.1 mg/kg (range 0.35–2.5) to 0.1 (p=0.008).",
        "Give up to 25 mg (max. 1 mg/kg) approx. once a week.",
        "U.S. Food and Drug Administration approval is pending.",
        "Dr.Oracle assumes nothing.",
        "1. First of all",
    ],
)
def test_abbreviations_initials_and_decimals_do_not_end_a_sentence(whole: str) -> None:
    assert split(whole) == [whole]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The score fell (p<0.05).", "It rose again."),
        ("The score fell (p<0.001).", "figure 1 shows a girl."),
        ("It fell to 0.1 mg/kg/d.", "Then it rose."),
        ("Vitamin D.", "Patients also took calcium."),
        ("It was given i.v.", "The infusion took long."),
        ("This was said by Smith et al.", "The others agreed."),
        ("It ran for 10 min.", "The second ran longer."),
        ("Is it safe?", "Yes, it is."),
        ('He said "it works."', "Nobody agreed."),
        ("(A) Skin before.", "(B) Skin after."),
        ("It worked in stage 2.", "25 children stayed."),
        ("all typed in lower case letters.", "then another sentence."),
    ],
)
def test_sentences_end_where_a_reader_says_so(first: str, second: str) -> None:
    assert split(f"{first} {second}") == [first, second]


def test_a_run_of_stops_is_tried_from_its_first_one_only() -> None:
    assert END.match("... A", 0) is not None
    assert END.match("... A", 1) is None
