from typing import Any

import pytest
from telegram import Message

from bot.channels.telegram.messages import LONGEST_QUOTE, Place, is_for, place_of, question_of, replied_to, user_of

BOT = {"id": 9, "is_bot": True, "first_name": "Footnote", "username": "footnote_bot"}
ADA = {"id": 5, "is_bot": False, "first_name": "Ada"}
PRIVATE = {"id": 1, "type": "private"}
GROUP = {"id": -100, "type": "supergroup", "title": "Ward"}


def message(chat: dict[str, Any] = GROUP, **content: Any) -> Message:
    made = Message.de_json({"message_id": 7, "date": 1_790_000_000, "chat": chat, "from": ADA} | content, None)
    assert made is not None
    return made


def mention(text: str, name: str = "@footnote_bot", **more: Any) -> dict[str, Any]:
    offset = len(text[: text.index(name)].encode("utf-16-le")) // 2
    return {"type": "mention", "offset": offset, "length": len(name)} | more


def for_bot(made: Message) -> bool:
    return is_for(made, 9, "Footnote_Bot")


def quoting(text: str, quote: str, sender: dict[str, Any] = BOT) -> Message:
    earlier = {"message_id": 3, "date": 1, "chat": GROUP, "text": quote, "from": sender}
    return message(text=text, reply_to_message=earlier, quote={"text": quote, "position": 0, "is_manual": True})


def test_a_conversation_is_named_after_its_topic_or_the_message_that_begins_it() -> None:
    assert place_of(message(PRIVATE, text="a")) == Place(chat=1, topic=None, message=7)
    assert place_of(message(PRIVATE, text="a")).name == "telegram:1:7"
    topic = message(text="a", message_thread_id=3, is_topic_message=True)
    assert place_of(topic).name == "telegram:-100:3"


def test_a_user_is_known_by_number_in_every_chat() -> None:
    assert user_of(message(PRIVATE, text="a")) == user_of(message(text="a")) == "telegram:5"


def test_whoever_writes_as_a_chat_is_known_as_the_chat_they_write_in() -> None:
    channel = {"id": -200, "type": "channel", "title": "News"}
    stand_in = {"id": 136817688, "is_bot": True, "first_name": "Channel"}

    assert user_of(message({"id": -200, "type": "channel"}, sender_chat=channel, **{"from": None})) == "telegram:-200"
    assert user_of(message(sender_chat=GROUP, **{"from": stand_in})) == "telegram:-100"
    assert user_of(message(sender_chat=channel, **{"from": stand_in})) == "telegram:-100"


def test_the_thread_id_of_a_plain_reply_is_no_topic() -> None:
    assert place_of(message(text="a", message_thread_id=3)).topic is None


def test_the_message_that_is_replied_to_is_known_by_its_id() -> None:
    assert replied_to(message(text="a")) is None
    assert replied_to(quoting("a", "b")) == 3


def test_the_quoted_words_of_the_bot_go_before_the_question_on_one_line_and_without_footnotes() -> None:
    made = quoting("is that safe?", "• Rituximab  750 mg/m2 [1][12]\n“twice” [2]")

    assert question_of(made, 9, "footnote_bot") == 'about "Rituximab 750 mg/m2 twice": is that safe?'


def test_a_long_quotation_is_cut_between_words() -> None:
    asked = question_of(quoting("is that safe?", "rituximab " * 100), 9, "footnote_bot")

    about = asked.removeprefix('about "').removesuffix('": is that safe?')
    assert about.endswith(" rituximab …")
    assert len(about) <= LONGEST_QUOTE


@pytest.mark.parametrize(
    ("made", "asked"),
    [
        (quoting("is that safe?", "IVIG", ADA), "is that safe?"),
        (quoting("is that safe?", " [1] "), "is that safe?"),
        (quoting(" ", "IVIG"), ""),
        (message(text="is that safe?", quote={"text": "IVIG", "position": 0}), "is that safe?"),
    ],
)
def test_words_of_others_and_quotations_without_words_or_question_are_left_out(made: Message, asked: str) -> None:
    assert question_of(made, 9, "footnote_bot") == asked


def test_in_private_everything_is_for_the_bot() -> None:
    assert for_bot(message(PRIVATE, text="Hello"))


def test_talk_of_a_group_is_not_for_the_bot() -> None:
    assert not for_bot(message(text="Hello all"))
    assert not for_bot(message(photo=[]))


@pytest.mark.parametrize("text", ["@footnote_bot hello", "😀 hello @Footnote_bot"])
def test_a_mention_is_for_the_bot_and_is_not_part_of_the_question(text: str) -> None:
    name = "@footnote_bot" if "@footnote_bot" in text else "@Footnote_bot"
    made = message(text=text, entities=[mention(text, name)])

    assert for_bot(made)
    assert question_of(made, 9, "footnote_bot") == text.replace(name, "").strip()


def test_a_mention_of_somebody_else_is_not_for_the_bot_and_stays() -> None:
    text = "@other_bot hello"
    made = message(text=text, entities=[mention(text, "@other_bot")])

    assert not for_bot(made)
    assert question_of(made, 9, "footnote_bot") == text


def test_a_mention_without_a_user_name_counts_too() -> None:
    made = message(text="Footnote, hello", entities=[{"type": "text_mention", "offset": 0, "length": 8, "user": BOT}])

    assert for_bot(made)
    assert question_of(made, 9, "footnote_bot") == ", hello"


def test_a_mention_in_a_caption_is_for_the_bot() -> None:
    text = "@footnote_bot what is this?"

    assert for_bot(message(caption=text, caption_entities=[mention(text)]))


def test_a_reply_to_the_bot_is_for_the_bot() -> None:
    earlier = {"message_id": 3, "date": 1, "chat": GROUP, "text": "An answer"}

    assert for_bot(message(text="and then?", reply_to_message=earlier | {"from": BOT}))
    assert not for_bot(message(text="and then?", reply_to_message=earlier | {"from": ADA}))


def test_a_message_in_a_topic_that_the_bot_opened_is_no_reply_to_it() -> None:
    opening = {
        "message_id": 3,
        "date": 1,
        "chat": GROUP,
        "from": BOT,
        "forum_topic_created": {"name": "JDM", "icon_color": 7322096},
    }

    assert not for_bot(message(text="hi all", reply_to_message=opening, message_thread_id=3, is_topic_message=True))
    assert (
        replied_to(message(text="hi all", reply_to_message=opening, message_thread_id=3, is_topic_message=True)) is None
    )
