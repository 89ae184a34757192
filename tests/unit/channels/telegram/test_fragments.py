"""A long text that the sender's app has cut is answered as one."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.inbox import ArrivalState
from tests.unit.channels.telegram.workplace import (
    NOON,
    WORDING,
    Crash,
    Life,
    Workplace,
    says,
)

PLACEHOLDER = WORDING.say("telegram.placeholder")
LONG = "Vignette. " * 400


@pytest.fixture
def place() -> Workplace:
    return Workplace()


async def test_a_long_text_that_came_in_parts_is_answered_as_one(place: Workplace) -> None:
    await place.arrives(says(LONG.strip(), 1))
    place.now += timedelta(seconds=1)
    await place.arrives(says(LONG.strip(), 2))
    await place.arrives(says("What next?", 3))
    place.now += timedelta(seconds=2)
    await place.works()

    (asked,) = place.asked
    assert asked.text == f"{LONG.strip()}\n{LONG.strip()}\nWhat next?"
    assert sum("About" in text for text in place.bot.texts()) == 1
    assert place.answers_to(2) + place.answers_to(3) == []
    assert {row.state for row in place.inbox.rows.values()} == {ArrivalState.DONE}


async def test_a_part_that_is_late_is_waited_for(place: Workplace) -> None:
    await place.arrives(says(LONG.strip(), 1))
    assert await place.inbox.claim("other", limit=1, lease=timedelta(seconds=1)) == []
    place.now += timedelta(seconds=1)
    await place.arrives(says(LONG.strip(), 2))
    place.now += timedelta(seconds=0.6)
    await place.works()

    assert place.pauses == [pytest.approx(0.9)]
    assert len(place.asked) == 1


@pytest.mark.parametrize(
    "second",
    [
        says("Something else?", 3),
        says("Something else?", 2, sender=6),
        says("Something else?", 2, at=NOON + timedelta(minutes=5)),
        says("/ask Something else?", 2),
    ],
)
async def test_what_only_looks_like_a_part_is_a_question_of_its_own(place: Workplace, second: dict[str, Any]) -> None:
    await place.arrives(says(LONG, 1))
    await place.arrives(second)
    place.now += timedelta(seconds=2)
    await place.works()

    assert [message.text for message in place.asked] == [LONG.strip(), "Something else?"]


async def test_a_crash_after_the_joined_text_was_answered_doesn_t_bring_its_parts_back() -> None:
    whole = Life()
    place = Workplace()
    place.begins(whole)
    await joined_life(place, set())
    for step in range(1, whole.steps + 1):
        place, kept = Workplace(), set[int]()
        place.begins(Life(step))
        with suppress(Crash):
            await joined_life(place, kept)
        place.begins()
        if kept != {1, 2}:
            continue  # Parts that Telegram sends again much later are questions of their own.
        place.now += timedelta(minutes=2)
        await place.works()
        assert {message.text for message in place.asked} == {f"{LONG.strip()}\nWhat next?"}
        assert sum("About" in text for text in place.bot.texts()) == 1, step


async def joined_life(place: Workplace, kept: set[int]) -> None:
    for number, text in ((1, LONG), (2, "What next?")):
        await place.arrives(says(text, number))
        kept.add(number)
    place.now += timedelta(seconds=2)
    await place.works()


async def test_a_part_that_another_process_receives_is_answered_with_the_part_before(place: Workplace) -> None:
    await place.arrives(says(LONG, 1))
    place.begins()
    await place.arrives(says("Which dose?", 2))
    place.now += timedelta(minutes=1)
    await place.works()

    assert [message.text for message in place.asked] == [f"{LONG.strip()}\nWhich dose?"]
    assert PLACEHOLDER not in place.bot.texts()
    assert place.answers_to(2) == []
