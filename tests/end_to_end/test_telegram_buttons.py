"""Every button, pressed in a chat with the real bot, and everything that a press doesn't reach."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.stores.database import open_database
from bot.stores.usage import Usage
from tests.end_to_end.recording import NOW, answered, newest, offers, pressed, recording
from tests.end_to_end.running_bot import PLACEHOLDER, WORDING, Running
from tests.fake_telegram import FakeTelegram, Fault

GROUP, OTHER_GROUP, ANN, BEN = -9, -10, 5, 6
OLD = WORDING.say("command.old_button")


@pytest.fixture
async def bot(telegram: FakeTelegram, tmp_path: Path) -> AsyncIterator[Running]:
    async with recording(telegram, tmp_path) as started:
        yield started


def last_id(bot: Running) -> str:
    return bot.answering.asked[-1].answer_id


async def test_sources_are_shown_on_a_page_of_their_own(bot: Running) -> None:
    answer = await answered(bot, "question")
    await pressed(bot, answer, "📚 Sources")
    await bot.sees(lambda: newest(bot)["text"].startswith("Source [1]"))
    page = newest(bot)
    assert "Rituximab was given at 750 mg/m2." in page["text"]
    assert page["message_id"] != answer
    shown = offers(bot, page["message_id"])
    assert shown["Copy citation"].startswith("Rituximab in myositis")
    assert shown["🚩 Report for review"] == f"p:{last_id(bot)}"


async def test_a_reply_to_a_source_is_a_follow_up(bot: Running) -> None:
    answer = await answered(bot, "question")
    await bot.rests(timedelta(hours=1))
    await pressed(bot, answer, "📚 Sources")
    await bot.sees(lambda: newest(bot)["text"].startswith("Source [1]"))
    await bot.rests(timedelta(0))
    bot.telegram.replies(newest(bot)["message_id"], "and then?")
    await bot.sees(lambda: "About and then?." in newest(bot)["text"])
    assert len(set(bot.answering.conversations().values())) == 1


async def test_more_detail_is_a_new_reply(bot: Running) -> None:
    answer = await answered(bot, "question")
    await pressed(bot, answer, "🔎 More detail")
    await bot.sees(lambda: len(bot.answering.asked) == 2 and newest(bot)["text"].startswith("About question."))
    again = bot.answering.asked[1]
    assert (again.text, again.detail) == ("question", True)
    assert newest(bot)["reply_to_message"]["message_id"] == answer
    assert len(bot.telegram.messages()) == 2


@pytest.mark.parametrize(
    ("chosen", "button", "other"), [("clinician", "Plain words", "family"), ("other", "Medical terms", "clinician")]
)
async def test_other_words_hold_for_one_answer(bot: Running, chosen: str, button: str, other: str) -> None:
    await pressed_picker(bot, chosen)
    answer = await answered(bot, "question")
    await pressed(bot, answer, button)
    await bot.sees(lambda: len(bot.answering.asked) == 2 and newest(bot)["text"].startswith("About question."))
    await answered(bot, "next")
    assert [message.audience for message in bot.answering.asked] == [chosen, other, chosen]


async def pressed_picker(bot: Running, audience: str) -> int:
    bot.telegram.says("/audience")
    await bot.sees(lambda: newest(bot)["text"].startswith("At present"))
    picker = int(newest(bot)["message_id"])
    await pressed(bot, picker, f"a:{audience}")
    return picker


async def test_another_audience_offers_the_last_answer_again(bot: Running) -> None:
    await answered(bot, "question")
    picker = await pressed_picker(bot, "family")
    await bot.sees(lambda: "Shall I answer" in newest(bot)["text"])
    assert offers(bot, picker)["✓ Parent, patient or family"] == "a:family"
    await pressed(bot, newest(bot)["message_id"], "Answer again in plain words")
    await bot.sees(lambda: len(bot.answering.asked) == 2)
    assert (bot.answering.asked[1].text, bot.answering.asked[1].audience) == ("question", "family")


async def test_a_suggested_question_is_posted_for_all_to_see_and_answered(bot: Running) -> None:
    answer = await answered(bot, "question")
    await pressed(bot, answer, "How long?")
    await bot.sees(lambda: "About How long?." in newest(bot)["text"])
    posted = bot.telegram.messages()[1]
    assert posted["text"] == "❯ How long?"
    assert newest(bot)["reply_to_message"]["message_id"] == posted["message_id"]
    assert len(set(bot.answering.conversations().values())) == 1


async def test_votes_reasons_and_words_are_kept_and_count_among_the_gaps(bot: Running, tmp_path: Path) -> None:
    answer = await answered(bot, "question")
    assert (await pressed(bot, answer, "👍"))["text"] == WORDING.say("feedback.thanks")
    await bot.sees(lambda: "✓ 👍" in offers(bot, answer))
    assert (await pressed(bot, answer, "👎"))["text"] == WORDING.say("feedback.why")
    await bot.sees(lambda: "Outdated" in offers(bot, answer))
    assert (await pressed(bot, answer, "Outdated"))["text"] == WORDING.say("feedback.noted")
    await pressed(bot, answer, "✏️ Say more")
    await bot.sees(lambda: newest(bot)["text"] == WORDING.say("feedback.ask"))
    await bot.rests(timedelta(0))
    bot.telegram.replies(newest(bot)["message_id"], "There is a newer trial.")
    await bot.sees(lambda: newest(bot)["text"] == WORDING.say("feedback.comment"))
    (opinion,) = await bot.bot.parts.office.feedback.of(last_id(bot))
    assert (opinion.vote, opinion.reason, opinion.comment) == (-1, "outdated", "There is a newer trial.")
    async with await open_database(f"sqlite:///{tmp_path}/footnote.db") as database:
        doubted = await Usage(database).unanswered(NOW - timedelta(days=1))
    assert [one.question for one in doubted] == ["question"]


async def test_an_answer_is_reported_once(bot: Running) -> None:
    answer = await answered(bot, "question")
    await pressed(bot, answer, "👎")
    await bot.sees(lambda: "🚩 Report for review" in offers(bot, answer))
    told = [await pressed(bot, answer, "🚩 Report for review") for _ in range(2)]
    assert [toast["text"] for toast in told] == [
        WORDING.say("feedback.reported"),
        WORDING.say("feedback.reported_before"),
    ]


async def test_an_edited_question_is_answered_once_at_the_press(bot: Running) -> None:
    bot.telegram.says("question")
    await bot.sees(lambda: "About question." in newest(bot)["text"])
    await bot.rests(timedelta(0))
    asked = min(bot.telegram.chats[1].messages)
    bot.telegram.edits(asked, "other question")
    await bot.sees(lambda: newest(bot)["text"] == WORDING.say("telegram.edited"))
    await bot.rests(timedelta(0))
    offer = newest(bot)["message_id"]
    data = next(iter(offers(bot, offer).values()))
    await pressed(bot, offer, data)
    await bot.sees(lambda: "About other question." in newest(bot)["text"])
    assert (await pressed(bot, offer, data, stale=True))["text"] == OLD
    assert [message.text for message in bot.answering.asked] == ["question", "other question"]


async def test_in_a_group_sources_are_a_link_and_nobody_s_vote_is_marked(bot: Running) -> None:
    answer = await answered(bot, "/ask question", chat=GROUP, chat_type="supergroup")
    shown = offers(bot, answer, GROUP)
    assert shown["📚 Sources"] == f"https://t.me/footnote_bot?start=src_{last_id(bot)}"
    await pressed(bot, answer, "👍", chat=GROUP, sender=ANN)
    await pressed(bot, answer, "👎", chat=GROUP, sender=BEN)
    await bot.sees(lambda: "Wrong" in offers(bot, answer, GROUP))
    assert {text for text in offers(bot, answer, GROUP) if text.startswith("✓")} == set()
    feedback, users = bot.bot.parts.office.feedback, (f"telegram:{ANN}", f"telegram:{BEN}")
    votes = {
        (user, one.vote) for user in users for one in await feedback.of(last_id(bot), asking=user) if one.user == user
    }
    assert votes == {(users[0], 1), (users[1], -1)}


async def test_two_conversations_of_a_group_do_not_mix(bot: Running) -> None:
    one = await answered(bot, "/ask one", chat=GROUP, chat_type="supergroup", sender=ANN)
    two = await answered(bot, "/ask two", chat=GROUP, chat_type="supergroup", sender=BEN)
    await pressed(bot, one, "🔎 More detail", chat=GROUP, sender=BEN)
    await pressed(bot, two, "🔎 More detail", chat=GROUP, sender=ANN)
    await bot.sees(lambda: [text.startswith("About") for text in bot.telegram.texts(GROUP)] == [True] * 4)
    first, second, *more = bot.answering.asked
    assert first.conversation != second.conversation
    assert {(m.text, m.conversation, m.user) for m in more} == {
        ("one", first.conversation, f"telegram:{BEN}"),
        ("two", second.conversation, f"telegram:{ANN}"),
    }
    replied = {m["text"].split(".")[0]: m["reply_to_message"]["message_id"] for m in bot.telegram.messages(GROUP)[2:]}
    assert replied == {"About one": one, "About two": two}


EACH = ("s:{}:1", "d:{}", "w:{}:family", "r:{}", "u:{}", "v:{}", "x:{}:wrong", "c:{}", "f:{}:1", "p:{}")


async def test_a_press_in_another_chat_reaches_nothing(bot: Running) -> None:
    await answered(bot, "/ask question", chat=GROUP, chat_type="supergroup")
    here = await answered(bot, "/ask mine", chat=OTHER_GROUP, chat_type="supergroup")
    theirs = bot.answering.asked[0].answer_id
    for data in EACH:
        told = await pressed(bot, here, data.format(theirs), chat=OTHER_GROUP, stale=True)
        assert told["text"] == OLD, data
    assert len(bot.answering.asked) == 2
    assert len(bot.telegram.messages(OTHER_GROUP)) == 1
    office = bot.bot.parts.office
    assert await office.feedback.of(theirs) == ()
    assert await office.reviews.get(theirs) is None


async def test_buttons_that_nobody_knows_any_more_answer_politely(bot: Running) -> None:
    answer = await answered(bot, "question")
    for data in (*(each.format("ffffffffffff") for each in EACH), "e:1", "k:", "q:1", "s:"):
        told = await pressed(bot, answer, data, stale=True)
        assert (told["text"], str(told["show_alert"]).lower()) == (OLD, "true"), data
    assert len(bot.telegram.messages()) == 1


async def test_a_press_is_confirmed_while_the_answer_is_still_being_made(bot: Running) -> None:
    answer = await answered(bot, "question")
    bot.telegram.says("hold this")
    await bot.sees(lambda: len(bot.answering.asked) == 2 and newest(bot)["text"] == PLACEHOLDER)
    await pressed(bot, answer, "👍")
    assert newest(bot)["text"] == PLACEHOLDER


async def test_a_press_survives_what_telegram_does(bot: Running) -> None:
    answer = await answered(bot, "question")
    bot.telegram.fails("answerCallbackQuery", Fault(status=400, description="Bad Request: query is too old"))
    bot.telegram.fails("sendMessage", Fault(status=502, html=True))
    bot.telegram.presses(answer, "How long?")
    await bot.sees(lambda: "About How long?." in newest(bot)["text"])
    assert bot.telegram.texts().count("❯ How long?") == 1
    assert [message.text for message in bot.answering.asked] == ["question", "How long?"]
