"""The commands `footnote knowledge …`, for curators: nothing but parsing and printing."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli_opening import say, settings_now
from bot.cli_usage import gaps, stats
from bot.domain.days import today_utc
from bot.domain.errors import ConfigurationError

app = typer.Typer(help="The library: bring documents in, list, show and check them.", no_args_is_help=True)
app.command()(gaps)
app.command()(stats)

AS_JSON = "Print JSON."


@app.command()
def add(
    files: Annotated[
        list[Path], typer.Argument(help="Markdown, text, PDF, DOCX, HTML, JATS or PubMed XML, NBIB, RIS.")
    ],
    topic: Annotated[str, typer.Option(help="Folder of the library, such as jdm/rituximab.")] = "drafts",
    anyway: Annotated[bool, typer.Option("--anyway", help="Also what is in the library already.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help=AS_JSON)] = False,
) -> None:
    """Bring documents in: a draft of each, and what a curator must still fill in."""
    from dataclasses import asdict

    from bot.knowledge.importing.adding import Status, add_files

    outcomes = []
    for outcome in add_files(_folder(), files, topic, anyway=anyway):
        outcomes.append(outcome)
        if outcome.status is not Status.ADDED:
            say(f"{outcome.file}: {outcome.problem} {outcome.remedy}")
        elif not as_json:
            print(f"{outcome.file} -> {outcome.path}\n  still to do: {'; '.join(outcome.to_do)}")
        if outcome.warning:
            say(f"{outcome.file}: {outcome.warning}.")
    if as_json:
        print(json.dumps([asdict(outcome) for outcome in outcomes], ensure_ascii=False))
    sys.exit(0 if all(outcome.status is Status.ADDED for outcome in outcomes) else 1)


@app.command(name="list")
def list_documents(as_json: Annotated[bool, typer.Option("--json", help=AS_JSON)] = False) -> None:
    """Every document of the library."""
    from bot.knowledge.documents import read_library

    library = read_library(_folder())
    if as_json:
        print(json.dumps([_listed(document) for document in library.documents], ensure_ascii=False))
    else:
        for document in library.documents:
            print(f"{document.id}  {document.review_status.value}  {document.title}")
    for fault in library.faults:
        say(str(fault))
    sys.exit(1 if library.faults else 0)


@app.command()
def show(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="The id of a document, or its path in the library.")],
    as_json: Annotated[bool, typer.Option("--json", help=AS_JSON)] = False,
) -> None:
    """One document as the bot reads it: its front matter, its passages and where each stands."""
    import yaml

    from bot.knowledge.documents import find_document, stated_fields

    document = find_document(_folder(), identifier)
    passages = [{"id": one.id, "locator": one.locator, "text": one.text} for one in document.passages]
    fields = stated_fields(_folder(), document)
    if as_json:
        print(json.dumps({**_listed(document), "front_matter": fields, "passages": passages}, ensure_ascii=False))
        return
    print(f"{document.title}\n{document.path}, {document.review_status.value}")
    if fields:
        print(f"\n[front matter]\n{yaml.safe_dump(fields, sort_keys=False, allow_unicode=True, width=100).rstrip()}")
    for passage in passages:
        print(f"\n[{passage['locator']}]\n{passage['text']}")


@app.command()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Documents or folders; the whole library when none is named.")
    ] = None,
    online: Annotated[
        bool, typer.Option("--online", help="Also ask Crossref and PubMed for retractions and corrections.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=AS_JSON)] = False,
) -> None:
    """Every fault of the library's files, each with file, line and remedy."""
    from datetime import datetime

    from bot.knowledge.checking import check_library
    from bot.knowledge.publications import Outcome, check_publications, open_registries

    settings, today = settings_now(), datetime.now().astimezone().date()
    checked = check_library(settings.knowledge, today, files or ())
    found = Outcome(publications=0, faults=(), handled=())
    if online:
        say("Asking Crossref and PubMed, which may take minutes …")
        with open_registries(
            settings.data,
            today,
            settings.crossref_url.get_secret_value(),
            settings.pubmed_url.get_secret_value(),
            mailto=settings.mailto,
        ) as registries:
            found = check_publications(checked.examined, registries)
    faults = [*checked.faults, *found.faults]
    if as_json:
        told = [{"file": one.path, "line": one.line, "problem": one.what, "remedy": one.remedy} for one in faults]
        counts = {"documents": len(checked.examined), "publications": found.publications}
        print(json.dumps({**counts, "faults": told, "handled": found.handled}, ensure_ascii=False))
    else:
        for line in (*found.handled, *faults):
            print(line)
        asked = f", asked about {_counted(found.publications, 'publication')}" if online else ""
        print(f"{_counted(len(checked.examined), 'document')}{asked}, {_counted(len(faults), 'fault')}.")
    sys.exit(1 if faults else 0)


def _counted(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


@app.command()
def review(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="The id of a document, or its path in the library.")],
    *,
    submit: Annotated[bool, typer.Option("--submit", help="It was changed, or comes back: to be reviewed.")] = False,
    start: Annotated[bool, typer.Option("--start", help="Its review begins.")] = False,
    approve: Annotated[bool, typer.Option("--approve", help="It says what its sources say; needs --by.")] = False,
    send_back: Annotated[bool, typer.Option("--send-back", help="It has to be changed first.")] = False,
    retire: Annotated[bool, typer.Option("--retire", help="It is no longer quoted.")] = False,
    by: Annotated[str, typer.Option(help="Who decides.")] = "",
    note: Annotated[str, typer.Option(help="Why, in a sentence.")] = "",
    review_by: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="With --approve: when it must be read again.")
    ] = None,
) -> None:
    """What a reviewer needs of one document; or, with an action, the decision recorded in its front matter."""
    from bot.knowledge.review.describing import describe_dossier
    from bot.knowledge.review.reviewing import Decision, decide, open_dossier
    from bot.knowledge.review.transitions import Action

    given = (submit, start, approve, send_back, retire)
    actions = [action for action, asked in zip(Action, given, strict=True) if asked]
    today = today_utc()
    if len(actions) > 1:
        raise ConfigurationError("Only one action at a time.", remedy=f"Choose one of: {', '.join(actions)}.")
    if not actions:
        if by or note or review_by:
            raise ConfigurationError("There is no action.", remedy="Add --approve, --send-back or another one.")
        print("\n".join(describe_dossier(open_dossier(_folder(), identifier), today)))
        return
    due = review_by.date() if review_by else None
    decision = Decision(action=actions[0], on=today, by=by, note=note, review_by=due)
    document = decide(_folder(), identifier, decision)
    print(f"{document.path} is now {document.review_status.value.replace('_', ' ')}.")


def _listed(document: Any) -> dict[str, Any]:
    return {
        "id": document.id,
        "title": document.title,
        "kind": document.kind.value,
        "year": document.year,
        "review_status": document.review_status.value,
        "path": document.path,
    }


def _folder() -> Path:
    return settings_now().knowledge
