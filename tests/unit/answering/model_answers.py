"""A question, its passages, and answers as a model writes them, for the tests of what a language model composes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.answering.allowance import Allowance
from bot.answering.compose import ExtractiveComposer
from bot.answering.composing import Task
from bot.answering.language_model import LanguageModel
from bot.answering.model_composer import LanguageModelComposer
from bot.answering.sources import Sources
from bot.answering.steps import Question, Steps
from bot.domain.answers import Draft, DraftClaim
from bot.places import shipped
from bot.prompts import load_prompt, load_wording
from tests.fake_language_model import ListLedger
from tests.fakes import GLOSSARY, FakeRetriever, document, passage

WORDING = load_wording(shipped("prompts"))
COMPOSE, REPAIR = (load_prompt(shipped("prompts"), None, name) for name in ("compose", "repair"))
ASKED = "Is rituximab effective for calcinosis?"
HELPED, GIVEN, RARE, SAFE = (
    "Rituximab was effective for calcinosis in four children.",
    "Rituximab for calcinosis was given at 375 mg/m² weekly.",
    "Infections were rare with rituximab for calcinosis.",
    "No child with calcinosis stopped rituximab.",
)
PAGES = (
    document(passage(HELPED, GIVEN)),
    document(passage(RARE, document="b.md"), path="b.md", title="Safety"),
    document(passage(SAFE, document="c.md"), path="c.md", title="Withdrawals"),
    document(passage("Calcinosis is painful.", document="d.md"), path="d.md", title="Symptoms"),
)
STEPS = Steps(FakeRetriever(*PAGES), ExtractiveComposer(GLOSSARY), GLOSSARY, WORDING)
EVIDENCE = STEPS.retrieve(Question(text=ASKED))
IDS = {item.passage.id: name for name, item in Sources(ASKED, EVIDENCE).by_id.items()}
EFFECT, SAFETY = IDS["a.md#0"], IDS["b.md#0"]


def task(text: str = ASKED, *, quotable: bool = True, patient: tuple[str, ...] = ()) -> Task:
    """The task of answering this question from the passages."""
    parsed, ranked, _ = STEPS.assess(Question(text=text), EVIDENCE)
    return Task(question=parsed, evidence=EVIDENCE, ranked=ranked, quotable=quotable, patient=patient, user="ada")


def line(text: str, source: str = EFFECT, quote: str = HELPED, role: str = "finding") -> str:
    """A claim as a model writes it."""
    return json.dumps({"role": role, "text": text, "sources": [source], "quote": quote}, ensure_ascii=False) + "\n"


def asking(question: str, text: str) -> str:
    """An answer as it's written to another question, for which the passages have other ids."""
    for item, name in zip(EVIDENCE, Sources(question, EVIDENCE).by_id, strict=True):
        text = text.replace(IDS[item.passage.id], name)
    return text


BOTTOM = line(HELPED, role="bottom_line")
DOSE = line(GIVEN, quote=GIVEN, role="dose")
RISK = line(RARE, SAFETY, RARE, role="safety")
ANSWER = BOTTOM + DOSE + RISK


@dataclass
class Composing:
    """A composer over these models, with everything that it waits for and hands over."""

    models: Sequence[LanguageModel]
    ledger: ListLedger | None = None
    per_user: int = 0
    time_limit: float = 30.0
    slept: list[float] = field(default_factory=list)
    handed: list[str | None] = field(default_factory=list)

    @property
    def composer(self) -> LanguageModelComposer:
        """The real one."""
        allowance = None
        if self.ledger is not None:
            today = date(2026, 1, 1)
            allowance = Allowance(ledger=self.ledger, per_user=self.per_user, in_all=0, today=lambda: today)
        return LanguageModelComposer(
            models=self.models,
            compose_prompt=COMPOSE,
            repair_prompt=REPAIR,
            last=ExtractiveComposer(GLOSSARY),
            wording=WORDING,
            allowance=allowance,
            time_limit=self.time_limit,
            repair_limit=self.time_limit,
            sleep=self.sleep,
        )

    async def sleep(self, seconds: float) -> None:
        """Wait no time, and remember how long it should have been."""
        self.slept.append(seconds)

    def hand_over(self, claim: DraftClaim | None) -> None:
        """Remember it."""
        self.handed.append(claim.text if claim is not None else None)

    async def compose(self, what: Task | None = None) -> Draft:
        """The draft."""
        return await self.composer.compose(what or task(), self.hand_over)
