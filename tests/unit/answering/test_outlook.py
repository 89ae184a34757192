"""What becomes of a disease is told by statements on its course, not by what a drug or a complaint did."""

import pytest

from bot.answering.assess import Sufficiency
from bot.answering.outlook import Course, says_outlook
from bot.answering.question import Aspect, parse_question
from tests.fakes import GLOSSARY, document, passage
from tests.unit.answering.asking import draft_for, judged_for, said

BESIDE_THE_POINT = document(
    passage("Calcinosis went away in 25% of children with JDM.", "Active skin is overlooked in JDM.", document="a.md"),
    path="a.md",
)
COURSE = document(
    passage("JDM can't be cured, but many children reach remission.", document="b.md"), path="b.md", title="Course"
)
RELAPSES = document(
    passage("One boy with JDM relapsed.", "JDM relapses in a third of children.", document="c.md"), path="c.md"
)


@pytest.mark.parametrize(
    ("question", "course"),
    [
        ("Can JDM be cured?", Course.ENDING),
        ("Will JDM ever go away?", Course.ENDING),
        ("Will my daughter grow out of JDM?", Course.ENDING),
        ("How long does JDM last?", Course.ENDING),
        ("Will my son get better?", Course.ENDING),
        ("Does JDM come back?", Course.RETURN),
        ("How often does JDM flare?", Course.RETURN),
        ("What happens when treatment is stopped?", Course.RETURN),
        ("Can JDM flare after stopping methotrexate?", Course.RETURN),
        ("How many children reach remission?", Course.REMISSION),
        ("Can you die of JDM?", Course.DEATH),
        ("Does JDM shorten life?", Course.DEATH),
        ("What is the life expectancy in JDM?", Course.DEATH),
        ("Does JDM turn into lupus?", Course.CHANGE),
        ("What is the prognosis of JDM?", Course.GENERAL),
    ],
)
def test_a_question_tells_what_of_the_course_it_asks(question: str, course: Course) -> None:
    parsed = parse_question(question, GLOSSARY)
    assert parsed.courses == {course}
    assert parsed.wants(Aspect.OUTLOOK)


@pytest.mark.parametrize(
    "question",
    [
        "Does calcinosis go away with infliximab?",
        "My child's rash won't go away, what helps?",
        "JDM relapsed after rituximab, which options are left?",
        "When should JDM be in remission?",
        "What is the dose of rituximab?",
    ],
)
def test_what_a_drug_does_and_what_is_to_be_done_are_no_outlook(question: str) -> None:
    assert not parse_question(question, GLOSSARY).wants(Aspect.OUTLOOK)


def test_a_result_on_a_drug_keeps_what_else_is_asked() -> None:
    parsed = parse_question("Did calcinosis improve or relapse on infliximab?", GLOSSARY)
    assert parsed.courses == {Course.RETURN}
    assert parsed.wants(Aspect.EFFICACY)


def test_the_course_leads_before_what_is_beside_the_point() -> None:
    drafted = draft_for("Can JDM be cured?", BESIDE_THE_POINT, COURSE)
    assert said(drafted)[0] == "JDM can't be cured, but many children reach remission."


def test_without_a_statement_on_the_course_there_is_no_answer() -> None:
    assert judged_for("Can JDM be cured?", BESIDE_THE_POINT).sufficiency is Sufficiency.INSUFFICIENT
    assert judged_for("Can JDM be cured?", BESIDE_THE_POINT, COURSE).is_enough


def test_a_single_case_comes_after_a_series() -> None:
    assert said(draft_for("Does JDM come back?", RELAPSES))[0] == "JDM relapses in a third of children."


def test_the_course_of_a_complaint_is_not_that_of_the_disease() -> None:
    body = "Calcinosis went away in 25% of children with JDM."
    ending = frozenset({Course.ENDING})
    of_jdm, of_calcinosis = GLOSSARY.terms_in("JDM"), GLOSSARY.terms_in("calcinosis")
    assert not says_outlook(body, ending, of_jdm, GLOSSARY)
    assert says_outlook(body, ending, of_calcinosis, GLOSSARY)
    assert not says_outlook("JDM goes away in some children.", ending, of_calcinosis, GLOSSARY)


def test_what_became_of_the_patients_on_another_drug_is_no_answer() -> None:
    evidence = document(passage("JDM relapsed in two children on infliximab.", document="d.md"), path="d.md")
    assert judged_for("How many children relapsed on infliximab?", evidence).is_enough
    assert not judged_for("How many children relapsed on adalimumab?", evidence).is_enough
