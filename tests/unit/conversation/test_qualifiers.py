"""What is said of a patient stays in force until it is said otherwise, and only what is said of a patient."""

import pytest

from bot.conversation.qualifiers import read_qualifiers
from tests.fakes import GLOSSARY


@pytest.mark.parametrize(
    ("messages", "qualifiers"),
    [
        (
            ["8-year-old girl, 22 kg, anti-MDA5 positive, failed MTX. What next?"],
            ("8-year-old", "22 kg", "anti-MDA5 positive", "methotrexate failed"),
        ),
        (["my patient is 9 yo", "what about IVIG?"], ("9-year-old",)),
        (["My daughter is 8 and has JDM, what is next?"], ("8-year-old",)),
        (["my son weighs 31 kg", "is rituximab safe?", "no, he weighs 35 kg"], ("35 kg",)),
        (["a 10 month old infant with weakness"], ("10-month-old",)),
        (["our patient is on ciclosporin and is allergic to MTX"], ("on ciclosporin", "no methotrexate")),
        (["my daughter is anti-MDA5 negative"], ("anti-MDA5 negative",)),
        (["9yo girl, JDM 2 years, methotrexate failed"], ("9-year-old", "methotrexate failed")),
        (["14yo case, rituximab hasn't worked"], ("14-year-old", "rituximab failed")),
    ],
)
def test_what_is_said_of_the_patient_is_kept(messages: list[str], qualifiers: tuple[str, ...]) -> None:
    assert read_qualifiers(messages, GLOSSARY) == qualifiers


@pytest.mark.parametrize(
    "message",
    [
        "how many anti-MDA5 children improved?",
        "dosage in patients under 25 kg?",
        "what if IVIG failed?",
        "outcome after 2 years of treatment?",
        "what is next after JAK inhibitor failure?",
        "rituximab 375 mg/m2 weekly for 4 weeks?",
    ],
)
def test_a_general_question_says_nothing_of_a_patient(message: str) -> None:
    assert read_qualifiers([message], GLOSSARY) == ()


def test_what_was_said_of_another_patient_is_not_held_against_this_one() -> None:
    first = "A 12-year-old patient with anti-MDA5, failed methotrexate."
    assert read_qualifiers([first, "My daughter is 6, she is on IVIG."], GLOSSARY) == (
        "6-year-old",
        "on intravenous immunoglobulin",
    )
    assert "anti-MDA5 positive" in read_qualifiers([first, "She is 13 years old now."], GLOSSARY)
    assert "anti-MDA5 positive" in read_qualifiers([first, "No, she is 8 years old."], GLOSSARY)
