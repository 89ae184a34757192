"""The commands `footnote knowledge …`, for curators: nothing but parsing and printing."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.domain.errors import FootnoteError

app = typer.Typer(help="The library: bring documents in, list, show and check them.", no_args_is_help=True)

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
            _say(f"{outcome.file}: {outcome.problem} {outcome.remedy}")
        elif not as_json:
            print(f"{outcome.file} -> {outcome.path}\n  still to do: {'; '.join(outcome.to_do)}")
        if outcome.warning:
            _say(f"{outcome.file}: {outcome.warning}.")
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
        _say(str(fault))
    sys.exit(1 if library.faults else 0)


@app.command()
def show(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="The id of a document, or its path in the library.")],
    as_json: Annotated[bool, typer.Option("--json", help=AS_JSON)] = False,
) -> None:
    """One document as the bot reads it: its front matter, its passages and where each stands."""
    import yaml

    from bot.knowledge.documents import read_library, stated_fields

    documents = read_library(_folder()).documents
    document = next((one for one in documents if identifier in {one.id, one.path}), None)
    if document is None:
        remedy = "Run `footnote knowledge list` for the ids."
        raise FootnoteError(f"The library has no document {identifier!r}.", remedy=remedy)
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
    from bot.settings import load_settings

    settings, today = load_settings(), datetime.now().astimezone().date()
    checked = check_library(settings.knowledge, today, files or ())
    found = Outcome(publications=0, faults=(), handled=())
    if online:
        _say("Asking Crossref and PubMed, which may take minutes …")
        with open_registries(
            settings.data, today, settings.crossref_url, settings.pubmed_url, mailto=settings.mailto
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
    from bot.settings import load_settings

    return load_settings().knowledge


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
