import pytest

from bot.knowledge.citations import without_citations
from bot.knowledge.traced import Traced, quote


def stripped(*texts: str, references: int = 0) -> list[str]:
    traced = [Traced.of(text, 0, len(text)) for text in texts]
    return [text.text for text in without_citations(traced, references)]


def test_numbers_after_a_stop_are_marks() -> None:
    text = "Skin rashes.1 Clinically, some are refractory.2 It was said in JDM.3–5 Here (p<0.001).6 No more.7"
    assert stripped(text) == [
        "Skin rashes. Clinically, some are refractory. It was said in JDM. Here (p<0.001). No more."
    ]


def test_numbers_after_a_space_at_the_end_of_items_are_marks_when_they_count_up() -> None:
    items = [
        "Good for skin manifestations 1",
        "In JDM cases 1, 2",
        "Levels of lipid levels 1",
        "Anti-Mi-2 3",
        "(IVIG) 2",
    ]
    assert stripped(*items) == [
        "Good for skin manifestations",
        "In JDM cases",
        "Levels of lipid levels",
        "Anti-Mi-2",
        "(IVIG)",
    ]


def test_a_mark_before_the_full_stop_goes_and_the_stop_stays() -> None:
    assert stripped("It helps 1. It is safe 2. All agree 1.") == ["It helps. It is safe. All agree."]


@pytest.mark.parametrize("mark", ["[12]", "[1,2]", "[3–5]", " [1]", "¹", "²,³", "[^note]"])
def test_brackets_and_raised_digits_are_marks(mark: str) -> None:
    assert stripped(f"It helps children{mark}.") == ["It helps children."]


@pytest.mark.parametrize(
    "text",
    [
        "On DAY 1 and in type 2 disease IL-6 fell in 3/6 in phase 3.",
        "It was p<0.001 every 4 weeks, Grade 2, CD20.",
        "The score fell to 4. It had been 21. Nobody died at week 12.",
        "The dose is 375 mg/m² and 10⁹/L, and R² was 0.5; 500 cells/mm³.",
        "The median was 7 [3–10], the range [2-9], F [1,306] = 0.56.",
        "In experiment 1, five took part. In study 2, six. Study 3 was the last, and visit 4.",
        "On postoperative days (POD) 1, 3, and 5. At years (Y) 1, 5, 10, and 15.",
        "Interferon regulatory factor 1, interleukin 2, hepatitis B, COVID-19, SARS-CoV-2.",
        "Severe neutropenia 1\nSevere neutropenia 2",
        "No. 5, Fig. 3 and vol. 7. Vitamin D3, omega-3.",
    ],
)
def test_real_numbers_stay(text: str) -> None:
    assert stripped(*text.split("\n")) == text.split("\n")


def test_a_single_number_at_the_end_stays_unless_there_is_a_reference_list() -> None:
    assert stripped("The children reached point 9", "It helps 1.") == ["The children reached point 9", "It helps 1."]
    assert stripped("It helps 1.", references=2) == ["It helps."]


def test_a_quotation_ends_before_a_last_mark_and_shows_a_gap_for_an_inner_one() -> None:
    source = "It helps 1. The pathway,¹ it is said, matters."
    first = without_citations([Traced.of(source, 0, 11)], 1)[0]
    assert (first.text, quote(first, source)[0]) == ("It helps.", "It helps")
    second = without_citations([Traced.of(source, 12, len(source))])[0]
    assert second.text == "The pathway, it is said, matters."
    assert quote(second, source)[0] == "The pathway, … it is said, matters."
