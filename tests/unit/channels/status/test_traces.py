"""One trace a question, with a span for each step and no word of anybody; a collector that is away costs nothing."""

import asyncio
import logging
import socket
import threading
import time
from dataclasses import replace

import pytest

from bot.bootstrap.measuring import Measuring
from bot.channels.status.metrics import Metrics
from bot.channels.status.traces import Traces
from bot.domain.messages import IncomingMessage, Reply
from bot.domain.progress import Listener
from bot.domain.stages import ended
from tests.collector import Collector, attributes
from tests.unit.stores.replies import a_reply

ID = "AnswerId-of-96-bits"
MESSAGE = IncomingMessage(conversation="telegram:77", text="What of Xaverine?", user="telegram:515", answer_id=ID)


async def respond(message: IncomingMessage, listener: Listener | None = None) -> Reply:
    began = time.perf_counter()
    ended("triage", began)
    await asyncio.create_task(searching())
    reply = a_reply("telegram:77", question="What of Xaverine?")
    return replace(reply, provenance=replace(reply.provenance, answer_id=ID))


async def searching() -> None:
    """As the graph does it: in a task of its own."""
    await asyncio.to_thread(ended, "retrieve", time.perf_counter())


async def fails(message: IncomingMessage, listener: Listener | None = None) -> Reply:
    raise RuntimeError("What of Xaverine?")


def answers(traces: Traces, *questions: IncomingMessage) -> None:
    measured = Measuring(metrics=Metrics(), traces=traces).respond(respond)

    async def ask() -> None:
        await asyncio.gather(*(measured(question) for question in questions))

    asyncio.run(ask())


def test_a_question_is_one_trace_with_its_steps_within_their_time_and_the_id_of_the_log() -> None:
    with Collector() as collector:
        traces = Traces(url=collector.url)
        before = time.time_ns()
        answers(traces, MESSAGE, MESSAGE)
        after = time.time_ns()
        traces.close()
        collector.waits(lambda: len(collector.spans()) == 6)

    spans = collector.spans()
    roots = [span for span in spans if not span.parent_span_id]
    assert [root.name for root in roots] == ["question", "question"]
    assert len({root.trace_id for root in roots}) == 2
    for root in roots:
        steps = [span for span in spans if span.trace_id == root.trace_id and span.parent_span_id]
        assert sorted(span.name for span in steps) == ["retrieve", "triage"]
        assert {span.parent_span_id for span in steps} == {root.span_id}
        told = attributes(root)
        assert told.pop("footnote.answer_id") == ID
        assert told == {"footnote.kind": "answer", "footnote.writer": "extractive", "footnote.withheld": 0}
        for span in (root, *steps):
            # The two clocks agree to well under a millisecond.
            assert before - 1e6 <= span.start_time_unix_nano <= span.end_time_unix_nano <= after + 1e6
    (resource,) = {tuple(sorted(one.items())) for one in collector.resources()}
    assert dict(resource)["service.name"] == "footnote"
    sent = b"".join(collector.bodies)
    assert all(word not in sent for word in (b"Xaverine", b"telegram", b"515", b"77:"))
    assert {headers["Content-Type"] for headers in collector.headers} == {"application/x-protobuf"}


def test_what_fails_is_marked_by_its_kind_and_not_by_its_words() -> None:
    with Collector() as collector:
        traces = Traces(url=collector.url)
        with pytest.raises(RuntimeError):
            asyncio.run(fail_measured(traces))
        traces.close()
        collector.waits(collector.spans)
    (root,) = collector.spans()
    assert attributes(root) == {"error.type": "RuntimeError"}
    assert root.status.code == root.status.STATUS_CODE_ERROR
    assert b"Xaverine" not in b"".join(collector.bodies)


async def fail_measured(traces: Traces) -> None:
    await Measuring(metrics=Metrics(), traces=traces).respond(fails)(MESSAGE)


def test_the_environment_of_another_program_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "user.name=Xaverine")
    monkeypatch.setenv("OTEL_SERVICE_NAME", "another")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "secret=of-another")
    with Collector() as collector:
        traces = Traces(url=collector.url)
        answers(traces, MESSAGE)
        traces.close()
        collector.waits(lambda: len(collector.spans()) == 3)
    (resource,) = collector.resources()
    assert set(resource) == {"service.name", "service.version", "service.instance.id"}
    assert resource["service.name"] == "footnote"
    assert "secret" not in collector.headers[0]


def test_a_collector_that_is_away_is_told_once_until_it_is_back(caplog: pytest.LogCaptureFixture) -> None:
    def told() -> list[str]:
        return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]

    with Collector() as collector:
        traces = Traces(url=collector.url, every_s=0.01)
        collector.status = 503
        answers(traces, MESSAGE)
        collector.waits(lambda: len(collector.requests) == 1)
        answers(traces, MESSAGE)
        collector.waits(lambda: len(collector.requests) >= 2)
        collector.status = 200
        answers(traces, MESSAGE)
        collector.waits(lambda: len(collector.requests) >= 3)
    answers(traces, MESSAGE)
    traces.close()
    assert [line for line in told() if "503" in line] == [
        "Traces can't be sent (it answers with status 503); check FOOTNOTE_TRACES_URL. Answers don't wait for them"
    ]


def test_a_collector_that_never_answers_holds_up_neither_answer_nor_stop() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        traces = Traces(url=f"http://127.0.0.1:{silent.getsockname()[1]}/v1/traces", every_s=0.01)
        answers(traces, MESSAGE)
        traces.close()
        assert [thread for thread in threading.enumerate() if thread.name == "traces"], "it waited for the collector"
