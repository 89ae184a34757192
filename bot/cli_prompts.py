"""The commands `footnote prompts …`, for whoever keeps the words: nothing but parsing and printing."""

import asyncio
import json
import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli_opening import say, settings_now
from bot.domain.errors import ConfigurationError, WordingError

if TYPE_CHECKING:
    from bot.domain.usage import WordsUsed
    from bot.prompts import Checked, PromptSet
    from bot.settings import Settings

app = typer.Typer(help="Prompts and fixed sentences: check, list, show, try, compare.", no_args_is_help=True)

AS_JSON = "Print JSON."
AsJson = Annotated[bool, typer.Option("--json", help=AS_JSON)]
Id = Annotated[str, typer.Argument(metavar="ID", help="A prompt or a wording file, such as compose or wording/en.")]
SHORT = 19
"""Characters of a digest that are shown in a list."""


@app.command()
def check(
    *,
    accept: Annotated[
        bool, typer.Option("--accept", help="Note today's texts as what their versions stand for.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Every fault of prompts, sentences and cases, each with file, line and remedy."""
    from bot.prompts.versions import write_ledger

    checked, settings = _checked(), settings_now()
    if accept and not checked.faults:
        try:
            path = write_ledger(settings.prompts, checked.stamps, checked.needed)
        except OSError as error:
            raise ConfigurationError(
                f"{settings.prompts} can't be written ({error.strerror}).", remedy="Name a folder of yours."
            ) from error
        say(f"Written to {path}.")
        checked = _checked()
    faults = [*checked.faults, *checked.idle_faults, *_faults_of_cases(settings, checked)]
    if as_json:
        told = [{"file": one.path, "line": one.line, "problem": one.what, "remedy": one.remedy} for one in faults]
        missing = {language: list(keys) for language, keys in checked.missing.items()}
        print(json.dumps({"faults": told, "missing": missing}, ensure_ascii=False))
    else:
        for fault in faults:
            print(fault)
        for language, keys in checked.missing.items():
            if keys:
                print(f"wording/{language}.yaml leaves {_counted(len(keys), 'sentence')} to English: {', '.join(keys)}")
        print(f"{_counted(len(faults), 'fault')}.")
    sys.exit(1 if faults else 0)


@app.command(name="list")
def list_words(as_json: AsJson = False) -> None:
    """Every prompt with its version, model and parameters, and every language of the fixed sentences."""
    checked = _checked()
    words = _whole(checked)
    rows: list[dict[str, Any]] = [
        {
            "id": prompt.id,
            "version": prompt.version,
            "digest": prompt.digest,
            "own": prompt.id in checked.own,
            "role": prompt.role,
            "temperature": prompt.temperature,
            "max_tokens": prompt.max_tokens,
            "description": prompt.description,
        }
        for prompt in words.prompts.values()
    ]
    rows += [
        {
            "id": f"wording/{language}",
            "version": wording.version,
            "digest": wording.digest,
            "own": f"wording/{language}" in checked.own,
            "sentences": len(wording.sentences) - len(checked.missing.get(language, ())),
            "missing": list(checked.missing.get(language, ())),
        }
        for language, wording in words.wordings.items()
    ]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        what = row.get("description") or f"{_counted(int(str(row['sentences'])), 'fixed sentence')}"
        origin = "own" if row["own"] else "shipped"
        print(f"{row['id']}  version {row['version']}, {origin}, {str(row['digest'])[:SHORT]}\n    {what}")


@app.command()
def show(identifier: Id, as_json: AsJson = False) -> None:
    """One prompt or wording file as it is in force, with where it stands."""
    checked = _checked()
    words = _whole(checked)
    path = _path(identifier)
    text = path.read_text(encoding="utf-8-sig")
    if as_json:
        prompt = words.prompts.get(identifier)
        about: dict[str, Any] = {"id": identifier, "file": str(path), "text": text}
        if prompt is not None:
            about |= {"version": prompt.version, "digest": prompt.digest, "variables": list(prompt.variables)}
        else:
            wording = words.wordings[identifier.removeprefix("wording/")]
            about |= {"version": wording.version, "digest": wording.digest, "sentences": dict(wording.sentences)}
        print(json.dumps(about, ensure_ascii=False))
        return
    say(str(path))
    print(text.rstrip())


@app.command(name="try")
def try_out(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="A prompt, such as compose.")],
    *,
    case: Annotated[str, typer.Option(help="A case of prompts/cases/ by its name.")] = "",
    question: Annotated[str, typer.Option(help="A question instead of a case.")] = "",
    as_json: AsJson = False,
) -> None:
    """What the model would be sent for a case or a question; with a model set, also what comes of it."""
    from bot.bootstrap.trying import USES, try_prompt
    from bot.channels.terminal import render_plain, reply_to_json
    from bot.domain.messages import Audience

    checked = _checked()
    words = _whole(checked)
    if identifier not in USES or identifier not in words.prompts:
        raise ConfigurationError(f"There is no prompt {identifier!r}.", remedy=f"Choose one of: {', '.join(USES)}.")
    if bool(case) == bool(question):
        raise ConfigurationError("A case or a question is needed.", remedy="Add --case NAME or --question “…”.")
    if case and case not in checked.cases:
        known = ", ".join(checked.cases) or "none"
        raise ConfigurationError(f"There is no case {case!r}.", remedy=f"Known: {known}.")
    conversation: Sequence[str] = checked.cases[case].conversation if case else (question,)
    audience = checked.cases[case].audience if case else Audience.CLINICIAN
    with _warnings_unsaid():
        tried = asyncio.run(try_prompt(settings_now(), identifier, conversation, audience))
    prompt, wording = words.prompts[identifier], words.wording
    if as_json:
        told = {"id": prompt.id, "version": prompt.version, "digest": prompt.digest, "conversation": [*conversation]}
        sent = {"system": tried.system, "user": tried.user, "model": tried.by.model if tried.by else None}
        reply = reply_to_json(tried.reply, wording) if tried.by else None
        print(json.dumps({**told, **sent, "written": tried.written, "reply": reply}, ensure_ascii=False))
        return
    to = f"{tried.by.model}, temperature {tried.by.temperature:g}" if tried.by else "nobody: no model is set for it"
    print(f"{prompt.id}, version {prompt.version}, to {to}\n\n=== System\n{tried.system}\n\n=== User\n{tried.user}")
    if tried.by:
        print(f"\n=== Written\n{tried.written.strip()}\n\n=== Through the gate\n{render_plain(tried.reply, wording)}")


@app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="A", help="A folder of prompts, a file, or a Git revision.")],
    new: Annotated[str, typer.Argument(metavar="B", help="The same; what it has instead.")],
    as_json: AsJson = False,
) -> None:
    """What differs between two folders, files or Git revisions, word by word: [-taken out-], {+put in+}."""
    from bot.prompts.comparing import compare_texts
    from bot.prompts.past import alike, words_of

    home = settings_now().prompts
    before, after = words_of(old, home), words_of(new, home)
    if len(before) == 1 or len(after) == 1:
        before, after = alike(before, after)
    found = {
        name: compare_texts(before.get(name, ""), after.get(name, ""))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    }
    if as_json:
        told = {name: [{"line": line, "change": text} for line, text in changes] for name, changes in found.items()}
        print(json.dumps(told, ensure_ascii=False))
        return
    for name, changes in found.items():
        print(name)
        for line, text in changes:
            print(f"  line {line}\n    {text.replace(chr(10), chr(10) + '    ')}")
    if not found:
        print("No difference.")


@app.command()
def history(identifier: Id, as_json: AsJson = False) -> None:
    """Every text that a prompt or wording file has had, newest first, and how many answers each one made."""
    from dataclasses import asdict

    from bot.evaluation.words_history import tell_history
    from bot.places import shipped
    from bot.prompts.loading import OWN
    from bot.prompts.past import read_past

    path = _path(identifier)
    is_own = path.is_relative_to(settings_now().prompts) and settings_now().prompts != shipped("prompts")
    texts, name = read_past(path), identifier
    if is_own and identifier.startswith("wording/"):
        name = f"{OWN}{identifier}"
    elif is_own:
        texts += read_past(shipped("prompts") / path.name)
    told = tell_history(texts, [use for use in asyncio.run(_used()) if use.name == name])
    if as_json:
        times = {"written", "last"}
        rows = [{key: str(v) if key in times and v else v for key, v in asdict(one).items()} for one in told]
        print(json.dumps(rows, ensure_ascii=False))
        return
    for one in told:
        where = f"{one.written.date()}, {one.commit[:12]} by {one.author}" if one.written else "in no commit"
        last = f", the last on {one.last.date()}" if one.last else ""
        print(f"version {one.version or '?'}  {one.digest[:SHORT]}  {where}; {_counted(one.answers, 'answer')}{last}")


async def _used() -> "tuple[WordsUsed, ...]":
    from bot.bootstrap import open_record

    async with open_record(settings_now()) as usage:
        return await usage.words()


def _checked() -> "Checked":
    from bot.places import shipped
    from bot.prompts import check_set

    return check_set(shipped("prompts"), settings_now().prompts)


def _faults_of_cases(settings: "Settings", checked: "Checked") -> "list[WordingError]":
    """What can't be right about a case; told once the words themselves are whole."""
    from bot.bootstrap.cases import case_folders, know_library
    from bot.evaluation.case_faults import find_cases
    from bot.prompts.texts import Faults

    faults = Faults()
    if checked.words is not None:
        find_cases(case_folders(settings), know_library(settings, checked.words), faults)
    return faults


def _whole(checked: "Checked") -> "PromptSet":
    """The set, if it's without a fault that keeps it from being used."""
    if checked.words is None:
        raise checked.faults[0] if checked.faults else WordingError("The prompts can't be read.")
    return checked.words


def _path(identifier: str) -> Path:
    """The file in force: one's own where there is one."""
    from bot.places import shipped

    names = {**dict.fromkeys(_whole(_checked()).prompts, ".md")}
    names |= {f"wording/{language}": ".yaml" for language in _whole(_checked()).wordings}
    if identifier not in names:
        raise ConfigurationError(f"There is no {identifier!r}.", remedy=f"Choose one of: {', '.join(names)}.")
    name = f"{identifier}{names[identifier]}"
    own = settings_now().prompts / name
    return own if own.is_file() else shipped("prompts") / name


def _counted(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


@contextmanager
def _warnings_unsaid() -> Iterator[None]:
    """A model that isn't set declines to answer; the reply itself tells of any other fault."""
    log = logging.getLogger("bot")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)
