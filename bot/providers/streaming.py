"""A LangChain chat model as the port that answering needs: text piece by piece, errors in our own terms."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.answering.language_model import Piece
from bot.domain.errors import ModelError, ModelFault
from bot.providers.faults import diagnose
from bot.providers.models import Connection, open_model

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

REFUSALS = frozenset({"content_filter", "refusal", "SAFETY"})
LOST = frozenset({ModelFault.UNREACHABLE, ModelFault.CUT})
"""The connection ended. Once there was text, its provider was reached."""


def open_streaming(
    name: str, connection: Connection, temperature: float, max_tokens: int | None = None
) -> "StreamingModel":
    """The model of this name, ready to write. Nothing is sent. Raises ConfigurationError."""
    model = open_model(
        name, timeout=connection.patience, temperature=temperature, max_tokens=max_tokens, connection=connection
    )
    return StreamingModel(name=name, model=model, patience=connection.patience)


@dataclass(frozen=True, kw_only=True)
class StreamingModel:
    """A chat model by its name. `patience`: seconds that it may stay silent."""

    name: str
    model: "BaseChatModel"
    patience: float = 20.0

    async def stream(self, system: str, user: str) -> AsyncGenerator[Piece]:
        """The text as it is written; the tokens that it cost come with the last piece. Raises ModelError."""
        from langchain_core.messages import HumanMessage, SystemMessage

        chunks = self.model.astream([SystemMessage(system), HumanMessage(user)])
        said, ended, tokens = False, False, 0
        try:
            while (chunk := await self._next(chunks)) is not None:
                ended = _ends(chunk) or ended
                tokens += max(0, chunk.usage_metadata["total_tokens"]) if chunk.usage_metadata else 0
                if text := str(chunk.text):
                    said = said or not text.isspace()
                    yield Piece(text=text)
        except Exception as error:  # noqa: BLE001 - each vendor raises its own
            # From here on no vendor's error goes on: its text may hold the question or a key.
            failure = diagnose(error)
            if said and failure.fault in LOST:
                failure = ModelError(ModelFault.CUT)
            is_whole = said and ended and failure.fault is not ModelFault.REFUSED
            if not is_whole:
                raise failure from None
        finally:
            await _close(chunks)
        if not said:
            raise ModelError(ModelFault.EMPTY)
        yield Piece(text="", tokens=tokens, ended=ended)

    async def _next(self, chunks: "AsyncIterator[AIMessageChunk]") -> "AIMessageChunk | None":
        """The next chunk, None after the last. TimeoutError when the model is silent for too long."""
        async with asyncio.timeout(self.patience):
            return await anext(chunks, None)


def _ends(chunk: "AIMessageChunk") -> bool:
    """Does the provider say here that the text has ended? Raises ModelError for a refusal."""
    about = chunk.response_metadata
    reason = about.get("finish_reason") or about.get("stop_reason") or about.get("done_reason")
    if reason in REFUSALS or chunk.additional_kwargs.get("refusal"):
        raise ModelError(ModelFault.REFUSED)
    return bool(reason)


async def _close(chunks: object) -> None:
    """End the call. What a vendor's package raises then is nobody's concern: the text is there, or the fault known."""
    if isinstance(chunks, AsyncGenerator):
        with contextlib.suppress(Exception):
            await chunks.aclose()
