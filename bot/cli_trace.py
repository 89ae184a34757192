"""The command `footnote trace`: what is behind one answer, and what it would be today. Only parsing and printing."""

import asyncio
import json
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli_opening import recorded_answer, say, settings_now

if TYPE_CHECKING:
    from bot.domain.messages import Reply
    from bot.prompts import PromptSet


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

    words = load_words(settings_now())
    reply = asyncio.run(recorded_answer(answer_id))
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


async def _replay(reply: "Reply", words: "PromptSet") -> "Reply":
    from bot.bootstrap import open_bot
    from bot.conversation.memory import Remembered
    from bot.domain.messages import IncomingMessage
    from bot.evaluation.trace import reader_of

    message = IncomingMessage(conversation="replay", text=reply.standalone_question, audience=reader_of(reply, words))
    async with open_bot(settings_now(), conversations=Remembered(), notice=say) as bot:
        return await bot.service.respond(message)
