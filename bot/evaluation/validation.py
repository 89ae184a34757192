"""The figures that readers are told, in a file beside the cases: written by whoever measures, typed by nobody."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from bot.domain.errors import ConfigurationError
from bot.domain.validation import Figure
from bot.evaluation.intervals import Estimate
from bot.evaluation.metrics import METRICS
from bot.evaluation.outcome import Result

NAME = "validation.json"
DIGITS = 4


def figures_of(result: Result, writer: str, *, on: date, command: str) -> tuple[Figure, ...]:
    """What a run of one writer says, of every metric of which more is better."""
    found = [(metric.name, result.estimates[writer].get(metric.name)) for metric in METRICS if metric.better > 0]
    return tuple(
        Figure(
            name=name,
            value=round(one.mean, DIGITS),
            n=one.cases,
            date=on,
            command=command,
            writer=writer,
            low=_end(one, one.low),
            high=_end(one, one.high),
        )
        for name, one in found
        if one is not None
    )


def _end(estimate: Estimate, end: float) -> float | None:
    """None where all cases scored alike: a bootstrap of equal values makes a few cases look like certainty."""
    return None if estimate.low == estimate.high else round(end, DIGITS)


def read_figures(path: Path) -> tuple[Figure, ...]:
    """The figures of a file, none where there is no file. Raises ConfigurationError."""
    try:
        kept: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        return tuple(Figure(**{**one, "date": date.fromisoformat(one["date"])}) for one in kept)
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise ConfigurationError(
            f"The figures in {path} can't be read.", remedy="Restore the file, or measure anew: footnote eval --renew."
        ) from error


def write_figures(path: Path, figures: Sequence[Figure]) -> None:
    """Keep figures in the place of earlier ones of the same name and writer; the others stay."""
    kept = {(one.writer, one.name): one for one in (*read_figures(path), *figures)}
    rows = [json.dumps(_as_json(one), ensure_ascii=False) for _, one in sorted(kept.items())]
    fresh = path.with_suffix(".new")
    fresh.write_text("[\n " + ",\n ".join(rows) + "\n]\n", encoding="utf-8")
    fresh.replace(path)


def _as_json(figure: Figure) -> dict[str, Any]:
    told = {**asdict(figure), "date": figure.date.isoformat()}
    return {name: value for name, value in told.items() if value not in ("", None)}
