"""A person approves an answer: the same question gets it again, as long as everything it says still stands."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.bootstrap import open_bot
from bot.cli import app
from bot.domain.answers import Abstention, Answer
from bot.domain.errors import FootnoteError
from bot.domain.messages import Audience, IncomingMessage, Reply
from bot.settings import load_settings

QUESTION = "What is the dose of rituximab?"
PAGE = "# Rituximab in JDM\n\n{more}## Dose\n\nRituximab was given at {dose} weekly for 4 consecutive weeks in JDM.\n"


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    (tmp_path / "library").mkdir()
    monkeypatch.setenv("FOOTNOTE_KNOWLEDGE", str(tmp_path / "library"))

    def page(dose: str = "375 mg/m²", more: str = "") -> None:
        (tmp_path / "library" / "rituximab.md").write_text(PAGE.format(dose=dose, more=more), encoding="utf-8")

    page()
    return page


async def ask(*questions: str, audience: Audience = Audience.CLINICIAN, conversation: str = "c") -> Reply:
    async with open_bot(load_settings()) as bot:
        for question in questions:
            message = IncomingMessage(conversation=conversation, text=question, audience=audience)
            reply = await bot.service.respond(message)
    return reply


def review(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["review", *arguments])


async def run(*arguments: str) -> Result:
    import asyncio

    done = await asyncio.to_thread(review, *arguments)
    assert done.exit_code == 0, done.output
    return done


def is_reviewed(reply: Reply) -> bool:
    assert isinstance(reply.outcome, Answer)
    marked = any("reviewed and approved by Rita Reviewer" in notice for notice in reply.outcome.notices)
    assert marked == (reply.provenance.model == "reviewed answer")
    return marked


async def test_an_approved_answer_serves_the_same_question_and_is_marked(write: Callable[..., None]) -> None:
    first = await ask(QUESTION)
    await run("report", first.provenance.answer_id, "--reason", "Is that the dose for children?")
    assert "Is that the dose for children?" in (await run("list")).stdout
    await run("approve", first.provenance.answer_id, "--by", "Rita Reviewer", "--note", "Read against the label.")
    assert "No answer waits" in (await run("list")).stdout
    shown = (await run("show", first.provenance.answer_id)).stdout
    assert "375 mg/m²" in shown
    assert "Approved by Rita Reviewer" in shown

    again = await ask("what is the dose of Rituximab", conversation="d")
    assert is_reviewed(again)
    assert isinstance(first.outcome, Answer)
    assert isinstance(again.outcome, Answer)
    assert (again.outcome.claims, again.outcome.citations) == (first.outcome.claims, first.outcome.citations)
    assert not is_reviewed(await ask("What is the schedule of rituximab?", conversation="e"))
    # Reviewed for clinicians: a family isn't told a dose.
    assert isinstance((await ask(QUESTION, audience=Audience.FAMILY, conversation="f")).outcome, Abstention)
    recalled = await ask("what did you base that on?")
    assert any("Rita Reviewer" in notice and "Read against the label." in notice for notice in recalled.outcome.notices)


async def test_it_is_not_served_once_its_source_says_something_else(write: Callable[..., None]) -> None:
    first = await ask(QUESTION)
    await run("approve", first.provenance.answer_id, "--by", "Rita Reviewer")
    write(more="## Summary\n\nRituximab is given into a vein.\n\n")
    moved = await ask(QUESTION, conversation="d")
    assert is_reviewed(moved)
    assert isinstance(first.outcome, Answer)
    assert isinstance(moved.outcome, Answer)
    assert moved.outcome.citations[0].start > first.outcome.citations[0].start
    write(dose="500 mg/m²")
    changed = await ask(QUESTION, conversation="e")
    assert not is_reviewed(changed)
    assert isinstance(changed.outcome, Answer)
    assert "500 mg/m²" in changed.outcome.claims[0].text


async def test_a_rejected_answer_is_not_served_and_its_rejection_is_told_on_recall(write: Callable[..., None]) -> None:
    first = await ask(QUESTION)
    await run("reject", first.provenance.answer_id, "--by", "Rita Reviewer", "--note", "It is the dose for adults.")
    recalled = await ask("what did you base that on?")
    assert any("rejected in review by Rita Reviewer" in notice for notice in recalled.outcome.notices)
    assert any("It is the dose for adults." in notice for notice in recalled.outcome.notices)
    assert not is_reviewed(await ask(QUESTION, conversation="d"))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["approve", "nothing", "--by", "Rita"], "There is no answer 'nothing'"),
        (["report", "nothing"], "There is no answer 'nothing'"),
        (["show", "nothing"], "There is no answer 'nothing'"),
        (["approve", "nothing"], "A decision needs a name"),
        (["correct", "nothing", "--by", "Rita"], "A correction needs its words"),
    ],
)
def test_what_cannot_be_decided_is_told(write: Callable[..., None], arguments: list[str], told: str) -> None:
    error = review(*arguments).exception
    assert isinstance(error, FootnoteError)
    assert told in str(error)
