"""What runs in an answering process: it opens library and words, answers what comes by its pipe, and ends with it."""

import asyncio
import os
import sys
from typing import BinaryIO

from bot.answering.graph import build_chain
from bot.answering.steps import Steps
from bot.answering.suggest import Suggester
from bot.bootstrap.library import Search, open_search
from bot.bootstrap.models import open_models
from bot.bootstrap.processes.frames import Done, Job, Opening, Ready, tell, unpacked
from bot.channels.logs import begin_question, set_up_logs
from bot.conversation.answering import AnswerMaker, make_with
from bot.prompts import PromptSet
from bot.settings import Settings


class Answering:
    """Makes answers with the words of one version at a time; what began with others ends with these."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._search: Search = open_search(settings)
        self._search.embedder.load()
        self._version = -1
        self._words: PromptSet | None = None
        self._makers: dict[str, AnswerMaker] = {}

    async def answer(self, job: Job) -> Done:
        """The answer to a job."""
        begin_question(job.question)
        for text, vector in job.vectors.items():
            self._search.embedder.kept.put(text, vector)
        try:
            made = await self._maker(job)(job.asked)
        except Exception as error:  # noqa: BLE001 - whatever breaks here, its asker hears of it and the next is answered
            return Done(number=job.number, error=type(error).__name__)
        return Done(number=job.number, made=made)

    def _maker(self, job: Job) -> AnswerMaker:
        if job.words is not None:
            self._version, self._words, self._makers = job.version, job.words, {}
        assert self._words is not None
        assert self._version == job.version
        if job.language not in self._makers:
            self._makers[job.language] = self._open(self._words, job.language)
        return self._makers[job.language]

    def _open(self, words: PromptSet, language: str) -> AnswerMaker:
        search = self._search
        composer = open_models(self._settings, search.glossary, words, None).composer
        steps = Steps(search.retriever, composer, search.glossary, words.for_language(language))
        suggester = Suggester(steps, lambda: search.index.fingerprint)
        return make_with(build_chain(steps), suggester.suggest)


async def work(given: BinaryIO, told: BinaryIO) -> None:
    """Open what the first frame says, then answer until the pipe ends."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), given)
    opening = await unpacked(reader)
    if not isinstance(opening, Opening):
        return
    set_up_logs(as_json=opening.settings.log_format == "json")
    answering = Answering(opening.settings)
    tell(told, Ready())
    running: set[asyncio.Task[None]] = set()

    async def answer(job: Job) -> None:
        tell(told, await answering.answer(job))

    while isinstance(job := await unpacked(reader), Job):
        task = asyncio.create_task(answer(job))
        running.add(task)
        task.add_done_callback(running.discard)


def main() -> None:
    """Keep the pipe for frames alone: what a library prints goes where errors go. At the end wait for no thread."""
    told = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        asyncio.run(_work(told))
    except BrokenPipeError:
        os._exit(1)


async def _work(told: BinaryIO) -> None:
    await work(sys.stdin.buffer, told)
    os._exit(0)  # The parent has gone, or wants no more: nobody waits for what is under way.


if __name__ == "__main__":
    main()
