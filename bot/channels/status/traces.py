"""Sends traces to the operator's own collector, as OpenTelemetry has them: OTLP over HTTP, in protobuf.

A trace is one question: its answer's id, its kind, who wrote it, and when each step began and ended. It never holds a
text, a name, or a number of a user or chat. Nothing here reads the environment, so that no variable of another program
sends them elsewhere; the provider is no global one, so that no library's traces join them.
"""

import logging
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import Span, StatusCode, set_span_in_context

from bot import __version__
from bot.channels.status.metrics import kind_of, writer_of
from bot.domain.answers import Abstention, Answer
from bot.domain.messages import Reply
from bot.domain.stages import watching

log = logging.getLogger(__name__)

EVERY_S, PATIENCE_S, CLOSE_S = 2.0, 2.0, 0.5
"""Seconds between two sendings, that the collector has to answer, and that the last sending may hold up the stop."""
MOST_WAITING, MOST_AT_ONCE = 2048, 512


@dataclass(kw_only=True)
class Traces:
    """Where traces go. Made once, closed at the end."""

    url: str
    every_s: float = EVERY_S
    _provider: TracerProvider = field(init=False)

    def __post_init__(self) -> None:
        instance = secrets.token_hex(8)
        told = {"service.name": "footnote", "service.version": __version__, "service.instance.id": instance}
        self._provider = TracerProvider(resource=Resource(told), sampler=ALWAYS_ON, shutdown_on_exit=False)
        processor = BatchSpanProcessor(
            _Exporter(self.url),
            max_queue_size=MOST_WAITING,
            schedule_delay_millis=self.every_s * 1000,
            max_export_batch_size=MOST_AT_ONCE,
            export_timeout_millis=PATIENCE_S * 1000,
        )
        self._provider.add_span_processor(processor)

    @contextmanager
    def question(self) -> Iterator["Trace"]:
        """The trace of what is answered within, with a span for each step. What fails is marked as failed."""
        tracer = self._provider.get_tracer("footnote")
        offset = time.time_ns() - time.perf_counter_ns()
        root = tracer.start_span("question")
        inside = set_span_in_context(root)

        def step(name: str, began: float, now: float) -> None:
            span = tracer.start_span(name, context=inside, start_time=offset + round(began * 1e9))
            span.end(offset + round(now * 1e9))

        try:
            with watching(step):
                yield Trace(root)
        except BaseException as error:
            root.set_attribute("error.type", type(error).__name__)
            root.set_status(StatusCode.ERROR)
            raise
        finally:
            root.end()

    def close(self) -> None:
        """Send what is left, unless the collector takes too long."""
        ending = threading.Thread(target=self._provider.shutdown, name="traces", daemon=True)
        ending.start()
        ending.join(CLOSE_S)


@dataclass(frozen=True)
class Trace:
    """The trace of one question, as long as it is answered."""

    _root: Span

    def answered(self, reply: Reply) -> None:
        """The question has its reply: kinds, counts, and the id under which the log tells of it."""
        outcome = reply.outcome
        withheld = outcome.withheld if isinstance(outcome, Answer | Abstention) else 0
        self._root.set_attributes(
            {
                "footnote.answer_id": reply.provenance.answer_id,
                "footnote.kind": kind_of(reply),
                "footnote.writer": writer_of(reply),
                "footnote.withheld": withheld,
            }
        )


class _Exporter(SpanExporter):
    """Posts spans. What can't be sent is lost, and told once until it works again; no question waits for it."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(timeout=PATIENCE_S, trust_env=False)
        self._url = url
        self._failing = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        body = encode_spans(spans).SerializeToString()
        try:
            response = self._client.post(self._url, content=body, headers={"Content-Type": "application/x-protobuf"})
            reason = "" if response.is_success else f"it answers with status {response.status_code}"
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = type(error).__name__
        if reason and not self._failing:
            log.warning("Traces can't be sent (%s); check FOOTNOTE_TRACES_URL. Answers don't wait for them", reason)
        self._failing = bool(reason)
        return SpanExportResult.FAILURE if reason else SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        self._client.close()
