"""A reply as JSON and back, without loss.

The stored form names its format. Fields that a later version adds to the vocabulary take their defaults when an older
record is read, so the format number only moves when the meaning of a field does.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from bot.domain.answers import Abstention, Answer, Clarification, Direction
from bot.domain.errors import StoreError
from bot.domain.messages import Reply

FORMAT = 1
_TAGS: Mapping[type, str] = {
    Answer: "answer",
    Abstention: "abstention",
    Clarification: "clarification",
    Direction: "direction",
}
_TYPES: Mapping[str, type] = {tag: kind for kind, tag in _TAGS.items()}


def encode_reply(reply: Reply) -> dict[str, Any]:
    """The reply as a dict that `json.dumps` takes."""
    encoded: dict[str, Any] = _encode(reply)
    return {"format": FORMAT} | encoded


def decode_reply(record: Mapping[str, Any]) -> Reply:
    """The reply that `encode_reply` was given.

    Raises:
        StoreError: the record is of a newer format, or damaged.

    """
    version = record.get("format")
    if isinstance(version, int) and version > FORMAT:
        raise StoreError(
            f"A stored answer has format {version}, this version of Footnote reads up to {FORMAT}.",
            remedy="Update Footnote, or use another data folder.",
        )
    if version != FORMAT:
        raise StoreError("A stored answer names no known format.", remedy="Restore the database from a backup.")
    try:
        reply = _decode(Reply, {key: value for key, value in record.items() if key != "format"})
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise StoreError(
            f"A stored answer is damaged ({type(error).__name__}).", remedy="Restore the database from a backup."
        ) from error
    assert isinstance(reply, Reply)
    return reply


def _encode(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        encoded = {each.name: _encode(getattr(value, each.name)) for each in fields(value)}
        tag = _TAGS.get(type(value))
        return {"type": tag} | encoded if tag else encoded
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): _encode(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_encode(item) for item in value]
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _decode(kind: Any, value: Any) -> Any:
    """`value` as an instance of the annotation `kind`; TypeError or ValueError where it isn't one."""
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _decode_union(get_args(kind), value)
    if origin is tuple:
        return tuple(_decode(get_args(kind)[0], item) for item in _expect(list, value))
    if origin is not None and issubclass(origin, Mapping):
        return {key: _decode(get_args(kind)[1], item) for key, item in _expect(dict, value).items()}
    if is_dataclass(kind):
        return _decode_dataclass(kind, _expect(dict, value))
    if kind is date:
        return date.fromisoformat(_expect(str, value))
    if issubclass(kind, Enum):
        return kind(value)
    return _expect((int, float) if kind is float else kind, value)


def _decode_union(options: tuple[Any, ...], value: Any) -> Any:
    if value is None and NoneType in options:
        return None
    if isinstance(value, dict):
        return _decode_dataclass(_TYPES[value["type"]], {name: item for name, item in value.items() if name != "type"})
    (kind,) = (option for option in options if option is not NoneType)
    return _decode(kind, value)


def _decode_dataclass(kind: Any, record: Mapping[str, Any]) -> Any:
    known = {each.name: each for each in fields(kind)}
    if unknown := record.keys() - known.keys():
        raise ValueError(f"unknown fields {sorted(unknown)}")
    optional = {n for n, each in known.items() if each.default is not MISSING or each.default_factory is not MISSING}
    if missing := known.keys() - record.keys() - optional:
        raise ValueError(f"missing fields {sorted(missing)}")
    hints = _hints(kind)
    return kind(**{name: _decode(hints[name], item) for name, item in record.items()})


def _expect(kind: Any, value: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"expected {kind}, found {type(value).__name__}")
    return value
