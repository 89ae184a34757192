"""The scripted provider as a server: scripts, models, what it remembers, and how it stops."""

import asyncio
import urllib.error
import urllib.request

import openai
import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from tests.scripted_provider import Fails, Hangs, Reply, Request, Says, Script, ScriptedProvider, always, serving
from tests.scripted_provider.asking import KEY, asked_both_ways, client, streamed


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


@pytest.mark.parametrize(("after", "streams"), [(None, False), (None, True), ("", False), ("Rituximab", False)])
async def test_a_reply_hangs_until_the_client_goes(after: str | None, streams: bool) -> None:
    async with serving([Hangs(after)]) as provider:
        call = asyncio.create_task(asked_both_ways(client(provider), ways=(streams,)))
        await provider.until(lambda p: len(p.asked) == 1)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await provider.until(lambda p: p.left == 1)


async def test_a_stream_hangs_until_the_client_goes() -> None:
    """Cancelled in the silence: at the moment when a chunk arrives, `wait_for` of Python 3.11 loses a cancellation."""
    silent = asyncio.Event()

    async def read(provider: ScriptedProvider) -> None:
        seen = ""
        async for chunk in client(provider).astream("?"):
            seen += str(chunk.content)
            if seen == "Rituximab was given":
                silent.set()

    async with serving([Hangs("Rituximab was given")]) as provider:
        call = asyncio.create_task(read(provider))
        await silent.wait()
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
