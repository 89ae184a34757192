"""A changed question is answered only when that is wanted."""

from typing import Any

import pytest

from tests.unit.channels.telegram.workplace import (
    NOON,
    WORDING,
    Workplace,
    says,
)


@pytest.fixture
def place() -> Workplace:
    return Workplace()


def edits(text: str, number: int, *, update: int) -> dict[str, Any]:
    message = says(text, number)["message"]
    return {"update_id": update, "edited_message": message | {"edit_date": int(NOON.timestamp()) + 60}}


async def test_a_changed_question_is_answered_only_when_that_is_wanted_and_in_place_of_the_offer(
    place: Workplace,
) -> None:
    await place.arrives(says("question", 1))
    await place.works()
    await place.arrives(edits("better question", 1, update=2))
    await place.works()

    answer, offer = place.answers_to(1)
    assert answer.startswith("About question.")
    assert offer == WORDING.say("telegram.edited")
    assert ["e:2"] in place.bot.buttons.values()
    assert len(place.asked) == 1

    assert await place.parts.office.ask_edited(2, 77, "telegram:5", "en") == "command.old_button"
    assert await place.parts.office.ask_edited(2, 1, "telegram:6", "en") == "command.old_button"
    assert await place.parts.office.ask_edited(2, 1, "telegram:5", "en") == ""
    assert await place.parts.office.ask_edited(2, 1, "telegram:5", "en") == "command.old_button"
    await place.works()

    assert [message.text for message in place.asked] == ["question", "better question"]
    assert place.answers_to(1)[1].startswith("About better question.")
    assert len(place.answers_to(1)) == 2


async def test_a_changed_message_that_was_never_asked_is_left_alone(place: Workplace) -> None:
    await place.arrives(edits("better question", 1, update=2))
    await place.works()

    assert place.bot.messages == {}
