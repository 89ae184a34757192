"""What is offered next was tried, is new, and differs from what was asked."""

from dataclasses import replace

from bot.answering.compose import ExtractiveComposer
from bot.answering.composing import Task
from bot.answering.steps import Question, Steps
from bot.answering.suggest import AHEAD, ENOUGH, Suggester
from bot.domain.answers import Answer
from bot.places import shipped
from bot.prompts import load_wording
from tests.fakes import GLOSSARY, FakeRetriever, document, passage

PAGE = replace(
    document(
        passage("Rituximab was given at 375 mg/m² weekly for 4 weeks in juvenile dermatomyositis."),
        passage("Rituximab was not effective for calcinosis in juvenile dermatomyositis.", number=1),
    ),
    questions=(
        "What is the dose of rituximab?",
        "Is rituximab effective for calcinosis?",
        "Does rituximab help in inclusion body myositis?",
    ),
)


def make() -> tuple[Suggester, FakeRetriever]:
    retriever = FakeRetriever(PAGE)
    steps = Steps(retriever, ExtractiveComposer(GLOSSARY), GLOSSARY, load_wording(shipped("prompts")))
    return Suggester(steps, lambda: "sha256:x"), retriever


def suggest(suggester: Suggester, asked: str) -> tuple[str, ...]:
    steps, question = suggester.steps, Question(text=asked)
    evidence = steps.retrieve(question)
    parsed, ranked, assessment = steps.assess(question, evidence)
    draft = steps.quote(Task(question=parsed, evidence=evidence, ranked=ranked))
    judged = steps.verify(draft, {item.passage.id: item for item in evidence})
    answer = steps.conclude(question, evidence, assessment, draft, judged)
    assert isinstance(answer, Answer)
    return suggester.suggest(answer, [asked], evidence)


def look_ahead(suggester: Suggester, asked: str, *, stops_after: int = 99) -> None:
    steps, question = suggester.steps, Question(text=asked)
    evidence = steps.retrieve(question)
    _, ranked, _ = steps.assess(question, evidence)
    looks = iter(range(stops_after))
    suggester.look_ahead(asked, ranked, evidence, lambda: next(looks, None) is None)


def test_the_curators_other_answerable_question_is_offered() -> None:
    assert "Is rituximab effective for calcinosis?" in suggest(make()[0], "which dose of rituximab was given weekly?")


def test_what_was_asked_is_not_offered_again() -> None:
    assert "What is the dose of rituximab?" not in suggest(make()[0], "What is the dose of rituximab?")


def test_a_question_that_the_library_can_not_answer_is_not_offered() -> None:
    suggester, _ = make()
    for _ in range(3):
        offered = suggest(suggester, "which dose of rituximab was given weekly?")
        assert "Does rituximab help in inclusion body myositis?" not in offered


def test_what_was_tried_is_not_searched_again() -> None:
    suggester, retriever = make()
    for _ in range(5):
        suggest(suggester, "which dose of rituximab was given weekly?")
    searched = len(retriever.asked)
    suggest(suggester, "which dose of rituximab was given weekly?")
    assert len(retriever.asked) == searched + 1


def test_an_answer_waits_for_no_more_tries_when_enough_can_be_offered() -> None:
    suggester, retriever = make()
    for _ in range(2):
        suggest(suggester, "Does rituximab help in inclusion body myositis?")
    tried = len(retriever.asked)
    assert len(suggest(suggester, "Does rituximab help in inclusion body myositis?")) >= ENOUGH
    assert len(retriever.asked) == tried + 1


def test_what_was_tried_ahead_is_offered_without_another_search() -> None:
    suggester, retriever = make()
    asked = "Does rituximab help in inclusion body myositis?"
    look_ahead(suggester, asked)
    searched = len(retriever.asked)
    assert suggest(suggester, asked)[:2] == PAGE.questions[:2]
    assert len(retriever.asked) == searched + 1


def test_looking_ahead_ends_when_the_answer_is_there_and_tries_few() -> None:
    suggester, retriever = make()
    look_ahead(suggester, "calcinosis?", stops_after=1)
    assert len(retriever.asked) == 2
    suggester, retriever = make()
    look_ahead(suggester, "calcinosis?")
    assert len(retriever.asked) <= 1 + AHEAD
