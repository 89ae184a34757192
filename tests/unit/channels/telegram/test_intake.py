"""Everything is kept before Telegram hears of it, once, in order, and whatever happens to the store."""

from typing import Any

import pytest

from bot.channels.telegram.polling import DurableQueue
from bot.domain.errors import StoreError
from bot.domain.inbox import ArrivalKind, ArrivalState
from tests.unit.channels.telegram.workplace import WORDING, Workplace, an_update, says

POISON = {"update_id": 9}


@pytest.fixture
def place() -> Workplace:
    return Workplace()


async def test_the_queue_never_raises_and_goes_on_only_when_the_update_is_kept(
    place: Workplace, caplog: pytest.LogCaptureFixture
) -> None:
    place.inbox.failures = [StoreError("The disk is full.")] * 9
    queue = DurableQueue(place.parts.intake.take)

    await queue.put(an_update(says("Xyzzy?")))

    assert place.inbox.rows[1].arrival.kind is ArrivalKind.QUESTION
    assert place.pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0]
    assert queue.empty()
    assert not place.parts.intake.is_waiting_for_store
    assert "Xyzzy" not in caplog.text


async def test_what_the_library_puts_into_the_queue_for_itself_is_left_alone(place: Workplace) -> None:
    await DurableQueue(place.parts.intake.take).put(object())

    assert place.inbox.rows == {}


async def test_by_webhook_a_failure_is_told_so_that_telegram_sends_the_update_again(place: Workplace) -> None:
    place.inbox.failures = [StoreError("The disk is full.")]

    with pytest.raises(StoreError):
        await place.arrives(says("question"))

    await place.arrives(says("question"))
    await place.works()
    assert len(place.asked) == 1


async def test_what_arrives_twice_is_kept_and_answered_once(place: Workplace) -> None:
    for _ in range(2):
        await place.arrives(says("question"))
        await place.works()
        await place.arrives(says("question"))

    assert len(place.asked) == 1
    assert len(place.bot.messages) == 1


async def test_rows_keep_the_order_of_arrival_not_of_their_ids(place: Workplace) -> None:
    for number in (70, 3, 12):
        await place.arrives(says(f"question {number}", number))
    await place.works()

    assert [message.text for message in place.asked] == ["question 70", "question 3", "question 12"]


async def test_an_unreadable_update_is_put_aside(place: Workplace) -> None:
    await place.arrives(POISON)
    await place.arrives(says("question"))
    await place.works()

    row = place.inbox.rows[9]
    assert (row.state, row.reason) == (ArrivalState.DEAD, "unreadable")
    assert len(place.asked) == 1


async def test_what_is_said_after_new_belongs_to_a_new_conversation_however_fast_it_comes(place: Workplace) -> None:
    await place.arrives(says("first", 1))
    await place.arrives(says("/new", 2))
    await place.arrives(says("second", 3))
    await place.works()

    conversations = {message.text: message.conversation for message in place.asked}
    assert conversations == {"first": "telegram:1:1", "second": "telegram:1:2"}
    assert WORDING.say("telegram.new") in place.bot.texts()


@pytest.mark.parametrize(
    "odd",
    [
        {"chat": {"id": 2**70, "type": "private"}},
        {"chat": {"id": None, "type": "private"}},
        {"text": "  ", "entities": [{"type": "bot_command", "offset": 0, "length": 1}]},
        {"entities": [{"type": "mention", "offset": {}, "length": 3}]},
        {"text": "\ud83d"},
    ],
)
async def test_an_update_that_could_not_be_taken_out_again_is_put_aside_at_once(
    place: Workplace, odd: dict[str, Any]
) -> None:
    content = says("question")
    content["message"] |= odd

    await place.arrives(content)
    await place.works()

    assert [row.arrival.kind for row in place.inbox.rows.values()] in ([ArrivalKind.UNREADABLE], [])
    assert place.pauses == []
