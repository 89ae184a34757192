"""The command `footnote eval`: what the cases say of the bot, of other words, or of another model."""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli_opening import recorded_answer, say, settings_now, shown_progress
from bot.domain.errors import ConfigurationError, WordingError

if TYPE_CHECKING:
    from bot.bootstrap.evaluating import Prices
    from bot.bootstrap.sides import Side
    from bot.evaluation.cases import Case
    from bot.evaluation.outcome import Result
    from bot.settings import Settings

app = typer.Typer(help="Cases: what they say of the bot, of other words, of another model.", no_args_is_help=False)

SIDE = "A folder of prompts, a Git revision of it, `extractive` or a model."


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """What was asked for on the command line."""

    sides: tuple[str, ...]
    only: tuple[str, ...]
    prices: "Prices"
    at_once: int
    out: Path
    seed: int
    judge: str
    fresh: bool
    yes: bool


@app.callback(invoke_without_command=True)
def evaluate(
    context: typer.Context,
    *,
    model: Annotated[str, typer.Option(help="Who writes; FOOTNOTE_MODEL where it isn't given.")] = "",
    compare: Annotated[
        tuple[str, str] | None, typer.Option(metavar="A B", help=f"Two sides on the same passages. {SIDE}")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="A case or a kind of cases; may be given several times.")
    ] = None,
    gate: Annotated[bool, typer.Option("--gate", help="Compare with the baseline; exit 1 for a real loss.")] = False,
    renew: Annotated[bool, typer.Option("--renew", help="Keep today's scores as the baseline.")] = False,
    judge: Annotated[str, typer.Option(help="A model that reads every claim over; its agreement is told.")] = "",
    price_told: Annotated[float, typer.Option(min=0, help="US dollars for a million tokens told.")] = 0.0,
    price_written: Annotated[float, typer.Option(min=0, help="US dollars for a million tokens written.")] = 0.0,
    at_once: Annotated[int, typer.Option(min=1, max=64, help="Cases that are played at once.")] = 8,
    seed: Annotated[int, typer.Option(help="Of the bootstrap's random numbers.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Folder for log and report; `eval` in FOOTNOTE_DATA else.")] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Begin anew where a run was stopped, instead of going on.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask before a language model is used.")] = False,
    promptfoo: Annotated[
        Path | None, typer.Option(help="Write the cases for promptfoo to this file, run none.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Play the cases and tell what they say: on the screen, as JSON Lines and as a page to read."""
    if context.invoked_subcommand:
        return
    from bot.bootstrap.evaluating import Prices
    from bot.evaluation.describing import describe_result

    settings = settings_now()
    if promptfoo is not None:
        _export(settings, promptfoo, tuple(only or ()))
        return
    if compare and (gate or renew or model):
        raise ConfigurationError("--compare stands by itself.", remedy="Leave out --gate, --renew and --model.")
    wanted = _Wanted(
        sides=compare or (model or settings.model,),
        only=tuple(only or ()),
        prices=Prices(told=price_told, written=price_written),
        at_once=at_once,
        out=out or settings.data / "eval",
        seed=seed,
        judge=judge,
        # What the gate says has to be about the program as it is, not as it was when a run was stopped.
        fresh=fresh or gate or renew,
        yes=yes,
    )
    if (gate or renew) and wanted.only:
        raise ConfigurationError("The baseline is about all cases.", remedy="Leave out --only.")
    result, log, page = asyncio.run(_run(settings, wanted))
    lost = _against_baseline(settings, wanted, result, renew=renew) if gate or renew else []
    if as_json:
        print(
            json.dumps({**result.as_json(), "log": str(log), "report": str(page), "losses": lost}, ensure_ascii=False)
        )
    else:
        for line in describe_result(result):
            print(line)
        for line in lost:
            print(f"LOST  {line}")
        print(f"\n{log}\n{page}")
    sys.exit(1 if lost else 0)


@app.command()
def capture(
    answer_id: Annotated[str, typer.Argument(metavar="ANSWER_ID", help="The id of an answer.")],
    to: Annotated[Path | None, typer.Option(help="A file of cases to add it to; printed where none is given.")] = None,
) -> None:
    """An answer as the beginning of a case: complete what the check then asks for."""
    from bot.bootstrap import load_words
    from bot.evaluation.capture import capture as captured
    from bot.evaluation.trace import reader_of
    from bot.knowledge.documents import read_library

    settings = settings_now()
    reply = asyncio.run(recorded_answer(answer_id))
    documents = {one.path: one.id for one in read_library(settings.knowledge).documents}
    text = captured(reply, documents, reader_of(reply, load_words(settings)), datetime.now(UTC).date())
    if to is None:
        print(text, end="")
        return
    before = to.read_text(encoding="utf-8") if to.exists() else ""
    to.write_text(f"{before.rstrip()}\n{text}".lstrip(), encoding="utf-8")
    say(f"Added to {to}. Complete it, then run `footnote prompts check`.")


async def _run(settings: "Settings", wanted: _Wanted) -> "tuple[Result, Path, Path]":
    """Play what is wanted, and write log and page."""
    from bot.bootstrap.evaluating import open_sides, second_word
    from bot.bootstrap.sides import open_sides_named
    from bot.evaluation.outcome import conclude
    from bot.evaluation.records import Run
    from bot.evaluation.report import write_report
    from bot.evaluation.running import digest_cases, run_cases

    sides = open_sides_named(wanted.sides, settings)
    cases = _chosen(_cases(settings, sides[0]), wanted.only)
    _ask_first(sides, cases, wanted)
    with shown_progress() as indexing:
        async with open_sides(sides, prices=wanted.prices, progress=indexing, notice=say) as table:
            run = Run(
                sides={side.name: side.about for side in sides},
                knowledge=table.library.fingerprint,
                cases=digest_cases(cases),
                same_passages=len(sides) > 1,
            )
            named = "-against-".join(_file_name(side.name) for side in sides)
            log, page = (wanted.out / f"{named}-{run.digest[:8]}.{ending}" for ending in ("jsonl", "html"))
            with shown_progress("Playing the cases") as progress:
                records = await run_cases(
                    cases, table.plays, run, log, at_once=wanted.at_once, fresh=wanted.fresh, progress=progress
                )
            result = conclude(records, [side.name for side in sides], seed=wanted.seed)
            if wanted.judge:
                with shown_progress("Asking the judge") as asking:
                    judged = await second_word(
                        wanted.judge, sides[-1], table.library, records, at_once=wanted.at_once, progress=asking
                    )
                result = replace(result, judgement=judged)
    about = {"Library": run.knowledge[:19], "Cases": f"{len(cases)}, {_reviewed(cases)}"}
    page.write_text(write_report(result, about, datetime.now(UTC)), encoding="utf-8")
    return result, log, page


def _cases(settings: "Settings", side: "Side") -> "tuple[Case, ...]":
    """The cases beside the words; one with a fault keeps everything from being run."""
    from bot.bootstrap.cases import case_folders, know_library
    from bot.evaluation.case_faults import find_cases
    from bot.prompts.cases import read_cases
    from bot.prompts.texts import Faults

    faults, folders = Faults(), case_folders(settings)
    for folder in folders:
        read_cases(folder, faults)
    cases = find_cases(folders, know_library(settings, side.words), faults)
    if faults:
        raise WordingError(
            f"{faults[0]}", remedy=f"All {len(faults)} faults: footnote prompts check." if len(faults) > 1 else ""
        )
    return cases


def _chosen(cases: "Sequence[Case]", only: Sequence[str]) -> "list[Case]":
    chosen = [case for case in cases if not only or case.name in only or case.kind.value in only]
    known = {name for case in cases for name in (case.name, case.kind.value)}
    if strange := [name for name in only if name not in known]:
        raise ConfigurationError(f"There is no case or kind {strange[0]!r}.", remedy="Look in prompts/cases/.")
    if not chosen:
        raise ConfigurationError("There are no cases.", remedy="Write some into prompts/cases/.")
    return chosen


def _ask_first(sides: "Sequence[Side]", cases: "Sequence[Case]", wanted: _Wanted) -> None:
    """What a language model will cost, and whether to go on."""
    from bot.bootstrap.sides import tokens_of_a_question
    from bot.evaluation.forecast import foresee
    from bot.settings import EXTRACTIVE

    asked = [side for side in sides if side.settings.model != EXTRACTIVE]
    if not asked:
        return
    forecast = foresee(
        cases,
        sides=len(asked),
        prompt_tokens=max(map(tokens_of_a_question, asked)),
        price_told=wanted.prices.told,
        price_written=wanted.prices.written,
        at_once=wanted.at_once,
    )
    say(str(forecast))
    if wanted.yes:
        return
    if not sys.stdin.isatty():
        raise ConfigurationError("Nobody is there to agree to this.", remedy="Add --yes.")
    typer.confirm("Go on?", abort=True, err=True)


def _against_baseline(settings: "Settings", wanted: _Wanted, result: "Result", *, renew: bool) -> list[str]:
    """What was lost against the baseline; nothing where it's renewed."""
    from bot.bootstrap import load_words
    from bot.bootstrap.cases import case_folders
    from bot.evaluation.baseline import NAME, compare_baseline, describe_losses, read_baseline, write_baseline
    from bot.evaluation.records import values_of
    from bot.evaluation.validation import NAME as FIGURES
    from bot.evaluation.validation import figures_of, write_figures
    from bot.prompts.cases import FOLDER

    paths, writer = [folder / FOLDER / NAME for folder in case_folders(settings)], wanted.sides[0]
    path, now = paths[-1], values_of(result.records, writer)
    failed = load_words(settings).wording.say("telegram.failed")
    if renew:
        figures = path.with_name(FIGURES)
        command = f"footnote eval --model {writer} --renew"
        write_baseline(path, writer, now)
        write_figures(figures, figures_of(result, writer, on=datetime.now(UTC).date(), command=command))
        say(f"Written to {path} and {figures.name}.")
        return []
    kept = next((found for one in reversed(paths) if (found := read_baseline(one, writer)) is not None), None)
    if kept is None:
        raise ConfigurationError(
            f"{path} holds nothing of {writer}.",
            remedy=f"Look at the report, then: footnote eval --model {writer} --renew",
        )
    compared = compare_baseline(kept, now, seed=wanted.seed)
    for names, what in ((compared.new, "new"), (compared.gone, "gone")):
        if names:
            say(f"{len(names)} cases are {what}; renew the baseline to count them: {', '.join(names[:5])}")
    broken = [record["case"] for record in result.records if record["reply"]["text"] == failed]
    told = [f"{len(broken)} cases broke the program: {', '.join(broken[:5])}"] if broken else []
    return [*told, *describe_losses(compared.losses)]


def _export(settings: "Settings", path: Path, only: Sequence[str]) -> None:
    from bot.bootstrap.sides import open_side
    from bot.evaluation.promptfoo import export_cases

    cases = _chosen(_cases(settings, open_side(settings.model, settings)), only)
    path.write_text(export_cases(cases), encoding="utf-8")
    say(f"{len(cases)} cases written to {path}.")


def _reviewed(cases: "Sequence[Case]") -> str:
    count = sum(case.reviewer != "none" for case in cases)
    return f"{count} of them reviewed" if count else "none of them reviewed by a clinician"


def _file_name(name: str) -> str:
    import re

    return re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-.")[-60:] or "run"
