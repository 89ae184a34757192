import json
import logging
from typing import Any

import pytest

from bot.channels.telegram.polling import PollingRequest

GOOD = {
    "update_id": 2,
    "message": {"message_id": 1, "date": 1_790_000_000, "chat": {"id": 1, "type": "private"}, "text": "Hello"},
}
POISON = {"update_id": 1, "callback_query": {"id": "7", "data": "the patient's name"}}


def parse(*updates: Any) -> Any:
    return PollingRequest.parse_json_payload(json.dumps({"ok": True, "result": updates}).encode())["result"]


def test_an_update_that_can_t_be_read_becomes_an_empty_one_with_its_id(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        assert parse(POISON, GOOD) == [{"update_id": 1}, GOOD]

    assert "Update 1 can't be read" in caplog.text
    assert "patient" not in caplog.text


def test_updates_of_a_future_kind_pass_untouched() -> None:
    future = {"update_id": 3, "thought_reading": {"text": "?"}}

    assert parse(future) == [future]


@pytest.mark.parametrize("nonsense", [None, 5, "text", {}, {"update_id": "seven"}])
def test_what_has_no_id_at_all_is_left_out(nonsense: Any) -> None:
    assert parse(nonsense, GOOD) == [GOOD]


def test_other_answers_pass_as_they_are() -> None:
    assert PollingRequest.parse_json_payload(b'{"ok": true, "result": true}') == {"ok": True, "result": True}
