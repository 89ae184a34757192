"""What commands share: settings, library, bot or a recorded answer opened, and how they tell of it meanwhile."""

import gc
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.domain.errors import FootnoteError

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from bot.bootstrap import Bot, Library, Progress
    from bot.bootstrap.operation import Operator
    from bot.domain.messages import Reply
    from bot.settings import Settings


SERVING = (10_000, 10, 100)
"""How seldom garbage is looked for in what is young, in what is older, and, every few thousand questions, in all."""


def settings_now() -> "Settings":
    """What the environment says. Raises ConfigurationError."""
    from bot.settings import load_settings

    return load_settings()


def say(text: str) -> None:
    """Tell who sits at the terminal, beside what is printed."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def opened_library() -> "Iterator[Library]":
    """The library, its index up to date; faults of its files are told."""
    from bot.bootstrap import describe_faults, open_library

    with shown_progress() as progress:
        library = open_library(settings_now(), progress=progress, notice=say)
    for line in describe_faults(library.faults):
        say(line)
    yield library


async def recorded_answer(answer_id: str) -> "Reply":
    """The recorded answer with this id. Raises FootnoteError where there is none."""
    from bot.bootstrap import open_reviews

    async with open_reviews(settings_now()) as queue:
        reply = await queue.answer(answer_id)
    if reply is None:
        raise FootnoteError(
            f"There is no answer {answer_id!r}.", remedy="Its id stands in the JSON as provenance.answer_id."
        )
    return reply


@asynccontextmanager
async def opened_bot(
    settings: "Settings | None" = None,
    *,
    watching: bool = True,
    operator: "Operator | None" = None,
    in_processes: bool = False,
) -> "AsyncIterator[Bot]":
    """The bot; one that goes on for longer follows the edits of its library. An operator hears of it, and measures."""
    from bot.bootstrap import describe_faults, open_bot, open_models, quiet, watch_files

    settings = settings or settings_now()
    tell = operator.say if operator else say
    models = operator.measuring.open_models if operator else open_models
    with _seldom_collected(), shown_progress() if tell is say else nullcontext(quiet) as progress:
        opened = open_bot(settings, progress=progress, notice=tell, models=models, in_processes=in_processes)
        bot = await opened.__aenter__()
    try:
        for line in describe_faults(bot.library.faults):
            tell(line)
        with watch_files(bot, settings, tell, bot.faults) if watching else nullcontext() as watches:
            yield replace(bot, watches=watches)
    finally:
        await opened.__aexit__(None, None, None)


@contextmanager
def _seldom_collected() -> "Iterator[None]":
    """Look for garbage seldom while opening, and in what is old by then seldom ever.

    Nearly all of it stays. With 100,000 passages one look at everything takes a third of a second, and a question
    leaves nothing behind that only such a look would find.
    """
    gc.set_threshold(1_000_000, 50, 100)
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(*SERVING)


@contextmanager
def shown_progress(what: str = "Indexing the library") -> "Iterator[Progress]":
    """A progress bar on standard error, shown only once there is something to do."""
    bar: Bar | None = None
    task: Any = None

    def progress(done: int, total: int) -> None:
        nonlocal bar, task
        if bar is None:
            from rich.console import Console
            from rich.progress import Progress as Bar

            bar = Bar(console=Console(stderr=True), transient=True)
            bar.start()
            task = bar.add_task(what, total=total)
        bar.update(task, completed=done, total=total)

    try:
        yield progress
    finally:
        if bar is not None:
            bar.stop()
