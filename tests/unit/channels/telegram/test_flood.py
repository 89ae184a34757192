"""One floods, another is served: what the flood costs is bounded, and nothing of the other is lost."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.telegram.intake import Limits
from bot.channels.telegram.joining import Options
from bot.domain.errors import StoreError
from bot.domain.inbox import ArrivalKind
from tests.unit.channels.telegram.workplace import NOON, WORDING, Workplace, says

FLOOD, MALLORY, ADA = 10_000, 666, 5
LIMITS = Limits()


def written(number: int) -> dict[str, Any]:
    return says("question", number, chat=MALLORY, sender=MALLORY)


def commanded(number: int) -> dict[str, Any]:
    return says("/about", number, chat=MALLORY, sender=MALLORY)


def edited(number: int) -> dict[str, Any]:
    message = says("question, changed", 1, chat=MALLORY, sender=MALLORY)["message"]
    return {"update_id": number, "edited_message": message | {"edit_date": int(NOON.timestamp()) + 1}}


def pressed(number: int) -> dict[str, Any]:
    message = written(1)["message"]
    person = {"id": MALLORY, "is_bot": False, "first_name": "Mallory"}
    query = {"id": str(number), "from": person, "chat_instance": "1", "data": "d:0123456789ab", "message": message}
    return {"update_id": number, "callback_query": query}


def photographed(number: int) -> dict[str, Any]:
    photo = {"photo": [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]}
    update = written(number)
    del update["message"]["text"]
    update["message"] |= photo
    return update


def moved(number: int) -> dict[str, Any]:
    me = {"id": 123456, "is_bot": True, "first_name": "Footnote"}
    change = {"chat": {"id": -100 - number, "type": "group", "title": "G"}, "date": 0}
    states = {"old_chat_member": {"user": me, "status": "left"}, "new_chat_member": {"user": me, "status": "member"}}
    person = {"id": MALLORY, "is_bot": False, "first_name": "Mallory"}
    return {"update_id": number, "my_chat_member": change | states | {"from": person}}


def place_with(**options: Any) -> Workplace:
    return Workplace(Options(limits=LIMITS, retry=timedelta(0), **options))


@pytest.mark.parametrize("kind", [written, commanded, edited, pressed, photographed, moved])
async def test_of_a_flood_a_minutes_worth_is_stored_and_the_other_is_served(
    kind: Callable[[int], dict[str, Any]],
) -> None:
    place = place_with()
    for number in range(1, FLOOD + 1):
        await place.arrives(kind(number))
        if number % 2500 == 0:
            await place.arrives(says(f"another question {number}", FLOOD + number, sender=ADA))
    of_whom = Counter(row.arrival.user for row in place.inbox.rows.values())
    assert of_whom[f"telegram:{MALLORY}"] <= LIMITS.of_user + 1
    questions = [row.arrival for row in place.inbox.rows.values() if row.arrival.kind is ArrivalKind.QUESTION]
    assert sum(arrival.user == f"telegram:{MALLORY}" for arrival in questions) <= LIMITS.user_a_minute
    assert [arrival.answer_id != "" for arrival in questions if arrival.user == f"telegram:{ADA}"] == [True] * 4


async def test_the_flooder_is_answered_within_limits_and_told_once_and_ada_gets_all_her_answers() -> None:
    place = place_with()
    for number in range(1, FLOOD + 1):
        await place.arrives(written(number))
        if number % 2500 == 0:
            await place.arrives(says(f"another question {number}", FLOOD + number, sender=ADA))
    await place.works()
    asked = Counter(message.user for message in place.asked)
    assert asked == {f"telegram:{MALLORY}": LIMITS.user_a_minute, f"telegram:{ADA}": 4}
    assert all(text.startswith("About another question") for text in place.bot.texts())
    said = Counter(place.bot.texts(MALLORY))
    assert said[WORDING.say("telegram.too_fast")] == 1
    assert said[WORDING.say("telegram.too_many_now")] == LIMITS.of_user - LIMITS.user_a_minute
    assert sum(said.values()) == LIMITS.of_user + 1


async def test_after_a_minute_the_flooder_is_served_again() -> None:
    place = place_with()
    for number in range(1, 200):
        await place.arrives(written(number))
    place.now += timedelta(minutes=2)
    await place.arrives(written(500))
    assert place.inbox.rows[500].arrival.kind is ArrivalKind.QUESTION


async def test_members_of_a_group_share_its_pace_and_one_of_them_cannot_use_it_up() -> None:
    place = place_with()
    for number in range(1, FLOOD // 10):
        await place.arrives(says("/ask question", number, chat=-7, sender=MALLORY, group=True))
    await place.arrives(says("/about", FLOOD, chat=-7, sender=ADA, group=True))
    assert place.inbox.rows[FLOOD].arrival.kind is ArrivalKind.COMMAND
    for number in range(FLOOD + 1, FLOOD + 1000):
        await place.arrives(says("/about", number, chat=-7, sender=number, group=True))
    assert len(place.inbox.rows) <= LIMITS.of_group + 2


async def test_a_store_that_fails_costs_nobody_their_allowance() -> None:
    place = place_with()
    for _ in range(10 * LIMITS.of_user):
        place.inbox.failures = [StoreError("The disk is full.")]
        with pytest.raises(StoreError):
            await place.arrives(says("question", 1))
    await place.arrives(says("question", 1))
    assert place.inbox.rows[1].arrival.kind is ArrivalKind.QUESTION


@pytest.mark.parametrize("limits", [Limits(user_a_minute=1), Limits(chat_a_minute=1), Limits(user_a_day=1)])
async def test_an_emergency_is_answered_beyond_every_limit_of_questions(limits: Limits) -> None:
    place = Workplace(Options(limits=limits))
    for number, text in enumerate(("question", "another question", "emergency", "/ask emergency as well"), start=1):
        await place.arrives(says(text, number))
    await place.works()
    assert [message.text for message in place.asked] == ["question", "emergency", "emergency as well"]


async def test_edited_questions_are_no_way_around_the_limit() -> None:
    place = place_with()
    await place.arrives(says("question", 1))
    await place.works()
    rows = range(2, 2 + 3 * LIMITS.user_a_minute)
    for row in rows:
        message = says(f"question {row}", 1)["message"] | {"edit_date": int(NOON.timestamp()) + row}
        await place.arrives({"update_id": row, "edited_message": message})
    await place.works()
    place.now += timedelta(minutes=5)
    told = [await place.parts.office.ask_edited(row, 1, f"telegram:{ADA}", "en") for row in rows]
    assert Counter(told) == {"": LIMITS.user_a_minute, "telegram.too_many_now": len(rows) - LIMITS.user_a_minute}


async def test_a_chat_that_is_not_served_is_not_told_how_fast_it_may_be() -> None:
    place = place_with(allowed_chats=frozenset({ADA}))
    for number in range(1, 500):
        await place.arrives(written(number))
    kinds = Counter(row.arrival.kind for row in place.inbox.rows.values())
    assert kinds == {ArrivalKind.MEMBERSHIP: LIMITS.of_user}
