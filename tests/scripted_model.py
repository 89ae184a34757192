"""A chat model that says what it was given to say, in order, and remembers what it was asked."""

import asyncio
from collections import deque
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import Field


class OutOfScriptError(AssertionError):
    """The model was asked more often than the test gave it replies."""


class ScriptedModel(BaseChatModel):
    """Replies are texts, or errors to raise. `hangs` makes it never reply."""

    replies: deque[str | Exception] = Field(default_factory=deque)
    asked: list[list[BaseMessage]] = Field(default_factory=list)
    hangs: bool = False

    @classmethod
    def saying(cls, *replies: str | Exception) -> "ScriptedModel":
        """A model with these replies."""
        return cls(replies=deque(replies))

    @property
    def prompts(self) -> list[str]:
        """What it was told, one text for each call."""
        return ["\n".join(str(message.text) for message in messages) for messages in self.asked]

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        self.asked.append(messages)
        if not self.replies:
            raise OutOfScriptError(f"nothing was scripted for call {len(self.asked)}")
        reply = self.replies.popleft()
        if isinstance(reply, Exception):
            raise reply
        return ChatResult(generations=[ChatGeneration(message=AIMessage(reply))])

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        if self.hangs:
            self.asked.append(messages)
            await asyncio.Event().wait()
        return self._generate(messages, stop, None, **kwargs)
