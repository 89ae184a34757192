"""Puts the metrics around everything that happens, from outside: what is measured knows nothing of it."""

import logging
import platform
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from bot import __version__
from bot.answering.allowance import Allowance, Ledger
from bot.answering.language_model import LanguageModel, Piece
from bot.bootstrap.models import Models, open_models, wrap_models
from bot.channels.logs import about_question, told
from bot.channels.status.metrics import Metrics
from bot.domain.answers import Abstention, Answer
from bot.domain.errors import ModelError
from bot.domain.glossary import Glossary
from bot.domain.inbox import Arrival
from bot.domain.messages import IncomingMessage, Reply
from bot.domain.progress import Listener, Respond
from bot.domain.stages import ended
from bot.prompts import PromptSet
from bot.settings import EXTRACTIVE, Settings
from bot.stores.inbox import Inbox

if TYPE_CHECKING:
    from langchain_core.callbacks import AsyncCallbackHandler
    from langchain_core.language_models import BaseChatModel

    from bot.channels.status.traces import Trace, Traces
    from bot.channels.telegram.office import Stores

log = logging.getLogger(__name__)

OK, ABANDONED = "ok", "abandoned"


@dataclass(frozen=True, kw_only=True)
class Measuring:
    """One for a process. `last` is how the last call of each model's role ended, by role; `traces`: where they go."""

    metrics: Metrics
    last: dict[str, str] = field(default_factory=dict)
    traces: "Traces | None" = None
    _allowances: dict[int, Allowance] = field(default_factory=dict, init=False, repr=False)

    def begin(self, settings: Settings) -> None:
        """Say what runs."""
        composer = EXTRACTIVE if settings.model == EXTRACTIVE else "language_model"
        self.metrics.runs(version=__version__, python=platform.python_version(), composer=composer)

    def respond(self, respond: Respond) -> Respond:
        """The same, with every reply counted and logged."""

        async def measured(message: IncomingMessage, listener: Listener | None = None) -> Reply:
            with about_question(message.answer_id), self._tracing() as trace:
                reply = await respond(message, listener)
                self.metrics.answered(reply)
                _log(reply)
                if trace is not None:
                    trace.answered(reply)
            return reply

        return measured

    def _tracing(self) -> "AbstractContextManager[Trace | None]":
        return nullcontext() if self.traces is None else self.traces.question()

    def stores(self, stores: "Stores") -> "Stores":
        """The same, with an inbox that counts."""
        assert isinstance(stores.inbox, Inbox)
        return replace(stores, inbox=_CountingInbox(stores.inbox, self.metrics))

    def open_models(
        self, settings: Settings, glossary: Glossary, words: PromptSet, allowance: Allowance | None
    ) -> Models:
        """The language models of the settings, each call measured."""
        opened = open_models(settings, glossary, words, self._counted(allowance) if allowance else None)
        return wrap_models(opened, streaming=self.model, chat=self._overheard)

    def model(self, model: LanguageModel, role: str) -> LanguageModel:
        """The same model, measured."""
        return _MeasuredModel(model=model, role=role, measuring=self)

    def asked(self, role: str, outcome: str, seconds: float) -> None:
        """A call of a model has ended. What wasn't waited for tells nothing of the model."""
        self.metrics.asked_model(role, outcome, seconds)
        ended(f"language model: {role}", time.perf_counter() - seconds)
        if outcome != ABANDONED:
            self.last[role] = outcome
        log.info("a language model was called", extra=told(role=role, outcome=outcome, ms=round(seconds * 1000)))

    def _counted(self, allowance: Allowance) -> Allowance:
        """One for each, however often the models are opened anew: it remembers what its ledger couldn't take."""
        if id(allowance) not in self._allowances:
            ledger = _CountingLedger(allowance.ledger, self.metrics)
            self._allowances[id(allowance)] = replace(allowance, ledger=ledger)
        return self._allowances[id(allowance)]

    def _overheard(self, model: "BaseChatModel") -> "BaseChatModel":
        return model.model_copy(update={"callbacks": [self._hearing("rewriter")]})

    def _hearing(self, role: str) -> "AsyncCallbackHandler":
        """Hears of the calls of a chat model that nobody wraps."""
        from langchain_core.callbacks import AsyncCallbackHandler

        from bot.providers.faults import diagnose

        begun: dict[UUID, float] = {}
        asked = self.asked

        class Hearing(AsyncCallbackHandler):
            async def on_chat_model_start(self, *_: Any, run_id: UUID, **__: Any) -> None:
                begun[run_id] = time.perf_counter()

            async def on_llm_end(self, *_: Any, run_id: UUID, **__: Any) -> None:
                asked(role, OK, time.perf_counter() - begun.pop(run_id, time.perf_counter()))

            async def on_llm_error(self, error: BaseException, *, run_id: UUID, **_: Any) -> None:
                outcome = diagnose(error).fault.value if isinstance(error, Exception) else ABANDONED
                asked(role, outcome, time.perf_counter() - begun.pop(run_id, time.perf_counter()))

        return Hearing()


@dataclass(frozen=True, kw_only=True)
class _MeasuredModel:
    model: LanguageModel
    role: str
    measuring: Measuring

    @property
    def name(self) -> str:
        return self.model.name

    async def stream(self, system: str, user: str) -> AsyncGenerator[Piece]:
        began, outcome = time.perf_counter(), ABANDONED
        pieces = self.model.stream(system, user)
        try:
            async for piece in pieces:
                yield piece
            outcome = OK
        except GeneratorExit:
            outcome = OK  # Who asked has read enough.
            raise
        except ModelError as error:
            outcome = error.fault.value
            raise
        finally:
            self.measuring.asked(self.role, outcome, time.perf_counter() - began)
            await pieces.aclose()


class _CountingLedger:
    def __init__(self, ledger: Ledger, metrics: Metrics) -> None:
        self._ledger = ledger
        self._metrics = metrics
        self.spent = ledger.spent

    async def add(self, user: str, day: Any, tokens: int) -> None:
        self._metrics.spent(tokens)  # First, since they are paid for even where the ledger can't be written.
        await self._ledger.add(user, day, tokens)


class _CountingInbox(Inbox):
    """The same inbox. What comes twice is counted once."""

    def __init__(self, inbox: Inbox, metrics: Metrics) -> None:
        self.__dict__.update(inbox.__dict__)
        self._metrics = metrics

    async def accept(self, arrival: Arrival, *, worker: str = "", hold: timedelta = timedelta(0)) -> bool:
        accepted = await super().accept(arrival, worker=worker, hold=hold)
        if accepted:
            self._metrics.arrived(arrival.kind)
        return accepted

    async def bury(self, id: int, reason: str) -> None:  # noqa: A002 - as the inbox calls it
        await super().bury(id, reason)
        self._metrics.gave_up()


def _log(reply: Reply) -> None:
    outcome, checked = reply.outcome, reply.provenance.checked
    counts: dict[str, int] = {}
    for claim in checked:
        label = claim.support.value.lower()
        counts[label] = counts.get(label, 0) + 1
    withheld = outcome.withheld if isinstance(outcome, Answer | Abstention) else 0
    took: Mapping[str, float] = {stage: round(ms, 1) for stage, ms in reply.timings_ms.items()}
    log.info("answered", extra=told(kind=str(outcome.kind), ms=took, verdicts=counts, withheld=withheld))
