"""Conversations with the whole bot, several at once, each turn with a plan of what goes wrong."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from openai import DefaultAsyncHttpxClient

from bot.bootstrap import Bot, open_bot
from bot.conversation.dispatcher import Dispatcher
from bot.domain.messages import IncomingMessage, Reply
from bot.domain.progress import Event
from bot.settings import Settings
from tests.mixed_faults.plans import MAIN, SECOND, Plan
from tests.scripted_provider import Played, Request, ScriptedProvider, scripts, serving

LONGEST_S = 60.0
"""Seconds after which a reply counts as missing."""
CONVERSATION: ContextVar[str] = ContextVar("conversation")


@dataclass(kw_only=True)
class Turn:
    """A message, what was planned for it, and what came back. Moments in seconds of `time.perf_counter`."""

    conversation: str
    text: str
    plan: Plan
    reply: Reply | None = None
    problem: str = ""
    began: float = 0.0
    ended: float = 0.0
    heard: list[tuple[float, Event]] = field(default_factory=list)
    played: Sequence[Played] = ()


@dataclass(frozen=True)
class Stage:
    """Plays for each conversation what is planned for its present turn. Each comes with a key of its own."""

    plans: dict[str, Plan] = field(default_factory=dict)

    def __call__(self, request: Request) -> scripts.Reply:
        return self.plans[request.key].players[request.model](request)


@contextmanager
def keys_by_conversation() -> Iterator[None]:
    """Every call to a provider carries its conversation as the key, so that the provider can tell them apart."""
    send = DefaultAsyncHttpxClient.send

    async def tagged(client: DefaultAsyncHttpxClient, request: Any, **options: Any) -> Any:
        request.headers["Authorization"] = f"Bearer {CONVERSATION.get()}"
        return await send(client, request, **options)

    with mock.patch.object(DefaultAsyncHttpxClient, "send", tagged):
        yield


@asynccontextmanager
async def open_stage(data: Path, knowledge: Path | None = None) -> AsyncIterator[tuple[Bot, ScriptedProvider, Stage]]:
    """The bot with two models behind a scripted provider."""
    stage = Stage()
    async with serving({MAIN: stage, SECOND: stage}) as provider:
        values: dict[str, Any] = {
            "model": f"openai:{MAIN}",
            "fallback_model": f"openai:{SECOND}",
            "model_url": provider.url,
            "model_patience": 1.0,
            "data": data,
        }
        if knowledge is not None:
            values["knowledge"] = knowledge
        with keys_by_conversation():
            async with open_bot(Settings(**values)) as bot:
                yield bot, provider, stage


async def converse(
    bot: Bot,
    provider: ScriptedProvider,
    stage: Stage,
    conversations: Mapping[str, Sequence[str]],
    plans: Iterator[Plan],
    *,
    at_once: int,
) -> list[Turn]:
    """All the conversations, `at_once` messages at the same time."""
    dispatcher = Dispatcher(at_once)
    turns = [
        Turn(conversation=name, text=text, plan=next(plans)) for name, texts in conversations.items() for text in texts
    ]
    jobs = [dispatcher.submit(turn.conversation, partial(_take, bot, stage, turn)) for turn in turns]
    await asyncio.gather(*jobs)
    for turn in turns:
        turn.played = [
            played
            for played in provider.played
            if played.request.key == turn.conversation and turn.began <= played.began <= turn.ended
        ]
    return turns


async def _take(bot: Bot, stage: Stage, turn: Turn) -> None:
    CONVERSATION.set(turn.conversation)
    stage.plans[turn.conversation] = turn.plan
    message = IncomingMessage(conversation=turn.conversation, text=turn.text)
    turn.began = time.perf_counter()
    try:
        async with asyncio.timeout(LONGEST_S):
            turn.reply = await bot.service.respond(message, lambda e: turn.heard.append((time.perf_counter(), e)))
    except Exception as error:  # noqa: BLE001 - what a reader would miss is counted, whatever the reason
        turn.problem = f"{type(error).__name__}: {error}"
    turn.ended = time.perf_counter()
