"""One question too many is refused, in a minute and in a day."""

from datetime import timedelta

import pytest

from bot.channels.telegram.joining import Options
from bot.channels.telegram.limits import Limits
from tests.unit.channels.telegram.workplace import (
    WORDING,
    Workplace,
    says,
)


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
