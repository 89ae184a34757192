"""Both sides are told where sources differ, and nothing is called a difference that isn't one."""

import pytest

from bot.domain.answers import ClaimRole
from bot.domain.documents import CuratedDocument
from tests.fakes import document, passage, sentence
from tests.unit.answering.asking import draft_for, said


def first(*texts: str) -> CuratedDocument:
    return document(passage(*texts), title="First")


def second(*texts: str) -> CuratedDocument:
    return document(passage(*texts, document="b.md"), path="b.md", title="Second")


BULLET = document(
    passage(
        sentence("Dosing: 375 mg/m² weekly for 4 consecutive weeks", is_item=True), headings=("Medication", "Rituximab")
    ),
    title="First",
)
OTHER_DOSE = second("Rituximab is given as 1000 mg, two doses 14 days apart.")


def test_different_doses_of_one_drug_are_both_said_and_both_documents_named() -> None:
    draft = draft_for("What is the dosing of rituximab?", BULLET, OTHER_DOSE)
    told = " ".join(said(draft))
    assert "375 mg/m²" in told
    assert "1000 mg" in told
    assert set(draft.differ.split(" / ")) == {"“First”", "“Second”"}


@pytest.mark.parametrize(
    "other",
    [
        second("Rituximab: 375 mg/m2 once a week for 4 consecutive weeks."),
        second("Infliximab is given at 3 mg/kg."),
        second("Rituximab is given when methotrexate fails."),
    ],
    ids=["the same dose in other words", "another drug's dose", "no dose"],
)
def test_these_are_no_disagreement_about_a_dose(other: CuratedDocument) -> None:
    assert not draft_for("What is the dosing of rituximab?", BULLET, other).differ


def test_two_doses_inside_one_document_are_no_disagreement_between_sources() -> None:
    page = first("Rituximab is given at 375 mg/m² weekly.", "Rituximab is given at 1000 mg twice.")
    assert not draft_for("What is the dosing of rituximab?", page).differ


def test_a_question_between_two_things_gets_the_statement_for_each() -> None:
    draft = draft_for(
        "Is rituximab given alone or in combination?",
        first("Rituximab was given alone in juvenile dermatomyositis."),
        second("Rituximab was given in combination with methotrexate."),
    )
    assert len(said(draft)) == 2
    assert draft.differ


def test_one_document_that_holds_both_alternatives_differs_from_nobody() -> None:
    draft = draft_for(
        "Is rituximab given alone or in combination?",
        first("Rituximab was given alone.", "Rituximab was given in combination."),
    )
    assert not draft.differ


def test_different_recommendations_for_one_situation_are_both_said() -> None:
    draft = draft_for(
        "What is recommended after methotrexate fails?",
        first("IVIG is recommended after methotrexate fails."),
        second("Rituximab is recommended after methotrexate fails."),
    )
    assert said(draft) == [
        "IVIG is recommended after methotrexate fails.",
        "Rituximab is recommended after methotrexate fails.",
    ]
    assert draft.claims[1].role is ClaimRole.DISAGREEMENT


@pytest.mark.parametrize(
    "other",
    ["IVIG is recommended after methotrexate fails, as before.", "Calcinosis after methotrexate fails is recommended."],
)
def test_the_same_recommendation_or_one_without_a_drug_is_no_disagreement(other: str) -> None:
    page = first("IVIG is recommended after methotrexate fails.")
    assert not draft_for("What is recommended after methotrexate fails?", page, second(other)).differ


def test_a_class_and_its_member_are_not_two_recommendations() -> None:
    draft = draft_for(
        "What is recommended after methotrexate fails?",
        first("A TNF inhibitor is recommended after methotrexate fails."),
        second("Infliximab is recommended after methotrexate fails."),
    )
    assert not draft.differ


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (
            "Is rituximab effective for calcinosis? Do the sources differ?",
            "Rituximab was effective for calcinosis.",
            "Rituximab was not effective for calcinosis.",
        ),
        (
            "Is rituximab safe in calcinosis? Do the sources agree?",
            "Rituximab in calcinosis caused infections.",
            "Rituximab in calcinosis caused no infections.",
        ),
    ],
)
def test_an_effect_that_one_reports_and_another_denies_is_shown_from_both(question: str, one: str, other: str) -> None:
    draft = draft_for(question, first(one), second(other))
    assert {one, other} <= set(said(draft))
    assert draft.differ


def test_a_comparison_about_no_drug_in_particular_shows_the_best_of_each() -> None:
    draft = draft_for(
        "Does surgery help for calcinosis? Do the sources agree?",
        first("Surgery helped for calcinosis."),
        second("Surgery for calcinosis did not help."),
    )
    assert len(said(draft)) == 2
    assert draft.differ


def test_the_deniers_statement_is_shown_even_where_another_of_its_statements_fits_better() -> None:
    denial = "Rituximab for calcinosis in severe disease had no benefit."
    draft = draft_for(
        "Is rituximab effective for calcinosis? Do the sources agree?",
        first("Rituximab was effective for calcinosis."),
        second("Rituximab for calcinosis is used late.", denial),
    )
    assert denial in said(draft)
    assert set(draft.differ.split(" / ")) == {"“First”", "“Second”"}


def test_a_document_that_contradicts_itself_is_no_second_source() -> None:
    draft = draft_for(
        "Is rituximab effective for calcinosis? Do the sources agree?",
        first("Rituximab was effective for calcinosis.", "Rituximab was not effective for calcinosis later."),
    )
    assert not draft.differ


def test_an_alternative_that_nothing_holds_makes_no_sides() -> None:
    draft = draft_for(
        "Is rituximab given alone or by nebuliser?",
        first("Rituximab was given alone."),
        second("Rituximab was given with care."),
    )
    assert not draft.differ


def test_when_a_comparison_is_asked_for_the_best_of_each_document_is_shown() -> None:
    draft = draft_for(
        "What do both papers say about adalimumab for arthritis?",
        first("Adalimumab is used for arthritis of the knee."),
        second("Adalimumab is one drug for arthritis."),
    )
    assert len(said(draft)) == 2
    assert draft.differ == "“First” / “Second”"


def test_a_comparison_of_one_document_with_itself_names_no_difference() -> None:
    assert not draft_for("Do the sources differ on adalimumab?", first("Adalimumab is used for arthritis.")).differ
