"""What a dose lacks is told only where the cited passages are silent on it."""

import pytest

from bot.answering.compose import ExtractiveComposer
from bot.answering.graph import build_chain
from bot.answering.steps import Question, Steps
from bot.domain.answers import Answer
from bot.domain.messages import Audience
from tests.fakes import GLOSSARY, FakeRetriever, document, passage
from tests.unit.answering.model_answers import WORDING

ASKED = "What is the dose of methotrexate?"


async def told(sentence: str, audience: Audience = Audience.CLINICIAN, text: str = ASKED) -> list[str]:
    page = document(passage(sentence, headings=("Dose of methotrexate",)))
    steps = Steps(FakeRetriever(page), ExtractiveComposer(GLOSSARY), GLOSSARY, WORDING)
    outcome = (await build_chain(steps)(Question(text=text, audience=audience))).outcome
    assert isinstance(outcome, Answer)
    return [notice for notice in outcome.notices if notice.startswith("The passages cited here state no")]


@pytest.mark.parametrize(
    ("sentence", "what"),
    [
        ("The dose of methotrexate is 15 mg/m² once a week under the skin, at most 40 mg.", None),
        ("The dose of methotrexate is 15 mg/m² once a week under the skin.", "maximum dose"),
        ("The dose of methotrexate is 15 mg once a week.", "route"),
        ("The dose of methotrexate by mouth is 15 mg.", "interval"),
        ("The dose of methotrexate is 1 mg/kg/day.", "route or maximum dose"),
    ],
)
async def test_a_clinician_hears_what_the_passages_do_not_state(sentence: str, what: str | None) -> None:
    expected = [WORDING.say("notice.unstated", drug="methotrexate", what=what)] if what else []
    assert await told(sentence) == expected
    assert await told(sentence, Audience.TRAINEE) == expected


async def test_nobody_else_does_and_nobody_who_asked_for_something_else() -> None:
    bare = "Methotrexate at a dose of 15 mg helped children."
    assert await told(bare, Audience.OTHER) == []
    assert await told(bare, text="Does methotrexate help children?") == []
