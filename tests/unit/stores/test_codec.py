import json
from typing import Any

import pytest
from hypothesis import given

from bot.domain.errors import StoreError
from bot.domain.messages import Reply
from bot.stores.codec import FORMAT, decode_reply, encode_reply
from tests.unit.stores.replies import a_reply, replies


@given(replies)
def test_every_reply_comes_back_from_json_as_it_was(reply: Reply) -> None:
    assert decode_reply(json.loads(json.dumps(encode_reply(reply)))) == reply


def test_half_a_character_survives() -> None:
    reply = a_reply(question="\ud83d half, \0 and \x1b")

    assert decode_reply(json.loads(json.dumps(encode_reply(reply)))) == reply


def test_the_format_is_named() -> None:
    assert encode_reply(a_reply())["format"] == FORMAT == 1


def test_a_newer_format_is_refused_with_the_way_out() -> None:
    record = encode_reply(a_reply()) | {"format": FORMAT + 1}

    with pytest.raises(StoreError, match=r"format 2.*Update Footnote"):
        decode_reply(record)


def test_a_record_from_before_a_field_existed_takes_its_default() -> None:
    record = encode_reply(a_reply())
    del record["outcome"]["suggested_questions"]
    del record["outcome"]["explained"]
    del record["outcome"]["preface"]
    del record["outcome"]["citations"][0]["passage"]

    reply = decode_reply(record)

    assert reply.outcome.kind == "answer"


@pytest.mark.parametrize(
    "damage",
    [
        {"format": None},
        {"outcome": {"type": "answer"}},
        {"outcome": {"type": "poem"}},
        {"outcome": {"text": "no type"}},
        {"outcome": "text"},
        {"turn": "one"},
        {"provenance": None},
        {"timings_ms": {"total": "fast"}},
        {"surprise": 1},
    ],
)
def test_a_damaged_record_is_a_store_error_without_its_text(damage: dict[str, Any]) -> None:
    with pytest.raises(StoreError) as caught:
        decode_reply(encode_reply(a_reply()) | damage)

    assert "backup" in caught.value.remedy
    assert "rituximab" not in str(caught.value).lower()


def test_a_stored_answer_without_a_disclaimer_is_never_shown() -> None:
    record = encode_reply(a_reply())
    record["outcome"]["disclaimer"] = ""

    with pytest.raises(StoreError, match="damaged"):
        decode_reply(record)
