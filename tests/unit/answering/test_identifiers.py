"""Identifiers go, clinical facts stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.identifiers import (
    EmbeddedFinder,
    FinderTogether,
    Found,
    Gazetteer,
    IdentifierKind,
    Redacted,
    apart,
    mask,
)
from bot.answering.identifiers import redact as redact_with
from bot.answering.identifiers.check_digits import proves_itself
from bot.knowledge.gazetteer import load_gazetteer

FINDER = EmbeddedFinder(load_gazetteer())


def redact(text: str) -> Redacted:
    return redact_with(text, FINDER)


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
    text = "our patient Jakavi, 8 years"
    assert "Jakavi" not in redact(text).text
    assert redact_with(text, EmbeddedFinder(load_gazetteer(), is_term=lambda word: word == "Jakavi")).text == text


def test_an_abbreviation_of_the_field_is_no_name_whatever_it_does() -> None:
    text = "JAKi stopped working after 8 months."
    assert redact_with(text, EmbeddedFinder(load_gazetteer(), is_term=lambda word: word == "JAKi")).text == text


def test_an_author_of_the_library_stays_where_nothing_speaks_for_a_patient() -> None:
    knowing = EmbeddedFinder(load_gazetteer(), is_author=lambda word: word == "Kim")
    assert redact_with("Could Kim be cited for it?", knowing).text == "Could Kim be cited for it?"
    assert "Kim" not in redact_with("Kim, 8 years, has a rash", knowing).text


def test_each_sort_that_was_found_is_named_once() -> None:
    redacted = redact("a@example.org, b@example.org, DOB 12/03/2015, Mrs Jane Doe, 12 Long Street, @janedoe: dose?")
    assert redacted.found == ("mail", "birth_date", "name", "address", "handle")


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


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("My son Leo Brandt is 7 and weak", "My son X is 7 and weak"),
        ("Rose's rash came back", "X's rash came back"),
        ("Emma (7) and her brother Noah both itch; Emma more", "X (7) and her brother Y both itch; X more"),
        ("Call me on +44 7700 900 318, papules everywhere", "papules everywhere"),
        ("MRN 88213407. CK 1450. Options?", "CK 1450. Options?"),
        ("Our girl Mia born 3 May 2018 weighs 18 kg", "Our girl X born … weighs 18 kg"),
        ("you can write to jane@mail.example with the answer", "you can write to … with the answer"),
        ("(NHS 943 476 5919) is tofacitinib next?", "is tofacitinib next?"),
        ("he turned 8 on 4 March, what dose of MTX", "he turned 8 on …, what dose of MTX"),
        ("born at 32 weeks on 3 May 2015, is MTX safe?", "born at 32 weeks on …, is MTX safe?"),
        ("my lad Callum has MRN AB 00912 K and a rash", "my lad X has … and a rash"),
        ("he attends Heathfield Academy, PE after IVIG?", "he attends …, PE after IVIG?"),
        ("my sons SSN is 078-05-1120 do u need it", "my sons SSN is … do u need it"),
    ],
)
def test_what_is_left_reads_as_it_was_meant(text: str, told: str) -> None:
    assert redact(text).text == told


@pytest.mark.parametrize(
    "number",
    ["943 476 5919", "02070803628", "A123456780", "529.982.247-25", "12345678Z", "10000000146", "111222333",
     "RSSMRA85T10A562S", "1 85 05 78 006 084 91"],
)  # fmt: skip
def test_a_national_number_proves_itself_and_its_neighbour_does_not(number: str) -> None:
    assert proves_itself(number)
    if not number.endswith("S"):
        other = number[:-1] + ("B" if number.endswith("Z") else str((int(number[-1]) + 1) % 10))
        assert not proves_itself(other)


def test_without_lists_a_name_is_still_found_where_it_is_called_so() -> None:
    assert redact_with("his name is Quillon, CK 900", EmbeddedFinder(Gazetteer())).text == "his name is X, CK 900"


def test_finders_together_find_what_either_finds() -> None:
    class Other:
        def find(self, text: str) -> list[Found]:
            return [Found(start=0, end=4, kind=IdentifierKind.NAME, lead=0)]

    told = redact_with("Zork has MRN 88213407", FinderTogether((FINDER, Other())))
    assert told == Redacted("X has", (IdentifierKind.NAME, IdentifierKind.RECORD_NUMBER))


def test_spans_that_overlap_are_one_and_no_span_is_empty() -> None:
    def found(start: int, end: int, kind: IdentifierKind) -> Found:
        return Found(start=start, end=end, kind=kind, lead=start)

    joined = apart([found(3, 9, IdentifierKind.PHONE), found(0, 4, IdentifierKind.NAME)])
    assert joined == (found(0, 9, IdentifierKind.PHONE),)
    with pytest.raises(ValueError, match="no span"):
        found(4, 4, IdentifierKind.NAME)


def test_a_covered_text_is_as_long_as_before_and_tells_the_same() -> None:
    text = "👧 Emma (7) and Noah (5), MRN 88213407: does Emma need IVIG?"
    covered = mask(text, FINDER)
    assert len(covered.encode("utf-16-le")) == len(text.encode("utf-16-le"))
    assert not any(gone in covered for gone in ("Emma", "Noah", "88213407"))
    assert redact(covered).text == "👧 X (7) and Y (5): does X need IVIG?"
    assert redact(covered).found == (IdentifierKind.NAME, IdentifierKind.RECORD_NUMBER)


@given(st.text(max_size=200))
def test_any_text_is_covered_without_an_error(text: str) -> None:
    assert len(mask(text, FINDER).encode("utf-16-le", "surrogatepass")) == len(
        text.encode("utf-16-le", "surrogatepass")
    )


def test_of_words_that_may_be_a_person_alone_nothing_is_remembered() -> None:
    asked: list[str] = []

    def is_term(word: str) -> bool:
        asked.append(word)
        return False

    finder = EmbeddedFinder(load_gazetteer(), is_term=is_term)
    finder.find("Does Xylokwe take the tablets?")
    assert "tablets" in asked
    asked.clear()
    finder.find("Does Xylokwe take the tablets?")
    assert set(asked) == {"Xylokwe", "xylokwe"}
