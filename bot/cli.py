"""The command `footnote`: one short function per command, nothing but parsing and printing.

Nothing heavy is imported before a command needs it, so that `--help` answers at once. Exit codes: 0 done, 1 failed,
2 wrong usage or configuration.
"""

import asyncio
import gc
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.channels.lines import answer_each_line
from bot.cli_about import about
from bot.cli_data import backup, export, restore
from bot.cli_eval import app as evaluation
from bot.cli_health import health
from bot.cli_knowledge import app as knowledge
from bot.cli_prompts import app as prompts
from bot.cli_review import app as review
from bot.cli_trace import trace
from bot.domain.errors import ConfigurationError, FootnoteError, WordingError
from bot.privacy import keep_questions_here

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from bot.bootstrap import Bot, Library, Progress
    from bot.bootstrap.operation import Operator
    from bot.channels.telegram.joining import Options
    from bot.settings import Settings

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
app.command()(trace)
app.command()(about)
app.command()(export)
app.command()(backup)
app.command()(restore)
app.command()(health)

AS_LINES = "Read one JSON object per line and write one per line."
AS_JSON = "Print JSON."
AT_WORK = max(2, os.cpu_count() or 2)


def main() -> None:
    """Run the command; what goes wrong on purpose is a sentence, never a traceback."""
    keep_questions_here(os.environ)
    try:
        app()
    except FootnoteError as error:
        _say(str(error))
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
    with _library() as library:
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

    glossary = open_glossary(_settings())

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
    from bot.bootstrap.tending import share_index

    with _library() as library:
        with _progress() as progress:
            share_index(library, progress=progress, notice=_say)
        report = library.report
        print(
            f"{report.documents} documents, {report.passages} passages; {report.embedded} embedded, "
            f"{report.removed} removed, {report.seconds:.1f} s."
        )
        if library.faults:
            sys.exit(1)


@app.command()
def serve() -> None:
    """Run the Telegram bot: by webhook where FOOTNOTE_WEBHOOK_URL is set, by long polling otherwise."""
    asyncio.run(_serve(_settings()))


@app.command()
def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the page; 0 takes a free one.")] = 0,
) -> None:
    """Talk to the Telegram bot in a browser, on this computer, without Telegram."""
    from bot.demo.page import open_demo

    with open_demo(port) as page:
        print(f"Open {page.url} in a browser. Press Ctrl-C to stop.", flush=True)
        asyncio.run(_serve(page.settings(_settings())))


@app.command()
def doctor() -> None:
    """What is configured, what works, and what to do about what doesn't."""
    from bot.doctor import examine

    healthy = True
    for check in examine():
        print(f"{'ok  ' if check.fine else 'FAIL'}  {check.name}: {check.says}")
        healthy &= check.fine
    sys.exit(0 if healthy else 1)


def _settings() -> "Settings":
    from bot.settings import load_settings

    return load_settings()


def _audience(name: str) -> Any:
    from bot.domain.messages import Audience

    try:
        return Audience(name)
    except ValueError as error:
        known = ", ".join(Audience)
        raise ConfigurationError(f"There is no audience {name!r}.", remedy=f"Choose one of: {known}.") from error


@contextmanager
def _library() -> "Iterator[Library]":
    from bot.bootstrap import describe_faults, open_library

    with _progress() as progress:
        library = open_library(_settings(), progress=progress, notice=_say)
    for line in describe_faults(library.faults):
        _say(line)
    yield library


@asynccontextmanager
async def _bot(
    settings: "Settings | None" = None,
    *,
    watching: bool = True,
    operator: "Operator | None" = None,
    in_processes: bool = False,
) -> "AsyncIterator[Bot]":
    """The bot; one that goes on for longer follows the edits of its library. An operator hears of it, and measures."""
    from bot.bootstrap import describe_faults, open_bot, open_models, quiet, watch_files

    settings = settings or _settings()
    say = operator.say if operator else _say
    models = operator.measuring.open_models if operator else open_models
    with _seldom_collected(), _progress() if say is _say else nullcontext(quiet) as progress:
        opened = open_bot(settings, progress=progress, notice=say, models=models, in_processes=in_processes)
        bot = await opened.__aenter__()
    try:
        for line in describe_faults(bot.library.faults):
            say(line)
        with watch_files(bot, settings, say, bot.faults) if watching else nullcontext() as watches:
            yield replace(bot, watches=watches)
    finally:
        await opened.__aexit__(None, None, None)


@contextmanager
def _seldom_collected() -> "Iterator[None]":
    """Look for garbage seldom while opening, and never again in what was opened: nearly all of it stays."""
    usual = gc.get_threshold()
    gc.set_threshold(1_000_000, 50, 100)
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(*usual)


@contextmanager
def _progress() -> "Iterator[Progress]":
    """A progress bar on standard error, shown only once there is something to index."""
    bar: Bar | None = None
    task: Any = None

    def progress(done: int, total: int) -> None:
        nonlocal bar, task
        if bar is None:
            from rich.console import Console
            from rich.progress import Progress as Bar

            bar = Bar(console=Console(stderr=True), transient=True)
            bar.start()
            task = bar.add_task("Indexing the library", total=total)
        bar.update(task, completed=done, total=total)

    try:
        yield progress
    finally:
        if bar is not None:
            bar.stop()


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


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


async def _ask(question: str, as_json: bool, audience: str) -> None:
    from bot.channels.chat import USER, new_conversation
    from bot.channels.live import shown_live
    from bot.channels.terminal import render_plain, reply_to_json
    from bot.domain.messages import IncomingMessage

    message = IncomingMessage(
        conversation=new_conversation("ask"), text=question, audience=_audience(audience), user=USER
    )
    async with _bot(watching=False) as bot:
        with nullcontext() if as_json else shown_live(bot.wording) as listener:
            reply = await bot.service.respond(message, listener)
        print(
            json.dumps(reply_to_json(reply, bot.wording), ensure_ascii=False)
            if as_json
            else render_plain(reply, bot.wording)
        )


async def _chat_lines() -> None:
    from bot.channels.chat import chat_in_lines

    async with _bot() as bot:
        await chat_in_lines(bot.service.respond, bot.words)


async def _chat_terminal(audience: str) -> None:
    from bot.channels.chat import chat_in_terminal

    reader = _audience(audience)
    async with _bot() as bot:
        await chat_in_terminal(bot.service.respond, bot.words, reader)


async def _serve(settings: "Settings") -> None:
    # More threads than processors only take turns at Python's lock, and let placeholders wait.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(max_workers=AT_WORK))
    from bot.bootstrap.affairs import open_affairs
    from bot.channels.telegram.serving import serve as serve_telegram
    from bot.heartbeat import beating, forget_beats
    from bot.settings import SECRETS

    if settings.telegram_token is None:
        raise ConfigurationError(
            "FOOTNOTE_TELEGRAM_TOKEN is not set.",
            remedy="Get a token from @BotFather in Telegram and set it, "
            f"or put it into the file {SECRETS / 'footnote_telegram_token'}.",
        )
    from bot.bootstrap.operation import open_operator

    operator = open_operator(settings, _say)
    measuring = operator.measuring
    forget_beats(settings.data)
    async with _bot(settings, operator=operator, in_processes=True) as bot, beating(settings.data):
        assert bot.stores is not None
        async with operator.watching(bot) as operation:
            await serve_telegram(
                settings.telegram_token.get_secret_value(),
                api_url=settings.telegram_api_url.get_secret_value(),
                respond=measuring.respond(bot.service.respond),
                stores=measuring.stores(bot.stores),
                library=bot.library,
                affairs=open_affairs(settings, bot),
                words=bot.words,
                options=_telegram_options(settings, bot.secret),
                announce=operator.say,
                operation=operation,
            )


def _telegram_options(settings: "Settings", shared_secret: Callable[[str], str] | None) -> "Options":
    from bot.channels.telegram.intake import Limits
    from bot.channels.telegram.joining import Options, Webhook
    from bot.settings import EXTRACTIVE

    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    if not secret and shared_secret is not None and settings.telegram_token is not None:
        # Telegram knows one secret, the last that it was told: processes side by side must not each make their own.
        secret = shared_secret(f"webhook of {settings.telegram_token.get_secret_value()}")
    url = settings.webhook_url.get_secret_value()
    webhook = Webhook(url=url, listen=settings.webhook_listen, secret=secret)
    # Without a language model an answer is nothing but computing: more at once would only be slower.
    # A process has the next question while it answers one, and others are read and recorded meanwhile.
    computed = AT_WORK if settings.answering_processes == 1 else 4 * settings.answering_processes
    most = computed if settings.model == EXTRACTIVE else settings.concurrent_questions
    return Options(
        admins=settings.admins,
        allowed_chats=settings.allowed_chats,
        limits=Limits(
            user_a_minute=settings.questions_per_minute,
            chat_a_minute=settings.chat_questions_per_minute,
            user_a_day=settings.questions_per_day,
        ),
        retention_days=settings.retention_days,
        protect_content=settings.protect_content,
        webhook=webhook if url else None,
        at_once=min(most, settings.concurrent_questions),
    )
