"""Where the curators' and maintainers' folders lie: beside `bot/` in a checkout, inside the package when installed."""

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """The folder `knowledge`, `prompts` or, in an image, `index` that came with this program."""
    beside = PACKAGE.parent / name
    return beside if beside.is_dir() and (PACKAGE.parent / "pyproject.toml").is_file() else PACKAGE / "_data" / name


def who() -> str:
    """The number of the user that this program runs as, in brackets; nothing where users have none."""
    return f" (number {os.getuid()})" if hasattr(os, "getuid") else ""
