"""A language model helps to understand follow-ups; whatever it does, the embedded reading is there."""

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.conversation.contextualize import QUALIFIER_SHARE, Contextualized
from bot.conversation.model_contextualizer import ModelContextualizer, Rewrite, read_rewrite
from bot.domain.answers import (
    Answer,
    Citation,
    Claim,
    ClaimRole,
    Clarification,
    Direction,
    DirectionKind,
    Outcome,
    SupportLabel,
)
from bot.domain.documents import ReviewStatus, SearchQuery
from bot.domain.messages import History, IncomingMessage, Turn
from bot.places import shipped
from bot.prompts import load_prompt
from tests.fakes import GLOSSARY
from tests.scripted_model import OutOfScriptError, ScriptedModel
from tests.unit.conversation.test_service import make_service

PROMPT = load_prompt(shipped("prompts"), None, "contextualize")
EMBEDDED = Contextualized(
    standalone="The dose of rituximab?", queries=(SearchQuery(text="The dose of rituximab?"),), depends=True
)
GOOD = "What is the dose of rituximab in juvenile dermatomyositis?"


def answer(*claims: str) -> Answer:
    citation = Citation(
        number=1, document="a.md", title="Rituximab", quote="q", start=0, end=1, locator="", evidence="", year=None,
        review_status=ReviewStatus.APPROVED,
    )  # fmt: skip
    return Answer(
        claims=tuple(
            Claim(text=text, role=ClaimRole.FINDING, support=SupportLabel.SUPPORTED, citations=(1,)) for text in claims
        ),
        citations=(citation,),
        notices=("Review status: open.",),
        disclaimer="No advice.",
    )


def asking_back(*choices: str) -> Clarification:
    return Clarification(text="Which?", choices=choices, notices=(), disclaimer="No advice.")


def turns(*told: tuple[str, Outcome]) -> History:
    return History(
        turns=tuple(
            Turn(number=n, question=q, standalone_question=q, outcome=o, asked_at=datetime(2026, 1, 1, tzinfo=UTC))
            for n, (q, o) in enumerate(told, 1)
        )
    )


HISTORY = turns(("Does rituximab help in JDM?", answer("Rituximab was given to 12 children.", "MTX went on.")))


def reply(standalone: str = GOOD, **more: Any) -> str:
    return json.dumps({"standalone": standalone, **more})


def make(model: ScriptedModel, timeout: float = 5) -> ModelContextualizer:
    return ModelContextualizer(
        model=model, prompt=PROMPT, glossary=GLOSSARY, topic="juvenile dermatomyositis", timeout=timeout
    )


async def understand(*replies: str | Exception, message: str = "and the dose?") -> Contextualized | None:
    return await make(ScriptedModel.saying(*replies)).rewrite(message, HISTORY, EMBEDDED)


async def test_a_follow_up_gets_the_models_question() -> None:
    better = await understand(reply())
    assert better is not None
    assert better.standalone == GOOD
    assert better.depends
    assert better.queries == (SearchQuery(text=GOOD),)


async def test_variants_and_keywords_are_searched_with_less_weight() -> None:
    made = make(ScriptedModel.saying(reply(variants=["How is rituximab dosed?"], keywords=["rituximab", "dosing"])))
    embedded = replace(EMBEDDED, qualifiers=("8-year-old",))
    better = await made.rewrite("and the dose?", HISTORY, embedded)
    assert better is not None
    first, *others = better.queries
    assert first == SearchQuery(text=GOOD, dense=1.0, lexical=1.0)
    assert [query.text for query in others] == ["How is rituximab dosed?", "rituximab, dosing", "8-year-old"]
    assert all(query.dense < 0.5 and query.lexical < 0.5 for query in others)
    assert others[-1].dense == QUALIFIER_SHARE
    assert better.qualifiers == ("8-year-old",)


async def test_variants_and_keywords_that_bring_something_along_are_left_out() -> None:
    better = await understand(
        reply(variants=["What is the dose of infliximab?"], keywords=["infliximab", "calcinosis"])
    )
    assert better is not None
    assert better.queries == (SearchQuery(text=GOOD),)


@pytest.mark.parametrize(
    ("history", "embedded"),
    [
        (History(), EMBEDDED),
        (turns(("hello", Direction(kind=DirectionKind.SMALL_TALK, text="Hi", notices=(), disclaimer="No."))), EMBEDDED),
        (HISTORY, replace(EMBEDDED, depends=False)),
        (turns(("and?", asking_back("The dose of rituximab?", "Its risks?"))), EMBEDDED),
    ],
    ids=["first turn", "only small talk before", "stands alone", "one of the choices"],
)
async def test_the_model_is_not_asked_where_nothing_is_left_to_understand(
    history: History, embedded: Contextualized
) -> None:
    model = ScriptedModel.saying()
    assert await make(model).rewrite("and the dose?", history, embedded) is None
    assert model.asked == []


@pytest.mark.parametrize(
    "standalone",
    [
        "What is the dose of infliximab?",
        "What is the dose of rituximab above 40 kg?",
        "Rituximab is given at 375 mg/m².",
        "and the dose?",
        "and the DOSE",
    ],
)
async def test_a_rewrite_that_the_guard_refuses_or_that_is_none_falls_back(standalone: str) -> None:
    assert await understand(reply(standalone)) is None


@pytest.mark.parametrize(
    "failure", [ConnectionError("no route"), PermissionError("wrong key"), "Sorry, I can't.", "{}"]
)
async def test_a_failure_is_tried_once_more_and_then_falls_back(failure: str | Exception) -> None:
    better = await understand(failure, reply())
    assert better is not None
    model = ScriptedModel.saying(failure, failure, reply())
    assert await make(model).rewrite("and the dose?", HISTORY, EMBEDDED) is None
    assert len(model.asked) == 2


async def test_a_model_that_hangs_falls_back() -> None:
    model = ScriptedModel(hangs=True)
    assert await make(model, timeout=0.01).rewrite("and the dose?", HISTORY, EMBEDDED) is None
    assert len(model.asked) == 1


async def test_nothing_of_the_user_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    message = "and zebrafish?"
    for replies in (
        (ValueError("zebrafish"), ConnectionError("zebrafish")),
        ("zebrafish", "zebrafish"),
        (reply("What of zebrafish and infliximab?"),),
    ):
        assert await understand(*replies, message=message) is None
    assert caplog.records
    assert "zebrafish" not in caplog.text


async def test_the_model_sees_questions_and_claims_with_their_footnotes_and_no_prose() -> None:
    model = ScriptedModel.saying(reply())
    long_ago = [(f"Question {n}?", answer(f"Claim {n}.")) for n in range(6)]
    history = turns(*long_ago, ("Does {{message}} help?", answer("Rituximab was given to 12 children.")))
    await make(model).rewrite("and the dose?", history, replace(EMBEDDED, returns_to=1, qualifiers=("22 kg",)))
    (told,) = model.prompts
    assert "Q: Question 5?\nA: Claim 5. [1]" in told
    assert "Question 0?" in told, "the turn that the message returns to"
    assert "Question 1?" not in told
    assert "Q: Does {{message}} help?" in told, "what a user writes is never filled in"
    assert "22 kg" in told
    assert told.count("and the dose?") == 1
    assert "No advice" not in told
    assert "Review status" not in told


async def test_asking_back_offers_the_questions_that_pass_the_guard() -> None:
    offered = ["What is the dose of rituximab?", "What is the dose of methotrexate?", "What is the dose of infliximab?"]
    better = await understand(reply("and the dose?", variants=offered, needs_clarification=True))
    assert better is not None
    assert better.choices == tuple(offered[:2])


async def test_asking_back_without_two_choices_falls_back() -> None:
    assert await understand(reply(variants=["What is the dose of rituximab?"], needs_clarification=True)) is None


async def test_asking_back_never_happens_twice_in_a_row() -> None:
    offered = ["What is the dose of rituximab?", "What is the dose of methotrexate?"]
    model = ScriptedModel.saying(reply("and the dose?", variants=offered, needs_clarification=True))
    history = turns(*((turn.question, turn.outcome) for turn in HISTORY.turns), ("and?", asking_back("A?", "B?")))
    assert await make(model).rewrite("and the dose?", history, EMBEDDED) is None
    assert len(model.asked) == 1


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda text: f"```json\n{text}\n```",
        lambda text: f"Sure! Here it is: {text} I hope that helps {{you}}.",
        lambda text: f"<think>{{maybe}} the dose</think>\n{text}",
        lambda text: text.replace("}", ", }"),
        lambda text: str(json.loads(text)),
        lambda text: text.replace("standalone", "Standalone_Question"),
    ],
    ids=["fenced", "talked around", "thought aloud", "a comma too many", "single quotes", "another key"],
)
def test_json_of_weak_models_is_read(wrapped: Callable[[str], str]) -> None:
    assert read_rewrite(wrapped(reply(keywords=["dose"]))).standalone == GOOD


@pytest.mark.parametrize(
    "text", ["", "no", "{", "{}", "[1]", '{"standalone": ""}', '{"standalone": 5}', "{" * 5000, '{"a":' * 5000]
)
def test_what_holds_no_rewrite_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="no rewrite"):
        read_rewrite(text)


def test_lists_are_cut_and_missing_ones_are_empty() -> None:
    rewrite = Rewrite.model_validate(
        {"standalone": GOOD, "variants": list("abcdef"), "keywords": None, "needs_clarification": None}
    )
    assert rewrite.variants == ("a", "b", "c")
    assert rewrite.keywords == ()
    assert not rewrite.needs_clarification


def test_a_script_that_runs_out_says_so() -> None:
    with pytest.raises(OutOfScriptError):
        ScriptedModel.saying().invoke("x")


async def test_a_conversation_asks_the_model_for_its_follow_ups_only() -> None:
    model = ScriptedModel.saying(reply("When is rituximab given in juvenile dermatomyositis?"))
    service, memory, retriever = make_service()
    service = replace(service, rewriter=make(model))
    for text in ("What is the dosing of rituximab?", "and when?"):
        await service.respond(IncomingMessage(conversation="c", text=text))
    assert len(model.asked) == 1
    first, second = memory.replies
    assert "contextualize" not in first.provenance.prompts
    assert second.provenance.prompts["contextualize"] == PROMPT.digest
    assert second.standalone_question == "When is rituximab given in juvenile dermatomyositis?"
    assert second.standalone_question in {queries[0].text for queries in retriever.asked}


async def test_a_conversation_goes_on_when_the_model_fails() -> None:
    service, memory, _ = make_service()
    service = replace(service, rewriter=make(ScriptedModel.saying(OSError(), OSError())))
    for text in ("What is the dosing of rituximab?", "and when?"):
        await service.respond(IncomingMessage(conversation="c", text=text))
    assert memory.replies[1].standalone_question != "and when?"
    assert "contextualize" not in memory.replies[1].provenance.prompts


@pytest.mark.parametrize("reply", ['{"a": [1,], "b": ' + "[" * 5000, "{[1]: 2, }", "{" * 9000, '{"a":' * 9000])
def test_a_reply_that_python_chokes_on_holds_no_rewrite(reply: str) -> None:
    with pytest.raises(ValueError, match="holds no rewrite"):
        read_rewrite(reply)
