"""The command `footnote`: one short function per command, nothing but parsing and printing.

Nothing heavy is imported before a command needs it, so that `--help` answers at once. Exit codes: 0 done, 1 failed,
2 wrong usage or configuration.
"""

import asyncio
import json
import os
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.channels.lines import answer_each_line
from bot.cli_about import about
from bot.cli_data import backup, export, restore
from bot.cli_eval import app as evaluation
from bot.cli_health import health
from bot.cli_knowledge import app as knowledge
from bot.cli_opening import opened_bot, opened_library, say, settings_now, shown_progress
from bot.cli_prompts import app as prompts
from bot.cli_review import app as review
from bot.cli_serve import demo, serve
from bot.cli_trace import trace
from bot.domain.errors import ConfigurationError, FootnoteError, WordingError
from bot.privacy import keep_questions_here

if TYPE_CHECKING:
    from bot.bootstrap import Library

app = typer.Typer(
    name="footnote",
    help="Answers clinical questions from curated documents; every sentence stands on a checked quotation.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(knowledge, name="knowledge")
app.add_typer(prompts, name="prompts")
app.add_typer(evaluation, name="eval")
app.add_typer(review, name="review")

AS_LINES = "Read one JSON object per line and write one per line."
AS_JSON = "Print JSON."


def main() -> None:
    """Run the command; what goes wrong on purpose is a sentence, never a traceback."""
    keep_questions_here(os.environ)
    try:
        app()
    except FootnoteError as error:
        say(str(error))
        sys.exit(2 if isinstance(error, ConfigurationError | WordingError) or error.remedy else 1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


@app.command()
def chat(
    jsonl: Annotated[bool, typer.Option("--jsonl", help=AS_LINES)] = False,
    audience: Annotated[str, typer.Option(help="Who reads: clinician, trainee, family or other.")] = "clinician",
) -> None:
    """A conversation in the terminal; answers what is piped into it, too."""
    asyncio.run(_chat_lines() if jsonl else _chat_terminal(audience))


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question.")],
    as_json: Annotated[bool, typer.Option("--json", help=AS_JSON)] = False,
    audience: Annotated[str, typer.Option(help="Who reads: clinician, trainee, family or other.")] = "clinician",
) -> None:
    """Answer one question."""
    asyncio.run(_ask(question, as_json, audience))


app.command()(serve)
app.command()(demo)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="What to look for.")] = "",
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many passages.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help=AS_JSON)] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help=AS_LINES)] = False,
) -> None:
    """What retrieval finds, with scores."""
    if not query and not jsonl:
        raise ConfigurationError("There is no query.", remedy='Write one: footnote search "rituximab dose".')
    with opened_library() as library:
        if jsonl:
            answer_each_line("query", lambda line: {"results": _found(library, line["query"], int(line.get("k", k)))})
            return
        results = _found(library, query, k)
        if as_json:
            print(json.dumps({"results": results}, ensure_ascii=False))
            return
        for result in results:
            print(f"{result['score']:.3f}  {result['document']}  {result['passage']}\n       {result['text'][:300]}")
        if not results:
            print("Nothing was found.")


@app.command()
def verify(
    claim: Annotated[str, typer.Argument(help="The claim to check.")] = "",
    passage: Annotated[
        list[str] | None, typer.Option("--passage", help="A passage; may be given several times.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=AS_JSON)] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help=AS_LINES)] = False,
) -> None:
    """Check one claim against given passages: the gate that guards every answer."""
    from bot.bootstrap import open_glossary

    glossary = open_glossary(settings_now())

    def judge(line: dict[str, Any]) -> dict[str, Any]:
        from bot.answering.verify import Evidence
        from bot.answering.written import verify_written

        given = {key: line.get(key) or [] for key in ("passages", "quotations", "citations")}
        for key, items in given.items():
            if not isinstance(items, list):
                raise TypeError(f"{key} must be a list")
        if not all(isinstance(p, dict) and isinstance(p.get("text"), str) for p in given["passages"]):
            raise ValueError('each of passages must be an object with a "text"')
        passages = [Evidence(id=str(p.get("id", "")), text=p["text"]) for p in given.pop("passages")]
        named = {key: [str(item) for item in items] for key, items in given.items()}
        verdict = verify_written(str(line["claim"]), passages, glossary, **named)
        return {"support": verdict.support.value, "reasons": list(verdict.reasons)}

    if jsonl:
        answer_each_line("claim", judge)
        return
    if not claim or not passage:
        raise ConfigurationError("A claim and a passage are needed.", remedy='footnote verify "…" --passage "…".')
    verdict = judge({"claim": claim, "passages": [{"text": text} for text in passage]})
    print(
        json.dumps(verdict, ensure_ascii=False) if as_json else f"{verdict['support']}: {' '.join(verdict['reasons'])}"
    )


@app.command()
def index() -> None:
    """Bring the index up to date with the library: only what changed. Puts it on the Chroma server, if one is set."""
    from bot.bootstrap.chroma_watch import share_index

    with opened_library() as library:
        with shown_progress() as progress:
            share_index(library, progress=progress, notice=say)
        report = library.report
        print(
            f"{report.documents} documents, {report.passages} passages; {report.embedded} embedded, "
            f"{report.removed} removed, {report.seconds:.1f} s."
        )
        if library.faults:
            sys.exit(1)


@app.command()
def doctor() -> None:
    """What is configured, what works, and what to do about what doesn't."""
    from bot.doctor import examine

    faults = 0
    for check in examine():
        print(f"{'ok  ' if check.fine else 'FAIL'}  {check.name}: {check.says}")
        faults += not check.fine
    print(f"\nTo mend: {faults}. Each line with FAIL says how." if faults else "\nAll of this works.")
    sys.exit(1 if faults else 0)


for command in (health, trace, about, backup, restore, export):
    app.command()(command)


def _audience(name: str) -> Any:
    from bot.domain.messages import Audience

    try:
        return Audience(name)
    except ValueError as error:
        known = ", ".join(Audience)
        raise ConfigurationError(f"There is no audience {name!r}.", remedy=f"Choose one of: {known}.") from error


def _found(library: "Library", query: object, k: int) -> list[dict[str, Any]]:
    from bot.domain.documents import SearchQuery

    return [
        {
            "document": found.document.path,
            "passage": found.passage.id,
            "score": round(found.score, 4),
            "text": found.passage.text,
        }
        for found in library.retriever.retrieve([SearchQuery(text=str(query))], k)
    ]


async def _ask(question: str, as_json: bool, audience: str) -> None:
    from bot.channels.chat import USER, new_conversation
    from bot.channels.live import shown_live
    from bot.channels.terminal import render_plain, reply_to_json
    from bot.domain.messages import IncomingMessage

    message = IncomingMessage(
        conversation=new_conversation("ask"), text=question, audience=_audience(audience), user=USER
    )
    async with opened_bot(watching=False) as bot:
        with nullcontext() if as_json else shown_live(bot.wording) as listener:
            reply = await bot.service.respond(message, listener)
        print(
            json.dumps(reply_to_json(reply, bot.wording), ensure_ascii=False)
            if as_json
            else render_plain(reply, bot.wording)
        )


async def _chat_lines() -> None:
    from bot.channels.chat import chat_in_lines

    async with opened_bot() as bot:
        await chat_in_lines(bot.service.respond, bot.words)


async def _chat_terminal(audience: str) -> None:
    from bot.channels.chat import chat_in_terminal

    reader = _audience(audience)
    async with opened_bot() as bot:
        await chat_in_terminal(bot.service.respond, bot.words, reader)
