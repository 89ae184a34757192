"""What readers say of answers: kept once each, changeable, without identifiers, and given to whom it concerns."""

from datetime import timedelta

import pytest

from bot.domain.errors import StoreError
from bot.domain.reviews import ReviewDecision
from bot.stores.usage import Usage
from tests.integration.telegram.scene import ANN, BEN, GROUP, WORDING, Scene
from tests.names import NAMES

ID = "0123456789ab"


async def opinions(scene: Scene) -> list[tuple[str, int, str, str]]:
    known = {NAMES.user(name): name for name in (f"telegram:{ANN}", f"telegram:{BEN}")}
    return [(known[o.user], o.vote, o.reason, o.comment) for o in await scene.feedback.of(ID)]


async def test_a_vote_is_kept_thanked_for_and_marked(scene: Scene) -> None:
    answer = await scene.answer()
    await scene.presses(f"u:{ID}", on=answer)
    assert await opinions(scene) == [(f"telegram:{ANN}", 1, "", "")]
    assert scene.telegram.toasts() == [WORDING.say("feedback.thanks")]
    assert scene.telegram.buttons(answer)["✓ 👍"] == f"u:{ID}"


async def test_a_vote_can_be_changed_and_stays_one(scene: Scene) -> None:
    answer = await scene.answer()
    await scene.presses(f"u:{ID}", on=answer)
    await scene.presses(f"v:{ID}", on=answer)
    assert await opinions(scene) == [(f"telegram:{ANN}", -1, "", "")]
    shown = scene.telegram.buttons(answer)
    assert "✓ 👎" in shown
    assert "✓ 👍" not in shown


async def test_a_vote_down_asks_why_and_offers_a_comment_and_a_report(scene: Scene) -> None:
    answer = await scene.answer()
    await scene.presses(f"v:{ID}", on=answer)
    offered = set(scene.telegram.buttons(answer).values())
    assert offered >= {f"x:{ID}:{reason}" for reason in ("wrong", "outdated", "missing", "unclear")}
    assert offered >= {f"c:{ID}", f"p:{ID}"}


async def test_a_vote_up_afterwards_takes_reasons_and_words_back(scene: Scene) -> None:
    answer = await scene.answer()
    await scene.presses(f"v:{ID}", on=answer)
    await scene.presses(f"x:{ID}:outdated", on=answer)
    assert await opinions(scene) == [(f"telegram:{ANN}", -1, "outdated", "")]
    await scene.presses(f"u:{ID}", on=answer)
    assert await opinions(scene) == [(f"telegram:{ANN}", 1, "", "")]
    assert f"x:{ID}:outdated" not in scene.telegram.buttons(answer).values()


async def test_in_a_group_votes_are_kept_apart_and_nobody_s_is_marked(scene: Scene) -> None:
    answer = await scene.answer(chat=GROUP)
    await scene.presses(f"u:{ID}", on=answer, chat=GROUP, user=ANN)
    await scene.presses(f"v:{ID}", on=answer, chat=GROUP, user=BEN)
    assert sorted(await opinions(scene)) == [(f"telegram:{ANN}", 1, "", ""), (f"telegram:{BEN}", -1, "", "")]
    assert not any(text.startswith("✓") for text in scene.telegram.buttons(answer))
    await scene.presses(f"x:{ID}:wrong", on=answer, chat=GROUP, user=BEN)
    assert f"x:{ID}:wrong" not in scene.telegram.buttons(answer).values()


async def test_a_vote_keeps_the_button_for_the_other_wording(scene: Scene) -> None:
    answer = await scene.answer()
    markup = [[{"text": "Plain words", "callback_data": f"w:{ID}:family"}, {"text": "👍", "callback_data": f"u:{ID}"}]]
    scene.telegram.messages[ANN, answer]["reply_markup"] = {"inline_keyboard": markup}
    await scene.presses(f"u:{ID}", on=answer)
    assert f"w:{ID}:family" in scene.telegram.buttons(answer).values()


async def test_words_are_asked_for_and_the_reply_is_kept_without_identifiers(scene: Scene) -> None:
    answer = await scene.answer()
    await scene.presses(f"v:{ID}", on=answer)
    await scene.presses(f"c:{ID}", on=answer)
    asked = scene.telegram.last()
    assert scene.telegram.of("sendMessage")[-1]["reply_markup"]["force_reply"]
    await scene.says("The dose for Jane Doe is missing.", to=asked)
    assert await opinions(scene) == [(f"telegram:{ANN}", -1, "", "The dose for X is missing.")]
    assert scene.telegram.said()[-1] == WORDING.say("feedback.comment")
    assert scene.asked == []


async def test_in_a_group_whoever_replies_comments_for_themselves(scene: Scene) -> None:
    answer = await scene.answer(chat=GROUP)
    await scene.presses(f"c:{ID}", on=answer, chat=GROUP, user=ANN)
    await scene.says("Not clear to me.", chat=GROUP, user=BEN, to=scene.telegram.last())
    assert await opinions(scene) == [(f"telegram:{BEN}", 0, "", "Not clear to me.")]


async def test_feedback_with_words_is_kept_with_the_last_answer(scene: Scene) -> None:
    await scene.answer("a" * 12)
    scene.later(timedelta(minutes=1))
    await scene.answer()
    await scene.says("/feedback Very helpful, thanks")
    assert await opinions(scene) == [(f"telegram:{ANN}", 0, "", "Very helpful, thanks")]
    assert scene.telegram.said()[-1] == WORDING.say("feedback.comment")


async def test_words_that_came_first_stay_with_the_vote_that_follows(scene: Scene) -> None:
    answer = await scene.answer()
    await scene.says("/feedback Helpful")
    await scene.presses(f"u:{ID}", on=answer)
    assert await opinions(scene) == [(f"telegram:{ANN}", 1, "", "Helpful")]


async def test_feedback_as_a_reply_is_kept_with_that_answer(scene: Scene) -> None:
    first = await scene.answer()
    await scene.answer("b" * 12)
    await scene.says("/feedback Outdated", to=first)
    assert [comment for *_, comment in await opinions(scene)] == ["Outdated"]


async def test_feedback_without_words_asks_for_them(scene: Scene) -> None:
    await scene.answer()
    await scene.says("/feedback")
    asked = scene.telegram.last()
    assert scene.telegram.said()[-1] == WORDING.say("feedback.ask")
    await scene.says("All fine.", to=asked)
    assert [comment for *_, comment in await opinions(scene)] == ["All fine."]


async def test_feedback_without_an_answer_says_so(scene: Scene) -> None:
    await scene.says("/feedback Nice bot")
    assert scene.telegram.said() == [WORDING.say("feedback.no_answer")]


async def test_a_comment_on_an_answer_that_was_forgotten_is_not_kept(scene: Scene) -> None:
    await scene.answer()
    await scene.says("/feedback")
    asked = scene.telegram.last()
    await scene.office.forgetting.forget_user(f"telegram:{ANN}", ANN)
    await scene.messages.remember(ANN, asked, f"telegram:{ANN}:1", said_at=scene.now, answer_id=ID, purpose="comment")
    await scene.says("All fine.", to=asked)
    assert scene.telegram.said()[-1] == WORDING.say("feedback.no_answer")


async def test_a_long_comment_is_cut(scene: Scene) -> None:
    await scene.answer()
    await scene.says(f"/feedback {'very ' * 800}")
    ((*_, comment),) = await opinions(scene)
    assert len(comment) == 2000


async def test_a_report_reaches_the_reviewers_with_the_reader_s_reason(scene: Scene) -> None:
    answer = await scene.answer()
    await scene.presses(f"x:{ID}:wrong", on=answer)
    await scene.says("/feedback The dose is too high.")
    await scene.presses(f"p:{ID}", on=answer)
    (pending,) = await scene.reviews.pending()
    assert (pending.answer_id, pending.reported_by) == (ID, NAMES.user(f"telegram:{ANN}"))
    assert pending.reason == "wrong: The dose is too high."
    assert scene.telegram.toasts()[-1] == WORDING.say("feedback.reported")


async def test_an_answer_is_reported_once(scene: Scene) -> None:
    answer = await scene.answer(chat=GROUP)
    await scene.presses(f"p:{ID}", on=answer, chat=GROUP, user=ANN)
    await scene.presses(f"p:{ID}", on=answer, chat=GROUP, user=BEN)
    await scene.presses(f"p:{ID}", on=answer, chat=GROUP, user=ANN)
    assert [one.reported_by for one in await scene.reviews.pending()] == [NAMES.user(f"telegram:{ANN}")]
    assert scene.telegram.toasts()[1:] == [WORDING.say("feedback.reported_before")] * 2


async def test_who_reported_an_answer_cannot_undo_what_was_decided(scene: Scene) -> None:
    answer = await scene.answer()
    await scene.presses(f"p:{ID}", on=answer)
    await scene.reviews.decide(ID, ReviewDecision.APPROVED, "", "Dr B", scene.now)
    await scene.presses(f"p:{ID}", on=answer)
    review = await scene.reviews.get(ID)
    assert review is not None
    assert review.decision is ReviewDecision.APPROVED


async def test_an_answer_that_was_voted_down_counts_among_the_gaps(scene: Scene) -> None:
    answer = await scene.answer(standalone_question="How much rituximab?")
    since = scene.now - timedelta(days=1)
    assert await Usage(scene.database).unanswered(since) == ()
    await scene.presses(f"v:{ID}", on=answer)
    (doubted,) = await Usage(scene.database).unanswered(since)
    assert doubted.question == "How much rituximab?"
    await scene.reviews.decide(ID, ReviewDecision.APPROVED, "", "Dr B", scene.now)
    assert await Usage(scene.database).unanswered(since) == ()


async def test_an_answer_voted_down_and_reported_counts_once(scene: Scene) -> None:
    answer = await scene.answer(chat=GROUP)
    for user in (ANN, BEN):
        await scene.presses(f"v:{ID}", on=answer, chat=GROUP, user=user)
    await scene.presses(f"p:{ID}", on=answer, chat=GROUP)
    assert len(await Usage(scene.database).unanswered(scene.now - timedelta(days=1))) == 1


async def test_a_vote_up_is_no_gap_and_neither_are_words_alone(scene: Scene) -> None:
    answer = await scene.answer()
    await scene.says("/feedback fine")
    await scene.presses(f"u:{ID}", on=answer)
    assert await Usage(scene.database).unanswered(scene.now - timedelta(days=1)) == ()


async def test_a_vote_of_any_other_number_is_refused(scene: Scene) -> None:
    await scene.answer()
    with pytest.raises(ValueError, match="1, 0 or -1"):
        await scene.feedback.vote(ID, f"telegram:{ANN}", 2, scene.now)
    with pytest.raises(StoreError, match="no answer"):
        await scene.feedback.vote("ffff", f"telegram:{ANN}", 0, scene.now)


async def test_nothing_of_what_readers_say_is_logged(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="bot")
    answer = await scene.answer()
    await scene.says("/feedback Jane Doe was here")
    await scene.presses(f"v:{ID}", on=answer)
    assert [r for r in caplog.records if r.name.startswith("bot.channels")] == []
