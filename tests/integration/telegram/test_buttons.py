"""What a press does: on an answer of this chat what it promises, on anything else nothing but a polite word."""

import pytest

from bot.channels.telegram import buttons
from bot.channels.telegram.keyboards import Verb
from bot.channels.telegram.messages import Place
from bot.domain.answers import Clarification
from bot.domain.messages import Audience
from tests.integration.telegram.scene import ANN, BEN, GROUP, OTHER_GROUP, WORDING, Scene

ID = "0123456789ab"
OLD = WORDING.say("command.old_button")
ABOUT = ("s:{}:1", "d:{}", "w:{}:family", "r:{}", "u:{}", "v:{}", "x:{}:wrong", "c:{}", "f:{}:1", "p:{}")
ON_ANSWER = [data.format(ID) for data in ABOUT]


async def nothing_happened(scene: Scene, *, said: int) -> bool:
    untouched = not scene.asked and not await scene.feedback.of(ID) and await scene.reviews.get(ID) is None
    return untouched and len(scene.telegram.said()) == said and scene.telegram.toasts() == [OLD]


async def test_a_source_is_shown_in_its_passage_with_what_can_be_done(scene: Scene) -> None:
    answer = await scene.answer()
    await scene.presses(f"s:{ID}:1", on=answer)
    page = scene.telegram.said()[-1]
    assert "Source [1]" in page
    assert "Forty children took part." in page
    assert set(scene.telegram.buttons().values()) >= {f"s:{ID}:2", f"p:{ID}"}
    assert scene.telegram.toasts() == [""]


async def test_the_pages_of_sources_turn_in_one_message(scene: Scene) -> None:
    answer = await scene.answer()
    await scene.presses(f"s:{ID}:1", on=answer)
    await scene.presses(f"s:{ID}:2")
    await scene.presses(f"s:{ID}:1")
    assert len(scene.telegram.said()) == 2
    assert "Source [1]" in scene.telegram.said()[-1]


async def test_a_reply_to_a_source_goes_on_with_its_conversation(scene: Scene) -> None:
    answer = await scene.answer()
    await scene.presses(f"s:{ID}:1", on=answer)
    assert await scene.messages.conversation_of(ANN, scene.telegram.last()) == f"telegram:{ANN}:1"


async def test_a_source_that_the_library_lost_shows_the_stored_quotation(scene: Scene) -> None:
    answer = await scene.answer()
    scene.library.held = None
    await scene.presses(f"s:{ID}:1", on=answer)
    assert WORDING.say("source.changed") in scene.telegram.said()[-1]
    assert "Rituximab was given at 750 mg/m2." in scene.telegram.said()[-1]


async def test_a_source_in_a_group_opens_the_private_chat_instead(scene: Scene) -> None:
    answer = await scene.answer(chat=GROUP)
    await scene.presses(f"s:{ID}:1", on=answer, chat=GROUP)
    (told,) = scene.telegram.of("answerCallbackQuery")
    assert told["url"] == f"https://t.me/footnote_bot?start=src_{ID}"
    assert len(scene.telegram.said()) == 1


async def test_more_detail_asks_the_same_again_as_a_reply_to_the_answer(scene: Scene) -> None:
    answer = await scene.answer(standalone_question="How much rituximab in JDM?")
    await scene.presses(f"d:{ID}", on=answer)
    (asked,) = scene.asked
    assert (asked.text, asked.detail, asked.audience) == ("How much rituximab in JDM?", True, None)
    assert asked.place == Place(chat=ANN, topic=None, message=answer)
    assert asked.conversation == f"telegram:{ANN}:1"
    assert (asked.user, asked.is_private) == (f"telegram:{ANN}", True)


@pytest.mark.parametrize("audience", [Audience.FAMILY, Audience.CLINICIAN])
async def test_other_words_are_for_this_answer_only(scene: Scene, audience: Audience) -> None:
    answer = await scene.answer()
    await scene.presses(f"w:{ID}:{audience}", on=answer)
    assert [asked.audience for asked in scene.asked] == [audience]
    assert await scene.readers.audience(f"user:telegram:{ANN}") is None


async def test_again_asks_for_whoever_was_chosen(scene: Scene) -> None:
    answer = await scene.answer()
    await scene.presses(f"r:{ID}", on=answer)
    assert [(asked.text, asked.audience, asked.detail) for asked in scene.asked] == [
        ("How much rituximab?", None, False)
    ]


async def test_a_suggested_question_is_posted_and_asked_as_the_presser_s(scene: Scene) -> None:
    answer = await scene.answer(chat=GROUP)
    await scene.presses(f"f:{ID}:2", on=answer, chat=GROUP, user=BEN)
    assert scene.telegram.said()[-1] == "❯ How long?"
    (asked,) = scene.asked
    assert (asked.text, asked.user, asked.is_private) == ("How long?", f"telegram:{BEN}", False)
    assert asked.place.message == scene.telegram.last()
    assert await scene.messages.conversation_of(GROUP, scene.telegram.last()) == asked.conversation


async def test_a_choice_of_a_question_back_is_asked_too(scene: Scene) -> None:
    back = Clarification(text="Which drug?", choices=("rituximab", "infliximab"), notices=(), disclaimer="Not advice.")
    answer = await scene.answer(outcome=back)
    await scene.presses(f"f:{ID}:2", on=answer)
    assert [asked.text for asked in scene.asked] == ["infliximab"]


async def test_the_conversation_before_is_gone_on_with_after_new(scene: Scene) -> None:
    await scene.answer()
    await scene.says("/new")
    assert list(scene.telegram.buttons().values()) == ["k:"]
    await scene.presses("k:")
    assert scene.telegram.said()[-1] == WORDING.say("command.continue")
    last = await scene.messages.last_spoken(ANN)
    assert last is not None
    assert last[0] == f"telegram:{ANN}:1"


async def test_where_nothing_was_said_before_nothing_is_offered(scene: Scene) -> None:
    await scene.says("/new")
    assert scene.telegram.buttons() == {}
    await scene.presses("k:")
    assert scene.telegram.toasts() == [OLD]


async def test_in_a_group_there_is_no_going_back(scene: Scene) -> None:
    await scene.answer(chat=GROUP)
    await scene.says("/new", chat=GROUP)
    assert scene.telegram.buttons() == {}
    await scene.presses("k:", chat=GROUP)
    assert scene.telegram.toasts() == [OLD]


async def test_an_edited_question_is_answered_while_it_is_on_offer(scene: Scene) -> None:
    await scene.answer()
    await scene.presses("e:77")
    await scene.presses("e:78")
    assert scene.telegram.toasts() == ["", OLD]


@pytest.mark.parametrize("data", ON_ANSWER)
async def test_a_button_of_another_private_chat_reaches_nothing(scene: Scene, data: str) -> None:
    await scene.answer(chat=ANN)
    await scene.presses(data, on=999, chat=BEN)
    assert await nothing_happened(scene, said=1)


@pytest.mark.parametrize("data", ON_ANSWER)
async def test_a_button_of_another_group_reaches_nothing(scene: Scene, data: str) -> None:
    await scene.answer(chat=GROUP)
    await scene.presses(data, on=999, chat=OTHER_GROUP)
    assert await nothing_happened(scene, said=1)


@pytest.mark.parametrize("data", [data for data in ON_ANSWER if data[0] not in "sp"])
async def test_a_group_s_answer_can_only_be_looked_at_in_private(scene: Scene, data: str) -> None:
    await scene.answer(chat=GROUP)
    await scene.presses(data, on=999, chat=BEN)
    assert await nothing_happened(scene, said=1)


@pytest.mark.parametrize("data", ON_ANSWER)
async def test_a_button_of_an_answer_that_was_forgotten_says_so(scene: Scene, data: str) -> None:
    await scene.presses(data, on=999)
    assert await nothing_happened(scene, said=0)


NO_SUCH_PART = ("s:{}", "s:{}:0", "s:{}:9", "s:{}:x", "w:{}:doctor", "f:{}:0", "f:{}:3", "f:{}:²", "x:{}:boring")


@pytest.mark.parametrize("data", ["", "?", "zz:1", "k:", "e:", "e:-1", *(data.format(ID) for data in NO_SUCH_PART)])
async def test_data_that_mean_nothing_are_refused_politely(scene: Scene, data: str) -> None:
    answer = await scene.answer()
    scene.telegram.calls.clear()
    await scene.presses(data, on=answer)
    assert scene.telegram.toasts() == [OLD]
    assert scene.asked == []
    assert scene.telegram.of("sendMessage") == []


async def test_a_press_that_is_too_old_for_telegram_still_does_its_work(scene: Scene) -> None:
    answer = await scene.answer()
    scene.telegram.refusals["answerCallbackQuery"] = (400, "Bad Request: query is too old and response timeout expired")
    await scene.presses(f"d:{ID}", on=answer)
    assert len(scene.asked) == 1


async def test_two_conversations_of_a_group_do_not_mix(scene: Scene) -> None:
    one = await scene.answer("a" * 12, chat=GROUP, conversation="telegram:-100:1", standalone_question="About A?")
    two = await scene.answer("b" * 12, chat=GROUP, conversation="telegram:-100:2", standalone_question="About B?")
    await scene.presses(f"d:{'b' * 12}", on=two, chat=GROUP)
    await scene.presses(f"d:{'a' * 12}", on=one, chat=GROUP)
    await scene.says("/sources", chat=GROUP, to=one)
    assert [(a.text, a.conversation, a.place.message) for a in scene.asked] == [
        ("About B?", "telegram:-100:2", two),
        ("About A?", "telegram:-100:1", one),
    ]
    assert list(scene.telegram.buttons().values()) == [f"https://t.me/footnote_bot?start=src_{'a' * 12}"]


async def test_buttons_inside_a_topic_stay_in_it(scene: Scene) -> None:
    answer = await scene.answer(chat=GROUP, topic=7)
    scene.telegram.messages[GROUP, answer] |= {"is_topic_message": True, "message_thread_id": 7}
    await scene.presses(f"f:{ID}:1", on=answer, chat=GROUP)
    assert scene.asked[0].place.topic == 7
    assert scene.telegram.of("sendMessage")[-1]["message_thread_id"] == 7


def test_every_verb_that_is_offered_has_somebody_who_handles_it() -> None:
    assert {*buttons.ALONE, *buttons.ON_ANSWER} == set(Verb)
