"""Is each quotation literally in its file, at its place?"""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from bot.domain.answers import Answer, Citation
from bot.domain.messages import Reply
from bot.domain.text import INVISIBLE

GAP = "…"


@lru_cache
def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def squeezed(text: str) -> str:
    """White space, and hyphens at the ends of lines, are the layout's."""
    return re.sub(r"[\s-]+", "", INVISIBLE.sub("", text))


def stands(citation: Citation, knowledge: Path) -> bool:
    """Begins and ends the quotation where it says, with its parts in order between?"""
    place = squeezed(_text(knowledge / citation.document)[citation.start : citation.end])
    parts = [part for part in map(squeezed, citation.quote.split(GAP)) if part]
    if not parts or not place.startswith(parts[0]) or not place.endswith(parts[-1]):
        return False
    at = 0
    for part in parts:
        found = place.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return True


def wrong_citations(reply: Reply, knowledge: Path) -> Iterator[Citation]:
    """The citations of a reply that aren't literally where they say."""
    if isinstance(reply.outcome, Answer):
        yield from (citation for citation in reply.outcome.citations if not stands(citation, knowledge))
