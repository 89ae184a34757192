"""A message that asks several things is answered where it can be, and says what it can't."""

import pytest

from bot.answering.compose import ExtractiveComposer
from bot.answering.graph import Answered, build_chain
from bot.answering.parts import split_parts, without
from bot.answering.steps import Question, Steps
from bot.domain.answers import Abstention, Answer
from bot.places import shipped
from bot.prompts import load_wording
from tests.fakes import GLOSSARY, FakeRetriever, document, passage

WORDING = load_wording(shipped("prompts"))
PAGE = document(
    passage("Rituximab was effective for calcinosis in four children.", "Rituximab was given at 375 mg/m² weekly.")
)


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        ("Does rituximab help, and what does it cost?", ("Does rituximab help", "what does it cost")),
        ("How well does IVIG work and at which dose?", ("How well does IVIG work", "at which dose")),
        ("Is IVIG safe? Who should get it?", ("Is IVIG safe", "Who should get it")),
        ("Does rituximab help skin and muscle?", ()),
        ("What is known of IVIG and rituximab?", ()),
        ("Weak for a month and what now", ()),
    ],
)
def test_a_message_is_cut_where_another_question_begins(message: str, asked: tuple[str, ...]) -> None:
    assert tuple(part.asked for part in split_parts(message, GLOSSARY)) == asked


def test_a_part_takes_along_what_the_first_is_about() -> None:
    first, second = split_parts("How well does IVIG work and at which dose?", GLOSSARY)
    assert first.text == "How well does IVIG work?"
    assert second.text == "at which dose (ivig)?"
    _, other = split_parts("How well does IVIG work and what is the dose of rituximab?", GLOSSARY)
    assert other.text == "what is the dose of rituximab?"


def test_a_drug_is_taken_out_only_where_it_stands_in_a_row_with_others() -> None:
    assert without("Do IVIG or rituximab help?", ["rituximab"], GLOSSARY) == "do ivig help?"
    assert without("Do rituximab, IVIG and infliximab help?", ["rituximab"], GLOSSARY) == "do ivig and infliximab help?"
    assert without("Can rituximab be combined with IVIG?", ["rituximab"], GLOSSARY) == ""


async def answer(text: str) -> Answered:
    return await build_chain(Steps(FakeRetriever(PAGE), ExtractiveComposer(GLOSSARY), GLOSSARY, WORDING))(
        Question(text=text)
    )


async def test_the_part_without_an_answer_is_told_in_its_own_words() -> None:
    outcome = (await answer("Is rituximab effective for calcinosis, and what does it cost?")).outcome
    assert isinstance(outcome, Answer)
    assert outcome.kind == "partial_answer"
    assert outcome.claims[0].text == "Rituximab was effective for calcinosis in four children."
    assert WORDING.say("notice.unanswered", part="what does it cost") in outcome.notices


async def test_both_parts_are_answered_where_both_can_be() -> None:
    outcome = (await answer("Is rituximab effective for calcinosis, and at which dose was it given?")).outcome
    assert isinstance(outcome, Answer)
    assert outcome.kind == "answer"
    assert {claim.text for claim in outcome.claims} >= {
        "Rituximab was effective for calcinosis in four children.",
        "Rituximab was given at 375 mg/m² weekly.",
    }


async def test_a_drug_that_nothing_is_said_of_does_not_take_the_other_with_it() -> None:
    outcome = (await answer("Is infliximab or rituximab effective for calcinosis?")).outcome
    assert isinstance(outcome, Answer)
    assert WORDING.say("notice.gap", missing="infliximab") in outcome.notices


async def test_without_any_answered_part_there_is_no_answer() -> None:
    outcome = (await answer("What does infliximab cost, and how is it dosed?")).outcome
    assert isinstance(outcome, Abstention)


async def test_what_is_told_of_a_patient_stands_before_every_part() -> None:
    question = "My son is 7: is rituximab effective for calcinosis? And what does it cost?"
    first, second = split_parts(question, GLOSSARY)
    assert first.text == "My son is 7: is rituximab effective for calcinosis?"
    assert (second.asked, second.text) == ("what does it cost", "My son is 7: what does it cost (rituximab)?")
    assert (await answer(question)).outcome.kind == "partial_answer"
