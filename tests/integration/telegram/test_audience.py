"""Who is reading: chosen by each user, in a group by its administrators."""

import pytest

from bot.domain.answers import Abstention
from bot.domain.messages import Audience
from tests.integration.telegram.scene import ADMINISTRATOR_RIGHTS, ANN, BEN, GROUP, WORDING, Scene
from tests.unit.stores.replies import an_answer


def member(status: str) -> dict[str, object]:
    about = {"status": status, "user": {"id": ANN, "is_bot": False, "first_name": "Ann"}}
    return about | dict.fromkeys(ADMINISTRATOR_RIGHTS, False)


async def test_the_present_audience_is_shown_and_marked(scene: Scene) -> None:
    await scene.readers.choose(f"user:telegram:{ANN}", Audience.TRAINEE, scene.now)
    await scene.says("/audience")
    assert "clinicians in training" in scene.telegram.said()[0]
    assert [text for text in scene.telegram.buttons() if text.startswith("✓")] == ["✓ Clinician in training"]


async def test_without_a_choice_it_writes_for_readers_it_does_not_know(scene: Scene) -> None:
    await scene.says("/audience")
    assert WORDING.say("audience.name.other") in scene.telegram.said()[0]


async def test_a_choice_is_kept_marked_and_offers_the_last_answer_again(scene: Scene) -> None:
    await scene.answer()
    await scene.says("/audience")
    picker = scene.telegram.last()
    await scene.presses("a:family", on=picker)
    assert await scene.readers.audience(f"user:telegram:{ANN}") is Audience.FAMILY
    assert "patients and families" in scene.telegram.toasts()[-1]
    assert scene.telegram.buttons(picker)["✓ Parent, patient or family"] == "a:family"
    assert list(scene.telegram.buttons().values()) == ["r:0123456789ab"]


async def test_without_an_answer_nothing_is_offered_again(scene: Scene) -> None:
    await scene.says("/audience")
    await scene.presses("a:clinician")
    assert len(scene.telegram.said()) == 1


async def test_what_the_library_did_not_answer_is_not_offered_again(scene: Scene) -> None:
    nothing = Abstention(text="Nothing.", nearest=(), notices=(), disclaimer="Not advice.")
    await scene.answer(outcome=nothing)
    await scene.says("/audience")
    await scene.presses("a:clinician")
    assert len(scene.telegram.said()) == 2


@pytest.mark.parametrize("status", ["creator", "administrator"])
async def test_an_administrator_chooses_for_the_whole_group(scene: Scene, status: str) -> None:
    scene.telegram.results["getChatMember"] = member(status)
    await scene.says("/audience", chat=GROUP)
    await scene.presses("a:family", chat=GROUP)
    assert await scene.readers.audience(f"chat:{GROUP}") is Audience.FAMILY
    assert await scene.readers.audience(f"user:telegram:{ANN}") is None
    assert [(call["chat_id"], call["user_id"]) for call in scene.telegram.of("getChatMember")] == [(GROUP, ANN)] * 2


async def test_a_member_sees_the_present_audience_without_a_choice(scene: Scene) -> None:
    scene.telegram.results["getChatMember"] = member("member")
    await scene.says("/audience", chat=GROUP)
    assert WORDING.say("audience.only_administrators") in scene.telegram.said()[0]
    assert scene.telegram.buttons() == {}


async def test_a_member_s_press_on_the_choice_changes_nothing(scene: Scene) -> None:
    scene.telegram.results["getChatMember"] = member("creator")
    await scene.says("/audience", chat=GROUP)
    scene.telegram.results["getChatMember"] = member("member")
    await scene.presses("a:family", chat=GROUP, user=BEN)
    assert await scene.readers.audience(f"chat:{GROUP}") is None
    assert scene.telegram.toasts() == [WORDING.say("audience.only_administrators")]


async def test_where_telegram_does_not_say_who_is_administrator_nobody_is(scene: Scene) -> None:
    scene.telegram.refusals["getChatMember"] = (400, "Bad Request: member not found")
    await scene.presses("a:family", on=3, chat=GROUP)
    assert await scene.readers.audience(f"chat:{GROUP}") is None


async def test_an_administrator_who_writes_in_the_name_of_the_group_may_choose(scene: Scene) -> None:
    scene.telegram.results["getChatMember"] = member("left")
    await scene.says("/audience", chat=GROUP, sender_chat={"id": GROUP, "type": "group", "title": "A group"})
    assert len(scene.telegram.buttons()) == len(Audience)


async def test_the_last_answer_of_the_conversation_is_offered_not_that_of_another(scene: Scene) -> None:
    await scene.answer("a" * 12, outcome=an_answer())
    await scene.says("/new")
    await scene.says("/audience")
    await scene.presses("a:family")
    assert all("r:" not in data for data in scene.telegram.buttons().values())


@pytest.mark.parametrize("data", ["a:", "a:doctor", "a:family:0123456789ab"])
async def test_an_unknown_audience_is_refused(scene: Scene, data: str) -> None:
    await scene.says("/audience")
    await scene.presses(data)
    assert scene.telegram.toasts() == [WORDING.say("command.old_button")]
    assert await scene.readers.audience(f"user:telegram:{ANN}") is None
