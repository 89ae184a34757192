"""What was tried in vain is known from how it's said, and a question about what to do next isn't answered with it."""

import pytest

from bot.answering.failing import (
    find_preceding,
    find_proposed,
    find_tried,
    in_words_of_classes,
    read_failed,
    with_classes,
    without_failures,
)
from tests.fakes import GLOSSARY, document, passage
from tests.unit.answering.asking import ranked_for


@pytest.mark.parametrize(
    ("question", "failed"),
    [
        ("8 years, failed MTX. What next?", {"methotrexate"}),
        ("Methotrexate and IVIG both failed, what now?", {"methotrexate", "ivig"}),
        ("IVIG didn't work, rituximab or infliximab? Which drug?", {"ivig"}),
        ("Not responding to methotrexate, which drug next?", {"methotrexate"}),
        ("On methotrexate and ciclosporin but still weak. Options?", {"methotrexate", "ciclosporin"}),
        ("Despite rituximab she has rash; what can we add?", {"rituximab"}),
        ("What should we give instead if infliximab is not effective?", {"infliximab"}),
        ("JDM relapsed after rituximab, options?", {"rituximab"}),
        ("She flared on methotrexate. What now?", {"methotrexate"}),
        ("What comes after infliximab failed?", {"infliximab"}),
        ("What if infliximab can't be given?", {"infliximab"}),
        ("What follows after IVIG has not helped?", {"ivig"}),
        ("MTX failed, IVIG no use, next?", {"methotrexate", "ivig"}),
        ("Infliximab stopped working after 8 months, rash again. Now what?", {"infliximab"}),
        ("JDM 2 years, methotrexate + IVIG, still weak. What would you pick?", {"methotrexate", "ivig"}),
        ("Failed methotrexate + IVIG + rituximab. what's left", {"methotrexate", "ivig", "rituximab"}),
        ("Rash flaring despite rituximab, any ideas?", {"rituximab"}),
        ("Rituximab worked well, what next?", set()),
        ("When does methotrexate count as failed?", set()),
        ("Has rituximab failed in calcinosis?", set()),
        ("What is the dose of rituximab?", set()),
    ],
)
def test_failed_drugs_are_told_from_those_asked_about(question: str, failed: set[str]) -> None:
    assert read_failed(question, GLOSSARY) == failed


def test_an_and_ends_the_list_of_what_was_tried() -> None:
    text = "Despite methotrexate and ciclosporin, a JAK inhibitor is the next option."
    assert find_tried(text, GLOSSARY) == {"methotrexate", "ciclosporin"}


def test_what_is_done_when_another_drug_fails_comes_later_whatever_the_headings_say() -> None:
    other = document(
        passage("If IVIG fails, rituximab is an option.", document="a.md", headings=("When methotrexate fails",)),
        path="a.md",
    )
    own = document(passage("When methotrexate has failed, IVIG is an option.", document="b.md"), path="b.md")
    assert ranked_for("What if methotrexate fails?", other, own)[0].candidate.body.startswith("When")


def test_what_follows_a_drug_says_little_of_it() -> None:
    after = document(passage("After rituximab has failed, infliximab is given.", document="a.md"), path="a.md")
    of_it = document(passage("In JDM, rituximab is given.", document="b.md"), path="b.md")
    assert ranked_for("How is rituximab given?", after, of_it)[0].candidate.body == "In JDM, rituximab is given."


def test_a_failed_drug_is_searched_with_its_class() -> None:
    asked = with_classes("Infliximab failed, what next?", GLOSSARY)
    assert asked == "Infliximab, a TNF inhibitor, failed, what next?"
    assert with_classes("What is the dose of infliximab?", GLOSSARY) == "What is the dose of infliximab?"


def test_a_statement_names_what_came_before_its_proposal() -> None:
    text = "IVIG is the next step after pulses, four doses of methotrexate and ciclosporin."
    assert find_tried("IVIG is the next step after methotrexate and ciclosporin.", GLOSSARY) == {
        "methotrexate",
        "ciclosporin",
    }
    assert "ivig" not in find_tried(text, GLOSSARY)


def test_what_to_do_next_is_never_the_dose_of_what_failed() -> None:
    page = document(
        passage(
            "Methotrexate 15 mg/m² weekly is the dose for juvenile dermatomyositis before it counts as failed.",
            "If methotrexate fails in juvenile dermatomyositis, rituximab is an option.",
            "All children with juvenile dermatomyositis took methotrexate.",
        )
    )
    best, *_ = ranked_for("JDM, failed methotrexate. What next?", page)
    assert "rituximab" in best.candidate.text


def test_who_gets_worse_on_a_drug_is_not_helped_by_it() -> None:
    asked = "Anti-MDA5 JDM with worsening breathlessness on IVIG and methotrexate. What next?"
    assert read_failed(asked, GLOSSARY) >= {"methotrexate"}
    assert not read_failed("Breathlessness, better on methotrexate. What next?", GLOSSARY)


def test_what_is_proposed_first_is_told_from_what_follows_its_failure() -> None:
    text = "Rituximab is recommended, and infliximab after methotrexate has failed."
    assert find_proposed(text, GLOSSARY) == {"rituximab", "infliximab"}


def test_a_statement_may_begin_with_what_came_before_the_drug_that_it_is_about() -> None:
    assert find_preceding("For rash after rituximab, infliximab has support.", GLOSSARY) == {"rituximab"}
    assert find_preceding("Improvement after rituximab was seen on methotrexate.", GLOSSARY) == set()
    assert find_preceding("IVIG helps, and rituximab after IVIG has failed.", GLOSSARY) == set()


def test_what_follows_a_drug_says_little_of_it_though_a_choice_is_asked_for() -> None:
    after = document(passage("For rash after rituximab, infliximab is an option.", document="a.md"), path="a.md")
    of_it = document(passage("Rituximab was added for rash.", document="b.md"), path="b.md")
    assert ranked_for("Is rituximab worth adding for rash?", after, of_it)[0].candidate.body.startswith("Rituximab")


def test_a_question_is_searched_in_the_words_of_a_drugs_class() -> None:
    assert in_words_of_classes("Tests before infliximab?", GLOSSARY) == "Tests before TNF inhibitor?"


def test_the_dose_of_the_next_drug_is_searched_without_those_that_failed() -> None:
    told = "Refractory JDM, failed methotrexate and IVIG. Want to start rituximab. Dose?"
    assert without_failures(told, GLOSSARY) == "Want to start rituximab. Dose?"
    assert not without_failures("Failed methotrexate. What next?", GLOSSARY)
    assert not without_failures("Rituximab dose?", GLOSSARY)
