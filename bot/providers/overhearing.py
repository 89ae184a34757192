"""Models that note every word they are told, and pass it on to a real one where there is one."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from bot.answering.language_model import LanguageModel, Piece
from bot.domain.errors import ModelError, ModelFault


@dataclass(kw_only=True)
class Call:
    """What a model was told, and what it wrote. `tokens` is what its provider counted; 0 where it didn't."""

    system: str
    user: str
    written: str = ""
    tokens: int = 0


@dataclass(frozen=True, kw_only=True)
class OverheardModel:
    """A model that streams; `note` takes each call. Without `inner` it declines to answer."""

    name: str
    inner: LanguageModel | None
    note: Callable[[Call], None]

    async def stream(self, system: str, user: str) -> AsyncGenerator[Piece]:
        """What the real one writes. Raises ModelError."""
        call = Call(system=system, user=user)
        self.note(call)
        if self.inner is None:
            raise ModelError(ModelFault.REFUSED)
        async with aclosing(self.inner.stream(system, user)) as pieces:
            async for piece in pieces:
                call.written += piece.text
                call.tokens += piece.tokens
                yield piece


class OverheardChat(BaseChatModel):
    """A model that is asked for a whole reply; `note` takes each call. Without `inner` it declines to answer."""

    inner: BaseChatModel | None = None
    note: Callable[[Call], None]

    @property
    def _llm_type(self) -> str:
        return "overheard"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        # LangChain demands both ways; Footnote asks models in its event loop only, where this one would stop everybody.
        raise NotImplementedError("it is only asked without blocking")

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,  # noqa: ARG002 - the signature is LangChain's
        run_manager: AsyncCallbackManagerForLLMRun | None = None,  # noqa: ARG002 - the same
        **kwargs: Any,  # noqa: ARG002 - the same
    ) -> ChatResult:
        system, user = (str(message.text) for message in messages)
        call = Call(system=system, user=user)
        self.note(call)
        if self.inner is None:
            raise ModelError(ModelFault.REFUSED)
        reply = await self.inner.ainvoke(messages)
        call.written = str(reply.text)
        return ChatResult(generations=[ChatGeneration(message=reply)])
