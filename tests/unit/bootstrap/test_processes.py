import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering.steps import Question
from bot.bootstrap.processes.pool import AnsweringError, ProcessDiedError, Processes, open_processes
from bot.conversation.answering import Asked, Made
from bot.domain.answers import Abstention
from bot.domain.errors import ConfigurationError
from bot.domain.progress import Listener
from bot.places import shipped
from bot.prompts import PromptSet, load_set
from bot.settings import Settings
from tests.answering_child import made

WORDS = load_set(shipped("prompts"))
LIMIT_S = 60


@asynccontextmanager
async def processes(folder: Path, number: int = 2, answer_s: float = LIMIT_S) -> AsyncIterator[Processes]:
    """Processes that run the answering child of the tests."""
    settings = Settings(answering_processes=number)
    command = (sys.executable, "-m", "tests.answering_child", str(folder))
    async with asyncio.timeout(LIMIT_S), open_processes(settings, command=command, answer_s=answer_s) as pool:
        yield pool


async def here(asked: Asked, listener: Listener | None = None) -> Made:
    del listener
    return made(asked, by="here")


async def ask(pool: Processes, text: str, words: PromptSet = WORDS) -> Made:
    return await pool.maker(pool.version(words), "en", here)(Asked(question=Question(text=text)))


async def test_each_question_gets_its_own_answer_from_a_process(tmp_path: Path) -> None:
    async with processes(tmp_path) as pool:
        texts = [f"question {number}" for number in range(50)]
        answers = await asyncio.gather(*(ask(pool, text) for text in texts))
    assert [one.outcome.text for one in answers if isinstance(one.outcome, Abstention)] == texts
    assert {one.model for one in answers} == {"process"}


@pytest.mark.parametrize("text", ["die", "half"])
async def test_a_question_that_kills_process_after_process_is_given_up_and_the_next_is_answered(
    tmp_path: Path, text: str
) -> None:
    async with processes(tmp_path) as pool:
        with pytest.raises(ProcessDiedError):
            await ask(pool, text)
        assert (await ask(pool, "next")).model == "process"


async def test_only_the_question_that_kills_is_given_up(tmp_path: Path) -> None:
    async with processes(tmp_path, number=1) as pool:
        texts = ["die" if number == 1 else f"question {number}" for number in range(8)]
        answers = await asyncio.gather(*(ask(pool, text) for text in texts), return_exceptions=True)
    assert [isinstance(one, ProcessDiedError) for one in answers] == [text == "die" for text in texts]


async def test_what_breaks_in_a_process_is_told_by_its_kind(tmp_path: Path) -> None:
    async with processes(tmp_path) as pool:
        with pytest.raises(AnsweringError, match="KeyError"):
            await ask(pool, "break")


async def test_a_process_that_hangs_is_killed_and_the_next_question_answered(tmp_path: Path) -> None:
    async with processes(tmp_path, number=1, answer_s=0.1) as pool:
        with pytest.raises(ProcessDiedError):
            await ask(pool, "hang")
        assert (await ask(pool, "next")).model in {"process", "here"}


async def test_while_no_process_starts_questions_are_answered_here_but_none_that_a_process_died_of(
    tmp_path: Path,
) -> None:
    (tmp_path / "then never").touch()
    async with processes(tmp_path, number=1) as pool:
        with pytest.raises(ProcessDiedError):
            await ask(pool, "die")
        assert (await ask(pool, "next")).model == "here"


async def test_a_process_that_does_not_start_at_all_keeps_the_bot_from_starting(tmp_path: Path) -> None:
    (tmp_path / "never").touch()
    with pytest.raises(ConfigurationError, match="FOOTNOTE_ANSWERING_PROCESSES=1"):
        async with processes(tmp_path):
            pytest.fail("it has started")


async def test_a_question_is_answered_with_the_words_of_its_version(tmp_path: Path) -> None:
    async with processes(tmp_path, number=1) as pool:
        said = WORDS.wording.say("disclaimer.other")
        wording = replace(WORDS.wording, sentences={**WORDS.wording.sentences, "disclaimer.other": "New words."})
        new = replace(WORDS, wordings={**WORDS.wordings, "en": wording})
        versions = [WORDS, new, WORDS, new]
        answers = await asyncio.gather(*(ask(pool, "words", words) for words in versions))
    assert [one.model for one in answers] == [said, "New words.", said, "New words."]


async def test_a_cancelled_question_takes_no_process_from_others(tmp_path: Path) -> None:
    async with processes(tmp_path, number=1) as pool:
        cancelled = [asyncio.create_task(ask(pool, "question")) for _ in range(10)]
        await asyncio.sleep(0)
        for task in cancelled:
            task.cancel()
        assert (await ask(pool, "next")).model == "process"
        assert pool.pids
    assert not pool.pids


async def test_a_question_outlives_its_process_and_another_process_takes_its_place(tmp_path: Path) -> None:
    async with processes(tmp_path) as pool:
        await ask(pool, "first")
        first = set(pool.pids)
        texts = ["die once" if number == 3 else f"question {number}" for number in range(20)]
        answers = await asyncio.gather(*(ask(pool, text) for text in texts))
        assert len(first & set(pool.pids)) == len(first) - 1 == 1
    assert [one.outcome.text for one in answers if isinstance(one.outcome, Abstention)] == texts
    assert (tmp_path / "died").exists()
