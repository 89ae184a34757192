"""An answering process is started, and ended."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import bot
from bot.bootstrap.processes.frames import Opening, Ready, packed, unpacked
from bot.domain.errors import ConfigurationError
from bot.settings import Settings

CHILD = (sys.executable, "-m", "bot.bootstrap.processes.child")
START_S = 60.0
"""Seconds after which a process that isn't ready is killed."""


async def spawn(command: Sequence[str], settings: Settings) -> Process:
    """A process that has opened the library. Raises ConfigurationError where it doesn't."""
    root = str(Path(bot.__file__).parents[1])
    path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=PIPE,
        stdout=PIPE,
        env=os.environ | {"PYTHONPATH": path},
        start_new_session=True,  # Ctrl-C is for the bot, which finishes what is under way.
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(packed(Opening(settings=settings)))
        async with asyncio.timeout(START_S):
            if isinstance(await unpacked(process.stdout), Ready):
                return process
    except TimeoutError:
        pass
    except BaseException:
        await end(process)
        raise
    await end(process)
    raise ConfigurationError(
        "An answering process couldn't be started.",
        remedy="Look at the lines before this one. Each process needs memory for the library: give it more, or set "
        "FOOTNOTE_ANSWERING_PROCESSES=1.",
    )


async def end(process: Process) -> None:
    """End a process and wait for it, so that nothing of it is left. It writes nothing, so it may be killed."""
    if process.stdin is not None:
        process.stdin.close()
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
    await process.wait()
