r"""The picture of the chain: which step follows which. Built in a function, so that importing does nothing.

retrieve -> assess -> compose -> verify -> conclude
               \______________________/   (not enough evidence)
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypedDict

from bot.answering.assess import Assessment, Sufficiency
from bot.answering.question import ParsedQuestion
from bot.answering.rank import Ranked
from bot.answering.steps import Question, Steps
from bot.domain.answers import Abstention, Answer, Draft, DraftClaim, Verdict
from bot.domain.documents import RetrievedPassage


class State(TypedDict, total=False):
    """What the steps hand on. One question, no memory between questions."""

    question: Question
    evidence: tuple[RetrievedPassage, ...]
    parsed: ParsedQuestion
    ranked: tuple[Ranked, ...]
    assessment: Assessment
    draft: Draft
    judged: tuple[tuple[DraftClaim, Verdict], ...]
    outcome: Answer | Abstention
    timings_ms: dict[str, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """The end of the chain: the outcome, what was found on the way, and milliseconds by step."""

    outcome: Answer | Abstention
    evidence: tuple[RetrievedPassage, ...]
    model: str
    timings_ms: dict[str, float]


Chain = Callable[[Question], Awaitable[Answered]]


class Step(Protocol):
    """A node of the graph: what it adds to the state."""

    def __call__(self, state: State) -> State: ...


def build_graph(steps: Steps) -> Any:
    """The compiled StateGraph."""
    from langgraph.graph import END, START, StateGraph

    def retrieve(state: State) -> State:
        return {"evidence": steps.retrieve(state["question"])}

    def assess(state: State) -> State:
        parsed, ranked, assessment = steps.assess(state["question"], state["evidence"])
        return {"parsed": parsed, "ranked": ranked, "assessment": assessment}

    def compose(state: State) -> State:
        return {"draft": steps.compose(state["parsed"], state["ranked"])}

    def verify(state: State) -> State:
        judged = steps.verify(state["draft"], state["evidence"])
        assert len(judged) == len(state["draft"].claims), "a claim passed the gate unjudged"
        return {"judged": judged}

    def conclude(state: State) -> State:
        draft, judged = state.get("draft"), state.get("judged", ())
        return {"outcome": steps.conclude(state["question"], state["evidence"], state["assessment"], draft, judged)}

    def is_enough(state: State) -> Literal["compose", "conclude"]:
        enough = state["assessment"].sufficiency in {Sufficiency.SUFFICIENT, Sufficiency.PARTIAL}
        return "compose" if enough else "conclude"

    graph = StateGraph(State)
    nodes: dict[str, Step] = {
        "retrieve": retrieve,
        "assess": assess,
        "compose": compose,
        "verify": verify,
        "conclude": conclude,
    }
    for name, step in nodes.items():
        graph.add_node(name, _timed(name, step))
    graph.add_edge(START, "retrieve")
    graph.add_edge("retrieve", "assess")
    graph.add_conditional_edges("assess", is_enough)
    graph.add_edge("compose", "verify")
    graph.add_edge("verify", "conclude")
    graph.add_edge("conclude", END)
    return graph.compile()


def _timed(name: str, step: Step) -> Step:
    def run(state: State) -> State:
        started = time.perf_counter()
        result = step(state)
        took = (time.perf_counter() - started) * 1000
        return {**result, "timings_ms": {**state.get("timings_ms", {}), name: took}}

    return run


def build_chain(steps: Steps) -> Chain:
    """The chain as one function: a question in, the checked outcome out. Runs in a thread, as its steps compute."""
    import asyncio

    graph = build_graph(steps)

    def run(question: Question) -> Answered:
        state: State = graph.invoke({"question": question, "timings_ms": {}})
        draft = state.get("draft")
        return Answered(
            outcome=state["outcome"],
            evidence=state["evidence"],
            model=draft.model if draft else "extractive",
            timings_ms=state["timings_ms"],
        )

    async def answer(question: Question) -> Answered:
        return await asyncio.to_thread(run, question)

    return answer
