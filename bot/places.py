"""Where the curators' and maintainers' folders lie: beside `bot/` in a checkout, inside the package when installed."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """The folder `knowledge` or `prompts` that came with this program."""
    beside = PACKAGE.parent / name
    return beside if beside.is_dir() and (PACKAGE.parent / "pyproject.toml").is_file() else PACKAGE / "_data" / name
