"""The log: one object or one line an event, with its question's id, and nothing that somebody wrote."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from bot.channels.logs import about_question, begin_question, log_failure, set_up_logs, told

log = logging.getLogger("bot.test")
foreign = logging.getLogger("somebody.else")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("bot")
    before = root.handlers[:], root.level, ours.level
    yield
    root.handlers[:], level, ours_level = before
    root.setLevel(level)
    ours.setLevel(ours_level)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_object_with_its_fields() -> None:
    stream = io.StringIO()
    set_up_logs(as_json=True, stream=stream)
    log.info("answered", extra=told(kind="answer", ms={"retrieve": 3.5}))

    (event,) = lines(stream)
    assert event["time"].endswith("+00:00")
    assert event["level"] == "info"
    assert event["logger"] == "bot.test"
    assert event["event"] == "answered"
    assert event["ms"] == {"retrieve": 3.5}


async def test_lines_carry_the_id_of_their_question_through_tasks_and_threads() -> None:
    stream = io.StringIO()
    set_up_logs(as_json=True, stream=stream)

    async def work(question: str) -> None:
        begin_question(question)
        await asyncio.to_thread(log.info, "in a thread")
        with about_question("another"):
            await asyncio.create_task(asyncio.to_thread(log.info, "in a task"))

    await asyncio.gather(asyncio.create_task(work("q1")), asyncio.create_task(work("q2")))
    log.info("in nobody's")

    events = lines(stream)
    assert sorted((event.get("question", ""), event["event"]) for event in events) == [
        ("", "in nobody's"),
        ("q1", "in a task"),
        ("q1", "in a thread"),
        ("q2", "in a task"),
        ("q2", "in a thread"),
    ]


@pytest.mark.parametrize("as_json", [True, False])
def test_an_error_is_told_by_kind_and_place_and_never_by_its_text(as_json: bool) -> None:
    stream = io.StringIO()
    set_up_logs(as_json=as_json, stream=stream)
    try:
        int("my son Xaver has JDM")
    except ValueError as error:
        log.exception("a step failed")
        log_failure(log, "another step failed", error)
        foreign.exception("Task failed: %s\nfuture: Xaver", "Xaver")

    said = stream.getvalue()
    assert "Xaver" not in said
    assert said.count("ValueError") == 3
    assert said.count("test_logs.py:") == 3
    assert len(said.splitlines()) == 3


@pytest.mark.parametrize(
    ("secret", "rest"),
    [
        ("123456789:AAHsomething-very_secret-0123456789", ""),
        ("sk-abcdefghijklmnopqrstuvwx", ""),
        ("ada:sesame", "postgresql://{}@db.example/footnote"),
    ],
)
def test_secrets_that_got_into_a_line_are_taken_out(secret: str, rest: str) -> None:
    stream = io.StringIO()
    set_up_logs(as_json=False, stream=stream)
    log.warning("it failed: %s", rest.format(secret) if rest else secret)

    assert secret not in stream.getvalue()
    assert "<secret>" in stream.getvalue()


def test_text_tells_of_warnings_alone_and_each_is_counted() -> None:
    stream, counted = io.StringIO(), list[str]()
    set_up_logs(as_json=False, count=counted.append, stream=stream)
    log.info("all is well")
    log.warning("hm")
    foreign.error("oh")

    assert [line.split(" ", 2)[2] for line in stream.getvalue().splitlines()] == ["WARNING hm", "ERROR oh"]
    assert counted == ["warning", "error"]
