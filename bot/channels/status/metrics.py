"""What is counted and measured while the bot runs, as Prometheus reads it.

A label holds one of a few words that are listed here. It never holds a text, an id, a name or an address.
"""

import time
from collections.abc import Iterable
from datetime import datetime

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.channels.status.health import Health, Part
from bot.domain.answers import EXTRACTIVE, FIXED_WORDING, REVIEWED, Abstention, Answer, DirectionKind, SupportLabel
from bot.domain.errors import ModelFault
from bot.domain.inbox import ArrivalKind
from bot.domain.messages import Reply

CONTENT_TYPE = CONTENT_TYPE_LATEST
disable_created_metrics()  # type: ignore[no-untyped-call]  # When each series began is of no use here, and would double their number.
OTHER = "other"
KINDS = ("answer", "partial_answer", "abstention", "clarification", *(kind.value for kind in DirectionKind))
WRITERS = ("language_model", "extractive", "reviewed", "fixed")
"""Who wrote it: where a language model is set and `extractive` wrote, the model couldn't."""
STAGES = ("triage", "contextualize", "retrieve", "assess", "compose", "verify", "repair", "quote", "conclude")
ROLES = ("writer", "fallback", "judge", "rewriter")
CALLED = ("ok", "abandoned", *(fault.value for fault in ModelFault))
"""How a call of a language model ended; `abandoned` is one that was waited for no longer."""
METHODS = (
    "getUpdates", "sendMessage", "editMessageText", "editMessageReplyMarkup", "deleteMessage", "sendChatAction",
    "answerCallbackQuery", "leaveChat", "getChatMember", "getMe", "setWebhook", "deleteWebhook",
)  # fmt: skip
REFUSALS = ("ok", "bad_request", "unauthorized", "forbidden", "conflict", "flood", "server", "network", OTHER)
LEVELS = ("warning", "error")
QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
"""Seconds, from a step that only computes to the longest answer that is waited for."""


class Metrics:
    """All of them, in a registry of their own. Each verb takes what has just happened."""

    def __init__(self, *, million_tokens_cost: float = 0.0) -> None:
        """`million_tokens_cost` is the price of a million tokens; without one no cost is told."""
        self._registry = CollectorRegistry()
        self._price = million_tokens_cost / 1_000_000
        ProcessCollector(registry=self._registry)
        self._build = self._gauge(
            "footnote_build_info", "1; the labels tell what runs.", "version", "python", "composer"
        )
        self._ready = self._gauge("footnote_ready", "Can questions be answered? 1 or 0.")
        self._parts = self._gauge("footnote_part_fine", "1 fine, 0.5 degraded, 0 failed, by part.", "part")
        self._documents = self._gauge("footnote_library_documents", "Documents that may be quoted today.")
        self._questions = self._counter("footnote_questions", "Questions answered, by kind of reply.", "kind", "writer")
        self._answering = self._histogram("footnote_answer_seconds", "Seconds that an answer took, without delivery.")
        self._stages = self._histogram("footnote_stage_seconds", "Seconds that a step of an answer took.", "stage")
        self._verdicts = self._counter("footnote_gate_verdicts", "Claims judged by the gate.", "support")
        self._withheld = self._counter("footnote_claims_withheld", "Claims that were withheld from readers.")
        self._model_calls = self._counter("footnote_model_calls", "Calls of language models.", "role", "outcome")
        self._model_seconds = self._histogram("footnote_model_call_seconds", "Seconds that such a call took.", "role")
        self._tokens = self._counter("footnote_model_tokens", "Tokens that language models used, as they are charged.")
        self._cost = self._counter("footnote_model_cost", "What they cost, at the price of the settings.")
        self._depth = self._gauge("footnote_inbox_depth", "Updates that wait or are in work.")
        self._oldest = self._gauge("footnote_inbox_oldest_age_seconds", "Age of the oldest of them; 0 without any.")
        self._given_up = self._counter("footnote_inbox_given_up", "Updates that were given up.")
        self._updates = self._counter("footnote_updates", "Updates taken in, by kind.", "kind")
        self._calls = self._counter("footnote_telegram_calls", "Calls to Telegram.", "method", "outcome")
        self._call_seconds = self._histogram("footnote_telegram_call_seconds", "Seconds of such a call, polls aside.")
        self._polled = self._gauge(
            "footnote_telegram_last_poll_timestamp_seconds", "When Telegram last answered a poll."
        )
        self._polling = self._gauge("footnote_telegram_polling", "Does this process poll? 1 or 0.")
        self._logged = self._counter("footnote_log_records", "Warnings and errors in the log.", "level")
        self._begin()

    def runs(self, *, version: str, python: str, composer: str) -> None:
        """What this is: `composer` is `extractive` or `language_model`."""
        self._build.labels(version, python, composer).set(1)

    def answered(self, reply: Reply) -> None:
        """A question has its reply."""
        outcome, timings = reply.outcome, dict(reply.timings_ms)
        self._questions.labels(kind_of(reply), writer_of(reply)).inc()
        self._answering.observe(timings.pop("total", 0.0) / 1000)
        for stage, took in timings.items():
            self._stages.labels(stage if stage in STAGES else OTHER).observe(took / 1000)
        for checked in reply.provenance.checked:
            self._verdicts.labels(checked.support.value).inc()
        if isinstance(outcome, Answer | Abstention):
            self._withheld.inc(outcome.withheld)

    def asked_model(self, role: str, outcome: str, seconds: float) -> None:
        """A language model was called."""
        self._model_calls.labels(role, outcome if outcome in CALLED else OTHER).inc()
        self._model_seconds.labels(role).observe(seconds)

    def spent(self, tokens: int) -> None:
        """A language model is paid for so many tokens."""
        self._tokens.inc(tokens)
        self._cost.inc(tokens * self._price)

    def arrived(self, kind: ArrivalKind) -> None:
        """An update was taken in."""
        self._updates.labels(kind.value).inc()

    def gave_up(self) -> None:
        """An update will not be dealt with any more."""
        self._given_up.inc()

    def called_telegram(self, method: str, outcome: str, seconds: float) -> None:
        """A call to Telegram has ended."""
        outcome = outcome if outcome in REFUSALS else OTHER
        self._calls.labels(method if method in METHODS else OTHER, outcome).inc()
        if method != "getUpdates":
            self._call_seconds.observe(seconds)
        elif outcome == "ok":
            self._polled.set(time.time())

    def polls(self, *, is_polling: bool) -> None:
        """It is our turn to poll, or no longer."""
        self._polling.set(is_polling)

    def logged(self, level: str) -> None:
        """Something was logged that an operator should know."""
        self._logged.labels(level if level in LEVELS else OTHER).inc()

    def found(self, health: Health, *, documents: int) -> None:
        """How everything is at this moment."""
        self._ready.set(health.is_ready)
        self._documents.set(documents)
        for finding in health.findings:
            self._parts.labels(finding.part.value).set(finding.state.worth)

    def inbox(self, depth: int | None, oldest: datetime | None, now: datetime) -> None:
        """What waits in the inbox; None where it can't be read."""
        self._depth.set(float("nan") if depth is None else depth)
        age = 0.0 if oldest is None else max(0.0, (now - oldest).total_seconds())
        self._oldest.set(float("nan") if depth is None else age)

    def exposed(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self._registry)

    def _begin(self) -> None:
        """Let every series stand at 0 from the start: a rate misses the first event of one that begins with it."""
        for counter, *labels in (
            (self._questions, KINDS, WRITERS),
            (self._verdicts, [label.value for label in SupportLabel]),
            (self._updates, [kind.value for kind in ArrivalKind]),
            (self._logged, LEVELS),
            (self._model_calls, ROLES, CALLED),
        ):
            for values in _combined(labels):
                counter.labels(*values)
        for stage in STAGES:
            self._stages.labels(stage)
        for part in Part:
            self._parts.labels(part.value)

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(name, says, labels, registry=self._registry)

    def _gauge(self, name: str, says: str, *labels: str) -> Gauge:
        return Gauge(name, says, labels, registry=self._registry)

    def _histogram(self, name: str, says: str, *labels: str) -> Histogram:
        return Histogram(name, says, labels, registry=self._registry, buckets=QUICK)


def kind_of(reply: Reply) -> str:
    """One of the words of `KINDS`."""
    kind = reply.outcome.kind
    word = kind.value if isinstance(kind, DirectionKind) else kind
    return word if word in KINDS else OTHER


def writer_of(reply: Reply) -> str:
    """Who wrote a reply, without the name of a model."""
    known = {EXTRACTIVE: "extractive", REVIEWED: "reviewed", FIXED_WORDING: "fixed"}
    return known.get(reply.provenance.model, WRITERS[0])


def _combined(labels: Iterable[Iterable[str]]) -> Iterable[tuple[str, ...]]:
    from itertools import product

    return product(*labels)
