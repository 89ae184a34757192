"""The arguments of a call, however they were sent."""

import json
from email import message_from_bytes, policy
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

NESTED = frozenset(
    "entities caption_entities reply_parameters reply_markup allowed_updates commands scope reaction".split()
)
"""Arguments that hold objects: form data carry them as JSON."""


async def read_arguments(request: Request) -> dict[str, Any]:
    """From the query, then the body: form data, with files, or JSON. A file is a tuple of its name and content.

    Raises:
        ValueError: they can't be read.

    """
    kind = request.headers.get("content-type", "")
    body = await request.body()
    found: dict[str, Any] = {name: _value(name, text) for name, text in request.query_params.items()}
    if kind.startswith("application/json"):
        if body and not isinstance(sent := json.loads(body), dict):
            raise ValueError("can't parse request JSON object")
        return found | (sent if body else {})
    if kind.startswith("multipart/form-data"):
        return found | _parts(kind, body)
    return found | {name: _value(name, text) for name, text in parse_qsl(body.decode(), keep_blank_values=True)}


def _parts(kind: str, body: bytes) -> dict[str, Any]:
    """The fields of a multipart form; one that names a file is told as `attach://name` by another."""
    whole = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body, policy=policy.HTTP)
    fields: dict[str, Any] = {}
    for part in whole.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        fields[name] = (part.get_filename(), content) if part.get_filename() else _value(name, content.decode())
    attached = {name: fields.get(str(value)[9:]) for name, value in fields.items() if _is_attached(value)}
    return fields | attached


def _is_attached(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("attach://")


def _value(name: str, text: str) -> Any:
    return json.loads(text) if name in NESTED else text
