"""OpenAI's shapes: a completion, the events of a stream, an error, the list of models."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from tests.scripted_provider.scripts import Breaks, Cuts, Fails, Hangs, Refuses, Request, Says

CREATED = 1_760_000_000
DONE = b"data: [DONE]\n\n"


def encoded(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def completion(request: Request, reply: Says | Refuses) -> bytes:
    """The whole answer at once."""
    said = reply.text if isinstance(reply, Says) else None
    refusal = None if isinstance(reply, Says) else reply.refusal
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": said, "refusal": refusal, "annotations": []},
        "logprobs": None,
        "finish_reason": reply.finish if isinstance(reply, Says) else "stop",
    }
    body = _head(request, "chat.completion") | {"choices": [choice]}
    if not isinstance(reply, Says) or reply.usage:
        body["usage"] = usage(request, said or refusal or "")
    return encoded(body)


def events(request: Request, reply: Says | Refuses) -> Iterator[bytes]:
    """The answer as a stream."""
    if isinstance(reply, Says):
        deltas = [{"content": piece} for piece in reply.pieces]
        yield from begun(request, deltas)
        if reply.finish is not None:
            yield _finish(request, reply.finish)
        if reply.usage and request.wants_usage:
            yield _event(_head(request, "chat.completion.chunk") | {"choices": [], "usage": usage(request, reply.text)})
        if reply.done:
            yield DONE
        return
    yield from begun(request, [{"refusal": reply.refusal}])
    yield _finish(request, "stop")
    yield DONE


def cut_events(request: Request, reply: Cuts) -> Iterator[bytes]:
    """A stream of which the last event won't arrive whole."""
    yield from begun(request, [{"content": piece} for piece in Says(reply.text).pieces])
    if reply.finish is not None:
        yield _finish(request, reply.finish)
        yield DONE


def broken_events(request: Request, reply: Breaks) -> Iterator[bytes]:
    """A stream that ends with an error."""
    yield from begun(request, [{"content": piece} for piece in Says(reply.text).pieces])
    yield _event(broken(reply))


def hanging_events(request: Request, reply: Hangs) -> Iterator[bytes]:
    """A stream that doesn't go on."""
    yield from begun(request, [{"content": piece} for piece in Says(reply.after or "").pieces])


def begun(request: Request, deltas: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """The first event, which names the role, and one for each piece."""
    yield _chunk(request, {"role": "assistant", "content": "", "refusal": None})
    for delta in deltas:
        yield _chunk(request, delta)


def broken(reply: Breaks) -> dict[str, Any]:
    return {"error": {"message": reply.message, "type": "server_error", "param": None, "code": reply.code}}


def failure(reply: Fails) -> bytes:
    return encoded({"error": reply.error})


def models(names: Iterable[str]) -> bytes:
    return encoded({"object": "list", "data": [model(name) for name in names]})


def model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": CREATED, "owned_by": "script"}


def usage(request: Request, said: str) -> dict[str, int]:
    """Tokens, taken as four characters each."""
    asked, answered = (-(-len(text) // 4) for text in (request.text, said))
    return {"prompt_tokens": asked, "completion_tokens": answered, "total_tokens": asked + answered}


def _finish(request: Request, reason: str) -> bytes:
    return _chunk(request, {}, reason)


def _chunk(request: Request, delta: dict[str, Any], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    value = _head(request, "chat.completion.chunk") | {"choices": [choice]}
    if request.wants_usage:
        value["usage"] = None
    return _event(value)


def _head(request: Request, kind: str) -> dict[str, Any]:
    return {
        "id": "chatcmpl-scripted",
        "object": kind,
        "created": CREATED,
        "model": request.model,
        "system_fingerprint": "fp_scripted",
    }


def _event(value: dict[str, Any]) -> bytes:
    return b"data: " + encoded(value) + b"\n\n"
