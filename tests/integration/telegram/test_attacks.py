"""Who tries to get at what isn't theirs, by every way that Telegram leaves open, and gets nothing."""

import random
import re
from typing import Any

import pytest
from telegram import Update

from bot.channels.telegram import buttons
from bot.channels.telegram.arrivals import Me, kind_of
from bot.channels.telegram.joining import new_answer_id
from bot.channels.telegram.keyboards import MOST_DATA, Verb
from bot.channels.telegram.membership import admits
from bot.channels.telegram.profile import FOR_ADMINS
from bot.domain.inbox import ArrivalKind
from bot.settings import Settings
from bot.stores.forgetting import Forgetting
from tests.integration.telegram.scene import ADMIN, ANN, BEN, GROUP, OTHER_GROUP, QUOTE, WORDING, Scene, chat_of
from tests.telegram_in_process import ME

ID = "0123456789abcdef01234567"
OLD = WORDING.say("command.old_button")
HELP = WORDING.say("command.help")
REFUSED = WORDING.say("command.link_refused")
ANONYMOUS_ID = 1087968824
ANONYMOUS: dict[str, Any] = {"id": ANONYMOUS_ID, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNEL = {"id": -1009, "type": "channel", "title": "Admins"}


def person(number: int, **more: Any) -> dict[str, Any]:
    return {"id": number, "is_bot": False, "first_name": "Somebody"} | more


# Administrators


NOT_ADMINS: dict[str, dict[str, Any]] = {
    "another number with an administrator's names": {
        "from": person(ANN, username=str(ADMIN), first_name=str(ADMIN), last_name="Admin")
    },
    "a bot": {"from": person(ADMIN, is_bot=True)},
    "forwarded by an administrator": {
        "from": person(ADMIN),
        "forward_origin": {"type": "user", "date": 0, "sender_user": person(ANN)},
    },
    "forwarded from a hidden user": {
        "from": person(ADMIN),
        "forward_origin": {"type": "hidden_user", "date": 0, "sender_user_name": "Somebody"},
    },
    "written by another bot for an administrator": {"from": person(ADMIN), "via_bot": person(77, is_bot=True)},
    "in the name of a channel": {"from": person(ADMIN), "sender_chat": CHANNEL},
    "nobody": {"from": None},
}


@pytest.mark.parametrize("more", NOT_ADMINS.values(), ids=NOT_ADMINS)
@pytest.mark.parametrize("name", FOR_ADMINS)
async def test_nobody_else_commands_in_private(scene: Scene, name: str, more: dict[str, Any]) -> None:
    await scene.says(f"/{name}", chat=ADMIN, **more)
    assert scene.telegram.said() == [HELP]


@pytest.mark.parametrize("name", FOR_ADMINS)
@pytest.mark.parametrize("more", [{"from": ANONYMOUS, "sender_chat": chat_of(GROUP)}, {"from": person(ADMIN)}])
async def test_a_group_commands_nothing_not_even_by_its_administrators(
    scene: Scene, name: str, more: dict[str, Any]
) -> None:
    scene.admins = frozenset({ADMIN, ANONYMOUS_ID, GROUP})
    await scene.says(f"/{name}", chat=GROUP, **more)
    await scene.says(f"/{name}@{ME['username']}", chat=GROUP, **more)
    assert scene.telegram.calls == []


@pytest.mark.parametrize(
    "kind",
    ["channel_post", "edited_channel_post", "edited_message", "business_message", "guest_message", "inline_query"],
)
def test_what_is_no_message_of_a_person_commands_and_asks_nothing(kind: str) -> None:
    message = {"message_id": 1, "date": 0, "chat": chat_of(ADMIN), "from": person(ADMIN), "text": "/reload"}
    entities = [{"type": "bot_command", "offset": 0, "length": 7}]
    content: dict[str, Any] = {"id": "1", "from": person(ADMIN), "query": "/reload", "offset": ""}
    content = content if kind == "inline_query" else message | {"entities": entities}
    update = Update.de_json({"update_id": 1, kind: content}, None)
    assert kind_of(update, Me(id=int(str(ME["id"])), username="footnote_bot")) is None


def test_an_edited_command_is_not_carried_out() -> None:
    for name in FOR_ADMINS:
        entities = [{"type": "bot_command", "offset": 0, "length": len(name) + 1}]
        message = {"message_id": 1, "date": 0, "edit_date": 1, "chat": chat_of(ADMIN), "from": person(ADMIN)}
        message |= {"text": f"/{name}", "entities": entities}
        assert (
            kind_of(Update.de_json({"update_id": 1, "edited_message": message}, None), Me(id=1, username="b")) is None
        )


def test_no_verb_of_a_button_is_an_administrators() -> None:
    handlers = [*buttons.ALONE.values(), *buttons.ON_ANSWER.values()]
    assert all("admins" not in handler.__module__ for handler in handlers)
    assert not {*FOR_ADMINS} & {verb.value for verb in Verb}


@pytest.mark.parametrize("listed", ["@admin", "admin", "12,@admin", "1.5", "12 13"])
def test_a_name_can_not_be_listed_as_an_administrator(listed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_ADMINS", listed)
    with pytest.raises(ValueError, match="write Telegram's numbers"):
        Settings()


# Chats that are not on the list


def from_elsewhere() -> dict[str, dict[str, Any]]:
    message = {"message_id": 1, "date": 0, "chat": chat_of(ANN), "from": person(ANN), "text": "/start src_" + ID}
    entities = [{"type": "bot_command", "offset": 0, "length": 6}]
    in_group = {**message, "chat": chat_of(OTHER_GROUP), "text": "/ask What?"}
    as_channel = {**in_group, "sender_chat": CHANNEL}
    query = {"id": "1", "from": person(ANN), "chat_instance": "1", "data": f"s:{ID}:1"}
    return {
        "deep link": {"message": {**message, "entities": entities}},
        "message": {"message": {**message, "text": "What is the dose?"}},
        "group": {"message": {**in_group, "entities": [{"type": "bot_command", "offset": 0, "length": 4}]}},
        "in the name of a channel": {"message": as_channel},
        "edit": {"edited_message": {**message, "text": "And now?", "edit_date": 1}},
        "button": {"callback_query": {**query, "message": {**message, "text": "An answer"}}},
        "button of an old message": {"callback_query": {**query, "message": {**message, "date": 0, "text": None}}},
        "button of an inline message": {"callback_query": {**query, "inline_message_id": "5"}},
        "inline": {"inline_query": {"id": "1", "from": person(ANN), "query": "dose", "offset": ""}},
    }


@pytest.mark.parametrize("update", from_elsewhere().values(), ids=from_elsewhere())
def test_no_entry_leads_in_from_a_chat_that_is_not_on_the_list(update: dict[str, Any]) -> None:
    read = Update.de_json({"update_id": 1, **update}, None)
    assert not admits(read, admins={ADMIN}, allowed_chats={GROUP})


@pytest.mark.parametrize("update", [one for one in from_elsewhere().values() if "inline_query" not in one])
async def test_from_such_a_chat_nothing_is_asked_voted_or_shown(scene: Scene, update: dict[str, Any]) -> None:
    await scene.answer(ID, chat=GROUP)
    scene.allowed_chats = frozenset({GROUP})
    scene.telegram.calls.clear()
    await scene.receives(update, kind=ArrivalKind.MEMBERSHIP)
    allowed = {WORDING.say("command.not_allowed", chat=ANN), WORDING.say("command.group_left", chat=OTHER_GROUP)}
    assert {call["text"] for call in scene.telegram.of("sendMessage")} <= allowed
    assert not scene.asked
    assert QUOTE not in str(scene.telegram.calls)


# What a button's data can reach


def any_data(seed: int) -> str:
    """Up to 64 bytes: half the time something like a verb with an id, else anything."""
    chance = random.Random(seed)
    verb = chance.choice([*Verb, "", "status", "reload", "admin", "S", "sx"])
    rest = "".join(chance.choices(":0123456789abcdefs²٣-/ \0é𝔘\u202e", k=chance.randrange(50)))
    data = chance.choice([f"{verb}:{rest}", f"{verb}:{ID}:{rest}", f"{verb}:{ID}{rest}", rest])
    return data.encode()[:MOST_DATA].decode(errors="ignore")


async def test_no_data_reach_an_answer_of_another_chat_or_an_administrators_verb(scene: Scene) -> None:
    await scene.answer(ID, chat=ANN)
    before = len(scene.telegram.said(ANN))
    own = (await scene.bot.send_message(BEN, "Another message of the bot.")).message_id
    for seed in range(80):
        await scene.presses(any_data(seed), on=own, chat=BEN)
    assert not [asked for asked in scene.asked if asked.conversation.startswith(f"telegram:{ANN}:")]
    assert await scene.feedback.of(ID) == ()
    assert await scene.reviews.get(ID) is None
    assert len(scene.telegram.said(ANN)) == before
    assert not [said for said in scene.telegram.said(BEN) if QUOTE in said or "Footnote 1.2.3" in said]


@pytest.mark.parametrize("data", [f"e:{'9' * 62}", f"s:{ID}:{'9' * 30}", f"f:{ID}:{'9' * 30}", "e:-1", "e:٣"])
async def test_numbers_that_no_database_holds_are_refused(scene: Scene, data: str) -> None:
    answer = await scene.answer(ID)
    await scene.presses(data, on=answer)
    assert scene.telegram.toasts() == [OLD]


async def test_a_press_that_is_played_again_counts_once(scene: Scene) -> None:
    answer = await scene.answer(ID)
    for _ in range(5):
        await scene.presses(f"u:{ID}", on=answer)
    assert len(await scene.feedback.of(ID)) == 1


async def test_a_member_can_not_delete_for_another(scene: Scene) -> None:
    answer = await scene.answer(ID, chat=GROUP)
    await scene.presses(f"u:{ID}", on=answer, chat=GROUP, user=ANN)
    await scene.says("/forget", chat=GROUP, user=ANN)
    await scene.presses("y:", chat=GROUP, user=BEN)
    assert scene.telegram.toasts()[-1] == WORDING.say("privacy.not_yours")
    assert len(await scene.feedback.of(ID)) == 1


# What a group, or another user, can see of a private chat


@pytest.mark.parametrize("command", ["/sources", "/feedback", "/feedback bad"])
async def test_a_reply_to_a_message_of_another_chat_leads_nowhere(scene: Scene, command: str) -> None:
    answer = await scene.answer(ID, chat=ANN)
    for chat in (BEN, GROUP):
        # The numbers of messages count anew in each chat: the same one stands for something else there.
        here = {"message_id": answer, "date": 0, "chat": chat_of(chat), "from": person(BEN), "text": "Mine."}
        scene.telegram.messages[chat, answer] = here
        await scene.says(command, chat=chat, user=BEN, to=answer)
        elsewhere = {"origin": {"type": "user", "date": 0, "sender_user": ME}, "chat": chat_of(ANN)}
        await scene.says(command, chat=chat, user=BEN, external_reply=elsewhere | {"message_id": answer})
        said = scene.telegram.said(chat)
        assert set(said) <= {WORDING.say("command.no_sources"), WORDING.say("feedback.no_answer")}
        assert said
    assert await scene.feedback.of(ID) == ()


async def test_a_quotation_from_another_chat_is_no_part_of_a_question(scene: Scene) -> None:
    await scene.answer(ID, chat=ANN)
    message = {"message_id": 1, "date": 0, "chat": chat_of(BEN), "from": person(BEN), "text": "why?"}
    message["external_reply"] = {"origin": {"type": "user", "date": 0, "sender_user": ME}, "chat": chat_of(ANN)}
    message["quote"] = {"text": "the private words", "position": 0}
    read = Update.de_json({"update_id": 1, "message": message}, scene.bot).message
    assert read is not None
    joined = await scene.office.threads.join(read)
    assert joined == f"telegram:{BEN}:1"


async def test_the_sources_of_a_topic_are_those_of_this_topic(scene: Scene) -> None:
    await scene.answer(ID, chat=GROUP, topic=7)
    await scene.says("/sources", chat=GROUP, is_topic_message=True, message_thread_id=8)
    assert scene.telegram.said(GROUP)[-1] == WORDING.say("command.no_sources")


@pytest.mark.parametrize("command", ["/export", "/history", "/trace " + ID, "/review " + ID, "/start " + ID])
async def test_there_is_no_command_that_tells_a_history(scene: Scene, command: str) -> None:
    await scene.answer(ID, chat=ANN)
    before = len(scene.telegram.said())
    await scene.says(command, chat=BEN, user=BEN)
    await scene.says(command, chat=GROUP, user=BEN)
    told = scene.telegram.said()[before:]
    assert QUOTE not in str(told)
    assert ID not in str(told)


# Links


@pytest.mark.parametrize("wrong", [ID, "f" * 24])
async def test_a_wrong_link_is_refused_in_one_way_whatever_is_wrong_with_it(scene: Scene, wrong: str) -> None:
    await scene.answer(ID, chat=ANN)
    scene.telegram.calls.clear()
    await scene.says(f"/start src_{wrong}", chat=BEN, user=BEN)
    assert [name for name, _ in scene.telegram.calls] == ["sendMessage"]
    assert scene.telegram.said(BEN) == [REFUSED]


async def test_a_link_does_not_outlive_what_it_shows(scene: Scene) -> None:
    await scene.answer(ID, chat=GROUP)
    await scene.says(f"/start src_{ID}", chat=BEN, user=BEN)
    assert QUOTE in scene.telegram.said(BEN)[-1]
    scene.now = scene.now.replace(year=scene.now.year + 1)
    await Forgetting(scene.database, now=lambda: scene.now).purge(30)
    await scene.says(f"/start src_{ID}", chat=BEN, user=BEN)
    assert scene.telegram.said(BEN)[-1] == REFUSED


async def test_a_link_does_not_outlive_its_groups_place_on_the_list(scene: Scene) -> None:
    await scene.answer(ID, chat=GROUP)
    scene.allowed_chats = frozenset({BEN})
    await scene.says(f"/start src_{ID}", chat=BEN, user=BEN)
    await scene.presses(f"s:{ID}:1", on=999, chat=BEN)
    assert scene.telegram.said(BEN) == [REFUSED]
    assert scene.telegram.toasts() == [OLD]


def test_an_id_has_96_random_bits_and_fits_into_a_link_and_into_a_buttons_data() -> None:
    ids = {new_answer_id() for _ in range(4000)}
    assert len(ids) == 4000
    assert all(re.fullmatch("[0-9a-f]{24}", one) for one in ids)
    # Each of the 96 bits is one about as often as not: six standard deviations around the half.
    for bit in range(96):
        ones = sum(int(one, 16) >> bit & 1 for one in ids)
        assert abs(ones - 2000) < 6 * 31.7
    longest = max(len(f"{verb}:{'0' * 24}:clinician") for verb in Verb)
    assert longest <= MOST_DATA
