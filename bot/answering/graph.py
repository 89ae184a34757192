r"""The picture of the chain: which step follows which. Built in a function, so that importing does nothing.

retrieve -> assess -> compose -> verify -> conclude
              |                  |  ^ ^
              |                  |  | '--- repair: once, by the language model that wrote what failed
              |                  |  '----- quote: the documents' own words, should its main statement still fail
              '------------------'-------> conclude (not enough evidence, or nothing to mend)
"""

import logging
import time
from asyncio import timeout
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from bot.answering.nodes import EXTRACTIVE, LookAhead, Nodes, State, Tell
from bot.answering.steps import Judged, Question, Steps
from bot.domain.answers import Abstention, Answer
from bot.domain.documents import RetrievedPassage
from bot.domain.progress import Event, Listener
from bot.domain.stages import ended

if TYPE_CHECKING:
    from langgraph.runtime import Runtime

log = logging.getLogger(__name__)

COMPUTING_S, ASKING_S = 30.0, 115.0
"""Seconds that a step may take: one that only computes, and one that asks language models (they keep time, too)."""
TRIES = 2
"""Attempts of the search, whose index another process may be replacing."""

Step = Callable[[State, Tell], Awaitable[State]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """The end of the chain: the outcome, what was found on the way, who wrote it, and milliseconds by step.

    `judged` are the claims of the last draft with the gate's verdicts.
    """

    outcome: Answer | Abstention
    evidence: tuple[RetrievedPassage, ...]
    model: str
    timings_ms: dict[str, float]
    prompts: Mapping[str, str]
    judged: Judged = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Listening:
    """Who hears of the answer's making, handed to each step."""

    tell: Tell


def nobody(_: Event) -> None:
    """Hears of nothing."""


class Chain(Protocol):
    """A question in, the checked outcome out; a listener hears of its making."""

    def __call__(self, question: Question, listener: Listener | None = None) -> Awaitable[Answered]: ...


def build_graph(steps: Steps, look_ahead: LookAhead | None = None) -> Any:
    """The compiled StateGraph."""
    from langgraph.graph import END, START, StateGraph
    from langgraph.types import RetryPolicy

    nodes = Nodes(steps, look_ahead)
    again = RetryPolicy(max_attempts=TRIES, initial_interval=0.1)
    graph = StateGraph(State, context_schema=Listening)
    graph.add_node("retrieve", _timed("retrieve", nodes.retrieve, COMPUTING_S), retry_policy=again)
    graph.add_node("assess", _timed("assess", nodes.assess, COMPUTING_S))
    graph.add_node("compose", _timed("compose", nodes.compose, ASKING_S))
    graph.add_node("verify", _timed("verify", nodes.verify, ASKING_S))
    graph.add_node("repair", _timed("repair", nodes.repair, ASKING_S))
    graph.add_node("quote", _timed("quote", nodes.quote, COMPUTING_S))
    graph.add_node("conclude", _timed("conclude", nodes.conclude, COMPUTING_S))
    graph.add_edge(START, "retrieve")
    graph.add_edge("retrieve", "assess")
    graph.add_conditional_edges("assess", nodes.after_assess, ["compose", "conclude"])
    graph.add_edge("compose", "verify")
    graph.add_conditional_edges("verify", nodes.after_verify, ["repair", "quote", "conclude"])
    graph.add_edge("repair", "verify")
    graph.add_edge("quote", "verify")
    graph.add_edge("conclude", END)
    return graph.compile()


def _timed(name: str, step: Step, at_most: float) -> Any:
    """The step as a node that is given up after so many seconds.

    LangGraph's own time limit and event stream cost more than most of the steps: two tasks for each.
    """

    async def run(state: State, runtime: "Runtime[Listening]") -> State:
        started = time.perf_counter()
        async with timeout(at_most):
            result = await step(state, runtime.context.tell)
        took = ended(name, started)
        timings = state.get("timings_ms", {})
        log.info("a step of an answer", extra={"told": {"stage": name, "ms": round(took, 1)}})
        return {**result, "timings_ms": {**timings, name: timings.get(name, 0.0) + took}}

    return run


def build_chain(steps: Steps, look_ahead: LookAhead | None = None) -> Chain:
    """The chain as one function; `look_ahead` prepares beside a language model what comes after the answer."""
    graph = build_graph(steps, look_ahead)

    async def answer(question: Question, listener: Listener | None = None) -> Answered:
        begun: State = {"question": steps.for_reader(question), "timings_ms": {}}
        state: State = await graph.ainvoke(begun, context=Listening(tell=listener or nobody))
        draft, judged = state.get("draft"), state.get("judged", ())
        told = {name: digest for judge in steps.judges if judged for name, digest in judge.prompts.items()}
        return Answered(
            outcome=state["outcome"],
            evidence=state["evidence"],
            model=draft.model if draft else EXTRACTIVE,
            timings_ms=state["timings_ms"],
            prompts={**(draft.prompts if draft else {}), **told},
            judged=judged,
        )

    return answer
