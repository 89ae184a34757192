"""What went wrong with a call, told from any vendor's error, so that nobody above needs to know vendors.

LangChain's own classes come first; where a package raises something else, its HTTP status and its class's name tell.
"""

import asyncio
import email.utils
import json
import time
from collections.abc import Mapping
from typing import Any

from bot.domain.errors import ModelError, ModelFault

BY_STATUS = {
    400: ModelFault.OTHER,
    401: ModelFault.WRONG_KEY,
    402: ModelFault.WRONG_KEY,
    403: ModelFault.WRONG_KEY,
    404: ModelFault.GONE,
    408: ModelFault.TIMEOUT,
    410: ModelFault.GONE,
    413: ModelFault.TOO_LONG,
    429: ModelFault.RATE_LIMITED,
}
OVERFLOW = ("context_length", "context length", "maximum context", "too many tokens", "prompt is too long")
FILTERED = ("content_filter", "content_policy", "responsibleai")
OUT_OF_MONEY = ("insufficient_quota", "billing")


def diagnose(error: BaseException) -> ModelError:
    """The error in our own terms. Its text stays behind: it may hold the question or a key."""
    if isinstance(error, ModelError):
        return error
    return ModelError(_fault(error), retry_after=_retry_after(error))


def _fault(error: BaseException) -> ModelFault:
    from langchain_core import exceptions as known

    # The code tells more surely than the sentence, which each provider words in its own way, and may stand only here.
    said = f"{error} {getattr(error, 'code', None) or ''}".lower()
    if isinstance(error, known.ContextOverflowError) or any(sign in said for sign in OVERFLOW):
        return ModelFault.TOO_LONG
    if any(sign in said for sign in FILTERED):
        return ModelFault.REFUSED
    if isinstance(error, known.ModelRateLimitError) and any(sign in said for sign in OUT_OF_MONEY):
        return ModelFault.WRONG_KEY
    classes: tuple[tuple[type[BaseException], ModelFault], ...] = (
        (TimeoutError, ModelFault.TIMEOUT),
        (asyncio.TimeoutError, ModelFault.TIMEOUT),
        (known.ModelTimeoutError, ModelFault.TIMEOUT),
        (known.ModelRateLimitError, ModelFault.RATE_LIMITED),
        (known.ModelAuthenticationError, ModelFault.WRONG_KEY),
        (known.ModelPermissionDeniedError, ModelFault.WRONG_KEY),
        (known.ModelNotFoundError, ModelFault.GONE),
        (known.ModelAPIError, ModelFault.SERVER),
        (known.ModelConnectionError, ModelFault.UNREACHABLE),
        (json.JSONDecodeError, ModelFault.MALFORMED),
    )
    for kind, fault in classes:
        if isinstance(error, kind):
            return fault
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and status > 0:
        return ModelFault.SERVER if status >= 500 else BY_STATUS.get(status, ModelFault.OTHER)
    return _by_name(error)


def _by_name(error: BaseException) -> ModelFault:
    """The transport's errors (httpx, httpcore, ssl) by the names of their classes."""
    names = {kind.__name__ for kind in type(error).__mro__}
    if names & {"TimeoutException", "ReadTimeout", "ConnectTimeout", "PoolTimeout", "APITimeoutError"}:
        return ModelFault.TIMEOUT
    if names & {"RemoteProtocolError", "ReadError", "IncompleteRead", "StreamError"}:
        return ModelFault.CUT
    if names & {"ConnectError", "NetworkError", "TransportError", "APIConnectionError", "ConnectionError", "OSError"}:
        return ModelFault.UNREACHABLE
    if names & {"APIError"}:
        return ModelFault.SERVER  # an error event inside a stream has no status
    return ModelFault.MALFORMED if names & {"ValidationError", "ValueError", "TypeError"} else ModelFault.OTHER


def _retry_after(error: BaseException) -> float | None:
    """Seconds of the header `Retry-After`, which holds a number or a date; None where there is none."""
    headers: Mapping[str, Any] = getattr(getattr(error, "response", None), "headers", None) or {}
    value = headers.get("retry-after")
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        until = email.utils.parsedate_to_datetime(value) if "," in value else None
        return max(0.0, until.timestamp() - time.time()) if until else None
