"""A reply as JSON and back, without loss.

The stored form names its format. Fields that a later version adds to the vocabulary take their defaults when an older
record is read, so the format number only moves when the meaning of a field does.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

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
        reply = _decoder(Reply)({key: value for key, value in record.items() if key != "format"})
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise StoreError(
            f"A stored answer is damaged ({type(error).__name__}).", remedy="Restore the database from a backup."
        ) from error
    assert isinstance(reply, Reply)
    return reply


_PLAIN = frozenset({str, int, float, bool, NoneType})


def _encode(value: Any) -> Any:
    kind: Any = type(value)
    if kind in _PLAIN:
        return value
    if kind is tuple:
        return [_encode(item) for item in value]
    if (names := _names(kind)) is not None:
        encoded = {name: _encode(getattr(value, name)) for name in names}
        tag = _TAGS.get(kind)
        return {"type": tag} | encoded if tag else encoded
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): _encode(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_encode(item) for item in value]
    return value


@cache
def _names(kind: Any) -> tuple[str, ...] | None:
    """The names of a dataclass's fields; None for anything else."""
    return tuple(each.name for each in fields(kind)) if is_dataclass(kind) else None


Decoder = Callable[[Any], Any]


@cache
def _decoder(kind: Any) -> Decoder:
    """Makes an instance of an annotation from what was stored; TypeError or ValueError where it isn't one."""
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _union_decoder(get_args(kind))
    if origin is tuple:
        of_items = _decoder(get_args(kind)[0])
        return lambda value: tuple([of_items(item) for item in _expect(list, value)])
    if origin is not None and issubclass(origin, Mapping):
        of_values = _decoder(get_args(kind)[1])
        return lambda value: {key: of_values(item) for key, item in _expect(dict, value).items()}
    if is_dataclass(kind):
        return _dataclass_decoder(kind)
    if kind is date:
        return lambda value: date.fromisoformat(_expect(str, value))
    if issubclass(kind, Enum):
        return cast("Decoder", kind)
    expected = (int, float) if kind is float else kind
    return lambda value: _expect(expected, value)


def _union_decoder(options: tuple[Any, ...]) -> Decoder:
    alone = [option for option in options if option is not NoneType]

    def decode(value: Any) -> Any:
        if value is None and NoneType in options:
            return None
        if isinstance(value, dict):
            rest = {name: item for name, item in value.items() if name != "type"}
            return _decoder(_TYPES[value["type"]])(rest)
        (kind,) = alone
        return _decoder(kind)(value)

    return decode


def _dataclass_decoder(kind: Any) -> Decoder:
    hints, known = get_type_hints(kind), {each.name for each in fields(kind)}
    needed = {each.name for each in fields(kind) if each.default is MISSING and each.default_factory is MISSING}
    decoders: dict[str, Decoder] = {}

    def decode(value: Any) -> Any:
        record = _expect(dict, value)
        if not decoders:  # Not before it is needed: a type may hold its like.
            decoders.update({name: _decoder(hints[name]) for name in known})
        if unknown := record.keys() - known:
            raise ValueError(f"unknown fields {sorted(unknown)}")
        if missing := needed - record.keys():
            raise ValueError(f"missing fields {sorted(missing)}")
        return kind(**{name: decoders[name](item) for name, item in record.items()})

    return decode


def _expect(kind: Any, value: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"expected {kind}, found {type(value).__name__}")
    return value
