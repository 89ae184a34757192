"""Reads the shipped lists of names and common words; what may be done with them stands in `names/NOTICE.txt`."""

from functools import cache
from pathlib import Path

from bot.answering.identifiers.gazetteer import Gazetteer

FOLDER = Path(__file__).parent / "names"


@cache
def load_gazetteer() -> Gazetteer:
    """The lists, read once."""
    return Gazetteer(given=_read("given"), family=_read("family"), words=_read("words"), countries=_read("countries"))


def _read(name: str) -> frozenset[str]:
    return frozenset((FOLDER / f"{name}.txt").read_text(encoding="utf-8").split())
