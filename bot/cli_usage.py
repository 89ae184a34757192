"""The commands `footnote knowledge gaps` and `stats`: what the record of answers tells the curators."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli_opening import settings_now
from bot.domain.days import today_utc
from bot.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from bot.domain.usage import Unanswered
    from bot.evaluation.gaps import Gap
    from bot.evaluation.stats import Stats

AS_JSON = "Print JSON."
AS_PAGE = "Write numbers and gaps as one HTML page with plots to this file."
DAYS = "How many days back."
Html = Annotated[Path | None, typer.Option("--html", help=AS_PAGE)]


def gaps(
    days: Annotated[int, typer.Option(min=1, max=36_500, help=DAYS)] = 90,
    *,
    as_json: Annotated[bool, typer.Option("--json", help=AS_JSON)] = False,
    html: Html = None,
) -> None:
    """What was asked and not answered: like questions together, how often, when last, and what comes closest."""
    found = _gaps(days)
    if html:
        _write(html, _stats(), found)
    elif as_json:
        print(json.dumps({"gaps": [_plain(gap) for gap in found]}, ensure_ascii=False))
    else:
        for gap in found:
            print(f"{gap.count}×  {gap.last_asked.date()}  {gap.question}")
            for other in gap.others:
                print(f"      also: {other}")
            if gap.nearest:
                print(f"      closest: {'; '.join(gap.nearest)}")
        if not found:
            print(f"Every question of the last {days} days had an answer, or none was asked.")


def stats(
    *,
    as_json: Annotated[bool, typer.Option("--json", help=AS_JSON)] = False,
    html: Html = None,
) -> None:
    """The library in numbers: kinds, status, age and level of its documents, and which of them answers cite."""
    counted = _stats()
    if html:
        _write(html, counted, _gaps(90))
    elif as_json:
        named = {name: dict(values) for name, values in asdict(counted).items() if name in _COUNTS}
        print(json.dumps(asdict(counted) | named, ensure_ascii=False))
    else:
        print(f"{counted.documents} documents, {counted.passages} passages")
        for name, title in _COUNTS.items():
            print(f"\n{title}")
            for label, count in getattr(counted, name):
                print(f"  {count:5}  {label}")
        print("\nnever cited")
        for title in counted.never_cited:
            print(f"         {title}")


_COUNTS = {
    "kinds": "by kind",
    "statuses": "by review status",
    "ages": "by age",
    "levels": "by level of evidence (Oxford 2011)",
    "citations": "answers that cite a document",
}


def _plain(gap: "Gap") -> dict[str, Any]:
    return asdict(gap) | {"last_asked": gap.last_asked.isoformat()}


def _stats() -> "Stats":
    from bot.evaluation.stats import count_library
    from bot.knowledge.documents import read_library

    library = read_library(settings_now().knowledge)
    return count_library(library.documents, asyncio.run(_cited()), today_utc())


def _gaps(days: int) -> "tuple[Gap, ...]":
    from bot.answering.language import content
    from bot.bootstrap import open_glossary
    from bot.evaluation.gaps import find_gaps
    from bot.knowledge.embeddings import MiniLmEmbedder

    glossary = open_glossary(settings_now())
    unanswered = asyncio.run(_unanswered(datetime.now(UTC) - timedelta(days=days)))
    return find_gaps(unanswered, MiniLmEmbedder().embed_query, lambda text: content(text, glossary))


async def _cited() -> Mapping[str, int]:
    from bot.bootstrap import open_record

    async with open_record(settings_now()) as usage:
        return await usage.citations()


async def _unanswered(since: datetime) -> "tuple[Unanswered, ...]":
    from bot.bootstrap import open_record

    async with open_record(settings_now()) as usage:
        return await usage.unanswered(since)


def _write(file: Path, counted: "Stats", found: "tuple[Gap, ...]") -> None:
    from bot.evaluation.page import write_page

    try:
        file.write_text(write_page(counted, found, today_utc()), encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{file} can't be written ({error.strerror}).", remedy="Name another file.") from error
    print(f"Written to {file}.")
