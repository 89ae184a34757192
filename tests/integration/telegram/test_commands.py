"""What each command says, to whom."""

import dataclasses
import json
from datetime import date
from typing import Any

import pytest

from bot.channels.telegram.commands import COMMANDS
from bot.channels.telegram.profile import FOR_ADMINS, FOR_EVERYONE
from bot.conversation.without_evidence import POLICY
from bot.domain.messages import Audience
from bot.domain.validation import Figure
from tests.integration.telegram.scene import ANN, BEN, GROUP, OTHER_GROUP, WORDING, Scene


def test_every_command_that_telegram_shows_is_handled() -> None:
    assert {*FOR_EVERYONE, *FOR_ADMINS} == {*COMMANDS, POLICY.removeprefix("/")}


async def test_the_first_start_welcomes_warns_and_asks_who_is_reading(scene: Scene) -> None:
    await scene.says("/start")
    (said,) = scene.telegram.said()
    assert "not end-to-end encrypted" in said
    assert "identifiers" in said
    assert "Who is reading?" in said
    assert set(scene.telegram.buttons().values()) == {f"a:{each}" for each in Audience}


async def test_a_later_start_does_not_ask_again_who_is_reading(scene: Scene) -> None:
    await scene.readers.choose(f"user:telegram:{ANN}", Audience.FAMILY, scene.now)
    await scene.says("/start")
    assert "Who is reading?" not in scene.telegram.said()[0]
    assert scene.telegram.buttons() == {}


async def test_start_in_a_group_says_how_the_bot_is_asked_there(scene: Scene) -> None:
    await scene.says("/start", chat=GROUP)
    assert "mention me" in scene.telegram.said()[0]
    assert scene.telegram.buttons() == {}


async def test_help_names_the_commands(scene: Scene) -> None:
    await scene.says("/help")
    assert all(f"/{name}" in scene.telegram.said()[0] for name in FOR_EVERYONE if name not in {"start", "help"})


async def test_an_unknown_command_gets_help_in_private_and_nothing_in_a_group(scene: Scene) -> None:
    await scene.says("/weather")
    assert scene.telegram.said() == [WORDING.say("command.help")]
    await scene.says("/weather@footnote_bot", chat=GROUP)
    assert scene.telegram.said(GROUP) == []


async def test_ask_without_a_question_asks_for_one_and_a_reply_goes_on_there(scene: Scene) -> None:
    await scene.says("/ask", chat=GROUP)
    (said,) = scene.telegram.said()
    assert "reply to this message" in said
    assert scene.telegram.of("sendMessage")[0]["reply_markup"] == {"force_reply": True, "selective": True}
    note = await scene.messages.about(GROUP, scene.telegram.last())
    assert note is not None
    assert (note.purpose, note.conversation) == ("ask", f"telegram:{GROUP}:1")


async def test_new_begins_a_conversation_that_replies_go_on_with(scene: Scene) -> None:
    await scene.answer()
    await scene.says("/new")
    last = await scene.messages.last_spoken(ANN)
    assert last is not None
    assert last[0] != f"telegram:{ANN}:1"
    assert await scene.messages.conversation_of(ANN, scene.telegram.last()) == last[0]


async def test_sources_shows_those_of_the_last_answer_of_this_conversation(scene: Scene) -> None:
    await scene.answer("a" * 12)
    await scene.answer("b" * 12)
    await scene.says("/sources")
    assert "Source [1]" in scene.telegram.said()[-1]
    assert f"s:{'b' * 12}:2" in scene.telegram.buttons().values()


async def test_sources_after_a_look_at_an_older_answer_s_are_still_the_last_one_s(scene: Scene) -> None:
    first = await scene.answer("a" * 12)
    await scene.answer("b" * 12)
    await scene.presses(f"s:{'a' * 12}:1", on=first)
    await scene.says("/sources")
    assert f"s:{'b' * 12}:2" in scene.telegram.buttons().values()


async def test_sources_as_a_reply_shows_those_of_that_answer(scene: Scene) -> None:
    first = await scene.answer("a" * 12)
    await scene.answer("b" * 12)
    await scene.says("/sources", to=first)
    assert f"s:{'a' * 12}:2" in scene.telegram.buttons().values()


async def test_sources_after_new_has_nothing_to_show(scene: Scene) -> None:
    await scene.answer()
    await scene.says("/new")
    await scene.says("/sources")
    assert scene.telegram.said()[-1] == WORDING.say("command.no_sources")


async def test_sources_in_a_group_are_a_link_to_the_private_chat(scene: Scene) -> None:
    await scene.answer(chat=GROUP)
    await scene.says("/sources", chat=GROUP)
    assert list(scene.telegram.buttons().values()) == ["https://t.me/footnote_bot?start=src_0123456789ab"]


async def test_the_link_shows_the_sources_in_private_and_its_pages_turn(scene: Scene) -> None:
    await scene.answer(chat=GROUP)
    await scene.says("/start src_0123456789ab", user=BEN, chat=BEN)
    assert "Rituximab was given" in scene.telegram.said(BEN)[-1]
    page = scene.telegram.last()
    await scene.presses("s:0123456789ab:2", on=page, chat=BEN)
    assert scene.telegram.last() == page
    assert "Source [2]" in scene.telegram.said(BEN)[-1]


async def test_a_page_that_a_link_opened_leaves_no_answer_in_that_chat(scene: Scene) -> None:
    await scene.answer(chat=GROUP)
    await scene.says("/start src_0123456789ab", user=BEN, chat=BEN)
    assert await scene.messages.last_answer(BEN) is None
    assert await scene.messages.chat_of_answer("0123456789ab") == GROUP


@pytest.mark.parametrize("given_in", [ANN, OTHER_GROUP])
async def test_a_link_shows_nothing_of_another_private_chat_or_in_a_group(scene: Scene, given_in: int) -> None:
    await scene.answer(chat=given_in)
    here = BEN if given_in == ANN else GROUP
    await scene.says("/start src_0123456789ab", user=BEN, chat=here)
    assert not any("Rituximab was given" in text for text in scene.telegram.said(here))


@pytest.mark.parametrize("payload", ["src_", "src_zzzz", "src_ffffffffffff", "ref_7"])
async def test_a_link_that_leads_nowhere_gets_a_sentence(scene: Scene, payload: str) -> None:
    await scene.says(f"/start {payload}")
    assert len(scene.telegram.said()) == 1


async def test_about_says_what_it_is_what_it_reads_and_that_no_model_writes(scene: Scene) -> None:
    await scene.says("/about")
    (said,) = scene.telegram.said()
    assert "Footnote 1.2.3" in said
    assert "1 document (1 not reviewed yet)" in said
    assert "no language model" in said
    assert "can't see pictures" in said


async def test_about_is_one_message_that_a_phone_shows_in_part_and_unfolds(scene: Scene) -> None:
    figure = Figure(name="outcome", value=0.5, n=2, date=date(2026, 11, 1), command="x")
    scene.affairs = dataclasses.replace(scene.affairs, figures=lambda: (figure,))
    for language in ("en", "de"):
        ann = {"id": ANN, "is_bot": False, "first_name": "Ann", "language_code": language}
        more: dict[str, Any] = {"from": ann}
        await scene.says("/about", **more)
        sent = scene.telegram.of("sendMessage")[-1]
        entities = json.loads(sent["entities"]) if isinstance(sent["entities"], str) else sent["entities"]
        folded = sum(one["length"] for one in entities if one["type"] == "expandable_blockquote")
        assert sum(one["type"] == "bold" for one in entities) == 8
        assert len(sent["text"]) <= 4096
        assert len(sent["text"]) - folded < 2000
        assert "50 %" in sent["text"]


async def test_about_names_the_model_and_an_empty_library(scene: Scene) -> None:
    scene.affairs = dataclasses.replace(scene.affairs, models=("openai:gpt-4.1-mini",))
    scene.library.held = None
    await scene.says("/about")
    assert "openai:gpt-4.1-mini" in scene.telegram.said()[0]
    assert WORDING.say("command.about_empty") in scene.telegram.said()[0]


async def test_privacy_says_what_is_kept_how_long_and_that_nothing_leaves(scene: Scene) -> None:
    await scene.says("/privacy")
    (said,) = scene.telegram.said()
    assert WORDING.say("privacy.rule.open") in said
    assert WORDING.say("privacy.no_model") in said
    assert "/forget" in said


async def test_privacy_names_the_days_and_the_model_that_questions_are_sent_to(scene: Scene) -> None:
    scene.retention_days = 30
    scene.affairs = dataclasses.replace(scene.affairs, models=("ollama:qwen3:8b",))
    await scene.says("/privacy")
    (said,) = scene.telegram.said()
    assert "30 days" in said
    assert "ollama:qwen3:8b" in said
    assert WORDING.say("privacy.no_model") not in said


@pytest.mark.parametrize(("waiting", "says"), [(0, "Nothing of yours"), (1, "1 question was"), (3, "3 questions were")])
async def test_cancel_takes_back_what_this_user_asked_here(scene: Scene, waiting: int, says: str) -> None:
    scene.waiting = waiting
    await scene.says("/cancel", chat=GROUP, user=BEN)
    assert scene.cancelled == [(GROUP, f"telegram:{BEN}")]
    assert scene.telegram.said()[0].startswith(says)


async def test_a_command_for_another_bot_is_left_alone(scene: Scene) -> None:
    for text in ("/help@other_bot", "/forget@other_bot", "/unheard_of"):
        await scene.says(text, chat=GROUP)
    assert scene.telegram.calls == []
