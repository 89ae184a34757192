"""The scripted provider, asked by the client that Footnote uses: what each reply becomes on the other side."""

import asyncio
import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import openai
import pytest
from langchain_core.exceptions import ContextOverflowError
from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from tests.scripted_provider import (
    Breaks,
    Cuts,
    Fails,
    Hangs,
    Refuses,
    Reply,
    Request,
    Says,
    Script,
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
from tests.scripted_provider.reading import ScriptError, read_scripts

ROOT = Path(__file__).resolve().parents[2]
KEY = "sk-fake"
TEXT = "Rituximab was given – 500 mg/m² twice.\nIt helped.  "


def client(provider: ScriptedProvider, model: str = "any-model", timeout: float = 30) -> ChatOpenAI:
    return ChatOpenAI(base_url=provider.url, api_key=SecretStr(KEY), model=model, max_retries=0, timeout=timeout)


async def streamed(model: ChatOpenAI, usage: bool = False) -> list[AIMessageChunk]:
    return [chunk async for chunk in model.astream("Which drug?", stream_usage=usage)]


def joined(chunks: Sequence[AIMessageChunk]) -> AIMessageChunk:
    whole, *rest = chunks
    for chunk in rest:
        whole = whole + chunk
    return whole


async def asked_both_ways(model: ChatOpenAI, ways: tuple[bool, ...] = (False, True)) -> list[AIMessage]:
    return [joined(await streamed(model)) if streams else await model.ainvoke("Which drug?") for streams in ways]


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


@pytest.mark.parametrize("after", [None, "", "Rituximab was given"])
@pytest.mark.parametrize("streams", [False, True])
async def test_a_reply_hangs_until_the_client_goes(after: str | None, streams: bool) -> None:
    async with serving([Hangs(after)]) as provider:
        call = asyncio.create_task(asked_both_ways(client(provider), ways=(streams,)))
        await provider.until(lambda p: len(p.asked) == 1)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await provider.until(lambda p: p.left == 1)


async def test_what_came_before_the_silence_arrives() -> None:
    async with serving([Hangs("Rituximab was given")]) as provider:
        stream = client(provider).astream("?")
        seen = ""
        while seen != "Rituximab was given":
            seen += str((await anext(stream)).content)
        await stream.aclose()  # type: ignore[attr-defined]
        await provider.until(lambda p: p.left == 1)


@pytest.mark.parametrize("after", [None, "Rituximab"])
async def test_a_time_limit_ends_a_hanging_call(after: str | None) -> None:
    async with serving(always(Hangs(after))) as provider:
        for streams in (False, True):
            with pytest.raises((openai.APITimeoutError, openai.APIConnectionError)):
                await asked_both_ways(client(provider, timeout=0.05), ways=(streams,))


@pytest.mark.parametrize("after", [None, "Rituximab"])
async def test_stopping_ends_hanging_calls(after: str | None) -> None:
    async with serving(always(Hangs(after))) as provider:
        model = client(provider)
        calls = [asyncio.create_task(asked_both_ways(model, ways=(streams,))) for streams in (False, True, False, True)]
        await provider.until(lambda p: len(p.asked) == 4)
    ends = await asyncio.gather(*calls, return_exceptions=True)
    assert all(isinstance(end, openai.APIConnectionError) for end in ends)
    assert provider.left == 0


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


async def test_the_server_remembers_what_it_was_asked() -> None:
    async with serving(always(Says("Yes."))) as provider:
        model = client(provider, "small")
        await model.ainvoke([SystemMessage("Be brief."), HumanMessage([{"type": "text", "text": "Which drug?"}])])
        await streamed(model)
    whole, stream = provider.asked
    assert whole.messages == (("system", "Be brief."), ("user", "Which drug?"))
    assert whole.said_by("user") == ("Which drug?",)
    assert (whole.model, whole.key, whole.streams) == ("small", KEY, False)
    assert "temperature" not in whole.body
    assert stream.streams
    assert provider.calls == {"small": 2}
    assert provider.unscripted == 0


async def test_a_script_is_played_in_order_and_what_is_beyond_it_is_an_error_and_counted() -> None:
    def shouted(request: Request) -> Reply:
        return Says(request.said_by("user")[-1].upper())

    async with serving([Says("One."), shouted]) as provider:
        model = client(provider)
        assert [(await model.ainvoke("two?")).content for _ in range(2)] == ["One.", "TWO?"]
        with pytest.raises(openai.InternalServerError, match=r"Call 3 of any-model is beyond the script.* 2 replies"):
            await model.ainvoke("three?")
    assert provider.unscripted == 1
    assert len(provider.asked) == 3


async def test_each_model_has_its_own_script() -> None:
    scripts: dict[str, Script] = {
        "primary": [Fails(503), Says("I'm back.")],
        "fallback": [Says("Instead.")],
        "judge": always(Says("yes")),
    }
    async with serving(scripts) as provider:
        chain = client(provider, "primary").with_fallbacks([client(provider, "fallback")])
        judge = client(provider, "judge")
        assert [(await chain.ainvoke("?")).content for _ in range(2)] == ["Instead.", "I'm back."]
        assert [(await judge.ainvoke("?")).content for _ in range(3)] == ["yes"] * 3
        with pytest.raises(openai.NotFoundError, match="nobody"):
            await client(provider, "nobody").ainvoke("?")
    assert provider.calls == {"primary": 2, "fallback": 1, "judge": 3, "nobody": 1}
    assert provider.unscripted == 1


async def test_models_are_listed_by_name() -> None:
    async with (
        serving({"primary": [], "judge": []}) as provider,
        openai.AsyncOpenAI(base_url=provider.url, api_key=KEY, max_retries=0) as raw,
    ):
        assert [model.id async for model in raw.models.list()] == ["primary", "judge"]
        assert (await raw.models.retrieve("judge")).id == "judge"
        with pytest.raises(openai.NotFoundError) as caught:
            await raw.models.retrieve("nobody")
    assert caught.value.code == "model_not_found"
    assert provider.asked == []


async def test_a_players_mistake_fails_the_test_that_plays_it() -> None:
    def stumbles(request: Request) -> Reply:
        raise LookupError("No passage here.")

    async def play() -> None:
        async with serving(stumbles) as provider:
            with pytest.raises(openai.InternalServerError, match=r"LookupError: No passage here\."):
                await client(provider).ainvoke("?")

    with pytest.raises(LookupError, match="No passage"):
        await play()


async def test_many_are_served_at_once() -> None:
    async with serving(lambda request: Says(request.text)) as provider:
        model = client(provider)
        answers = await asyncio.gather(*(model.ainvoke(f"Question {number}") for number in range(40)))
    assert [answer.content for answer in answers] == [f"Question {number}" for number in range(40)]


def test_a_server_outside_of_a_loop_serves_blocking_clients() -> None:
    provider = ScriptedProvider([Says("Yes.")])
    provider.start()
    try:
        assert client(provider).invoke("?").content == "Yes."
    finally:
        provider.stop()


async def test_a_port_that_is_taken_is_an_error() -> None:
    async with serving([]) as provider:
        with pytest.raises(OSError, match=str(provider.port)):
            ScriptedProvider([], provider.port).start()


@pytest.mark.parametrize(
    ("body", "path", "status"),
    [(b"{", "/v1/chat/completions", 400), (b"[]", "/v1/chat/completions", 400), (b"{}", "/v1/responses", 404)],
)
async def test_what_is_no_call_is_refused(body: bytes, path: str, status: int) -> None:
    async with serving([]) as provider:
        url = provider.url.removesuffix("/v1") + path
        request = urllib.request.Request(url, body)
        with pytest.raises(urllib.error.HTTPError) as caught:
            await asyncio.to_thread(urllib.request.urlopen, request)
        caught.value.close()
    assert caught.value.code == status
    assert provider.asked == []


SCRIPT = """
primary:
  - says: "Rituximab."
    chunks: ["Ritu", "ximab."]
  - fails: 429
    retry_after: 3
  - hangs: true
  - hangs: "after this"
  - refuses: "No."
  - cuts: "Rituxi"
    finish: stop
  - breaks: "Rituxi"
  - plays: changed_number
judge: honest
"""


def test_a_script_is_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "script.yaml").write_text(SCRIPT, encoding="utf-8")
    scripts = read_scripts(tmp_path / "script.yaml")
    assert isinstance(scripts, dict)
    assert scripts["primary"][:7] == [
        Says("Rituximab.", chunks=("Ritu", "ximab.")),
        Fails(429, retry_after=3),
        Hangs(),
        Hangs("after this"),
        Refuses("No."),
        Cuts("Rituxi", finish="stop"),
        Breaks("Rituxi"),
    ]
    assert callable(scripts["primary"][7])
    assert callable(scripts["judge"])


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("- sings: la", "reply 1: “sings” is no reply"),
        ("- says: a\n- says", "reply 2: a reply is a mapping"),
        ("- says: a\n  loud: true", "reply 1: .*loud"),
        ("- plays: nobody", "no player “nobody”"),
        ("judge: nobody", "judge: there is no player"),
        ("- says: a\n  chunks: 0", "at least one character"),
        ("5", "a script is a list"),
        ("[", "is no YAML"),
    ],
)
def test_a_script_that_cannot_be_played_says_where_and_why(script: str, complaint: str, tmp_path: Path) -> None:
    (tmp_path / "script.yaml").write_text(script, encoding="utf-8")
    with pytest.raises(ScriptError, match=complaint):
        read_scripts(tmp_path / "script.yaml")


@pytest.mark.parametrize(("script", "said"), [("- says: Yes.", "Yes."), (None, '{"no_answer": true}')])
def test_a_demo_is_served_from_the_command_line(script: str | None, said: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.scripted_provider", "--port", "0"]
    if script is not None:
        (tmp_path / "script.yaml").write_text(script, encoding="utf-8")
        command += ["--script", str(tmp_path / "script.yaml")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            url = re.match(r"\S+/v1", process.stdout.readline())
            assert url
            call = urllib.request.Request(f"{url[0]}/chat/completions", b'{"model": "a", "messages": []}')
            with urllib.request.urlopen(call) as answer:
                assert json.load(answer)["choices"][0]["message"]["content"] == said
        finally:
            process.terminate()
        assert process.stdout.read() == "Calls: 1, beyond the script: 0.\n"
    assert process.returncode == 0


def test_a_script_that_is_wrong_ends_the_command_line_with_its_complaint(tmp_path: Path) -> None:
    (tmp_path / "script.yaml").write_text("- sings: la", encoding="utf-8")
    command = [sys.executable, "-m", "tests.scripted_provider", "--script", str(tmp_path / "script.yaml")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "“sings” is no reply" in done.stderr
