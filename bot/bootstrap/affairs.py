"""What a running bot can tell of itself, and what its administrators may ask of it, joined from all its parts."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot import __version__
from bot.bootstrap.external import external_models, language_models
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.bootstrap import Bot
    from bot.channels.telegram.affairs import Affairs
    from bot.domain.validation import Figure
    from bot.evaluation.gaps import Gap


def open_affairs(settings: Settings, bot: "Bot") -> "Affairs":
    """The affairs of a bot with a database. Nothing is asked of anybody yet."""
    from bot.answering.identifiers import mask, redact
    from bot.answering.language import content
    from bot.channels.telegram.affairs import Affairs
    from bot.evaluation.gaps import find_gaps

    library, usage, watches = bot.library, bot.usage, bot.watches
    assert usage is not None  # It was opened with its database.

    async def gaps(since: datetime) -> "Sequence[Gap]":
        unanswered = await usage.unanswered(since)
        return await asyncio.to_thread(
            find_gaps, unanswered, library.embed, lambda text: content(text, library.glossary)
        )

    async def reload() -> Sequence[str]:
        if watches is None:
            return ()
        return await asyncio.to_thread(lambda: (*watches.library.reload(), *watches.words.reload()))

    return Affairs(
        version=__version__,
        models=language_models(settings),
        external=bool(external_models(settings)),
        documents=library.documents,
        without_identifiers=lambda text: redact(text, bot.identifiers).text,
        masked=lambda text: mask(text, bot.identifiers),
        is_urgent=bot.service.is_urgent,
        answers_since=usage.kinds,
        gaps=gaps,
        reload=reload,
        figures=lambda: open_figures(settings),
        hear=bot.faults.add,
    )


def open_figures(settings: Settings) -> "tuple[Figure, ...]":
    """What was measured: of the shipped library, and of one's own where its cases stand beside one's own words."""
    from bot.bootstrap.cases import case_folders
    from bot.evaluation.validation import NAME, read_figures
    from bot.prompts.cases import FOLDER

    return tuple(one for folder in case_folders(settings) for one in read_figures(folder / FOLDER / NAME))
