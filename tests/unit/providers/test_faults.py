"""Every way in which a provider fails is told in our own terms, and nothing of its text comes along."""

import json
import time
import traceback
from email.utils import formatdate
from types import SimpleNamespace
from typing import Any

import httpx
import ollama
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.domain.errors import ModelError, ModelFault
from bot.providers.faults import diagnose
from bot.providers.models import Connection, open_model
from tests.scripted_provider import (
    Breaks,
    Cuts,
    Fails,
    Hangs,
    Reply,
    Sends,
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

KEY, QUESTION = "sk-very-secret", "Which drug for Ada?"
EVENTS = "text/event-stream"


async def raised_by(url: str) -> Exception:
    model = open_model("openai:any", timeout=0.3, connection=Connection(url=url, key=SecretStr(KEY)))
    with pytest.raises(Exception) as caught:  # noqa: PT011 - each vendor raises its own
        async for _ in model.astream(QUESTION):
            pass
    return caught.value


@pytest.mark.filterwarnings("ignore:Pydantic serializer")
@pytest.mark.parametrize(
    ("reply", "fault", "wait"),
    [
        (rate_limited(), ModelFault.RATE_LIMITED, None),
        (rate_limited(retry_after=2), ModelFault.RATE_LIMITED, 2),
        (out_of_quota(), ModelFault.WRONG_KEY, None),
        (wrong_key(), ModelFault.WRONG_KEY, None),
        (Fails(402), ModelFault.WRONG_KEY, None),
        (Fails(403), ModelFault.WRONG_KEY, None),
        (unknown_model("any"), ModelFault.GONE, None),
        (Fails(410), ModelFault.GONE, None),
        (too_long(), ModelFault.TOO_LONG, None),
        (Fails(413), ModelFault.TOO_LONG, None),
        (filtered(), ModelFault.REFUSED, None),
        (Fails(400), ModelFault.OTHER, None),
        (Fails(400, message="Your credit balance is too low."), ModelFault.WRONG_KEY, None),
        (Fails(408), ModelFault.TIMEOUT, None),
        (Fails(418), ModelFault.OTHER, None),
        (Fails(500), ModelFault.SERVER, None),
        (Fails(503, retry_after=3), ModelFault.SERVER, 3),
        (Fails(529), ModelFault.SERVER, None),
        (bad_gateway(), ModelFault.SERVER, None),
        (Hangs(), ModelFault.TIMEOUT, None),
        (Hangs(after="Ritu"), ModelFault.TIMEOUT, None),
        (Cuts("Rituximab helped four children."), ModelFault.UNREACHABLE, None),
        (Breaks("Ritu"), ModelFault.SERVER, None),
        (Breaks("Ritu", code="rate_limit_exceeded"), ModelFault.RATE_LIMITED, None),
        (Breaks("", message="This exceeds the context window."), ModelFault.TOO_LONG, None),
        (garbled, ModelFault.MALFORMED, None),
        (Sends(b"data: null\n\n", content_type=EVENTS), ModelFault.MALFORMED, None),
        (Sends(b"data: [1]\n\n", content_type=EVENTS), ModelFault.MALFORMED, None),
        (Sends(b'data: {"choices": "x"}\n\n', content_type=EVENTS), ModelFault.MALFORMED, None),
        (Sends(b'data: {"choices": [{"delta": 5}]}\n\n', content_type=EVENTS), ModelFault.MALFORMED, None),
        (
            Sends(b'data: {"choices": [{"delta": {"content": "\xff"}}]}\n\n', content_type=EVENTS),
            ModelFault.MALFORMED,
            None,
        ),
        (Sends(b"<html>Welcome</html>", content_type="text/html"), ModelFault.MALFORMED, None),
        (Sends(b"[1, 2]"), ModelFault.MALFORMED, None),
    ],
)
async def test_what_a_real_client_raises_is_told_from_its_kind(
    reply: Reply, fault: ModelFault, wait: float | None
) -> None:
    async with serving([reply]) as provider:
        error = await raised_by(provider.url)
    told = diagnose(error)
    assert (told.fault, told.retry_after) == (fault, wait)


async def test_a_port_that_nobody_listens_on_is_unreachable() -> None:
    async with serving([]) as provider:
        url = provider.url
    assert diagnose(await raised_by(url)).fault is ModelFault.UNREACHABLE


class Vendor(Exception):  # noqa: N818 - vendors call theirs as they like
    """An error with whatever attributes a vendor gives it."""

    def __init__(self, said: str = "", **attributes: Any) -> None:
        super().__init__(said)
        self.__dict__.update(attributes)


class Unreadable(Exception):  # noqa: N818
    def __str__(self) -> str:
        raise RuntimeError("no text")


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (ollama.ResponseError("model 'any' not found", 404), ModelFault.GONE),
        (ollama.ResponseError("the model runner has stopped", 500), ModelFault.SERVER),
        (ollama.ResponseError("an error inside the stream"), ModelFault.SERVER),
        (ollama.ResponseError("input length exceeds maximum context length", 400), ModelFault.TOO_LONG),
        (ollama.RequestError("must provide a model"), ModelFault.OTHER),
        (ConnectionError("Failed to connect to Ollama."), ModelFault.UNREACHABLE),
        (OSError("no route to host"), ModelFault.UNREACHABLE),
        (httpx.ConnectError("refused"), ModelFault.UNREACHABLE),
        (httpx.ProxyError("no proxy"), ModelFault.UNREACHABLE),
        (httpx.WriteError("gone"), ModelFault.UNREACHABLE),
        (httpx.ReadError("gone"), ModelFault.CUT),
        (httpx.RemoteProtocolError("incomplete chunked read"), ModelFault.CUT),
        (httpx.StreamClosed(), ModelFault.CUT),
        (httpx.ReadTimeout("slow"), ModelFault.TIMEOUT),
        (httpx.ConnectTimeout("slow"), ModelFault.TIMEOUT),
        (httpx.PoolTimeout("busy"), ModelFault.TIMEOUT),
        (TimeoutError(), ModelFault.TIMEOUT),
        (json.JSONDecodeError("no value", "x", 0), ModelFault.MALFORMED),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no"), ModelFault.MALFORMED),
        (KeyError("choices"), ModelFault.MALFORMED),
        (IndexError("choices"), ModelFault.MALFORMED),
        (RuntimeError("anything"), ModelFault.OTHER),
        (ExceptionGroup("several", [ValueError("a")]), ModelFault.OTHER),
        (Unreadable(), ModelFault.OTHER),
        (Vendor(status_code=429), ModelFault.RATE_LIMITED),
        (Vendor("Too many tokens, please wait.", status_code=429), ModelFault.RATE_LIMITED),
        (Vendor(status_code="429"), ModelFault.OTHER),
        (Vendor(status_code=200, body={"error": {"type": "overloaded_error"}}), ModelFault.RATE_LIMITED),
        (Vendor(status_code=200, body={"type": "error", "error": {"type": "api_error"}}), ModelFault.SERVER),
        (Vendor(status_code=400, body="billing"), ModelFault.OTHER),
        (Vendor(status_code=403, code="billing_not_active"), ModelFault.WRONG_KEY),
        (Vendor("prompt is too long: 300000 tokens", status_code=400), ModelFault.TOO_LONG),
    ],
)
def test_other_packages_errors_are_told_from_status_code_and_name(error: Exception, fault: ModelFault) -> None:
    assert diagnose(error).fault is fault


@pytest.mark.parametrize("error", [ModelError(ModelFault.REFUSED), ModelError(ModelFault.CUT, retry_after=3)])
def test_what_is_in_our_terms_already_stays(error: ModelError) -> None:
    assert diagnose(error) is error


def waiting(value: object) -> float | None:
    response = SimpleNamespace(headers={"retry-after": value})
    return diagnose(Vendor(status_code=429, response=response)).retry_after


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("2", 2),
        ("0.5", 0.5),
        (" 7 ", 7),
        (7, 7),
        ("-3", 0),
        ("inf", float("inf")),
        ("nan", None),
        ("", None),
        (None, None),
        ("soon", None),
        ("soon, please", None),
        ("Wed, 99 Foo 2026 99:99:99 GMT", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        (b"2", None),
    ],
)
def test_the_wait_is_read_as_a_number_or_a_date(value: object, seconds: float | None) -> None:
    assert waiting(value) == seconds


def test_a_date_to_come_is_a_wait() -> None:
    wait = waiting(formatdate(time.time() + 3600, usegmt=True))
    assert wait is not None
    assert 3500 < wait <= 3600


@given(st.text())
def test_no_header_breaks_the_diagnosis(value: str) -> None:
    wait = waiting(value)
    assert wait is None or wait >= 0


@pytest.mark.parametrize("headers", [None, [], "retry-after", 5, {}])
def test_headers_of_another_kind_tell_nothing(headers: object) -> None:
    assert diagnose(Vendor(status_code=429, response=SimpleNamespace(headers=headers))).retry_after is None


async def test_neither_the_question_nor_the_key_comes_along() -> None:
    async with serving([Fails(400, message=f"{QUESTION} with {KEY} isn't allowed.")]) as provider:
        error = await raised_by(provider.url)
    assert QUESTION in str(error)
    told = diagnose(error)
    shown = "".join(traceback.format_exception(told)) + repr(told) + str(told.__dict__)
    assert QUESTION not in shown
    assert KEY not in shown
