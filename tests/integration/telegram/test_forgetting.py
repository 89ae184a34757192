"""Deletes only after a yes of the one who asked, and says what was deleted."""

from datetime import timedelta

from bot.domain.messages import Audience
from tests.integration.telegram.scene import ANN, BEN, GROUP, WORDING, Scene

ID = "0123456789ab"


async def test_forget_asks_first_and_deletes_nothing_yet(scene: Scene) -> None:
    await scene.answer()
    await scene.says("/forget")
    assert scene.telegram.said()[-1] == WORDING.say("privacy.confirm")
    assert list(scene.telegram.buttons().values()) == ["y:", "z:"]
    assert await scene.office.answers.get(ID) is not None


async def test_after_a_yes_all_is_gone_and_counted_by_kind(scene: Scene) -> None:
    answer = await scene.answer()
    await scene.readers.choose(f"user:telegram:{ANN}", Audience.FAMILY, scene.now)
    await scene.presses(f"u:{ID}", on=answer)
    await scene.says("/forget")
    await scene.presses("y:")
    said = scene.telegram.said()[-1]
    assert said.startswith("Deleted:")
    for kind in ("turns", "messages", "feedback", "audience"):
        assert WORDING.say(f"privacy.kind.{kind}") in said
    assert f"{WORDING.say('privacy.kind.turns')}: 1" in said
    assert said.endswith(f"{WORDING.say('privacy.deleted_later')}\n{WORDING.say('privacy.noted')}")
    assert scene.telegram.buttons() == {}
    assert await scene.office.answers.get(ID) is None
    assert await scene.readers.audience(f"user:telegram:{ANN}") is None
    assert (ANN, None) in scene.cancelled


async def test_after_a_no_everything_stays(scene: Scene) -> None:
    await scene.answer()
    await scene.says("/forget")
    await scene.presses("z:")
    assert scene.telegram.said()[-1] == WORDING.say("privacy.kept_all")
    assert await scene.office.answers.get(ID) is not None


async def test_what_others_said_stays(scene: Scene) -> None:
    await scene.answer("a" * 12, chat=ANN)
    await scene.answer("b" * 12, chat=BEN)
    await scene.says("/forget")
    await scene.presses("y:")
    assert await scene.office.answers.get("a" * 12) is None
    assert await scene.office.answers.get("b" * 12) is not None


async def test_in_a_group_only_the_asker_may_confirm_or_refuse(scene: Scene) -> None:
    await scene.says("/forget", chat=GROUP, user=ANN)
    asked = scene.telegram.last()
    for data in ("y:", "z:"):
        await scene.presses(data, on=asked, chat=GROUP, user=BEN)
    assert scene.telegram.toasts() == [WORDING.say("privacy.not_yours")] * 2
    assert scene.telegram.said(GROUP) == [WORDING.say("privacy.confirm")]
    await scene.presses("z:", on=asked, chat=GROUP, user=ANN)
    assert scene.telegram.said(GROUP) == [WORDING.say("privacy.kept_all")]


async def test_in_a_group_the_asker_s_yes_counts(scene: Scene) -> None:
    await scene.answer(chat=ANN)
    await scene.says("/forget", chat=GROUP, user=ANN)
    await scene.presses("y:", chat=GROUP, user=ANN)
    assert await scene.office.answers.get(ID) is None


async def test_in_a_group_a_yes_under_a_deleted_command_does_nothing(scene: Scene) -> None:
    await scene.answer(chat=ANN)
    await scene.says("/forget", chat=GROUP, user=ANN)
    scene.telegram.messages[GROUP, scene.telegram.last()].pop("reply_to_message")
    await scene.presses("y:", chat=GROUP, user=ANN)
    assert await scene.office.answers.get(ID) is not None


async def test_a_confirmation_that_was_deleted_is_answered_anew(scene: Scene) -> None:
    await scene.says("/forget")
    scene.telegram.refusals["editMessageText"] = (400, "Bad Request: message to edit not found")
    scene.later(timedelta(minutes=1))
    await scene.presses("y:")
    assert len(scene.telegram.said()) == 2
    assert scene.telegram.said()[-1].startswith(("Deleted:", "There was nothing"))
