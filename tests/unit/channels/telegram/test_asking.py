"""Questions from their arrival to their answer, with every way in which a life may end between."""

import asyncio
import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from telegram.error import Forbidden, NetworkError, RetryAfter

from bot.channels.telegram import asking
from bot.channels.telegram.intake import Limits
from bot.channels.telegram.joining import Options
from bot.domain.errors import StoreError
from bot.domain.inbox import ArrivalState
from bot.domain.messages import Audience
from tests.unit.channels.telegram.workplace import (
    GENEROUS,
    NOON,
    USERNAME,
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


async def until_asked(place: Workplace, *texts: str) -> None:
    """Let those at work go on until these have been asked."""
    await place.until(lambda: [message.text for message in place.asked] == list(texts))


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
    await until_asked(place, "hold 1")

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


# Long texts that the sender's app has cut


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


# Calling off


async def test_cancel_calls_off_what_runs_and_what_waits(place: Workplace) -> None:
    await place.arrives(says("hold 1", 1))
    await place.arrives(says("second", 2))
    async with place.at_work():
        await until_asked(place, "hold 1")
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
    await until_asked(place, "hold 1")

    await place.inbox.cancel(chat=1, user="telegram:5")
    await working

    assert place.answers_to(1) == [WORDING.say("telegram.cancelled")]
    assert not place.let_go.is_set()


async def test_a_question_that_another_process_called_off_as_its_answer_was_made_is_not_answered(
    place: Workplace,
) -> None:
    await place.arrives(says("hold 1"))
    working = asyncio.create_task(place.works())
    await until_asked(place, "hold 1")

    await place.inbox.cancel(chat=1, user="telegram:5")
    place.let_go.set()
    await working

    assert place.answers_to(1) == [WORDING.say("telegram.cancelled")]


async def test_who_was_too_slow_says_nothing_once_another_process_answers(place: Workplace) -> None:
    await place.arrives(says("hold 1"))
    working = asyncio.create_task(place.works())
    await until_asked(place, "hold 1")
    before = place.bot.texts()

    place.now += timedelta(minutes=2)
    (claimed,) = await place.inbox.claim("another", limit=1, lease=timedelta(minutes=1))
    place.let_go.set()
    await working

    assert place.bot.texts() == before == [PLACEHOLDER]
    assert claimed.shown
    assert place.inbox.rows[1].state is ArrivalState.NEW


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


async def test_a_part_that_another_process_receives_is_answered_with_the_part_before(place: Workplace) -> None:
    await place.arrives(says(LONG, 1))
    place.begins()
    await place.arrives(says("Which dose?", 2))
    place.now += timedelta(minutes=1)
    await place.works()

    assert [message.text for message in place.asked] == [f"{LONG.strip()}\nWhich dose?"]
    assert PLACEHOLDER not in place.bot.texts()
    assert place.answers_to(2) == []


async def test_a_question_that_another_process_takes_leaves_nothing_here(place: Workplace) -> None:
    await place.arrives(says("question"))
    await place.until(lambda: place.bot.texts() == [PLACEHOLDER])
    await place.parts.asking.stop(1)

    first = place.parts
    place.begins()
    await place.works()

    assert place.answers_to(1)[0].startswith("About question.")
    assert len(place.answers_to(1)) == 1
    assert not first.asking._receipts


async def test_cancel_leaves_others_of_the_group_alone(place: Workplace) -> None:
    for number, sender in ((1, 5), (2, 6)):
        await place.arrives(says(f"@{USERNAME} hold {number}", number, chat=-9, group=True, sender=sender))
    working = asyncio.create_task(place.works())
    await until_asked(place, "hold 1", "hold 2")

    assert await place.parts.asking.cancel(-9, "telegram:5") == 1
    place.let_go.set()
    await working

    assert place.answers_to(1, -9) == [WORDING.say("telegram.cancelled")]
    assert place.answers_to(2, -9)[0].startswith("About hold 2.")


async def test_with_nothing_to_cancel_it_is_said_so(place: Workplace) -> None:
    await place.arrives(says("/cancel"))
    await place.works()

    assert place.bot.texts() == [WORDING.say("command.cancelled_none")]


# Changed questions


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


# Limits


@pytest.mark.parametrize(
    ("limits", "key"),
    [
        (Limits(user_a_minute=2, chat_a_minute=100, user_a_day=0), "too_many_now"),
        (Limits(user_a_minute=100, chat_a_minute=2, user_a_day=0), "too_many_here"),
        (Limits(user_a_minute=100, chat_a_minute=100, user_a_day=2), "too_many_today"),
    ],
)
async def test_one_question_too_many_is_refused_kindly_before_it_costs_anything(limits: Limits, key: str) -> None:
    place = Workplace(Options(limits=limits))
    for number in (1, 2, 3):
        await place.arrives(says(f"question {number}", number))
    await place.works()

    assert [message.text for message in place.asked] == ["question 1", "question 2"]
    assert place.answers_to(3) == [WORDING.say(f"telegram.{key}")]
    place.now += timedelta(days=1)
    await place.arrives(says("question 4", 4, at=place.now))
    await place.works()
    assert place.asked[-1].text == "question 4"


# Everything else


async def test_the_work_in_hand_is_put_back_at_the_stop_and_done_at_the_next_start(place: Workplace) -> None:
    await place.arrives(says("hold", 1))
    working = asyncio.create_task(place.works())
    await until_asked(place, "hold")

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
