"""Replies and cases that the tests of metrics and reports are made of."""

from pathlib import Path
from typing import Any

from bot.domain.answers import (
    Abstention,
    Answer,
    Citation,
    Claim,
    ClaimRole,
    Disagreement,
    Outcome,
    Side,
    SupportLabel,
)
from bot.domain.documents import ReviewStatus
from bot.domain.messages import Audience, CheckedClaim, Provenance, Reply
from bot.evaluation.cases import Case, Kind
from bot.evaluation.metrics import Seen, measure

DISCLAIMER = "Information, not a substitute for clinical judgement; the treating team decides."


def case(**fields: Any) -> Case:
    usual: dict[str, Any] = {
        "name": "a-case",
        "kind": Kind.ANSWERABLE,
        "conversation": ("What is the dose?",),
        "audience": Audience.CLINICIAN,
        "expect": frozenset({"answer"}),
        "path": Path("cases.yaml"),
        "line": 1,
    }
    return Case(**(usual | fields))


def answer(*texts: str, cites: tuple[str, ...] = ("trial",), differs: bool = False, **fields: Any) -> Answer:
    citations = tuple(
        Citation(
            number=number,
            document=f"folder/{name}.md",
            title=f"The {name}",
            quote=f"What the {name} says.",
            start=0,
            end=10,
            locator="Summary",
            evidence="trial",
            year=2020,
            review_status=ReviewStatus.SUBMITTED,
            passage=f"p-{name}",
        )
        for number, name in enumerate(cites, 1)
    )
    claims = tuple(
        Claim(text=text, role=ClaimRole.FINDING, support=SupportLabel.SUPPORTED, citations=(1,)) for text in texts
    )
    sides = tuple(Side(who="x", evidence="", directness="", year=None, citation=number) for number in (1, 2))
    told = (Disagreement(topic="the dose", sides=sides, reasons=()),) if differs else ()
    usual: dict[str, Any] = {"notices": (), "disclaimer": DISCLAIMER, "disagreements": told}
    return Answer(claims=claims, citations=citations, **(usual | fields))


def abstention(**fields: Any) -> Abstention:
    usual: dict[str, Any] = {"text": "Nothing was found.", "nearest": (), "notices": (), "disclaimer": DISCLAIMER}
    return Abstention(**(usual | fields))


def seen(outcome: Outcome, *, model: str = "extractive", standalone: str = "What is the dose?", **fields: Any) -> Seen:
    checked = (CheckedClaim(text="A claim.", support=SupportLabel.NOT_ENOUGH_INFORMATION, reasons=("Not there.",)),)
    reply = Reply(
        conversation="c",
        turn=1,
        question="What is the dose?",
        standalone_question=standalone,
        outcome=outcome,
        provenance=Provenance(answer_id="a", model=model, prompts={}, knowledge="k", checked=checked),
        timings_ms={"total": 30.0, "retrieve": 10.0},
    )
    return Seen(reply=reply, documents={"folder/trial.md": "trial", "folder/notes.md": "notes"}, **fields)


def values(a_case: Case, shown: Seen) -> dict[str, float]:
    return {score.metric: score.value for score in measure(a_case, shown)}


def reasons(a_case: Case, shown: Seen) -> dict[str, str]:
    return {score.metric: score.reason for score in measure(a_case, shown)}
