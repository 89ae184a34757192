"""Questions from their arrival to their answer, with every way in which a life may end between."""

import asyncio
import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from telegram.error import Forbidden, NetworkError, RetryAfter

from bot.channels.telegram.joining import Options
from bot.domain.errors import StoreError
from bot.domain.inbox import ArrivalState
from bot.domain.messages import Audience
from tests.unit.channels.telegram.workplace import (
    GENEROUS,
    NOON,
    WORDING,
    Crash,
    Life,
    Workplace,
    says,
)

PLACEHOLDER = WORDING.say("telegram.placeholder")


@pytest.fixture
def place() -> Workplace:
    return Workplace()


async def life_of_two_questions(place: Workplace, kept: set[int]) -> None:
    for number in (1, 2):
        if number not in kept:
            await place.arrives(says(f"question {number}", number))
            kept.add(number)
    await place.works()


@pytest.mark.parametrize("taken", [False, True])
async def test_a_crash_between_any_two_steps_loses_no_question_and_answers_none_twice(*, taken: bool) -> None:
    whole = Life()
    place = Workplace()
    place.begins(whole)
    await life_of_two_questions(place, set())
    assert whole.steps > 20

    for step in range(1, whole.steps + 1):
        place, kept = Workplace(), set[int]()
        place.begins(Life(step, taken=taken))
        with suppress(Crash):  # Or it ends in a task of its own.
            await life_of_two_questions(place, kept)
        place.now += timedelta(minutes=2)
        place.begins()
        await life_of_two_questions(place, kept)

        said = [[text for text in place.answers_to(number) if "About" in text] for number in (1, 2)]
        assert [len(each) for each in said] == [1, 1], step
        assert said[0][0].startswith("About question 1.")
        assert said[1][0].startswith("About question 2.")
        assert {row.state for row in place.inbox.rows.values()} == {ArrivalState.DONE}
        assert all(row.arrival.payload == "" for row in place.inbox.rows.values())
        assert [m.text for m in place.asked].index("question 1") < [m.text for m in place.asked].index("question 2")


async def test_what_was_answered_is_never_made_again(place: Workplace) -> None:
    place.bot.failures["edit_message_text"] = [Forbidden("not now")]
    await place.arrives(says("question"))
    row = place.inbox.rows[1]
    await place.works()
    assert row.state is ArrivalState.DEAD  # Blocked: nothing is tried again.

    row.state, row.until = ArrivalState.NEW, None
    row.arrival = replace(row.arrival, payload=json.dumps(says("question")))
    await place.works()

    assert [message.text for message in place.asked] == ["question"]
    assert place.answers_to(1)[0].startswith("About question.")


async def test_a_second_question_is_told_its_place_in_line(place: Workplace) -> None:
    for number in (1, 2, 3):
        await place.arrives(says(f"hold {number}", number))
    working = asyncio.create_task(place.works())
    await place.until_asked("hold 1")

    said = [WORDING.say("telegram.in_line", place=number) for number in (2, 3)]
    await place.until(lambda: place.bot.texts() == [PLACEHOLDER, *said])
    place.let_go.set()
    await working
    assert [message.text for message in place.asked] == ["hold 1", "hold 2", "hold 3"]


async def test_an_outage_of_telegram_is_waited_for_however_long(place: Workplace) -> None:
    place.bot.failures["edit_message_text"] = [NetworkError("down")] * 200
    await place.arrives(says("question"))
    await place.works()

    assert place.answers_to(1)[0].startswith("About question.")
    assert place.inbox.rows[1].attempts == 1


async def test_flood_control_is_waited_for(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    place.bot.failures["edit_message_text"] = [RetryAfter(timedelta(seconds=30))]
    await place.arrives(says("question"))
    await place.works()

    assert place.pauses == [30.1]
    assert place.answers_to(1)[0].startswith("About question.")


async def test_a_handler_that_fails_is_tried_five_times_and_then_says_so(place: Workplace) -> None:
    place.inbox.rows.clear()
    await place.arrives(says("question"))
    place.answers.get = broken  # type: ignore[method-assign, assignment]
    await place.works()

    assert place.answers_to(1) == [WORDING.say("telegram.gave_up")]
    assert place.inbox.rows[1].state is ArrivalState.DEAD
    assert place.inbox.rows[1].reason == "LookupError"
    assert place.inbox.rows[1].attempts == 5


async def broken(answer_id: str) -> None:
    raise LookupError("Xyzzy")


async def test_who_reads_decides_and_the_answer_has_the_id_of_its_arrival(place: Workplace) -> None:
    await place.arrives(says("question"))
    place.readers.chosen["user:telegram:5"] = Audience.FAMILY
    await place.works()

    assert place.asked[0].audience is Audience.FAMILY
    assert place.asked[0].answer_id == place.inbox.rows[1].arrival.answer_id


@pytest.mark.parametrize(("minutes", "late"), [(15, False), (16, True)])
async def test_who_waited_longer_than_a_quarter_of_an_hour_is_told_so(
    place: Workplace, minutes: int, late: bool
) -> None:
    await place.arrives(says("question", at=NOON - timedelta(minutes=minutes)))
    await place.works()

    assert place.asked[0].delayed is late


async def test_the_work_in_hand_is_put_back_at_the_stop_and_done_at_the_next_start(place: Workplace) -> None:
    await place.arrives(says("hold", 1))
    working = asyncio.create_task(place.works())
    await place.until_asked("hold")

    assert await place.parts.desk.stop(0) == 1
    await working
    assert place.inbox.rows[1].attempts == 0
    place.let_go.set()
    place.begins()
    await place.works()

    assert place.answers_to(1)[0].startswith("About hold.")
    assert len(place.bot.messages) == 1


async def test_an_answer_that_takes_too_long_is_given_up() -> None:
    place = Workplace(Options(limits=GENEROUS, time_limit=0.01))
    await place.arrives(says("hold"))
    await place.works()

    assert place.answers_to(1) == [WORDING.say("telegram.too_slow")]


async def test_the_reply_to_a_request_for_a_comment_is_no_question(place: Workplace) -> None:
    seen = []

    async def comment(office: Any, claimed: Any, message: Any) -> None:
        seen.append(message.text)

    await place.messages.remember(1, 40, "c", said_at=NOON, purpose="comment", answer_id="a")
    asked = says("?", 40)["message"] | {"from": {"id": 123456, "is_bot": True, "first_name": "Footnote"}}
    object.__setattr__(place.parts.router, "comment", comment)
    await place.arrives(says("It was wrong.", 41, reply_to_message=asked))
    await place.works()

    assert seen == ["It was wrong."]
    assert place.asked == []


async def test_a_question_that_comes_while_the_database_is_away_comes_again_instead_of_losing_its_conversation(
    place: Workplace,
) -> None:
    await place.arrives(says("question", 1))
    await place.works()
    place.messages.failures = [StoreError("nobody answers", passes=True)]
    with pytest.raises(StoreError):
        await place.arrives(says("and the dose?", 2))
    assert 2 not in place.inbox.rows

    await place.arrives(says("and the dose?", 2))
    await place.works()
    assert len({message.conversation for message in place.asked}) == 1


async def test_a_question_that_another_process_takes_leaves_nothing_here(place: Workplace) -> None:
    await place.arrives(says("question"))
    await place.until(lambda: place.bot.texts() == [PLACEHOLDER])
    await place.parts.placeholders.stop(1)

    first = place.parts
    place.begins()
    await place.works()

    assert place.answers_to(1)[0].startswith("About question.")
    assert len(place.answers_to(1)) == 1
    assert not first.placeholders._receipts


async def test_who_was_too_slow_says_nothing_once_another_process_answers(place: Workplace) -> None:
    await place.arrives(says("hold 1"))
    working = asyncio.create_task(place.works())
    await place.until_asked("hold 1")
    before = place.bot.texts()

    place.now += timedelta(minutes=2)
    (claimed,) = await place.inbox.claim("another", limit=1, lease=timedelta(minutes=1))
    place.let_go.set()
    await working

    assert place.bot.texts() == before == [PLACEHOLDER]
    assert claimed.shown
    assert place.inbox.rows[1].state is ArrivalState.NEW
