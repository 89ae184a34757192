"""An answering process that needs no library: it answers at once, or breaks, hangs and dies as the question says.

What dies "once" is noted in the folder that is its argument.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from bot.bootstrap.processes.frames import Done, Job, Ready, packed, tell, unpacked
from bot.conversation.answering import Asked, Made
from bot.domain.answers import Abstention


def made(asked: Asked, by: str = "process") -> Made:
    """An answer that repeats its question."""
    outcome = Abstention(text=asked.question.text, nearest=(), notices=(), disclaimer="d")
    return Made(outcome=outcome, model=by, prompts={}, timings_ms={}, retrieved=(), checked=())


async def main(folder: Path) -> None:
    if (folder / "never").exists():
        return
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin.buffer)
    told = sys.stdout.buffer
    await unpacked(reader)
    tell(told, Ready())
    known: dict[int, str] = {}
    while isinstance(job := await unpacked(reader), Job):
        text = job.asked.question.text
        if job.words is not None:
            known = {job.version: job.words.wording.say("disclaimer.other")}
        if text == "die" or (text == "die once" and not (folder / "died").exists()):
            (folder / "died").touch()
            if (folder / "then never").exists():
                (folder / "never").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if text == "hang":
            continue
        if text == "half":
            told.write(packed(Done(number=job.number))[:-3])
            told.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        if text == "break":
            tell(told, Done(number=job.number, error="KeyError"))
            continue
        said = made(job.asked, by=known[job.version] if text == "words" else "process")
        tell(told, Done(number=job.number, made=said))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
