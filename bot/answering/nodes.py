"""The steps as they run in the graph: each takes the state so far and adds to it, without blocking the loop."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial
from typing import TypedDict

from bot.answering.assess import Assessment
from bot.answering.composing import Task
from bot.answering.meanwhile import IsOver, meanwhile
from bot.answering.question import ParsedQuestion
from bot.answering.rank import Ranked
from bot.answering.steps import Judged, Key, Question, Steps, identify
from bot.domain.answers import Abstention, Answer, ClaimRole, Draft, DraftClaim, SupportLabel, Verdict
from bot.domain.documents import RetrievedPassage
from bot.domain.progress import ClaimPassed, Event, Stage, StageReached, StartedAfresh

EXTRACTIVE = Draft(claims=()).model
Tell = Callable[[Event], None]
LookAhead = Callable[[str, Sequence[Ranked], Sequence[RetrievedPassage], IsOver], None]
"""What can be prepared for an answer that a language model is still writing, from question, statements and passages."""


class State(TypedDict, total=False):
    """What the steps hand on. One question, no memory between questions.

    `evidence` is what was found, `given` what the composer may cite; `verdicts` are those of claims judged while they
    were written, `rejected` how many failed in a draft that was replaced.
    """

    question: Question
    evidence: tuple[RetrievedPassage, ...]
    given: Mapping[str, RetrievedPassage]
    parsed: ParsedQuestion
    ranked: tuple[Ranked, ...]
    assessment: Assessment
    task: Task
    draft: Draft
    verdicts: Mapping[Key, Verdict]
    judged: Judged
    repaired: bool
    rejected: int
    outcome: Answer | Abstention
    timings_ms: dict[str, float]


@dataclass(frozen=True)
class Nodes:
    """One method a node. What takes the processor runs in a thread, so that other conversations go on."""

    steps: Steps
    look_ahead: LookAhead | None = None

    async def retrieve(self, state: State, _: Tell) -> State:
        """Search."""
        return {"evidence": await asyncio.to_thread(self.steps.retrieve, state["question"])}

    async def assess(self, state: State, _: Tell) -> State:
        """Rank the statements and judge whether they are enough."""
        question, evidence = state["question"], state["evidence"]
        parsed, ranked, assessment = await asyncio.to_thread(self.steps.assess, question, evidence)
        return {"parsed": parsed, "ranked": ranked, "assessment": assessment}

    async def compose(self, state: State, tell: Tell) -> State:
        """Draft the claims; each is judged the moment it's written, so that nobody waits for the last one."""
        steps, question = self.steps, state["question"]
        passages = steps.give(state["evidence"])
        given = {item.passage.id: item for item in passages}
        task = Task(
            question=state["parsed"],
            evidence=passages,
            ranked=state["ranked"],
            audience=question.audience,
            patient=question.patient,
            user=question.user,
            quotable=state["assessment"].is_enough,
            share=question.share,
        )
        if steps.composer.judges_evidence:
            tell(StageReached(stage=Stage.WRITING, passages=len(passages)))
        verdicts: dict[Key, Verdict] = {}

        def hand_over(claim: DraftClaim | None) -> None:
            if claim is None:
                verdicts.clear()
                tell(StartedAfresh())
                return
            verdict = verdicts[identify(claim)] = steps.judge(claim, given, question.reading)
            if verdict.support is SupportLabel.SUPPORTED and not steps.judges:
                tell(ClaimPassed(text=claim.text, role=claim.role))

        async with AsyncExitStack() as beside:
            if self.look_ahead is not None and steps.composer.judges_evidence:
                ahead = partial(self.look_ahead, question.text, state["ranked"], state["evidence"])
                await beside.enter_async_context(meanwhile(ahead))
            draft = await steps.compose(task, hand_over)
        return {"draft": draft, "task": task, "given": given, "verdicts": verdicts}

    async def verify(self, state: State, _: Tell) -> State:
        """Every claim past the gate, and what passes past the judges."""
        given = state["given"]
        judged = self.steps.verify(state["draft"], given, state["verdicts"], state["question"].reading)
        return {"judged": await self.steps.ask_judges(judged, given, state["task"].user)}

    async def repair(self, state: State, tell: Tell) -> State:
        """What failed, once more to whoever wrote it."""
        tell(StageReached(stage=Stage.REPAIRING, passages=len(state["given"])))
        draft = await self.steps.repair(state["task"], state["draft"], state["judged"])
        return {"draft": draft, "repaired": True}

    async def quote(self, state: State, tell: Tell) -> State:
        """The documents' own statements instead."""
        tell(StageReached(stage=Stage.QUOTING))
        quoted = await asyncio.to_thread(self.steps.quote, state["task"])
        draft = replace(quoted, prompts=state["draft"].prompts, unchecked=True)
        return {"draft": draft, "rejected": _failures(state["judged"])}

    async def conclude(self, state: State, _: Tell) -> State:
        """The outcome. A claim that the gate never saw is a bug of ours, and nothing is said then."""
        draft, judged = state.get("draft"), state.get("judged", ())
        assert [claim for claim, _ in judged] == list(draft.claims if draft else ()), "a claim never reached the gate"
        passages = tuple(state["given"].values()) if "given" in state else state["evidence"]
        outcome = self.steps.conclude(
            state["question"], passages, state["assessment"], draft, judged, withheld=state.get("rejected", 0)
        )
        return {"outcome": outcome}

    async def after_assess(self, state: State) -> str:
        """Compose where there may be an answer."""
        return "compose" if self.steps.is_worth_composing(state["assessment"]) else "conclude"

    async def after_verify(self, state: State) -> str:
        """A language model may correct its claims once; without its main statement the documents are quoted instead."""
        quoted = state["draft"].model == EXTRACTIVE or "rejected" in state
        if quoted or not _failures(state["judged"]):
            return "conclude"
        if not state.get("repaired"):
            return "repair"
        return "conclude" if _leads(state["judged"]) else "quote"


def _failures(judged: Judged) -> int:
    return sum(verdict.support is not SupportLabel.SUPPORTED for _, verdict in judged)


def _leads(judged: Judged) -> bool:
    """Has the main statement passed?"""
    return any(c.role is ClaimRole.BOTTOM_LINE and v.support is SupportLabel.SUPPORTED for c, v in judged)
