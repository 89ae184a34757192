"""A question says what it wants, and a statement what it can give."""

import pytest

from bot.answering.question import Aspect, parse_question
from bot.answering.statements import fulfilled, gives
from tests.fakes import GLOSSARY


@pytest.mark.parametrize(
    ("question", "aspect"),
    [
        ("How much IVIG is given?", Aspect.DOSE),
        ("How long until it works?", Aspect.DURATION),
        ("How many children responded?", Aspect.COUNT),
        ("How old were they?", Aspect.AGE),
        ("In which years were they treated?", Aspect.DATE),
        ("Who wrote this?", Aspect.PUBLICATION),
        ("What is the mechanism of rituximab?", Aspect.MECHANISM),
        ("What should I watch for?", Aspect.MONITORING),
        ("Which bloods should be checked?", Aspect.MONITORING),
        ("Does rituximab help?", Aspect.EFFICACY),
        ("Why is it given?", Aspect.REASON),
        ("What are the options?", Aspect.CHOICE),
        ("How good is the evidence?", Aspect.LIMITS),
        ("For whom is it?", Aspect.CONDITION),
        ("Is it safer than IVIG?", Aspect.COMPARISON),
        ("What is the price?", Aspect.COST),
        ("Is it approved?", Aspect.REGULATORY_STATUS),
    ],
)
def test_a_question_is_read_for_what_it_wants(question: str, aspect: Aspect) -> None:
    assert parse_question(question, GLOSSARY).wants(aspect)


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("Rituximab: 375 mg/m²", Aspect.DOSE),
        ("Improvement took 6 months.", Aspect.DURATION),
        ("It is given weekly.", Aspect.DURATION),
        ("Of 25 patients, 24 had a rash.", Aspect.COUNT),
        ("They were aged 8 to 12.", Aspect.AGE),
        ("Treated from November 2017.", Aspect.DATE),
        ("Anything at all.", Aspect.PUBLICATION),
        ("It targets CD20.", Aspect.MECHANISM),
        ("Infections were seen.", Aspect.SAFETY),
        ("Check the blood count.", Aspect.MONITORING),
        ("It is investigated with videofluoroscopy.", Aspect.MONITORING),
        ("Skin improved.", Aspect.EFFICACY),
        ("Because of its half-life.", Aspect.REASON),
        ("Consider IVIG.", Aspect.CHOICE),
        ("The study was small.", Aspect.LIMITS),
        ("Use it if arthritis is present.", Aspect.CONDITION),
        ("It was superior to placebo.", Aspect.COMPARISON),
        ("About 900 €.", Aspect.COST),
        ("It is used off-label.", Aspect.REGULATORY_STATUS),
    ],
)
def test_a_statement_gives_what_it_holds(text: str, aspect: Aspect) -> None:
    assert gives(text, aspect)
    assert aspect is Aspect.PUBLICATION or not gives("The family was seen.", aspect)


def test_a_body_named_like_a_share_asks_for_no_number() -> None:
    assert not parse_question("What does SHARE say about IVIG?", GLOSSARY).wants(Aspect.COUNT)
    assert parse_question("What share of children improved?", GLOSSARY).wants(Aspect.COUNT)


def test_a_statement_fulfils_a_share_of_what_is_wanted() -> None:
    wanted = frozenset({Aspect.DOSE, Aspect.SAFETY})
    assert fulfilled(wanted, "Rituximab: 375 mg/m²") == 0.5
    assert fulfilled(frozenset(), "Anything at all.") == 1.0


@pytest.mark.parametrize(
    ("question", "alternatives"),
    [
        ("alone or in combination?", ("alone", "in combination")),
        ("IVIG vs rituximab", ("ivig", "rituximab")),
        ("What is the dose?", ()),
    ],
)
def test_a_choice_between_two_things_is_noticed(question: str, alternatives: tuple[str, ...]) -> None:
    assert parse_question(question, GLOSSARY).alternatives == alternatives


def test_asking_whether_sources_agree_is_no_part_of_the_subject() -> None:
    question = parse_question("How is rituximab dosed? Do both papers agree?", GLOSSARY)
    assert question.compares
    assert "paper" not in question.stems
    assert "§rituximab" in question.stems


def test_words_that_only_say_what_is_wanted_are_background() -> None:
    question = parse_question("How many children with calcinosis needed surgery?", GLOSSARY)
    assert "§calcinosis" not in question.background
    short = parse_question("What is the dose?", GLOSSARY)
    assert short.background == frozenset()


@pytest.mark.parametrize("story", ["four doses", "4 weekly doses", "several doses", "the first dose"])
def test_doses_that_were_given_ask_for_none(story: str) -> None:
    question = parse_question(f"What is next after {story} of methotrexate?", GLOSSARY)
    assert question.aspects == {Aspect.CHOICE}
    assert parse_question(f"After {story} of IVIG, what dose of methotrexate?", GLOSSARY).wants(Aspect.DOSE)


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("What can we expect from methotrexate?", Aspect.EFFICACY),
        ("Do children get stronger on methotrexate?", Aspect.EFFICACY),
        ("Does IVIG prevent calcinosis?", Aspect.EFFICACY),
        ("What is the best treatment for calcinosis?", Aspect.CHOICE),
        ("IVIG or another drug first?", Aspect.CHOICE),
        ("Would you use IVIG in calcinosis?", Aspect.CHOICE),
        ("How is IVIG scheduled?", Aspect.DOSE),
    ],
)
def test_turns_of_phrase_ask_for_the_same_kind_of_statement(text: str, aspect: Aspect) -> None:
    assert parse_question(text, GLOSSARY).wants(aspect)


@pytest.mark.parametrize(
    ("question", "alternatives"),
    [
        ("Is rituximab or IVIG better?", ("is rituximab", "ivig better")),
        ("Rituximab vs. IVIG", ("rituximab", "ivig")),
        ("It is bad. Rituximab or IVIG: which?", ("rituximab", "ivig")),
        ("Rituximab?", ()),
        ("Rituximab or ?", ()),
    ],
)
def test_what_a_question_chooses_between(question: str, alternatives: tuple[str, ...]) -> None:
    assert parse_question(question, GLOSSARY).alternatives == alternatives


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("How much rituximab should she take?", True),
        ("How much does he need of it?", True),
        ("How much medicine is too much?", True),
        ("How much weight will she gain on rituximab?", False),
        ("How much does rituximab cost?", False),
    ],
)
def test_how_much_asks_for_a_dose_only_of_what_is_given(question: str, *, asks: bool) -> None:
    assert parse_question(question, GLOSSARY).wants(Aspect.DOSE) is asks


def test_a_time_without_a_number_answers_how_long() -> None:
    assert gives("It is taken for several years.", Aspect.DURATION)
    assert not gives("It is taken by several children.", Aspect.DURATION)
