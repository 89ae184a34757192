"""Runs a script in several Python processes at once."""

import asyncio
import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


async def run_at_once(script: str, *arguments: str, times: int) -> list[tuple[bytes, bytes]]:
    """What each of several Python processes wrote to its output and its errors."""
    pipe = asyncio.subprocess.PIPE
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", script, *arguments, stdin=pipe, stdout=pipe, stderr=pipe, env=environment
        )
        for _ in range(times)
    ]
    return await asyncio.wait_for(asyncio.gather(*(each.communicate(b"go\n") for each in processes)), 60)
