"""A copy of the shipped prompts that a test may break."""

import shutil
from pathlib import Path

from bot.places import shipped


def copied(folder: Path) -> Path:
    """The shipped prompts in this folder."""
    shutil.copytree(shipped("prompts"), folder)
    return folder


def edit(path: Path, old: str, new: str) -> int:
    """Replace a text that stands once; gives the line on which it stood."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (old, text.count(old))
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def bump(path: Path) -> None:
    """Give the file the next version."""
    edit(path, "\nversion: 1\n", "\nversion: 2\n")
