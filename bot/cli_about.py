"""The command `footnote about`: what it is for, how an answer is made, its limits, and what was measured."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli_opening import settings_now

if TYPE_CHECKING:
    from bot.channels.about import Facts
    from bot.settings import Settings


def about(
    *,
    language: Annotated[str, typer.Option(help="Language of the page, such as `de`.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """What Footnote is for and what not, how an answer is made, its limits, and what was measured."""
    from bot.bootstrap import load_words
    from bot.channels.about import introduce, sections
    from bot.prompts.wording import choose

    settings = settings_now()
    wording = choose(load_words(settings).wordings, language)
    facts = _facts(settings)
    page = sections(facts, wording)
    if as_json:
        told: dict[str, Any] = {
            "version": facts.version,
            "about": introduce(facts.version, wording),
            "sections": {one.title: one.text for one in page},
            "figures": [{**asdict(one), "date": one.date.isoformat()} for one in facts.figures],
        }
        print(json.dumps(told, ensure_ascii=False))
        return
    print(introduce(facts.version, wording))
    for one in page:
        print(f"\n{one.title}\n{one.text}")


def _facts(settings: "Settings") -> "Facts":
    """Nothing is indexed for it: the documents are read as they stand."""
    from bot import __version__
    from bot.bootstrap.affairs import open_figures
    from bot.bootstrap.external import external_models, language_models
    from bot.channels.about import Facts
    from bot.knowledge.admission import Admission
    from bot.knowledge.documents import read_library

    admission = Admission(only_approved=settings.only_approved)
    return Facts(
        version=__version__,
        models=language_models(settings),
        external=bool(external_models(settings)),
        documents=tuple(filter(admission.admits, read_library(settings.knowledge).documents)),
        figures=open_figures(settings),
    )
