"""The players of the scripted provider: what they read in a compose prompt, and what they write."""

import json

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from tests.scripted_provider import (
    Faulty,
    Request,
    Says,
    Wrong,
    honest,
    leaves_open,
    no_answer,
    repairs_honestly,
    repairs_stubbornly,
    serving,
)
from tests.scripted_provider.asking import client
from tests.scripted_provider.composing import Line, honest_lines, read_prompt, sentences
from tests.scripted_provider.sample import PROMPT, QUESTION, prompt, request

FIRST = "Rituximab may be given at 500 mg/m² in children with refractory calcinosis."
INFLIXIMAB = "Infliximab: 6 mg/kg for refractory calcinosis."


def repair(*claims: Line) -> Request:
    listed = "\n".join(json.dumps(claim.value | {"problem": "Not in the passage."}) for claim in claims)
    return request(PROMPT, f"These claims failed. Write each anew:\n{listed}")


def parsed(reply: object) -> list[dict[str, object]]:
    assert isinstance(reply, Says)
    return [json.loads(line) for line in reply.text.splitlines()]


def test_a_prompt_is_read_for_its_question_and_passages() -> None:
    found = prompt()
    assert found.question == QUESTION
    assert found.ids == ("bkwt", "mzpl")
    assert found.failed == ()


@pytest.mark.parametrize(
    "text",
    [
        f"Question: {QUESTION}\n\n<passage id='a'>T\nYes.</passage>",
        f'<PASSAGE n="1" id=a>\nT\nYes.\n</passage>\n**Question:**\n{QUESTION}',
        f'<passage id="a">\nT\nYes.\n</passage>\nquestion:   {QUESTION}\n\nAnswer with JSON lines.',
    ],
)
def test_small_changes_of_the_prompt_are_understood(text: str) -> None:
    assert (prompt(text).question, prompt(text).ids) == (QUESTION, ("a",))


def test_a_passage_gives_its_sentences_without_what_heads_it() -> None:
    rituximab, registry = (sentences(text) for _, text in prompt().passages)
    assert rituximab == (
        "Rituximab may be given at 500 mg/m² in children with refractory calcinosis [12].",
        "However, rituximab was not helpful within 6 weeks, cf. Fig. 2 of the report.",
        INFLIXIMAB,
    )
    assert registry[:2] == (
        "Of 40 children with calcinosis, 12 improved on rituximab.",
        "Infections should be monitored.",
    )


def test_a_sentence_keeps_its_closing_marks() -> None:
    assert sentences("Title\nOne (of two.) “Three.” He et al. 2019 said so. 4 mg.") == (
        "One (of two.)",
        "“Three.”",
        "He et al. 2019 said so.",
        "4 mg.",
    )


def test_an_honest_answer_says_what_the_passages_say_and_where() -> None:
    lines = honest_lines(prompt())
    texts = dict(prompt().passages)
    assert [(line.role, line.text) for line in lines] == [
        ("bottom_line", FIRST),
        ("finding", "Of 40 children with calcinosis, 12 improved on rituximab."),
        ("dose", INFLIXIMAB),
    ]
    assert all(line.quote in texts[line.sources[0]] for line in lines)


def test_what_a_passage_orders_is_no_evidence() -> None:
    asked = prompt(PROMPT.replace(QUESTION, "May the user double the dose?"))
    assert honest_lines(asked) == ()


def test_a_sentence_that_stands_twice_is_said_once() -> None:
    twice = (
        "<passage id='a'>\nT\nRashes fade.\n</passage><passage id='b'>\nT\nRashes fade.\n</passage>\nQuestion: Rashes?"
    )
    assert len(honest_lines(prompt(twice))) == 1


def test_a_rare_word_of_the_question_counts_more_than_a_common_one() -> None:
    asked = prompt(PROMPT.replace(QUESTION, "Are infections of children with calcinosis monitored?"))
    assert honest_lines(asked)[0].text == "Infections should be monitored."


def test_an_honest_answer_may_leave_something_open() -> None:
    spoken = parsed(leaves_open("pregnancy", "cost")(request(PROMPT)))
    assert spoken[-1] == {"not_covered": ["pregnancy", "cost"]}
    assert spoken[:-1] == parsed(honest(request(PROMPT)))
    assert parsed(no_answer(request(PROMPT))) == [{"no_answer": True}]


@pytest.mark.parametrize(
    "text",
    [
        "Hello",
        PROMPT.replace(QUESTION, "Why?"),
        "Question: What is calcinosis?",
        PROMPT.replace(QUESTION, "Which vaccines, foods, sports, trips suit children?"),
    ],
)
def test_where_nothing_fits_there_is_no_answer(text: str) -> None:
    assert parsed(honest(request(text))) == [{"no_answer": True}]


def test_a_failed_claim_is_read_with_whatever_it_holds() -> None:
    asked = request(
        PROMPT,
        'Failed:\n1. {"text": "A.", "sources": "bkwt", "problem": "No."}\n{"problem": broken}\n'
        '- {"role": "dose", "text": "B {x}.", "sources": ["a", "b"], "quote": "q", "problem": "No."}, and so on',
    )
    assert read_prompt(asked).failed == (
        Line(text="A.", sources=("bkwt",)),
        Line(role="dose", text="B {x}.", sources=("a", "b"), quote="q"),
    )


def test_an_honest_repair_puts_the_passages_sentence_in_the_place_of_the_failed_claim() -> None:
    failed = Line(role="dose", text="Infliximab: 60 mg/kg for refractory calcinosis.", sources=("mzpl",), quote="60 mg")
    for player in (repairs_honestly, honest):
        assert parsed(player(repair(failed))) == [
            {"role": "dose", "text": INFLIXIMAB, "sources": ["bkwt"], "quote": INFLIXIMAB}
        ]


def test_a_claim_that_no_passage_is_like_is_given_up() -> None:
    assert parsed(repairs_honestly(repair(Line(text="Sunshine cures.")))) == [{"no_answer": True}]


def test_a_stubborn_repair_repeats_the_failed_claims() -> None:
    failed = (Line(text="Sunshine cures.", sources=("bkwt",), quote="q"), Line(text="So does rain."))
    assert parsed(repairs_stubbornly(repair(*failed))) == [line.value for line in failed]


async def test_players_are_played_through_the_client() -> None:
    """A first answer with a mistake, then a repair: what a test of the composer does."""
    wrong = Wrong("changed_number", repair=repairs_honestly)
    async with serving({"wrong": wrong, "cut": Faulty("half_of_the_last_line"), "right": honest}) as provider:
        first = [SystemMessage("Answer from the passages."), HumanMessage(PROMPT)]
        answer = await client(provider, "wrong").ainvoke(first)
        (mistake,) = wrong.spoiled(provider.asked[0]).wrong
        assert mistake.json in str(answer.content).splitlines()
        problem = json.dumps(mistake.value | {"problem": "The passage has another number."})
        again = await client(provider, "wrong").ainvoke([*first, AIMessage(str(answer.content)), HumanMessage(problem)])
        assert "Of 40 children" in str(again.content)
        assert (await client(provider, "cut").ainvoke(first)).response_metadata["finish_reason"] == "length"
        said = "".join([str(chunk.content) async for chunk in client(provider, "right").astream(first)])
    assert [json.loads(line)["text"] for line in said.splitlines() if "text" in line] == [
        line.text for line in honest_lines(prompt())
    ]
