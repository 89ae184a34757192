"""A run as a JSON Lines file that anyone can read: what was run, then one line for each case and side.

A run that was stopped goes on where its file ends, as long as it's about the same things.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.domain.answers import Abstention, Answer
from bot.domain.errors import FootnoteError
from bot.evaluation.cases import Case
from bot.evaluation.intervals import Values
from bot.evaluation.metrics import Score, Seen

Record = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """What a file is about: the sides by name with the digests of their words, the library, the cases, the passages.

    `same_passages`: every side was handed the passages that the first one found.
    """

    sides: Mapping[str, Mapping[str, Any]]
    knowledge: str
    cases: str
    same_passages: bool = False

    @property
    def digest(self) -> str:
        """Tells it from a run about anything else."""
        return hashlib.sha256(json.dumps(self.as_json(), sort_keys=True).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """The first line of the file."""
        return {"run": asdict(self)}


def describe(case: Case, side: str, seen: Seen, scores: Sequence[Score]) -> dict[str, Any]:
    """One case on one side, with everything that a reader of the report needs."""
    reply, outcome = seen.reply, seen.reply.outcome
    answer = outcome if isinstance(outcome, Answer) else None
    return {
        "case": case.name,
        "side": side,
        "kind": case.kind.value,
        "audience": case.audience.value,
        "conversation": list(case.conversation),
        "origin": list(case.origin),
        "reviewer": case.reviewer,
        "reply": {
            "kind": seen.kind,
            "standalone_question": reply.standalone_question,
            "text": "" if isinstance(outcome, Answer) else outcome.text,
            "claims": [
                {"text": one.text, "citations": list(one.citations)} for one in (answer.claims if answer else ())
            ],
            "citations": [
                {
                    "number": one.number,
                    "document": seen.documents.get(one.document, one.document),
                    "path": one.document,
                    "title": one.title,
                    "locator": one.locator,
                    "quote": one.quote,
                    "passage": one.passage,
                }
                for one in (answer.citations if answer else ())
            ],
            "disagreements": [one.topic for one in (answer.disagreements if answer else ())],
            "gaps": list(answer.gaps) if answer else [],
            "notices": list(outcome.notices),
            "disclaimer": outcome.disclaimer,
            "withheld": outcome.withheld if isinstance(outcome, Answer | Abstention) else 0,
        },
        "checked": [
            {"text": one.text, "support": one.support.value, "reasons": list(one.reasons)}
            for one in reply.provenance.checked
        ],
        "retrieved": [asdict(note) for note in reply.provenance.retrieved],
        "model": reply.provenance.model,
        "prompts": dict(reply.provenance.prompts),
        "scores": [asdict(score) for score in scores],
    }


def open_log(path: Path, run: Run, *, fresh: bool = False) -> list[Record]:
    """Begin the file of a run, or go on with it: the records that stand in it already.

    A line that broke off is left out; so is everything of a file that is about something else. Raises FootnoteError.
    """
    first, records = (None, []) if fresh else read_log(path)
    kept = records if first == json.loads(json.dumps(asdict(run))) else []
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _rewrite(path, run, kept)
    except OSError as error:
        raise FootnoteError(f"{path} can't be written: {error.strerror}.", remedy="Name another --out.") from error
    return kept


def read_log(path: Path) -> tuple[Mapping[str, Any] | None, list[Record]]:
    """What a file is about and its records; None where there is no file or it holds no run."""
    if not path.exists():
        return None, []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise FootnoteError(f"{path} can't be read.", remedy="Name another --out.") from error
    values = [value for value in map(_parse, lines) if value is not None]
    if not values or "run" not in values[0]:
        return None, []
    return values[0]["run"], [value for value in values[1:] if "case" in value]


def append(path: Path, records: Iterable[Record]) -> None:
    """Write records at the end, in one go."""
    with path.open("a", encoding="utf-8") as file:
        file.write("".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records))


def values_of(records: Iterable[Record], side: str) -> Values:
    """Of each case its values by metric, on one side."""
    return {
        record["case"]: {score["metric"]: score["value"] for score in record["scores"]}
        for record in records
        if record["side"] == side
    }


def _parse(line: str) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _rewrite(path: Path, run: Run, records: Sequence[Record]) -> None:
    lines = [run.as_json(), *records]
    fresh = path.with_suffix(".new")
    fresh.write_text("".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines), encoding="utf-8")
    fresh.replace(path)
