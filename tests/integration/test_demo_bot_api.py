"""The guard: the server of the tests and the demo refuses what Telegram's documentation says it refuses."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from telegram import Update
from telegram.constants import (
    BotCommandLimit,
    BotDescriptionLimit,
    BotNameLimit,
    CallbackQueryLimit,
    InlineKeyboardButtonLimit,
    InlineKeyboardMarkupLimit,
    MessageLimit,
    ReactionEmoji,
)

from bot.demo import limits, methods, profile
from tests.fake_telegram import TOKEN, FakeTelegram, Fault, blocked, flood

LONG = 5
KEY = {"text": "Key", "callback_data": "a"}


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as server:
        server.says("hello")
        yield server


def call(telegram: FakeTelegram, method: str, *, token: str = TOKEN, **arguments: Any) -> dict[str, Any]:
    response = httpx.post(f"{telegram.url}/bot{token}/{method}", json=arguments, timeout=LONG, trust_env=False)
    answered: dict[str, Any] = response.json()
    assert answered["ok"] == (response.status_code == 200)
    assert answered.get("error_code", 200) == response.status_code
    return answered


def sends(telegram: FakeTelegram, text: str, **more: Any) -> dict[str, Any]:
    return call(telegram, "sendMessage", chat_id=1, text=text, **more)


def key(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Key"} | button]]}


def test_the_limits_are_those_that_telegram_documents() -> None:
    assert limits.TEXT == MessageLimit.MAX_TEXT_LENGTH
    assert limits.CAPTION == MessageLimit.CAPTION_LENGTH
    assert limits.ENTITIES == MessageLimit.MESSAGE_ENTITIES
    assert limits.CALLBACK_BYTES == InlineKeyboardButtonLimit.MAX_CALLBACK_DATA
    assert limits.COPY_TEXT == InlineKeyboardButtonLimit.MAX_COPY_TEXT
    assert limits.BUTTONS == InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER
    assert limits.TOAST == CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH
    assert profile.COMMANDS == BotCommandLimit.MAX_COMMAND_NUMBER
    assert profile.COMMAND_WORDS == BotCommandLimit.MAX_DESCRIPTION
    assert profile.NAME == BotNameLimit.MAX_NAME_LENGTH
    assert profile.DESCRIPTION == BotDescriptionLimit.MAX_DESCRIPTION_LENGTH
    assert profile.SHORT_DESCRIPTION == BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH
    assert set(ReactionEmoji) >= methods.REACTIONS


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😀" * 2048 + "x"}, "message is too long"),
        ({"text": "x", "parse_mode": "HTML"}, "parse mode"),
        ({"text": "x" * 101, "entities": [{"type": "bold", "offset": n, "length": 1} for n in range(101)]}, "too many"),
        ({"text": "abc", "entities": [{"type": "bold", "offset": 2, "length": 2}]}, "after the end"),
        ({"text": "abc", "entities": [{"type": "bold", "offset": -1, "length": 2}]}, "incorrect offset"),
        ({"text": "a😀b", "entities": [{"type": "bold", "offset": 0, "length": 2}]}, "cuts a UTF-16 symbol"),
        ({"text": "a😀b", "entities": [{"type": "bold", "offset": 2, "length": 2}]}, "cuts a UTF-16 symbol"),
        ({"text": "x", "reply_markup": key(callback_data="é" * 33)}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": key(callback_data="")}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": key(copy_text={"text": "y" * 257})}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "reply_markup": key(url="javascript:1")}, "BUTTON_URL_INVALID"),
        ({"text": "x", "reply_markup": key()}, "unallowed"),
        ({"text": "x", "reply_markup": key(text=" ", callback_data="a")}, "non-empty"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[KEY]] * 101}}, "too long"),
        ({"text": "x", "reply_markup": {"force_reply": True, "input_field_placeholder": "y" * 65}}, "too long"),
        ({"text": "x", "reply_parameters": {"message_id": 1}}, "message to be replied not found"),
    ],
)  # fmt: skip
def test_what_the_real_server_would_refuse_is_refused(
    telegram: FakeTelegram, arguments: dict[str, Any], problem: str
) -> None:
    answered = call(telegram, "sendMessage", chat_id=1, **arguments)

    assert answered["error_code"] == 400
    assert problem in answered["description"]
    assert telegram.messages() == []


def test_what_is_just_within_the_limits_is_taken(telegram: FakeTelegram) -> None:
    bold = [{"type": "bold", "offset": n, "length": 1} for n in range(100)]
    assert sends(telegram, "x" * 4096, entities=bold, reply_markup=key(callback_data="é" * 32))["ok"]
    assert sends(telegram, "😀" * 2048, reply_markup=key(copy_text={"text": "y" * 256}))["ok"]
    assert sends(telegram, "x", reply_parameters={"message_id": 1, "allow_sending_without_reply": True})["ok"]


def test_a_text_is_trimmed_and_its_entities_with_it(telegram: FakeTelegram) -> None:
    entities = [{"type": "bold", "offset": 0, "length": 5}, {"type": "italic", "offset": 4, "length": 3}]
    message = sends(telegram, "\n\nabc d  ", entities=entities)["result"]

    assert message["text"] == "abc d"
    assert [(e["offset"], e["length"]) for e in message["entities"]] == [(0, 3), (2, 3)]


def test_editing_refuses_what_changes_nothing_what_is_gone_and_what_a_person_wrote(telegram: FakeTelegram) -> None:
    asked = telegram.says("question")
    sent = sends(telegram, "one", reply_markup=key(callback_data="a"))["result"]["message_id"]

    def edit(message: int, text: str, **more: Any) -> str:
        arguments: dict[str, Any] = {"chat_id": 1, "message_id": message, "text": text} | more
        return str(call(telegram, "editMessageText", **arguments).get("description", ""))

    assert "message is not modified" in edit(sent, "one", reply_markup=key(callback_data="a"))
    assert edit(sent, "one", reply_markup=key(callback_data="b")) == ""
    assert edit(sent, "one") == ""
    assert "message is not modified" in edit(sent, "one")
    assert edit(sent, "one", entities=[{"type": "bold", "offset": 0, "length": 3}]) == ""
    assert "message to edit not found" in edit(9999, "one")
    assert "can't be edited" in edit(asked, "one")
    assert "inline keyboard expected" in edit(sent, "two", reply_markup={"force_reply": True})


def test_an_edit_without_a_keyboard_takes_it_away_and_one_of_the_keyboard_alone_leaves_the_text(
    telegram: FakeTelegram,
) -> None:
    sent = sends(telegram, "one", reply_markup=key(callback_data="a"))["result"]["message_id"]
    about: dict[str, Any] = {"chat_id": 1, "message_id": sent}

    assert "reply_markup" not in call(telegram, "editMessageText", **about, text="two")["result"]
    told = call(telegram, "editMessageReplyMarkup", **about, reply_markup=key(callback_data="b"))["result"]
    assert (told["text"], told["reply_markup"]) == ("two", key(callback_data="b"))
    again = call(telegram, "editMessageReplyMarkup", **about, reply_markup=key(callback_data="b"))
    assert "message is not modified" in again["description"]


def test_a_press_is_answered_once(telegram: FakeTelegram) -> None:
    sent = sends(telegram, "one", reply_markup=key(callback_data="a"))["result"]["message_id"]
    query = telegram.presses(sent, "Key")

    assert "MESSAGE_TOO_LONG" in answer(telegram, query, "x" * 201)
    assert answer(telegram, query, "done") == ""
    assert "query is too old" in answer(telegram, query, "done")
    assert "query is too old" in answer(telegram, "unknown", "done")
    toast = telegram.toast(query)
    assert toast is not None
    assert toast["text"] == "done"


def answer(telegram: FakeTelegram, query: str, text: str) -> str:
    return str(call(telegram, "answerCallbackQuery", callback_query_id=query, text=text).get("description", ""))


def test_only_a_button_that_stands_there_can_be_pressed(telegram: FakeTelegram) -> None:
    sent = sends(telegram, "one", reply_markup=key(copy_text={"text": "citation"}))["result"]["message_id"]

    assert telegram.presses(sent, "Key") == "citation"
    with pytest.raises(LookupError, match="there are: 'Key'"):
        telegram.presses(sent, "a")
    telegram.presses(sent, "a", stale=True)
    assert [u["callback_query"]["data"] for u in updates(telegram) if "callback_query" in u] == ["a"]


def updates(telegram: FakeTelegram, **arguments: Any) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = call(telegram, "getUpdates", **arguments)["result"]
    return result


def test_a_poll_confirms_by_its_offset_and_takes_no_more_than_its_limit(telegram: FakeTelegram) -> None:
    telegram.says("two")
    telegram.says("three")
    first, second = updates(telegram, limit=2)

    assert [u["update_id"] for u in updates(telegram)][:2] == [first["update_id"], second["update_id"]]
    assert [u["message"]["text"] for u in updates(telegram, offset=second["update_id"] + 1)] == ["three"]
    assert telegram.pending == 1
    telegram.repeats(first["update_id"])
    assert [u["message"]["text"] for u in updates(telegram)] == ["hello", "three"]
    assert [u["message"]["text"] for u in updates(telegram)] == ["three"]


def test_only_the_kinds_that_were_asked_for_arrive_except_what_is_pushed(telegram: FakeTelegram) -> None:
    asked = telegram.says("one")
    updates(telegram, allowed_updates=["message"])
    telegram.edits(asked, "two")
    telegram.adds_bot(chat=-9)
    telegram.pushes({"edited_message": {"message_id": 1}})

    assert [min(u) for u in updates(telegram)] == ["message", "message", "edited_message"]


def test_a_second_poller_ends_the_first(telegram: FakeTelegram) -> None:
    telegram.world.updates.drop()
    with ThreadPoolExecutor() as pool:
        first = pool.submit(call, telegram, "getUpdates", timeout=60)
        telegram.wait(lambda: telegram.polls == 1)
        assert updates(telegram) == []

        assert first.result()["error_code"] == 409


def test_a_long_poll_ends_with_the_first_update(telegram: FakeTelegram) -> None:
    telegram.world.updates.drop()
    with ThreadPoolExecutor() as pool:
        first = pool.submit(updates, telegram, timeout=60)
        telegram.wait(lambda: telegram.polls == 1)
        with telegram.together():
            telegram.says("one")
            telegram.says("two")

        assert [update["message"]["text"] for update in first.result()] == ["one", "two"]


def test_a_long_paste_arrives_in_pieces_of_what_one_message_may_hold(telegram: FakeTelegram) -> None:
    pasted = "é😀" * 3000
    telegram.world.updates.drop()
    ids = telegram.pastes(pasted)
    texts = [update["message"]["text"] for update in updates(telegram)]

    assert len(ids) == 3
    assert "".join(texts) == pasted
    assert [limits.units(text) for text in texts] == [4096, 4095, 809]


def test_what_is_no_text_arrives_with_its_caption(telegram: FakeTelegram) -> None:
    telegram.world.updates.drop()
    telegram.sends_photo(caption="/ask what is this?")
    telegram.sends_voice()
    telegram.sends_sticker()
    telegram.sends_document(topic=4, chat=-9, chat_type="supergroup")
    photo, voice, sticker, document = (Update.de_json(each, None).message for each in updates(telegram))

    assert photo
    assert photo.photo
    assert photo.caption_entities[0].type == "bot_command"
    assert voice
    assert voice.voice
    assert sticker
    assert sticker.sticker
    assert document
    assert document.document
    assert document.message_thread_id == 4


def test_commands_are_kept_by_scope_and_language_and_the_narrowest_is_shown(telegram: FakeTelegram) -> None:
    def tells(name: str, scope: dict[str, Any] | None = None, language: str = "") -> dict[str, Any]:
        commands = [{"command": name, "description": "What it does"}]
        return call(telegram, "setMyCommands", commands=commands, language_code=language) if scope is None else call(
            telegram, "setMyCommands", commands=commands, scope=scope, language_code=language
        )  # fmt: skip

    def shown(chat: int) -> list[str]:
        return [command["command"] for command in telegram.profile.commands_for(chat, 5)]

    assert shown(1) == []
    tells("all")
    assert shown(1) == ["all"]
    tells("private", {"type": "all_private_chats"})
    assert shown(1) == ["private"]
    tells("here", {"type": "chat", "chat_id": 1})
    telegram.world.user(5).language_code = "de"
    tells("hier", {"type": "chat", "chat_id": 1}, "de")
    assert shown(1) == ["hier"]
    assert [c["command"] for c in call(telegram, "getMyCommands", scope={"type": "chat", "chat_id": 1})["result"]] == [
        "here"
    ]
    call(telegram, "deleteMyCommands", scope={"type": "chat", "chat_id": 1}, language_code="de")
    assert shown(1) == ["here"]
    assert "BOT_COMMAND_INVALID" in tells("Upper")["description"]
    assert "unsupported scope" in tells("x", {"type": "nobody"})["description"]


def test_descriptions_are_kept_by_language(telegram: FakeTelegram) -> None:
    call(telegram, "setMyDescription", description="Hello")
    call(telegram, "setMyDescription", description="Hallo", language_code="de")

    assert call(telegram, "getMyDescription")["result"] == {"description": "Hello"}
    assert call(telegram, "getMyDescription", language_code="de")["result"] == {"description": "Hallo"}
    assert call(telegram, "getMyShortDescription")["result"] == {"short_description": ""}
    assert call(telegram, "getMyName")["result"] == {"name": "Footnote"}
    assert not call(telegram, "setMyShortDescription", short_description="x" * 121)["ok"]


def test_who_is_in_a_chat(telegram: FakeTelegram) -> None:
    telegram.adds_bot(chat=-9, status="administrator")
    assert call(telegram, "getChat", chat_id=-9)["result"]["title"] == "Ward"
    assert call(telegram, "getChatMember", chat_id=-9, user_id=123456)["result"]["status"] == "administrator"
    assert [m["user"]["id"] for m in call(telegram, "getChatAdministrators", chat_id=-9)["result"]] == [123456]

    assert call(telegram, "leaveChat", chat_id=-9)["ok"]
    assert "not a member" in call(telegram, "sendMessage", chat_id=-9, text="x")["description"]
    assert call(telegram, "sendMessage", chat_id=-10, text="x")["description"] == "Bad Request: chat not found"
    telegram.blocks(chat=1)
    assert sends(telegram, "x")["error_code"] == 403
    telegram.adds_bot(chat=1, chat_type="private")
    assert sends(telegram, "x")["ok"]


def test_the_bot_hears_that_it_was_added_and_removed_and_ids_may_begin_anew(telegram: FakeTelegram) -> None:
    telegram.world.updates.drop()
    telegram.adds_bot(chat=-9)
    telegram.world.updates.restart_ids(5)
    telegram.removes_bot(chat=-9)
    added, removed = (Update.de_json(each, None) for each in updates(telegram))

    assert added.my_chat_member
    assert added.my_chat_member.difference()["status"] == ("left", "member")
    assert removed.my_chat_member
    assert removed.my_chat_member.difference()["status"] == ("member", "kicked")
    assert removed.update_id == 5
    assert "kicked" in call(telegram, "sendMessage", chat_id=-9, text="x")["description"]


def test_reactions_actions_and_deletions(telegram: FakeTelegram) -> None:
    asked = telegram.says("one")
    about: dict[str, Any] = {"chat_id": 1, "message_id": asked}

    assert call(telegram, "setMessageReaction", **about, reaction=[{"type": "emoji", "emoji": "👀"}])["ok"]
    unknown = call(telegram, "setMessageReaction", **about, reaction=[{"type": "emoji", "emoji": "x"}])
    assert "REACTION_INVALID" in unknown["description"]
    assert call(telegram, "sendChatAction", chat_id=1, action="typing")["ok"]
    assert not call(telegram, "sendChatAction", chat_id=1, action="dancing")["ok"]
    assert call(telegram, "deleteMessage", **about)["ok"]
    assert "not found" in call(telegram, "deleteMessage", **about)["description"]
    talk = telegram.says("talk", chat=-9, chat_type="supergroup")
    assert "can't be deleted" in call(telegram, "deleteMessage", chat_id=-9, message_id=talk)["description"]


def test_a_document_can_be_sent_and_fetched(telegram: FakeTelegram) -> None:
    sent = httpx.post(
        f"{telegram.url}/bot{TOKEN}/sendDocument",
        data={"chat_id": "1", "caption": "Yours", "document": "attach://part"},
        files={"part": ("data.json", b'{"a": 1}')},
        trust_env=False,
    ).json()["result"]
    file = call(telegram, "getFile", file_id=sent["document"]["file_id"])["result"]

    assert (sent["caption"], sent["document"]["file_name"]) == ("Yours", "data.json")
    fetched = httpx.get(f"{telegram.url}/file/bot{TOKEN}/{file['file_path']}", trust_env=False)
    assert fetched.content == b'{"a": 1}'
    assert not call(telegram, "getFile", file_id="other")["ok"]
    assert not call(telegram, "sendDocument", chat_id=1, document="other")["ok"]


def test_unknown_methods_and_tokens_and_unreadable_calls(telegram: FakeTelegram) -> None:
    assert call(telegram, "sendRichMessage")["error_code"] == 404
    assert call(telegram, "getMe", token="1:other")["error_code"] == 401
    url = f"{telegram.url}/bot{TOKEN}/sendMessage"
    for broken in ({"content": b"[1", "headers": {"content-type": "application/json"}}, {"data": {"entities": "[1"}}):
        assert httpx.post(url, **broken, trust_env=False).status_code == 400


def test_faults_come_one_after_another_and_then_no_more(telegram: FakeTelegram) -> None:
    telegram.fails("sendMessage", flood(3), Fault(), Fault(status=502, html=True), blocked(), Fault(drop=True))
    telegram.fails("*", Fault(status=400, description="Bad Request: any"))
    url, arguments = f"{telegram.url}/bot{TOKEN}/sendMessage", {"chat_id": 1, "text": "x"}

    assert sends(telegram, "x")["parameters"] == {"retry_after": 3}
    assert sends(telegram, "x")["error_code"] == 500
    page = httpx.post(url, json=arguments, trust_env=False)
    assert (page.status_code, page.headers["content-type"]) == (502, "text/html; charset=utf-8")
    assert sends(telegram, "x")["error_code"] == 403
    assert telegram.messages() == []
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post(url, json=arguments, trust_env=False)
    assert telegram.texts() == ["x"]
    assert call(telegram, "getMe")["description"] == "Bad Request: any"
    assert call(telegram, "getMe")["ok"]
