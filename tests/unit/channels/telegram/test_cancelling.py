"""A question that is called off, here or by way of another process, is not answered."""

import asyncio

import pytest

from bot.channels.telegram import asking
from bot.domain.inbox import ArrivalState
from tests.unit.channels.telegram.workplace import (
    USERNAME,
    WORDING,
    Workplace,
    says,
)


@pytest.fixture
def place() -> Workplace:
    return Workplace()


async def test_cancel_calls_off_what_runs_and_what_waits(place: Workplace) -> None:
    await place.arrives(says("hold 1", 1))
    await place.arrives(says("second", 2))
    async with place.at_work():
        await place.until_asked("hold 1")
        await place.arrives(says("other", 3, chat=2, sender=6))
        await place.arrives(says("/cancel", 4))
        cancelled, told = WORDING.say("telegram.cancelled"), WORDING.say("command.cancelled_many", count=2)
        shown = [[cancelled], [cancelled], [told]]
        await place.until(lambda: [place.answers_to(number) for number in (1, 2, 4)] == shown)
        await place.until(lambda: place.inbox.rows[3].state is ArrivalState.DONE)

    assert place.answers_to(3, chat=2)[0].startswith("About other.")
    assert [message.text for message in place.asked] == ["hold 1", "other"]
    assert {place.inbox.rows[row].state for row in (1, 2)} == {ArrivalState.CANCELLED}


async def test_a_question_that_another_process_called_off_is_neither_answered_nor_made_to_the_end(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "LOOK_S", 0.0)
    await place.arrives(says("hold 1"))
    working = asyncio.create_task(place.works())
    await place.until_asked("hold 1")

    await place.inbox.cancel(chat=1, user="telegram:5")
    await working

    assert place.answers_to(1) == [WORDING.say("telegram.cancelled")]
    assert not place.let_go.is_set()


async def test_a_question_that_another_process_called_off_as_its_answer_was_made_is_not_answered(
    place: Workplace,
) -> None:
    await place.arrives(says("hold 1"))
    working = asyncio.create_task(place.works())
    await place.until_asked("hold 1")

    await place.inbox.cancel(chat=1, user="telegram:5")
    place.let_go.set()
    await working

    assert place.answers_to(1) == [WORDING.say("telegram.cancelled")]


async def test_cancel_leaves_others_of_the_group_alone(place: Workplace) -> None:
    for number, sender in ((1, 5), (2, 6)):
        await place.arrives(says(f"@{USERNAME} hold {number}", number, chat=-9, group=True, sender=sender))
    working = asyncio.create_task(place.works())
    await place.until_asked("hold 1", "hold 2")

    assert await place.parts.asking.cancel(-9, "telegram:5") == 1
    place.let_go.set()
    await working

    assert place.answers_to(1, -9) == [WORDING.say("telegram.cancelled")]
    assert place.answers_to(2, -9)[0].startswith("About hold 2.")


async def test_with_nothing_to_cancel_it_is_said_so(place: Workplace) -> None:
    await place.arrives(says("/cancel"))
    await place.works()

    assert place.bot.texts() == [WORDING.say("command.cancelled_none")]
