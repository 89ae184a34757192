"""What went wrong with a call, told from any vendor's error, so that nobody above needs to know vendors.

LangChain's own classes come first; where a package raises something else, its HTTP status and its class's name tell.
"""

import email.utils
import json
import math
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
OUT_OF_MONEY = ("insufficient_quota", "billing", "credit balance")
LIMITED = ("rate_limit", "overloaded")
"""Codes of errors that come inside a stream, after a status of 200."""


def diagnose(error: BaseException) -> ModelError:
    """The error in our own terms. Its text stays behind: it may hold the question or a key."""
    if isinstance(error, ModelError):
        return error
    try:
        return ModelError(_fault(error), retry_after=_retry_after(error))
    except Exception:  # noqa: BLE001 - an error that can't even be read must not escape in its place
        return ModelError(ModelFault.OTHER)


def _fault(error: BaseException) -> ModelFault:
    from langchain_core import exceptions as known

    codes = _codes(error)
    said = f"{error} {codes}".lower()
    status = getattr(error, "status_code", None)
    is_limited = isinstance(error, known.ModelRateLimitError) or status == 429
    if (is_limited or status in {400, 403}) and any(sign in said for sign in OUT_OF_MONEY):
        return ModelFault.WRONG_KEY
    if is_limited or any(sign in codes for sign in LIMITED):
        return ModelFault.RATE_LIMITED
    if isinstance(error, known.ContextOverflowError) or any(sign in said for sign in OVERFLOW):
        return ModelFault.TOO_LONG
    if any(sign in said for sign in FILTERED):
        return ModelFault.REFUSED
    classes: tuple[tuple[type[BaseException], ModelFault], ...] = (
        (TimeoutError, ModelFault.TIMEOUT),
        (known.ModelTimeoutError, ModelFault.TIMEOUT),
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
    if isinstance(status, int) and status > 0:
        # An error inside a stream comes with the status of the stream's beginning.
        return ModelFault.SERVER if status >= 500 or status < 400 else BY_STATUS.get(status, ModelFault.OTHER)
    return _by_name(error)


def _codes(error: BaseException) -> str:
    """What a vendor calls this kind of error, in its body or on the error itself."""
    body = getattr(error, "body", None)
    body = body if isinstance(body, Mapping) else {}
    inner = body.get("error")
    records = (body, inner if isinstance(inner, Mapping) else {})
    told = (getattr(error, "code", ""), *(record.get(key) for record in records for key in ("code", "type")))
    return " ".join(code for code in told if isinstance(code, str)).lower()


def _by_name(error: BaseException) -> ModelFault:
    """The transport's errors (httpx, httpcore, ssl) by the names of their classes."""
    names = {kind.__name__ for kind in type(error).__mro__}
    if names & {"TimeoutException", "ReadTimeout", "ConnectTimeout", "PoolTimeout", "APITimeoutError"}:
        return ModelFault.TIMEOUT
    if names & {"RemoteProtocolError", "ReadError", "IncompleteRead", "StreamError"}:
        return ModelFault.CUT
    if names & {"ConnectError", "NetworkError", "TransportError", "APIConnectionError", "ConnectionError", "OSError"}:
        return ModelFault.UNREACHABLE
    if names & {"APIError", "ResponseError"}:
        return ModelFault.SERVER  # an error event inside a stream has no status
    unreadable = {"ValidationError", "ValueError", "TypeError", "AttributeError", "LookupError"}
    return ModelFault.MALFORMED if names & unreadable else ModelFault.OTHER


def _retry_after(error: BaseException) -> float | None:
    """Seconds of the header `Retry-After`, which holds a number or a date; None where there is no such header."""
    headers: Mapping[str, Any] = getattr(getattr(error, "response", None), "headers", None) or {}
    value = str(headers.get("retry-after") or "").strip()
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = email.utils.parsedate_to_datetime(value).timestamp() - time.time()
        except (ValueError, OverflowError):
            return None
    return None if math.isnan(seconds) else max(0.0, seconds)
