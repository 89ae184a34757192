"""What follows first-line treatment is no answer to what first-line treatment is."""

import pytest

from bot.answering.question import parse_question
from bot.answering.stages import Stage, in_words_of_start, read_stage, stage_asked
from tests.fakes import GLOSSARY, document, passage
from tests.unit.answering.asking import ranked_for


@pytest.mark.parametrize(
    ("question", "stage"),
    [
        ("What is first-line treatment of JDM?", Stage.START),
        ("How is newly diagnosed JDM treated?", Stage.START),
        ("standard initial therapy of JDM", Stage.START),
        ("What do I start with?", Stage.START),
        ("My daughter was just diagnosed with JDM. Which medicines will she get?", Stage.START),
        ("What comes after first-line treatment?", Stage.LATER),
        ("First-line treatment hasn't worked, what now?", Stage.LATER),
        ("What is given when the initial therapy failed?", Stage.LATER),
        ("How is refractory JDM treated?", Stage.LATER),
        ("What is second-line treatment?", Stage.LATER),
        ("How is calcinosis treated?", None),
        ("What dose of rituximab do I start with?", None),
        ("My daughter was just diagnosed with JDM. Will she be well again?", None),
    ],
)
def test_a_question_tells_its_stage(question: str, stage: Stage | None) -> None:
    assert stage_asked(parse_question(question, GLOSSARY)) is stage


@pytest.mark.parametrize(
    ("body", "context", "stage"),
    [
        ("First treatment is corticosteroids.", "After first-line treatment", Stage.START),
        ("IVIG is the next step.", "Weakness after first-line treatment", Stage.LATER),
        ("Stronger treatment is considered when a newly diagnosed child responds inadequately.", "", Stage.LATER),
        ("Steroids are the first treatment, and stepping up follows if the response is inadequate.", "", Stage.START),
        ("IVIG is an add-on in disease that resists first treatment.", "", Stage.LATER),
        ("Improvement was seen after 6 months.", "A series", None),
    ],
)
def test_a_statement_tells_its_stage_before_its_headings_do(body: str, context: str, stage: Stage | None) -> None:
    assert read_stage(body, context) is stage


@pytest.mark.parametrize("question", ["What is first-line treatment of JDM?", "How is newly diagnosed JDM treated?"])
def test_what_is_given_first_leads_before_what_follows_it(question: str) -> None:
    later = document(
        passage("IVIG is the next step in JDM.", document="a.md", headings=("JDM after first-line treatment",)),
        path="a.md",
    )
    first = document(passage("Steroids are the first treatment of JDM.", document="b.md"), path="b.md")
    assert ranked_for(question, later, first)[0].candidate.body == "Steroids are the first treatment of JDM."


def test_asked_for_what_follows_the_first_treatment_comes_later() -> None:
    first = document(passage("IVIG is the first treatment of JDM.", document="a.md"), path="a.md")
    later = document(passage("IVIG is a treatment of refractory JDM.", document="b.md"), path="b.md")
    found = ranked_for("What is the treatment of JDM after first-line treatment?", first, later)
    assert found[0].candidate.body == "IVIG is a treatment of refractory JDM."


def test_the_start_is_searched_in_the_words_of_documents() -> None:
    put = in_words_of_start(parse_question("What do I start with in JDM?", GLOSSARY))
    assert "first treatment" in put
    assert "start with" not in put
