"""The affairs of a bot in tests: nothing was asked, and nothing happens unless a test says so."""

from dataclasses import replace
from typing import Any

from bot.channels.telegram.affairs import Affairs


async def nothing(*_: Any) -> tuple[()]:
    return ()


async def no_answers(*_: Any) -> dict[str, int]:
    return {}


def affairs(**changes: Any) -> Affairs:
    """Affairs of a bot without a language model and without documents, but for the changes."""
    plain = Affairs(
        version="1.2.3",
        models=(),
        documents=tuple,
        without_identifiers=lambda text: text.replace("Jane Doe", "[removed]"),
        answers_since=no_answers,
        gaps=nothing,
        reload=nothing,
    )
    return replace(plain, **changes)
