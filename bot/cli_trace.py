"""The command `footnote trace`: what is behind one answer, and what it would be today. Only parsing and printing."""

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from bot.domain.errors import FootnoteError

if TYPE_CHECKING:
    from bot.domain.messages import Reply
    from bot.prompts import PromptSet
    from bot.settings import Settings


def trace(
    answer_id: Annotated[
        str, typer.Argument(metavar="ANSWER_ID", help="The id of an answer (`provenance.answer_id`).")
    ],
    *,
    replay: Annotated[
        bool, typer.Option("--replay", help="Ask again with today's words and library; record nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Everything behind one answer: question, passages, words, model, verdicts, times; or what would differ today."""
    from bot.bootstrap import load_words
    from bot.evaluation.trace import compare_replies, describe_trace
    from bot.evaluation.trace import trace as traced

    words = load_words(_settings())
    reply = asyncio.run(_answer(answer_id))
    told = traced(reply, words)
    again = asyncio.run(_replay(reply, words)) if replay else None
    differences = compare_replies(reply, again) if again else []
    if as_json:
        if again:
            told |= {"replay": traced(again, words), "differences": differences}
        print(json.dumps(told, ensure_ascii=False))
        return
    for line in describe_trace(told):
        print(line)
    if again:
        print("\nasked again today")
        for line in differences or ["nothing differs"]:
            print(f"  {line}")


async def _answer(answer_id: str) -> "Reply":
    from bot.bootstrap import open_reviews

    async with open_reviews(_settings()) as queue:
        reply = await queue.answer(answer_id)
    if reply is None:
        raise FootnoteError(
            f"There is no answer {answer_id!r}.", remedy="Its id stands in the JSON as provenance.answer_id."
        )
    return reply


async def _replay(reply: "Reply", words: "PromptSet") -> "Reply":
    from bot.bootstrap import open_bot
    from bot.conversation.memory import Remembered
    from bot.domain.messages import IncomingMessage
    from bot.evaluation.trace import reader_of

    message = IncomingMessage(conversation="replay", text=reply.standalone_question, audience=reader_of(reply, words))
    async with open_bot(_settings(), conversations=Remembered(), notice=_say) as bot:
        return await bot.service.respond(message)


def _settings() -> "Settings":
    from bot.settings import load_settings

    return load_settings()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
