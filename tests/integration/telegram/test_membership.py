"""Chats that aren't on the list get one sentence; groups among them are left."""

from typing import Any

import pytest
from telegram import Update

from bot.channels.telegram.membership import admits
from bot.domain.inbox import ArrivalKind
from tests.integration.telegram.scene import (
    ADMIN,
    ADMINISTRATOR_RIGHTS,
    ANN,
    GROUP,
    OTHER_GROUP,
    WORDING,
    Scene,
    chat_of,
)
from tests.telegram_in_process import ME

RIGHTS: dict[str, dict[str, Any]] = {
    "kicked": {"until_date": 0},
    "administrator": dict.fromkeys(ADMINISTRATOR_RIGHTS, True),
}


def change(chat: int, before: str, now: str) -> dict[str, Any]:
    ann = {"id": ANN, "is_bot": False, "first_name": "Ann"}
    was, is_ = ({"user": ME, "status": status, **RIGHTS.get(status, {})} for status in (before, now))
    return {
        "my_chat_member": {
            "chat": chat_of(chat),
            "from": ann,
            "date": 0,
            "old_chat_member": was,
            "new_chat_member": is_,
        }
    }


def written(chat: int, text: str = "Hello") -> dict[str, object]:
    ann = {"id": abs(chat), "is_bot": False, "first_name": "Ann"}
    return {"message": {"message_id": 1, "date": 0, "chat": chat_of(chat), "from": ann, "text": text}}


@pytest.mark.parametrize(
    ("chat", "allowed", "served"),
    [
        (ANN, (), True),
        (GROUP, (), True),
        (ANN, (ANN,), True),
        (GROUP, (GROUP,), True),
        (ANN, (GROUP,), False),
        (OTHER_GROUP, (GROUP, ANN), False),
        (ADMIN, (GROUP,), True),
    ],
)
def test_the_list_decides_and_administrators_always_may(chat: int, allowed: tuple[int, ...], served: bool) -> None:
    update = Update.de_json({"update_id": 1, **written(chat)}, None)
    assert admits(update, admins={ADMIN}, allowed_chats=allowed) is served


async def test_a_group_that_is_not_on_the_list_is_told_why_and_left(scene: Scene) -> None:
    scene.allowed_chats = frozenset({GROUP})
    await scene.receives(change(OTHER_GROUP, "left", "member"))
    assert scene.telegram.said() == [WORDING.say("command.group_left", chat=OTHER_GROUP)]
    assert [call["chat_id"] for call in scene.telegram.of("leaveChat")] == [OTHER_GROUP]


async def test_a_group_that_is_on_the_list_is_greeted(scene: Scene) -> None:
    scene.allowed_chats = frozenset({GROUP})
    await scene.receives(change(GROUP, "left", "member"))
    assert "mention me" in scene.telegram.said()[0]
    assert scene.telegram.of("leaveChat") == []


async def test_without_a_list_every_group_is_greeted(scene: Scene) -> None:
    await scene.receives(change(GROUP, "kicked", "administrator"))
    assert len(scene.telegram.said()) == 1


@pytest.mark.parametrize(
    ("chat", "before", "now"),
    [
        (ANN, "member", "kicked"),
        (ANN, "kicked", "member"),
        (GROUP, "member", "left"),
        (GROUP, "member", "administrator"),
    ],
)
async def test_other_changes_are_left_without_a_word(scene: Scene, chat: int, before: str, now: str) -> None:
    scene.allowed_chats = frozenset({77})
    await scene.receives(change(chat, before, now))
    assert scene.telegram.calls == []


async def test_a_group_that_lost_its_place_on_the_list_is_left_when_it_asks(scene: Scene) -> None:
    scene.allowed_chats = frozenset({OTHER_GROUP})
    await scene.receives(written(GROUP, "/ask What?"), kind=ArrivalKind.MEMBERSHIP)
    assert scene.telegram.said() == [WORDING.say("command.group_left", chat=GROUP)]
    assert len(scene.telegram.of("leaveChat")) == 1


async def test_a_private_chat_that_is_not_on_the_list_gets_a_sentence(scene: Scene) -> None:
    scene.allowed_chats = frozenset({GROUP})
    await scene.receives(written(ANN), kind=ArrivalKind.MEMBERSHIP)
    assert scene.telegram.said() == [WORDING.say("command.not_allowed", chat=ANN)]
    assert scene.telegram.of("leaveChat") == []


async def test_a_group_in_which_the_bot_may_not_write_is_left_all_the_same(scene: Scene) -> None:
    scene.allowed_chats = frozenset({OTHER_GROUP})
    scene.telegram.refusals["sendMessage"] = (403, "Forbidden: bot was kicked from the group chat")
    await scene.receives(change(GROUP, "left", "member"))
    assert len(scene.telegram.of("leaveChat")) == 1


async def test_a_button_in_a_chat_that_is_not_on_the_list_is_answered(scene: Scene) -> None:
    scene.allowed_chats = frozenset({GROUP})
    ann = {"id": ANN, "is_bot": False, "first_name": "Ann"}
    message = {"message_id": 3, "date": 0, "chat": chat_of(ANN)}
    query = {"id": "1", "from": ann, "chat_instance": "1", "data": "u:0123456789ab", "message": message}
    await scene.receives({"callback_query": query}, kind=ArrivalKind.MEMBERSHIP)
    assert scene.telegram.toasts() == [WORDING.say("command.old_button")]
    assert scene.telegram.said() == []
