"""A chat model as a stream of pieces: text as it comes, its cost at the end, and no other error than a ModelError."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from langchain_core.messages import AIMessageChunk
from pydantic import SecretStr

from bot.answering.language_model import Piece
from bot.domain.errors import ModelError, ModelFault
from bot.providers.models import Connection
from bot.providers.streaming import StreamingModel, open_streaming
from tests.scripted_model import ScriptedModel
from tests.scripted_provider import (
    Breaks,
    Cuts,
    Fails,
    Hangs,
    Refuses,
    Reply,
    Request,
    Says,
    ScriptedProvider,
    Sends,
    always,
    filtered,
    rate_limited,
    serving,
    wrong_key,
)

KEY, QUESTION = "sk-very-secret", "Which drug for Ada?"
TEXT = "Rituximab was given – 500 mg/m² twice.\n"
EVENTS = "text/event-stream"


def model_of(provider: ScriptedProvider, patience: float = 10) -> StreamingModel:
    return open_streaming("openai:any", Connection(url=provider.url, key=SecretStr(KEY), patience=patience), 0.0)


async def read(model: StreamingModel) -> list[Piece]:
    return [piece async for piece in model.stream("Be brief.", QUESTION)]


async def failing(model: StreamingModel) -> tuple[str, ModelError]:
    """What was said before it failed, and the failure."""
    said: list[str] = []

    async def listen() -> None:
        async for piece in model.stream("Be brief.", QUESTION):
            said.append(piece.text)  # noqa: PERF401 - what came before the error counts

    with pytest.raises(ModelError) as caught:
        await listen()
    return "".join(said), caught.value


async def test_the_text_comes_as_it_is_written_and_its_cost_at_the_end() -> None:
    async with serving([Says(TEXT, chunks=7)]) as provider:
        *pieces, last = await read(model_of(provider))
        (request,) = provider.asked
    assert "".join(piece.text for piece in pieces) == TEXT
    assert len(pieces) == -(-len(TEXT) // 7)
    assert all(piece == Piece(text=piece.text) for piece in pieces)
    used = -(-len(request.text) // 4) + -(-len(TEXT) // 4)
    assert last == Piece(text="", tokens=used, ended=True)
    assert request.messages == (("system", "Be brief."), ("user", QUESTION))
    assert request.body["temperature"] == 0.0
    assert request.key == KEY


@pytest.mark.parametrize(
    ("reply", "ended", "counted"),
    [
        (Says(TEXT, usage=False), True, False),
        (Says(TEXT, finish="length"), True, True),
        (Says(TEXT, finish=None, done=False), False, True),
    ],
)
async def test_the_end_says_what_the_provider_said(reply: Reply, ended: bool, counted: bool) -> None:
    async with serving([reply]) as provider:
        last = (await read(model_of(provider)))[-1]
    assert (last.ended, last.tokens > 0) == (ended, counted)


@pytest.mark.parametrize(
    ("reply", "fault", "said"),
    [
        (rate_limited(retry_after=4), ModelFault.RATE_LIMITED, ""),
        (wrong_key(), ModelFault.WRONG_KEY, ""),
        (filtered(), ModelFault.REFUSED, ""),
        (Says("Rituximab", finish="content_filter"), ModelFault.REFUSED, "Rituximab"),
        (Says(""), ModelFault.EMPTY, ""),
        (Says(" \n "), ModelFault.EMPTY, " \n "),
        (Refuses("I won't."), ModelFault.EMPTY, ""),  # LangChain drops the field that says so in a stream
        (Breaks("Rituximab"), ModelFault.SERVER, "Rituximab"),
        (Cuts("Rituximab", finish=None), ModelFault.UNREACHABLE, ""),
        (Cuts(TEXT, finish=None), ModelFault.CUT, TEXT[:24]),
    ],
)
async def test_a_failure_is_told_also_after_a_part_of_the_text(reply: Reply, fault: ModelFault, said: str) -> None:
    async with serving([reply]) as provider:
        before, error = await failing(model_of(provider))
        assert len(provider.asked) == 1  # whoever asks decides about a second try
    assert (error.fault, before) == (fault, said)
    assert error.retry_after == (4 if fault is ModelFault.RATE_LIMITED else None)


async def test_a_text_that_has_ended_is_whole_whatever_happens_to_the_connection_then() -> None:
    async with serving([Cuts(TEXT, finish="stop")]) as provider:
        pieces = await read(model_of(provider))
    assert "".join(piece.text for piece in pieces) == TEXT
    assert pieces[-1].ended


@pytest.mark.filterwarnings("ignore:Pydantic serializer")
@pytest.mark.parametrize("usage", ["-5", '"many"', "null", "{}"])
async def test_a_strange_count_gives_nobody_tokens_and_costs_no_answer(usage: str) -> None:
    body = (
        'data: {"choices": [{"index": 0, "delta": {"content": "Yes."}, "finish_reason": "stop"}]}\n\n'
        f'data: {{"choices": [], "usage": {{"total_tokens": {usage}, "prompt_tokens": 1, "completion_tokens": 1}}}}\n\n'
    )
    async with serving([Sends(body.encode(), content_type=EVENTS)]) as provider:
        pieces = await read(model_of(provider))
    assert "".join(piece.text for piece in pieces) == "Yes."
    assert pieces[-1].tokens >= 0


@pytest.mark.parametrize("after", [None, "Rituximab"])
async def test_silence_is_given_up_and_the_connection_closed(after: str | None) -> None:
    async with serving([Hangs(after=after)]) as provider:
        before, error = await failing(model_of(provider, patience=0.2))
        await provider.until(lambda p: p.left == 1)
    assert (error.fault, before) == (ModelFault.TIMEOUT, after or "")


async def test_a_reader_that_stops_early_closes_the_connection() -> None:
    async with serving([Hangs(after=TEXT)]) as provider:
        stream = model_of(provider).stream("Be brief.", QUESTION)
        assert (await anext(stream)).text == TEXT[:24]
        await stream.aclose()
        await provider.until(lambda p: p.left == 1)


async def test_a_turn_that_is_cancelled_closes_the_connection_and_stays_cancelled() -> None:
    async with serving([Hangs(after=TEXT)]) as provider:
        said, heard = "", asyncio.Event()

        async def listen() -> None:
            nonlocal said
            async for piece in model_of(provider).stream("Answer.", QUESTION):
                said += piece.text
                if said == TEXT:
                    heard.set()

        reading = asyncio.create_task(listen())
        # In the silence: a chunk that comes at the same moment may swallow a cancellation (`asyncio.wait_for` of 3.11).
        await heard.wait()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        await provider.until(lambda p: p.left == 1)


async def test_no_error_and_no_log_holds_the_question_or_the_key(caplog: pytest.LogCaptureFixture) -> None:
    def echo(request: Request) -> Reply:
        return Fails(400, message=f"{request.text} {request.key}")

    caplog.set_level(logging.DEBUG)
    async with serving([echo, Breaks("Hm", message=f"{QUESTION} {KEY}"), Hangs(), Says(TEXT)]) as provider:
        model = model_of(provider, patience=0.2)
        errors = [(await failing(model))[1] for _ in range(3)]
        await read(model)
    told = "".join("".join(traceback.format_exception(error)) for error in errors)
    logged = " ".join(f"{record.getMessage()} {record.exc_text}" for record in caplog.records)
    for secret in (KEY, QUESTION, "Rituximab"):
        assert secret not in told
        assert secret not in logged
    assert [error.fault for error in errors] == [ModelFault.OTHER, ModelFault.SERVER, ModelFault.TIMEOUT]


async def test_the_key_is_in_no_picture_of_the_model() -> None:
    async with serving(always(Says(TEXT))) as provider:
        assert KEY not in repr(model_of(provider))


# What only other vendors do


class Played(ScriptedModel):
    """Gives chunks as they are, or raises; `on_close` runs when the stream is closed."""

    chunks: list[Any] = []  # noqa: RUF012 - pydantic copies it
    on_close: Callable[[], None] = lambda: None

    async def astream(self, *args: Any, **kwargs: Any) -> AsyncIterator[AIMessageChunk]:
        try:
            for chunk in self.chunks:
                if isinstance(chunk, Exception):
                    raise chunk
                yield chunk
        finally:
            self.on_close()


def played(*chunks: AIMessageChunk | Exception, on_close: Callable[[], None] = lambda: None) -> StreamingModel:
    return StreamingModel(name="other", model=Played(chunks=list(chunks), on_close=on_close))


def chunk(text: str, **about: Any) -> AIMessageChunk:
    return AIMessageChunk(content=text, response_metadata=about)


@pytest.mark.parametrize(
    "about", [{"finish_reason": "SAFETY"}, {"stop_reason": "refusal"}, {"finish_reason": "content_filter"}]
)
async def test_every_vendors_word_for_a_refusal_is_known(about: dict[str, str]) -> None:
    said, error = await failing(played(chunk("Well"), chunk("", **about)))
    assert (said, error.fault) == ("Well", ModelFault.REFUSED)
    refusing = AIMessageChunk(content="", additional_kwargs={"refusal": "I won't."})
    assert (await failing(played(chunk("Well"), refusing)))[1].fault is ModelFault.REFUSED


@pytest.mark.parametrize("about", [{"finish_reason": "stop"}, {"stop_reason": "end_turn"}, {"done_reason": "length"}])
async def test_every_vendors_word_for_the_end_is_known(about: dict[str, str]) -> None:
    assert (await read(played(chunk("Yes."), chunk("", **about))))[-1].ended


async def test_tokens_that_come_in_parts_are_added_up() -> None:
    parts = [
        AIMessageChunk(content="a", usage_metadata={"input_tokens": 7, "output_tokens": 0, "total_tokens": 7}),
        AIMessageChunk(content="b", usage_metadata={"input_tokens": 0, "output_tokens": 2, "total_tokens": 2}),
    ]
    assert (await read(played(*parts)))[-1].tokens == 9


async def test_content_in_blocks_is_read_as_text_without_the_reasoning() -> None:
    blocks = AIMessageChunk(content=[{"type": "reasoning", "reasoning": "Hm"}, {"type": "text", "text": "Yes."}])
    assert "".join(piece.text for piece in await read(played(blocks))) == "Yes."


@pytest.mark.parametrize(
    "error", [RuntimeError("x"), KeyError("x"), OSError("x"), StopIteration(), ExceptionGroup("x", [OSError()])]
)
async def test_whatever_a_package_raises_is_a_model_error(error: Exception) -> None:
    assert (await failing(played(error)))[1].fault in set(ModelFault)


async def test_an_error_while_closing_replaces_nothing() -> None:
    def fail() -> None:
        raise RuntimeError("can't be closed")

    stream = played(chunk("a"), chunk("b"), on_close=fail).stream("Be brief.", QUESTION)
    assert (await anext(stream)).text == "a"
    await stream.aclose()
