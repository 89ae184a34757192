"""Answers made in processes of their own: the same as in one, whatever is killed, with what is edited meanwhile."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.bootstrap import Bot, open_bot, watch_files
from bot.bootstrap.processes import frames
from bot.bootstrap.processes import pool as pools
from bot.domain.answers import Outcome
from bot.domain.messages import IncomingMessage
from bot.settings import Settings

LIMIT_S = 120
PAGE = "# {name} in JDM\n\n## Dose\n\n{name} was given at {dose} mg/m² weekly for 4 consecutive weeks in JDM.\n"
DRUGS = ("Rituximab", "Abatacept", "Tofacitinib", "Infliximab", "Cyclophosphamide")
QUESTIONS = tuple(f"What is the dose of {drug.lower()} in JDM?" for drug in DRUGS)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    for dose, name in enumerate(DRUGS, 371):
        (folder / f"{name.lower()}.md").write_text(PAGE.format(name=name, dose=dose), encoding="utf-8")
    return folder


@asynccontextmanager
async def a_bot(library: Path, number: int) -> AsyncIterator[Bot]:
    settings = Settings(knowledge=library, data=library.parent / f"data{number}", answering_processes=number)
    async with asyncio.timeout(LIMIT_S), open_bot(settings, in_processes=True) as bot:
        yield bot


async def ask(bot: Bot, text: str, conversation: str = "") -> Outcome:
    return (await bot.service.respond(IncomingMessage(conversation=conversation or text, text=text))).outcome


async def test_processes_answer_as_one_does_also_when_they_are_killed_while_they_answer(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[pools.Processes] = []
    given = asyncio.Event()

    class Noted(pools.Processes):
        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, **kwargs)  # type: ignore[arg-type]
            opened.append(self)

    def noted(value: object) -> bytes:
        if isinstance(value, frames.Job) and value.number >= 2 * len(QUESTIONS) - 2:
            given.set()
        return frames.packed(value)

    monkeypatch.setattr(pools, "Processes", Noted)
    monkeypatch.setattr(pools, "packed", noted)
    async with a_bot(library, 1) as bot:
        alone = [await ask(bot, text) for text in QUESTIONS]
    assert not opened
    async with a_bot(library, 2) as bot:
        assert [await ask(bot, text) for text in QUESTIONS] == alone
        first = opened[0].pids
        for pid in first:
            os.kill(pid, signal.SIGSTOP)
        asking = [asyncio.create_task(ask(bot, text, f"again {text}")) for text in QUESTIONS]
        await given.wait()
        for pid in first:
            os.kill(pid, signal.SIGKILL)
        assert await asyncio.gather(*asking) == alone
        assert not set(first) & set(opened[0].pids)
    for pid in first:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)  # Not even a zombie is left.


async def test_edits_of_library_and_words_reach_the_processes(library: Path) -> None:
    async with a_bot(library, 2) as bot:
        settings = Settings(knowledge=library, data=library.parent / "data2")
        await ask(bot, QUESTIONS[0])
        (library / "rituximab.md").write_text(PAGE.format(name="Rituximab", dose=750), encoding="utf-8")
        with watch_files(bot, settings, lambda _: None) as watches:
            assert await asyncio.to_thread(watches.library.reload) == ()
        words = bot.service.words
        wording = words.wording
        sentences = {**wording.sentences, "disclaimer.clinician": "Ask the treating team of this hospital."}
        bot.service.renew(replace(words, wordings={**words.wordings, "en": replace(wording, sentences=sentences)}))
        for conversation in ("one", "two", "three", "four"):
            outcome = await ask(bot, QUESTIONS[0], conversation)
            assert outcome.kind == "answer"
            assert "750" in repr(outcome)
            assert outcome.disclaimer == "Ask the treating team of this hospital."


def test_processes_end_with_a_bot_that_is_killed(library: Path) -> None:
    script = (
        "import asyncio, sys\n"
        "from bot.bootstrap import open_bot\n"
        "from bot.settings import load_settings\n"
        "async def main():\n"
        "    async with open_bot(load_settings(), in_processes=True):\n"
        "        print('open', flush=True)\n"
        "        await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    environment = os.environ | {
        "FOOTNOTE_KNOWLEDGE": str(library),
        "FOOTNOTE_DATA": str(library.parent / "data"),
        "FOOTNOTE_ANSWERING_PROCESSES": "2",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    with subprocess.Popen(
        [sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline() == b"open\n"
        running.kill()
        # Each process of its holds this pipe as well: it ends when all of them have.
        assert running.stderr.read() == b""
