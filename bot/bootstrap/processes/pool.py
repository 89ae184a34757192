"""Gives questions to answering processes and keeps these alive. A question outlives the process that answers it."""

import asyncio
import logging
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from bot.bootstrap.processes.frames import Done, Job, packed, unpacked
from bot.bootstrap.processes.spawning import CHILD, end, spawn
from bot.channels.logs import question_of_now
from bot.conversation.answering import AnswerMaker, Asked, Made
from bot.domain.errors import FootnoteError
from bot.prompts import PromptSet
from bot.settings import Settings

if TYPE_CHECKING:
    import numpy as np

    from bot.domain.progress import Listener
    from bot.knowledge.embeddings import KeptVectors

DEPTH = 2
"""Questions that a process has at once: the next is there when one is answered."""
MOST_TRIES = 2
"""Processes that may die of a question."""
ANSWER_S = 60.0
"""Seconds after which a process that doesn't answer is killed."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
log = logging.getLogger(__name__)


class ProcessDiedError(FootnoteError):
    """The processes that were answering a question died."""


class AnsweringError(FootnoteError):
    """A question couldn't be answered; the text is the kind of the error."""


@dataclass(eq=False)
class _Waiting:
    """A question until it is answered. `here` answers it in this process."""

    number: int
    asked: Asked
    words: "Version"
    language: str
    question: str
    here: AnswerMaker
    answered: asyncio.Future[Made]
    deaths: int = 0
    places: int = 1

    def __lt__(self, other: "_Waiting") -> bool:
        """Who came first is answered first, also after a process died of it."""
        return self.number < other.number


@dataclass(frozen=True, kw_only=True, eq=False)
class Version:
    """A set of words by its number, so that a process knows whether it has it."""

    number: int
    words: PromptSet


@dataclass(eq=False)
class _Working:
    """A process that has started, and what it is answering."""

    process: Process
    under_way: dict[int, _Waiting] = field(default_factory=dict)
    version: int = -1


class Processes:
    """Answering processes. Open it with `open_processes`."""

    def __init__(
        self,
        settings: Settings,
        kept: "KeptVectors | None",
        *,
        command: Sequence[str] = CHILD,
        answer_s: float = ANSWER_S,
    ) -> None:
        """`command` is what a process runs, `answer_s` how many seconds it may take for an answer."""
        self._settings = settings
        self._kept = kept
        self._command = command
        self._answer_s = answer_s
        self._numbers = count()
        self._versions = count()
        self._queue: asyncio.PriorityQueue[_Waiting] = asyncio.PriorityQueue()
        self._working: set[_Working] = set()

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that answer just now."""
        return tuple(working.process.pid for working in self._working)

    def version(self, words: PromptSet) -> Version:
        """A set of words that questions may be answered with."""
        return Version(number=next(self._versions), words=words)

    def maker(self, words: Version, language: str, here: AnswerMaker) -> AnswerMaker:
        """Who answers with these words in a language; `here` does while no process can be started."""

        async def make(asked: Asked, listener: "Listener | None" = None) -> Made:
            del listener  # Without a language model there is nothing to hear.
            answered: asyncio.Future[Made] = asyncio.get_running_loop().create_future()
            waiting = _Waiting(
                next(self._numbers), asked, words, language, question_of_now(), here=here, answered=answered
            )
            self._queue.put_nowait(waiting)
            return await answered

        return make

    async def start(self) -> _Working:
        """A process that has opened the library. Raises ConfigurationError where none does."""
        return _Working(await spawn(self._command, self._settings))

    async def keep(self, working: _Working | None) -> None:
        """Let a process answer, and another after its death, until cancelled. While none starts, answer here."""
        pause = FIRST_PAUSE_S
        while True:
            if working is not None:
                pause = FIRST_PAUSE_S
                await self._use(working)
                log.warning("an answering process has died; another one is started")
            try:
                working = await self.start()
            except (FootnoteError, OSError) as error:
                log.error("no answering process: %s; questions are answered without one", error)  # noqa: TRY400
                await self._stand_in(pause)
                pause = min(2 * pause, LONGEST_PAUSE_S)

    async def _use(self, working: _Working) -> None:
        """Give questions to a process as long as it lives; those of a dead one go back."""
        self._working.add(working)
        places = asyncio.Semaphore(DEPTH)
        giving = asyncio.create_task(self._give(working, places))
        try:
            await self._hear(working, places)
        finally:
            giving.cancel()
            await asyncio.wait([giving])
            self._working.discard(working)
            try:
                await end(working.process)
            finally:
                for waiting in working.under_way.values():
                    self._give_back(waiting)

    async def _give(self, working: _Working, places: asyncio.Semaphore) -> None:
        pipe = working.process.stdin
        assert pipe is not None
        while True:
            await places.acquire()
            waiting = await self._queue.get()
            if waiting.answered.done():
                places.release()
                continue
            try:
                # What a process may have died of goes alone, so that no other question dies with it again.
                while waiting.deaths and waiting.places < DEPTH:
                    await places.acquire()
                    waiting.places += 1
            except asyncio.CancelledError:
                self._queue.put_nowait(waiting)
                raise
            working.under_way[waiting.number] = waiting
            words = waiting.words
            job = Job(
                number=waiting.number,
                asked=waiting.asked,
                version=words.number,
                words=None if working.version == words.number else words.words,
                language=waiting.language,
                vectors=self._vectors(waiting.asked),
                question=waiting.question,
            )
            working.version = words.number
            asyncio.get_running_loop().call_later(self._answer_s, self._kill_late, working, waiting.number)
            with suppress(ConnectionError):  # It has died: who hears that gives the question back.
                pipe.write(packed(job))
                await pipe.drain()

    async def _hear(self, working: _Working, places: asyncio.Semaphore) -> None:
        """Take answers until the pipe ends."""
        pipe = working.process.stdout
        assert pipe is not None
        while isinstance(done := await unpacked(pipe), Done):
            waiting = working.under_way.pop(done.number)
            for _ in range(waiting.places):
                places.release()
            if waiting.answered.done():
                continue
            if done.made is not None:
                waiting.answered.set_result(done.made)
            else:
                waiting.answered.set_exception(AnsweringError(done.error))

    def _give_back(self, waiting: _Waiting) -> None:
        waiting.deaths, waiting.places = waiting.deaths + 1, 1
        if waiting.answered.done():
            return
        if waiting.deaths < MOST_TRIES:
            self._queue.put_nowait(waiting)
        else:
            waiting.answered.set_exception(ProcessDiedError("The processes that were answering a question died."))

    def _kill_late(self, working: _Working, number: int) -> None:
        if number in working.under_way and working.process.returncode is None:
            log.error("an answering process has hung; it is killed")
            with suppress(ProcessLookupError):
                working.process.kill()

    async def _stand_in(self, seconds: float) -> None:
        """Answer in this process for so long; of what a process died of, nothing."""
        until = asyncio.get_running_loop().time() + seconds
        while True:
            try:
                async with asyncio.timeout_at(until):
                    waiting = await self._queue.get()
            except TimeoutError:
                return
            if waiting.deaths:
                waiting.deaths = MOST_TRIES
                self._give_back(waiting)
                continue
            try:
                made = await waiting.here(waiting.asked)
            except Exception as error:  # noqa: BLE001 - as in a process
                if not waiting.answered.done():
                    waiting.answered.set_exception(AnsweringError(type(error).__name__))
            else:
                if not waiting.answered.done():
                    waiting.answered.set_result(made)

    def _vectors(self, asked: Asked) -> "Mapping[str, np.ndarray]":
        """Those of the question's texts that were embedded on the way here."""
        if self._kept is None:
            return {}
        texts = {asked.question.text, *(query.text for query in asked.question.queries)}
        return {text: vector for text in texts if (vector := self._kept.get(text)) is not None}


@asynccontextmanager
async def open_processes(
    settings: Settings,
    kept: "KeptVectors | None" = None,
    *,
    command: Sequence[str] = CHILD,
    answer_s: float = ANSWER_S,
) -> AsyncIterator[Processes]:
    """As many as the settings say, each ready. Raises ConfigurationError where one can't be started."""
    pool = Processes(settings, kept, command=command, answer_s=answer_s)
    starting = [asyncio.create_task(pool.start()) for _ in range(settings.answering_processes)]
    try:
        started = await asyncio.gather(*starting)
    except BaseException:
        for task in starting:
            task.cancel()
        for one in await asyncio.gather(*starting, return_exceptions=True):
            if isinstance(one, _Working):
                await end(one.process)
        raise
    keeping = [asyncio.create_task(pool.keep(working)) for working in started]
    try:
        yield pool
    finally:
        for keeper in keeping:
            keeper.cancel()
        await asyncio.gather(*keeping, return_exceptions=True)
        await asyncio.gather(*(end(working.process) for working in started))
