"""What somebody wants with an update, and whose turn it is."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.telegram.arrivals import (
    Me,
    arrival_of,
    asked_in,
    command_of,
    get_asked,
    get_refused,
    kind_of,
    lane_of,
    put_asked,
    put_refused,
)
from bot.channels.telegram.messages import Place
from bot.channels.telegram.profile import FOR_ADMINS, FOR_EVERYONE
from bot.domain.inbox import ArrivalKind
from bot.domain.messages import Audience
from tests.unit.channels.telegram.workplace import BOT_ID, NOON, USERNAME, an_update, says

ME = Me(id=BOT_ID, username=USERNAME)
PHOTO = [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]
ADA = {"id": 5, "is_bot": False, "first_name": "Ada"}
GROUP: dict[str, Any] = {"chat": -9, "group": True}


def without_text(**more: Any) -> dict[str, Any]:
    update = says("?", **more)
    del update["message"]["text"]
    return update


def pressed(data: str) -> dict[str, Any]:
    message = says("answer", 7)["message"]
    return {
        "update_id": 8,
        "callback_query": {"id": "1", "from": ADA, "chat_instance": "1", "data": data, "message": message},
    }


@pytest.mark.parametrize("name", [*FOR_EVERYONE, *FOR_ADMINS])
def test_a_command_is_understood_in_a_group_without_naming_the_bot(name: str) -> None:
    message = an_update(says(f"/{name}", **GROUP)).message
    assert message is not None
    assert command_of(message, ME) == (name, "")


@pytest.mark.parametrize(
    ("update", "kind"),
    [
        (says("What is JDM?"), ArrivalKind.QUESTION),
        (says("/policy"), ArrivalKind.QUESTION),
        (says("/ask What is JDM?"), ArrivalKind.QUESTION),
        (says("/ask"), ArrivalKind.COMMAND),
        (says("/start"), ArrivalKind.COMMAND),
        (says("/nonsense"), ArrivalKind.COMMAND),
        (says(f"/start@{USERNAME}", **GROUP), ArrivalKind.COMMAND),
        (says("/help", **GROUP), ArrivalKind.COMMAND),
        (says("/nonsense", **GROUP), None),
        (says("/help@other_bot", **GROUP), None),
        (says("talk among people", **GROUP), None),
        (says(f"@{USERNAME} What is JDM?", **GROUP), ArrivalKind.QUESTION),
        (without_text(photo=PHOTO), ArrivalKind.OTHER),
        (without_text(photo=PHOTO, caption="What is this?"), ArrivalKind.QUESTION),
        (without_text(photo=PHOTO, **GROUP), None),
        (without_text(left_chat_member=ADA), None),
        (pressed("u:abc"), ArrivalKind.BUTTON),
        ({"update_id": 1}, ArrivalKind.UNREADABLE),
        ({"update_id": 1, "thought_reading": {"text": "?"}}, None),
    ],
)  # fmt: skip
def test_an_update_is_of_a_kind_or_leaves_no_trace(update: dict[str, Any], kind: ArrivalKind | None) -> None:
    assert kind_of(an_update(update), ME) is kind


def test_a_changed_question_is_an_edit_and_a_changed_command_nothing() -> None:
    def edited(text: str) -> dict[str, Any]:
        return {"update_id": 1, "edited_message": says(text)["message"] | {"edit_date": 1}}

    assert kind_of(an_update(edited("What is JDM?")), ME) is ArrivalKind.EDIT
    assert kind_of(an_update(edited("/start")), ME) is None


@pytest.mark.parametrize(
    ("place", "private", "lane"),
    [
        (Place(chat=5, topic=None, message=1), True, "telegram:5"),
        (Place(chat=5, topic=3, message=1), True, "telegram:5:3"),
        (Place(chat=-9, topic=None, message=1), False, "telegram:-9:7"),
    ],
)
def test_questions_of_a_private_chat_or_of_a_conversation_in_a_group_wait_for_each_other(
    place: Place, private: bool, lane: str
) -> None:
    assert lane_of(place, "telegram:-9:7", private=private) == lane


def test_what_asks_nothing_never_waits() -> None:
    row = arrival_of(an_update(says("/help", 4)), ArrivalKind.COMMAND, answer_id="a", received_at=NOON, masked=str)

    assert (row.lane, row.chat, row.user, row.message, row.not_before) == ("now:4", 1, "telegram:5", 4, None)


def test_a_text_as_long_as_apps_cut_them_waits_for_its_next_part() -> None:
    def row(text: str) -> Any:
        return arrival_of(an_update(says(text)), ArrivalKind.QUESTION, answer_id="a", received_at=NOON, masked=str)

    assert row("👩" * 1899).not_before is None
    assert row("👩" * 1900).not_before == NOON + timedelta(seconds=1.5)


def test_a_question_without_an_update_and_a_refusal_survive_the_inbox() -> None:
    update = an_update(says("What is JDM?"))
    assert update.message is not None
    asked = replace(asked_in(update.message, "c", ME), audience=Audience.FAMILY, detail=True)

    assert get_asked(put_asked(asked)) == asked
    assert get_asked(update.to_json()) is None
    assert get_refused(put_refused(asked.place, "telegram.failed", "de")) == (asked.place, "telegram.failed", "de")
    assert get_refused(update.to_json()) is None
