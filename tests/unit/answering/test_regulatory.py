"""Whether a drug is licensed is told by what is said of it or of its class, and by nothing else."""

import pytest

from bot.answering.assess import Sufficiency
from bot.answering.question import Aspect, parse_question
from bot.answering.regulatory import in_words_of_status
from tests.fakes import GLOSSARY, document, passage
from tests.unit.answering.asking import judged_for, ranked_for

EFFECT = document(passage("Rituximab was effective in JDM, most children improved.", document="a.md"), path="a.md")
STATUS = document(passage("Rituximab is used off-label in JDM.", document="b.md"), path="b.md")
OF_ANOTHER = document(
    passage("Infliximab is approved for arthritis, not for JDM.", document="c.md", headings=("After rituximab",)),
    path="c.md",
)


@pytest.mark.parametrize(
    "question",
    ["Is rituximab licensed for JDM?", "Is rituximab approved?", "Is rituximab off-label in JDM?"],
)
def test_the_status_leads_before_the_effect(question: str) -> None:
    assert ranked_for(question, EFFECT, STATUS)[0].candidate.body == "Rituximab is used off-label in JDM."


def test_what_another_drug_is_licensed_for_is_no_answer() -> None:
    judged = judged_for("Is rituximab licensed for JDM?", EFFECT, OF_ANOTHER)
    assert judged.sufficiency is Sufficiency.INSUFFICIENT


def test_without_a_drug_any_status_answers() -> None:
    assert judged_for("Which drugs are approved for JDM?", OF_ANOTHER).is_enough


@pytest.mark.parametrize("question", ["What is the licensed dose of rituximab?", "What is the off-label dosing?"])
def test_the_licensed_dose_is_a_dose(question: str) -> None:
    parsed = parse_question(question, GLOSSARY)
    assert parsed.wants(Aspect.DOSE)
    assert not parsed.wants(Aspect.REGULATORY_STATUS)


def test_a_drug_is_searched_with_its_class() -> None:
    put = in_words_of_status(parse_question("Is infliximab licensed?", GLOSSARY), GLOSSARY)
    assert "TNF inhibitor" in put
    assert "off-label" in put
