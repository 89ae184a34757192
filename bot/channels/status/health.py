"""How the bot is: what of it works, what not, and what to do about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Part(StrEnum):
    """What is looked at."""

    DATABASE = "database"
    INDEX = "index"
    TELEGRAM = "telegram"
    MODEL = "model"


class State(StrEnum):
    """How a part is. With a degraded one questions are still answered; with a failed one they aren't."""

    FINE = "fine"
    DEGRADED = "degraded"
    FAILED = "failed"

    @property
    def worth(self) -> float:
        """As a number, for a graph."""
        return {State.FINE: 1.0, State.DEGRADED: 0.5, State.FAILED: 0.0}[self]


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """How a part is, why, and what an operator can do; `remedy` is empty where nothing is to be done."""

    part: Part
    state: State
    says: str
    remedy: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """All findings of one look."""

    findings: Sequence[Finding]

    @property
    def is_ready(self) -> bool:
        """Can questions be answered?"""
        return all(finding.state is not State.FAILED for finding in self.findings)

    def told(self) -> Mapping[str, Any]:
        """As JSON tells it."""
        worst = min((finding.state for finding in self.findings), key=lambda state: state.worth, default=State.FINE)
        parts = {
            finding.part.value: {"state": finding.state.value, "reason": finding.says}
            | ({"remedy": finding.remedy} if finding.remedy else {})
            for finding in self.findings
        }
        return {"ready": self.is_ready, "state": worst.value, "parts": parts}
