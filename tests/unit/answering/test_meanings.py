"""Who asks what a word means is told what it means, or that no statement says so."""

import pytest

from bot.answering.assess import Sufficiency
from bot.answering.meanings import in_words_of_meaning, only_explains, says_meaning
from bot.answering.question import Aspect, parse_question
from tests.fakes import GLOSSARY, document, passage
from tests.unit.answering.asking import draft_for, judged_for, ranked_for, said

EFFECT = document(passage("Infliximab helped calcinosis in 54% of children with JDM.", document="a.md"), path="a.md")
WHAT_IT_IS = document(
    passage("Calcinosis is a deposit of calcium salts under the skin.", document="b.md"), path="b.md", title="Words"
)


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("What is calcinosis?", ("§calcinosis",)),
        ("what's calcinosis", ("§calcinosis",)),
        ("calcinosis, what does it mean?", ("§calcinosis",)),
        ("What does calcinosis mean?", ("§calcinosis",)),
        ("What does anti-MDA5 mean for my child?", ("§anti-mda5",)),
        ("My child has anti-MDA5, what does that mean?", ("§anti-mda5",)),
        ("My child has anti-MDA5. What does it mean?", ("§anti-mda5",)),
        ("Can you explain calcinosis?", ("§calcinosis",)),
        ("Can you explain what calcinosis is?", ("§calcinosis",)),
        ("What exactly is calcinosis?", ("§calcinosis",)),
        ("What does polycyclic disease mean?", ("polycycl",)),
        ("What is calcinosis in JDM?", ("§calcinosis",)),
        ("What is JDM?", ("§jdm",)),
        ("What is a biologic?", ("§biologic",)),
        ("What are JAK inhibitors?", ("§jak-inhibitor",)),
        ("What kind of medicine is rituximab?", ("§rituximab",)),
        ("How is a relapse defined?", ("§relapse",)),
        ("What does IVIG stand for?", ("§ivig",)),
        ("What does monocyclic mean?", ("monocycl",)),
    ],
)
def test_what_is_to_be_explained_is_read(question: str, meant: tuple[str, ...]) -> None:
    parsed = parse_question(question, GLOSSARY)
    assert parsed.meant == meant
    assert parsed.aspects == {Aspect.MEANING}


@pytest.mark.parametrize(
    "question",
    [
        "What is the dose of rituximab?",
        "What is next after rituximab?",
        "What is the evidence for IVIG in JDM?",
        "What does calcinosis mean for the choice of treatment?",
        "What is recommended?",
        "What is the price?",
        "What are the options?",
        "What does my child's negative panel mean?",
        "What is the role of methotrexate?",
        "What helps calcinosis?",
        "My son takes methotrexate and has a rash, what is it?",
        "When is rituximab used in JDM?",
    ],
)
def test_what_asks_for_something_else_asks_for_no_meaning(question: str) -> None:
    assert not parse_question(question, GLOSSARY).wants(Aspect.MEANING)


def test_when_somebody_is_in_a_state_asks_what_the_state_is() -> None:
    assert parse_question("When is my child's JDM in relapse?", GLOSSARY).meant == ("§relapse",)
    assert parse_question("How do I know that JDM is in relapse?", GLOSSARY).meant == ("§relapse",)
    assert not parse_question("When is rituximab given in relapse?", GLOSSARY).meant


@pytest.mark.parametrize(
    "body",
    [
        "Calcinosis is a deposit of calcium salts under the skin.",
        "Calcinosis means lumps of calcium.",
        "Calcinosis, that is lumps of calcium, can be painful.",
        "Calcium deposits are small hard lumps.",
    ],
)
def test_a_statement_says_what_a_thing_is(body: str) -> None:
    assert says_meaning(body, ("§calcinosis",), GLOSSARY)


@pytest.mark.parametrize(
    "body",
    [
        "Calcinosis shrank in 75% of children.",
        "The treatment of calcinosis is a medicine that blocks TNF.",
        "Calcinosis is the main reason for surgery.",
        "Calcinosis is treated with medicines.",
        "Rituximab is a medicine against B cells, not against calcinosis.",
        "Calcinosis is one of the diseases of the skin that respond.",
    ],
)
def test_a_statement_about_a_thing_need_not_say_what_it_is(body: str) -> None:
    assert not says_meaning(body, ("§calcinosis",), GLOSSARY)


def test_a_state_is_explained_by_who_is_called_so() -> None:
    assert says_meaning("JDM is called relapsed when the rash is back.", ("§relapse",), GLOSSARY)


def test_the_meaning_leads_before_the_effect() -> None:
    drafted = draft_for("What is calcinosis?", EFFECT, WHAT_IT_IS)
    assert said(drafted)[0] == "Calcinosis is a deposit of calcium salts under the skin."


def test_the_effect_leads_where_the_effect_is_asked_for() -> None:
    found = ranked_for("What helps calcinosis?", EFFECT, WHAT_IT_IS)
    assert found[0].candidate.document == "a.md"


def test_without_a_statement_that_says_it_there_is_no_answer() -> None:
    assert judged_for("What is calcinosis?", EFFECT).sufficiency is Sufficiency.INSUFFICIENT
    assert judged_for("What is calcinosis?", EFFECT, WHAT_IT_IS).is_enough


def test_what_says_more_than_what_a_thing_is_does_not_only_explain() -> None:
    assert only_explains("Calcinosis is a deposit of calcium salts.", GLOSSARY)
    assert not only_explains("Rituximab works by removing B cells.", GLOSSARY)
    assert not only_explains("Calcinosis, that is calcium, shrank in 75%.", GLOSSARY)
    assert not only_explains("Children improved.", GLOSSARY)


def test_a_thing_is_searched_by_its_name_and_kind() -> None:
    put = in_words_of_meaning(("§anti-mda5",), GLOSSARY)
    assert "anti-MDA5" in put
    assert "antibody" in put
    assert in_words_of_meaning(("monocycl",), GLOSSARY).startswith("monocycl")
