"""What Git says of a folder. Only reading: nothing is ever changed."""

import shutil
import subprocess
from pathlib import Path

TIME_LIMIT_S = 30


def ask_git(folder: Path, *arguments: str) -> bytes | None:
    """What Git answers; None where there is no Git, or it refuses."""
    git = shutil.which("git")
    if git is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments, no shell
            [git, "-C", str(folder), *arguments], capture_output=True, check=False, timeout=TIME_LIMIT_S
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
