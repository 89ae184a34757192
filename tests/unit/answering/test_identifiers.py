"""Identifiers go, clinical facts stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.identifiers import redact


@pytest.mark.parametrize(
    ("text", "gone", "kept"),
    [
        (
            "for Anna Kowalska (NHS 123 456 7890): which dose of MTX?",
            ["Anna", "Kowalska", "7890"],
            "which dose of MTX?",
        ),
        ("My son Liam, 8 years, 22 kg, has JDM", ["Liam"], "8 years, 22 kg"),
        (
            "Patient Maria O'Neil dob 12/03/2015 MRN 8837261 failed MTX",
            ["Maria", "O'Neil", "12/03/2015", "8837261"],
            "failed MTX",
        ),
        ("write to jane.doe@mail.example about rituximab", ["jane.doe"], "rituximab"),
        ("call +44 20 7946 0958 about IVIG 2 g/kg", ["7946"], "2 g/kg"),
        ("see https://example.org/x?patient=1 , CK 4000 U/L", ["example.org"], "4000 U/L"),
    ],
)
def test_identifiers_are_removed_and_the_question_stays(text: str, gone: list[str], kept: str) -> None:
    redacted = redact(text)
    assert redacted.found
    assert kept in redacted.text
    assert not [piece for piece in gone if piece in redacted.text]


@pytest.mark.parametrize(
    "text",
    [
        "What did the Mayo Clinic Proceedings recommend?",
        "Were the criteria of Bohan and Peter used?",
        "8-year-old, 22 kg, anti-MDA5 positive, CK 12,000 U/L, failed MTX 15 mg/m2",
        "In which journal was the JAK inhibitor study published?",
        "November 2017 to May 2019, 24/25 patients",
    ],
)
def test_clinical_facts_are_left_as_they_are(text: str) -> None:
    assert redact(text).text == text


@given(st.text(max_size=400))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert isinstance(redact(text).text, str)


def test_a_term_of_the_field_that_looks_like_a_name_stays() -> None:
    text = "the patient Stiff Person, 8 years"
    assert "Stiff Person" not in redact(text).text
    assert redact(text, lambda word: word == "Stiff Person").text == text


def test_each_sort_that_was_found_is_named_once() -> None:
    redacted = redact("a@example.org, b@example.org, DOB 12/03/2015, Mrs Jane Doe, 12 Long Street, @janedoe: dose?")
    assert redacted.found == ("e-mail", "handle", "date of birth", "address", "name")


def test_a_message_of_nothing_but_identifiers_says_that_they_were_removed() -> None:
    assert redact("jane.doe@example.org").text == "[removed]"


NAMES = st.sampled_from(["Anna Kowalska", "Jane Doe", "Maria O'Neil", "Liam van Dijk"])
FACTS = st.sampled_from(["8 years old", "22 kg", "anti-MDA5 positive", "CK 4000 U/L", "failed MTX 15 mg/m2"])
DIGITS = st.text("0123456789", min_size=7, max_size=9)


@given(NAMES, DIGITS, FACTS)
def test_a_name_and_a_record_number_go_wherever_they_stand_and_the_facts_stay(name: str, mrn: str, fact: str) -> None:
    redacted = redact(f"My patient {name} (MRN {mrn}), {fact}: which dose of rituximab?")
    assert name not in redacted.text
    assert mrn not in redacted.text
    assert fact in redacted.text
    assert "which dose of rituximab?" in redacted.text


@given(NAMES, DIGITS, FACTS)
def test_what_was_redacted_stays_as_it_is(name: str, mrn: str, fact: str) -> None:
    once = redact(f"for {name}, MRN {mrn}, {fact}: rituximab?").text
    assert redact(once).text == once
