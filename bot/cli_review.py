"""The commands `footnote review …`, for those who review answers: nothing but parsing and printing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli_opening import settings_now
from bot.domain.errors import ConfigurationError, FootnoteError
from bot.domain.reviews import AnswerReview, ReviewDecision

if TYPE_CHECKING:
    from bot.stores.reviews import ReviewQueue

app = typer.Typer(help="Answers in review: report, list, show, approve, reject, correct.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(metavar="ANSWER_ID", help="The id of an answer (`provenance.answer_id` in JSON).")]
By = Annotated[str, typer.Option(help="Who decides.")]
Note = Annotated[str, typer.Option(help="Why, in a sentence.")]


@app.command()
def report(
    answer_id: Id, reason: Annotated[str, typer.Option(help="What is wrong or doubtful.")] = "", by: By = ""
) -> None:
    """Ask for a review of an answer."""

    async def put() -> None:
        async with _queue() as queue:
            await queue.report(answer_id, reason, by)

    asyncio.run(put())
    print(f"{answer_id} waits for a review.")


@app.command(name="list")
def list_pending() -> None:
    """The answers that wait for a decision."""

    async def pending() -> tuple[AnswerReview, ...]:
        async with _queue() as queue:
            return await queue.pending()

    waiting = asyncio.run(pending())
    for one in waiting:
        print(f"{one.answer_id}  {one.question}{f'  ({one.reason})' if one.reason else ''}")
    if not waiting:
        print("No answer waits for a review.")


@app.command()
def show(answer_id: Id) -> None:
    """One answer as it was given, and what was decided about it."""
    from bot.bootstrap import load_words
    from bot.channels.terminal import render_plain

    async def look() -> None:
        async with _queue() as queue:
            reply, review = await queue.answer(answer_id), await queue.get(answer_id)
        if reply is None:
            raise FootnoteError(f"There is no answer {answer_id!r}.", remedy="Run `footnote review list` for the ids.")
        print(f"{reply.standalone_question}\n\n{render_plain(reply, load_words(settings_now()).wording)}\n")
        print(_described(review))

    asyncio.run(look())


@app.command()
def approve(answer_id: Id, by: By = "", note: Note = "") -> None:
    """The answer is right: it serves the same question again as long as its sources stand."""
    _decide(answer_id, ReviewDecision.APPROVED, by, note)


@app.command()
def reject(answer_id: Id, by: By = "", note: Note = "") -> None:
    """The answer is wrong; the note says why."""
    _decide(answer_id, ReviewDecision.REJECTED, by, note)


@app.command()
def correct(answer_id: Id, by: By = "", note: Note = "") -> None:
    """The answer needs a correction, which the note gives; it is shown where the answer is recalled."""
    if not note.strip():
        raise ConfigurationError("A correction needs its words.", remedy="Add --note.")
    _decide(answer_id, ReviewDecision.CORRECTED, by, note)


def _decide(answer_id: str, decision: ReviewDecision, by: str, note: str) -> None:
    if not by.strip():
        raise ConfigurationError("A decision needs a name.", remedy='Add --by "Your Name".')

    async def put() -> None:
        async with _queue() as queue:
            await queue.decide(answer_id, decision, note.strip(), by.strip(), datetime.now(UTC))

    asyncio.run(put())
    print(f"{answer_id} is now {decision.value}.")


def _described(review: AnswerReview | None) -> str:
    if review is None:
        return "Nobody asked for a review of it."
    if review.decision is None or review.decided_at is None:
        return f"It waits for a review{f': {review.reason}' if review.reason else ''}."
    decided = f"{review.decision.value.capitalize()} by {review.decided_by} on {review.decided_at.date()}."
    return f"{decided} {review.note}".strip()


@asynccontextmanager
async def _queue() -> "AsyncIterator[ReviewQueue]":
    from bot.bootstrap import open_reviews

    async with open_reviews(settings_now()) as queue:
        yield queue
