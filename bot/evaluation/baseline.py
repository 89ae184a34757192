"""What the cases scored when somebody last said that it's good so: kept beside them, compared with by the gate."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.domain.errors import ConfigurationError
from bot.evaluation.intervals import Difference, Values, compare
from bot.evaluation.metrics import DECIDING

NAME = "baseline.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """What differs from the baseline; `new` and `gone` are cases that only one of both has."""

    differences: tuple[Difference, ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]

    @property
    def losses(self) -> tuple[Difference, ...]:
        """The deciding metrics that are worse, by an interval without zero."""
        return tuple(one for one in self.differences if one.metric in DECIDING and one.verdict == "worse")


def read_baseline(path: Path, writer: str) -> Values | None:
    """The deciding values of a writer's cases; None where none are kept. Raises ConfigurationError."""
    return _read(path).get(writer)


def write_baseline(path: Path, writer: str, values: Values) -> None:
    """Keep a writer's values in the place of its earlier ones; those of other writers stay."""
    kept = {**_read(path), writer: _deciding(values)}
    ordered = {name: dict(sorted(kept[name].items())) for name in sorted(kept)}
    lines = []
    for name, cases in ordered.items():
        rows = ",\n".join(f"  {json.dumps(case)}: {json.dumps(scores)}" for case, scores in cases.items())
        lines.append(f" {json.dumps(name)}: {{\n{rows}\n }}")
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    fresh.replace(path)


def compare_baseline(kept: Values, now: Values, *, seed: int = 0) -> Comparison:
    """The present values against the kept ones, over the cases that both have."""
    return Comparison(
        differences=compare(kept, _deciding(now), DECIDING, seed),
        new=tuple(sorted(now.keys() - kept.keys())),
        gone=tuple(sorted(kept.keys() - now.keys())),
    )


def _deciding(values: Values) -> dict[str, dict[str, float]]:
    return {
        name: {metric: round(scores[metric], 4) for metric in DECIDING if metric in scores}
        for name, scores in values.items()
    }


def _read(path: Path) -> Mapping[str, Mapping[str, Mapping[str, float]]]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigurationError(
            f"The baseline {path} can't be read.", remedy="Restore it, or renew it: footnote eval --renew."
        ) from error
    return kept if isinstance(kept, dict) else {}


def describe_losses(losses: Sequence[Difference]) -> list[str]:
    """A line for each loss."""
    from bot.evaluation.metrics import BY_NAME

    return [
        f"{BY_NAME[one.metric].title} fell from {one.before:.2f} to {one.after:.2f} "
        f"(difference {one.low:+.2f} to {one.high:+.2f}, {one.changed} cases)"
        for one in losses
    ]
