"""A copy of the shipped prompts that a test may break."""

import re
import shutil
from pathlib import Path

from bot.places import shipped
from bot.prompts import check_set
from bot.prompts.versions import NAME, write_ledger

VERSION = re.compile(r"^version: \d+$", re.MULTILINE)


def copied(folder: Path) -> Path:
    """The shipped prompts in this folder, each as if it were its first version."""
    shutil.copytree(shipped("prompts"), folder)
    (folder / NAME).unlink()
    for path in (*folder.glob("*.md"), *folder.glob("wording/*.yaml")):
        path.write_text(VERSION.sub("version: 1", path.read_text(encoding="utf-8"), count=1), encoding="utf-8")
    checked = check_set(folder)
    write_ledger(folder, checked.stamps, checked.needed)
    return folder


def edit(path: Path, old: str, new: str) -> int:
    """Replace a text that stands once; gives the line on which it stood."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (old, text.count(old))
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def set_version(path: Path, version: int) -> None:
    """Give the file a version."""
    text, changed = VERSION.subn(f"version: {version}", path.read_text(encoding="utf-8"), count=1)
    assert changed
    path.write_text(text, encoding="utf-8")


def bump(path: Path) -> None:
    """Give the file its second version."""
    set_version(path, 2)
