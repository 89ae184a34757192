"""What a run says: the metrics of each side, what differs, and the cases that count for it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.evaluation.intervals import Difference, Estimate, compare, estimate
from bot.evaluation.metrics import BY_NAME, DECIDING, METRICS
from bot.evaluation.records import Record, values_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One case on both sides. `gain` is what its deciding metrics gained in all; below zero it got worse."""

    before: Record
    after: Record
    gain: float
    metrics: tuple[str, ...]

    @property
    def reworded(self) -> bool:
        """Does the reply say something else?"""
        return said(self.before) != said(self.after)


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """How often a second model's word agrees with the gate's, claim by claim.

    `kappa` (Cohen 1960) leaves out what chance alone would give; None where one of them always said the same.
    """

    model: str
    claims: int
    both_support: int
    both_refuse: int
    only_gate: int
    only_judge: int

    @property
    def agreement(self) -> float:
        """Share of the claims of which both say the same."""
        return (self.both_support + self.both_refuse) / self.claims if self.claims else 0.0

    @property
    def kappa(self) -> float | None:
        """Agreement beyond chance, from -1 to 1."""
        if not self.claims:
            return None
        gate = (self.both_support + self.only_gate) / self.claims
        judge = (self.both_support + self.only_judge) / self.claims
        chance = gate * judge + (1 - gate) * (1 - judge)
        return None if chance == 1 else (self.agreement - chance) / (1 - chance)


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """A whole run. Without a second side there are no differences and no changes."""

    sides: tuple[str, ...]
    estimates: Mapping[str, Mapping[str, Estimate]]
    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]
    records: tuple[Record, ...]
    judgement: Judgement | None = None

    @property
    def verdict(self) -> str:
        """`worse` where a deciding metric is, else `better` where one is, else `no difference`."""
        told = {one.verdict for one in self.differences if one.metric in DECIDING}
        return next((word for word in ("worse", "better") if word in told), "no difference")

    @property
    def short(self) -> tuple[Record, ...]:
        """The cases of the last side that fall short, worst first."""
        own = [record for record in self.records if record["side"] == self.sides[-1] and lost(record)]
        return tuple(sorted(own, key=lambda record: (-lost(record), record["case"])))

    def as_json(self) -> dict[str, Any]:
        """The figures, without the replies."""
        return {
            "sides": list(self.sides),
            "cases": len({record["case"] for record in self.records}),
            "metrics": {
                side: {name: asdict(one) for name, one in estimates.items()}
                for side, estimates in self.estimates.items()
            },
            "differences": [{**asdict(one), "mean": one.mean, "verdict": one.verdict} for one in self.differences],
            "verdict": self.verdict if self.differences else None,
            "judge": (
                {**asdict(self.judgement), "agreement": self.judgement.agreement, "kappa": self.judgement.kappa}
                if self.judgement
                else None
            ),
        }


def conclude(records: Sequence[Record], sides: Sequence[str], *, seed: int = 0) -> Result:
    """The figures of a run of one side or two."""
    values = {side: values_of(records, side) for side in sides}
    names = [metric.name for metric in METRICS]
    estimates = {
        side: {name: found for name in names if (found := estimate(values[side], name, seed)) is not None}
        for side in sides
    }
    differences: tuple[Difference, ...] = ()
    changes: tuple[Change, ...] = ()
    if len(sides) == 2:
        differences = compare(values[sides[0]], values[sides[1]], names, seed)
        changes = _changes(records, sides[0], sides[1])
    return Result(
        sides=tuple(sides),
        estimates=estimates,
        differences=differences,
        changes=changes,
        records=tuple(records),
    )


def lost(record: Record) -> float:
    """What the deciding metrics of a case lack of full marks, in all."""
    return sum(1 - float(score["value"]) for score in record["scores"] if score["metric"] in DECIDING)


def said(record: Record) -> str:
    """What a reader sees of a reply, a sentence a line."""
    reply = record["reply"]
    lines = [reply["text"], *(claim["text"] for claim in reply["claims"]), *reply["notices"], reply["disclaimer"]]
    return "\n".join(filter(None, lines))


def _changes(records: Sequence[Record], first: str, second: str) -> tuple[Change, ...]:
    """The cases whose reply or deciding values differ, worst first."""
    old = {record["case"]: record for record in records if record["side"] == first}
    new = {record["case"]: record for record in records if record["side"] == second}
    found = [_change(old[name], new[name]) for name in old if name in new]
    changed = [change for change in found if change.metrics or change.reworded]
    return tuple(sorted(changed, key=lambda change: (change.gain, change.before["case"])))


def _change(before: Record, after: Record) -> Change:
    old, new = (
        {score["metric"]: score["value"] for score in record["scores"] if score["metric"] in DECIDING}
        for record in (before, after)
    )
    names = tuple(name for name in DECIDING if old.get(name) != new.get(name))
    gain = sum((new[name] - old[name]) * BY_NAME[name].better for name in names if name in old and name in new)
    return Change(before=before, after=after, gain=gain, metrics=names)
