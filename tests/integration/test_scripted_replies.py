"""What each reply of the scripted provider becomes on the other side, for the client that Footnote uses."""

import json

import openai
import pytest
from langchain_core.exceptions import ContextOverflowError

from tests.scripted_provider import (
    Breaks,
    Cuts,
    Fails,
    Refuses,
    Reply,
    Says,
    ScriptedProvider,
    Sends,
    always,
    bad_gateway,
    filtered,
    garbled,
    out_of_quota,
    rate_limited,
    serving,
    too_long,
    unknown_model,
    wrong_key,
)
from tests.scripted_provider.asking import KEY, asked_both_ways, client, joined, streamed

TEXT = "Rituximab was given – 500 mg/m² twice.\nIt helped.  "


@pytest.mark.parametrize("text", [TEXT, "", " \n ", "I can't help with that."])
@pytest.mark.parametrize("chunks", [1, 7, 1000])
async def test_a_text_arrives_as_it_is_whole_and_streamed(text: str, chunks: int) -> None:
    async with serving(always(Says(text, chunks=chunks))) as provider:
        for answer in await asked_both_ways(client(provider)):
            assert answer.content == text
            assert answer.response_metadata["finish_reason"] == "stop"


async def test_a_text_is_streamed_in_the_pieces_that_the_script_gives() -> None:
    async with serving([Says("Ritu–ximab", chunks=("Ritu", "–xi", "mab"))]) as provider:
        pieces = [chunk.content for chunk in await streamed(client(provider))]
    assert [piece for piece in pieces if piece] == ["Ritu", "–xi", "mab"]


def test_pieces_that_are_not_the_text_are_refused() -> None:
    with pytest.raises(ValueError, match="must be the text"):
        Says("Rituximab", chunks=("Ritu",))
    with pytest.raises(ValueError, match="at least one character"):
        Says("Rituximab", chunks=0)


async def test_usage_comes_with_a_whole_answer_and_with_a_stream_only_if_asked_for() -> None:
    async with serving(always(Says("12345678"))) as provider:
        model = client(provider)
        whole = (await model.ainvoke("1234")).usage_metadata
        with_usage = joined(await streamed(model, usage=True)).usage_metadata
        without = joined(await streamed(model)).usage_metadata
    assert whole is not None
    assert with_usage is not None
    assert (whole["input_tokens"], whole["output_tokens"], whole["total_tokens"]) == (1, 2, 3)
    assert with_usage["output_tokens"] == 2
    assert without is None


async def test_a_provider_may_keep_its_usage_to_itself() -> None:
    async with serving(always(Says("Yes.", usage=False))) as provider:
        model = client(provider)
        assert (await model.ainvoke("?")).usage_metadata is None
        assert joined(await streamed(model, usage=True)).usage_metadata is None


@pytest.mark.parametrize("finish", ["length", "content_filter"])
async def test_the_reason_of_the_end_is_told(finish: str) -> None:
    async with serving(always(Says("Rituximab was", finish=finish))) as provider:
        for answer in await asked_both_ways(client(provider)):
            assert (answer.content, answer.response_metadata["finish_reason"]) == ("Rituximab was", finish)


async def test_a_stream_may_end_without_done_and_without_a_reason() -> None:
    async with serving([Says("Yes.", done=False), Says("Yes.", done=False, finish=None)]) as provider:
        model = client(provider)
        named, silent = joined(await streamed(model)), joined(await streamed(model))
    assert (named.content, named.response_metadata["finish_reason"]) == ("Yes.", "stop")
    assert silent.content == "Yes."
    assert "finish_reason" not in silent.response_metadata


async def test_a_refusal_comes_in_its_own_field_and_leaves_the_content_empty() -> None:
    async with serving(always(Refuses("I won't."))) as provider:
        whole, stream = await asked_both_ways(client(provider))
        raw = await raw_stream(provider)
    assert (whole.content, whole.additional_kwargs["refusal"]) == ("", "I won't.")
    assert stream.content == ""
    assert "".join(chunk.choices[0].delta.refusal or "" for chunk in raw) == "I won't."


async def raw_stream(provider: ScriptedProvider) -> list[openai.types.chat.ChatCompletionChunk]:
    """The events as the vendor's own package reads them: LangChain drops some fields."""
    async with openai.AsyncOpenAI(base_url=provider.url, api_key=KEY, max_retries=0) as raw:
        stream = await raw.chat.completions.create(
            model="any", messages=[{"role": "user", "content": "?"}], stream=True
        )
        return [chunk async for chunk in stream]


@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize(
    ("reply", "error", "status", "code"),
    [
        (rate_limited(retry_after=2), openai.RateLimitError, 429, "rate_limit_exceeded"),
        (out_of_quota(), openai.RateLimitError, 429, "insufficient_quota"),
        (Fails(500), openai.InternalServerError, 500, None),
        (Fails(503), openai.InternalServerError, 503, None),
        (bad_gateway(), openai.InternalServerError, 502, None),
        (wrong_key(), openai.AuthenticationError, 401, "invalid_api_key"),
        (unknown_model("gone"), openai.NotFoundError, 404, "model_not_found"),
        (too_long(), openai.BadRequestError, 400, "context_length_exceeded"),
        (filtered(), openai.BadRequestError, 400, "content_filter"),
        (Fails(418), openai.APIStatusError, 418, None),
    ],
)
async def test_an_error_has_its_status_and_code(
    reply: Reply, error: type[openai.APIStatusError], status: int, code: str | None, streams: bool
) -> None:
    async with serving([reply]) as provider:
        with pytest.raises(error) as caught:
            await asked_both_ways(client(provider), ways=(streams,))
    assert (caught.value.status_code, caught.value.code) == (status, code)


async def test_a_limited_client_is_told_how_long_to_wait() -> None:
    async with serving([rate_limited(retry_after=1.5), rate_limited()]) as provider:
        waits = []
        for _ in range(2):
            with pytest.raises(openai.RateLimitError) as caught:
                await client(provider).ainvoke("?")
            waits.append(caught.value.response.headers.get("Retry-After"))
    assert waits == ["1.5", None]


async def test_a_prompt_that_is_too_long_is_known_by_its_code_only() -> None:
    """The client has an error class for it, but looks for the code in the message, where it no longer stands."""
    async with serving([too_long()]) as provider:
        with pytest.raises(openai.BadRequestError) as caught:
            await client(provider).ainvoke("?")
    assert not isinstance(caught.value, ContextOverflowError)
    assert caught.value.code == "context_length_exceeded"


@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize("finish", [None, "stop"])
async def test_a_connection_may_end_in_the_middle(finish: str | None, streams: bool) -> None:
    async with serving([Cuts(TEXT, finish=finish), Says("Again.")]) as provider:
        model = client(provider)
        with pytest.raises(openai.APIConnectionError):
            await asked_both_ways(model, ways=(streams,))
        assert (await model.ainvoke("?")).content == "Again."


@pytest.mark.parametrize(("finish", "arrived"), [(None, TEXT[:48]), ("stop", TEXT)])
async def test_what_came_before_the_cut_arrives(finish: str | None, arrived: str) -> None:
    seen, reasons = "", []

    async def read(provider: ScriptedProvider) -> None:
        nonlocal seen
        async for chunk in client(provider).astream("?"):
            seen += str(chunk.content)
            reasons.append(chunk.response_metadata.get("finish_reason"))

    async with serving([Cuts(TEXT, finish=finish)]) as provider:
        with pytest.raises(openai.APIConnectionError):
            await read(provider)
    assert seen == arrived
    assert ("stop" in reasons) == (finish == "stop")


async def test_an_error_may_come_in_the_middle_of_a_stream_or_as_a_success() -> None:
    async with serving(always(Breaks("Rituximab was", message="Out of memory."))) as provider:
        with pytest.raises(openai.APIError, match="Out of memory"):
            await streamed(client(provider))
        with pytest.raises(ValueError, match="Out of memory"):
            await client(provider).ainvoke("?")


@pytest.mark.parametrize("streams", [False, True])
async def test_half_a_json_object_is_no_answer(streams: bool) -> None:
    async with serving(garbled) as provider:
        with pytest.raises(json.JSONDecodeError):
            await asked_both_ways(client(provider), ways=(streams,))


async def test_any_bytes_may_be_the_body() -> None:
    page = Sends(b"<html>Please log in</html>", content_type="text/html")
    async with serving([page, Sends(b'{"choices": null}')]) as provider:
        with pytest.raises(ValueError, match="Unexpected response type"):
            await client(provider).ainvoke("?")
        with pytest.raises(TypeError, match="null value for 'choices'"):
            await client(provider).ainvoke("?")
