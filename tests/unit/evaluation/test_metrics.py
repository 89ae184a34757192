"""Each metric says what it says it does, and why."""

import pytest

from bot.evaluation.cases import Kind
from bot.evaluation.metrics import BY_NAME, DECIDING, holds
from bot.evaluation.readability import count_syllables, reading_grade
from tests.unit.evaluation.replies import abstention, answer, case, reasons, seen, values


def test_citations_are_held_to_the_documents_that_the_case_names() -> None:
    a_case = case(must_cite=(("trial", "overview"), ("review",)), may_cite=("notes",))
    told = values(a_case, seen(answer("A.", cites=("trial", "notes", "advert"))))
    assert told["citation_precision"] == pytest.approx(2 / 3)
    assert told["citation_recall"] == pytest.approx(1 / 2)
    assert "folder/advert.md" in reasons(a_case, seen(answer("A.", cites=("trial", "advert"))))["citation_precision"]


def test_an_abstention_cites_nothing_that_should_have_been_cited() -> None:
    told = values(case(must_cite=(("trial",),)), seen(abstention()))
    assert told["citation_recall"] == 0
    assert "citation_precision" not in told
    assert told["abstention_precision"] == 0
    assert "abstention_recall" not in told


def test_an_abstention_is_right_where_there_is_no_answer() -> None:
    a_case = case(kind=Kind.UNANSWERABLE, expect=frozenset({"abstention"}))
    told = values(a_case, seen(abstention()))
    assert (told["outcome"], told["abstention_precision"], told["abstention_recall"]) == (1, 1, 1)
    told = values(a_case, seen(answer("A.")))
    assert (told["outcome"], told["abstention_recall"], "abstention_precision" in told) == (0, 0, False)


def test_groundedness_counts_what_the_gate_withheld_and_says_why() -> None:
    shown = seen(answer("A.", "B.", "C.", withheld=1))
    assert values(case(), shown)["groundedness"] == pytest.approx(3 / 4)
    assert "Not there." in reasons(case(), shown)["groundedness"]


def test_a_models_text_stands_only_where_it_was_not_replaced() -> None:
    assert values(case(), seen(answer("A."), model="m", writer="m"))["own_text"] == 1
    assert values(case(), seen(answer("A."), model="extractive", writer="m"))["own_text"] == 0
    assert "own_text" not in values(case(), seen(answer("A.")))


def test_facts_are_looked_for_in_what_is_said_and_not_in_quotations() -> None:
    a_case = case(must_say=(("575 mg/m²",), ("twice", "two times")), must_not_say=("1000 mg",))
    shown = seen(answer("The dose was 575 mg/m²."))
    assert (values(a_case, shown)["facts"], values(a_case, shown)["restraint"]) == (0.5, 1)
    assert "twice or two times" in reasons(a_case, shown)["facts"]
    assert values(a_case, seen(answer("It was 1000 mg.")))["restraint"] == 0
    assert values(case(must_not_cite=("trial",)), seen(answer("A.")))["restraint"] == 0
    assert values(case(must_say=(("the trial says",),)), seen(answer("A.")))["facts"] == 0


def test_what_must_stay_private_must_not_stand_in_the_question_that_is_shown_either() -> None:
    private = case(kind=Kind.PRIVACY, must_not_say=("Miller",))
    shown = seen(answer("A."), standalone="What is the dose for Miller?")
    assert values(private, shown)["restraint"] == 0
    assert values(case(must_not_say=("Miller",)), shown)["restraint"] == 1


def test_a_follow_up_is_understood_as_far_as_its_standalone_question_holds_what_it_must() -> None:
    a_case = case(rewrite_must_contain=(("rituximab",), ("dose",)))
    assert values(a_case, seen(answer("A."), standalone="What is the dose?"))["rewrite"] == 0.5


def test_a_disagreement_is_shown_or_not() -> None:
    a_case = case(disagreement=True)
    assert values(a_case, seen(answer("A.", cites=("trial", "notes"), differs=True)))["disagreement"] == 1
    assert values(a_case, seen(answer("A.")))["disagreement"] == 0


@pytest.mark.parametrize(
    ("disclaimer", "value"),
    [
        ("This is information, not medical advice. Please talk to the treating team.", 1),
        ("General information, not a diagnosis. Help on the spot comes first.", 1),
        ("Information from the cited documents; the treating team decides.", 0.5),
        ("Information from the cited documents.", 0),
    ],
)
def test_a_disclaimer_says_that_it_is_no_advice_and_who_decides(disclaimer: str, value: float) -> None:
    assert values(case(), seen(answer("A.", disclaimer=disclaimer)))["disclaimer"] == value


def test_what_is_measured_without_a_judgement_is_told_as_it_is() -> None:
    told = values(case(), seen(answer("Five words are said here."), tokens=120, cost=0.002))
    assert (told["words"], told["latency_ms"], told["tokens"], told["cost"]) == (5, 20, 120, 0.002)
    assert not {"words", "reading_grade", "latency_ms", "tokens", "cost"} & set(DECIDING)
    assert set(told) <= set(BY_NAME)


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        ("It was 575 mg/m².", "575 mg/m²", True),
        ("It was 1575 mg.", "575 mg", False),
        ("It was 0.85.", "0.8", False),
        ("It was 18 of 20.", "8", False),
        ("It was 8.", "8", True),
        ("15-20 mg", "15–20 mg", True),
        ("anti-Mi-2 antibodies", "Mi-2", True),
        ("in 12 of 18 children", "12 of 18", True),
        ("3/60 children", "3/6", False),
    ],
)
def test_a_number_is_not_found_inside_another(text: str, wanted: str, found: bool) -> None:
    assert holds(text, wanted) is found


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("dose", 1),
        ("child", 1),
        ("children", 2),
        ("rituximab", 4),
        ("used", 1),
        ("treated", 2),
        ("little", 2),
        ("table", 2),
    ],
)
def test_syllables_are_counted_about_right(word: str, count: int) -> None:
    assert count_syllables(word) == count


def test_the_grade_is_that_of_the_published_formula() -> None:
    # 6 words, 1 sentence, 6 syllables: 0.39 * 6 + 11.8 * 1 - 15.59
    assert reading_grade("The cat sat on the mat.") == pytest.approx(-1.45)
    assert reading_grade("12 %") is None
    hard, easy = "Immunosuppression necessitates individualised monitoring.", "We look at the blood."
    assert (reading_grade(hard) or 0) > (reading_grade(easy) or 0)
