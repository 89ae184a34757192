"""The affairs of a bot in tests: nothing was asked, and nothing happens unless a test says so."""

from dataclasses import replace
from typing import Any

from bot.answering.identifiers import EmbeddedFinder, mask, redact
from bot.channels.telegram.affairs import Affairs
from bot.knowledge.gazetteer import load_gazetteer

FINDER = EmbeddedFinder(load_gazetteer())


async def nothing(*_: Any) -> tuple[()]:
    return ()


async def never(_: str) -> bool:
    return False


async def no_answers(*_: Any) -> dict[str, int]:
    return {}


def affairs(**changes: Any) -> Affairs:
    """Affairs of a bot without a language model and without documents, but for the changes."""
    plain = Affairs(
        version="1.2.3",
        models=(),
        documents=tuple,
        without_identifiers=lambda text: redact(text, FINDER).text,
        masked=lambda text: mask(text, FINDER),
        is_urgent=never,
        answers_since=no_answers,
        gaps=nothing,
        reload=nothing,
    )
    return replace(plain, **changes)
