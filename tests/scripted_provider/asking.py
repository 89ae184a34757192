"""The client that Footnote asks with, pointed at a scripted provider."""

from collections.abc import Sequence

from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from tests.scripted_provider.server import ScriptedProvider

KEY = "sk-fake"


def client(provider: ScriptedProvider, model: str = "any-model", timeout: float = 30) -> ChatOpenAI:
    """Footnote's own settings: no tries of its own, `timeout` in seconds."""
    return ChatOpenAI(base_url=provider.url, api_key=SecretStr(KEY), model=model, max_retries=0, timeout=timeout)


async def streamed(model: ChatOpenAI, usage: bool = False) -> list[AIMessageChunk]:
    """The chunks as they came."""
    return [chunk async for chunk in model.astream("Which drug?", stream_usage=usage)]


def joined(chunks: Sequence[AIMessageChunk]) -> AIMessageChunk:
    """The message that the chunks make."""
    whole, *rest = chunks
    for chunk in rest:
        whole = whole + chunk
    return whole


async def asked_both_ways(model: ChatOpenAI, ways: tuple[bool, ...] = (False, True)) -> list[AIMessage]:
    """One answer for each way: False asks for the whole, True for a stream."""
    return [joined(await streamed(model)) if streams else await model.ainvoke("Which drug?") for streams in ways]
