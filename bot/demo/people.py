"""What people do in chats; the bot hears of it by updates."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bot.demo.limits import TEXT, units
from bot.demo.marking import entities_of
from bot.demo.profile import member
from bot.demo.world import KICKED, LEFT, MEMBER, Chat, Message, World, without_reply


class People:
    """Everybody but the bot. In a group, `chat_type` tells which kind when it isn't known yet."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._query_ids = itertools.count(1)

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is done inside arrives in one batch."""
        with self.world.changes.making():
            yield

    def says(self, text: str, *, chat: int = 1, **more: Any) -> int:
        """Somebody writes a message; returns its id. `more` are further fields of the message, or `topic`."""
        entities = more.pop("entities", None)
        marked = entities_of(text) if entities is None else entities
        return self.posts(chat=chat, text=text, entities=marked, **more)

    def pastes(self, text: str, *, chat: int = 1, **more: Any) -> list[int]:
        """Somebody pastes a text that their app cuts into several messages; returns their ids."""
        pieces, piece = [], ""
        for letter in text:
            if units(piece + letter) > TEXT:
                pieces.append(piece)
                piece = ""
            piece += letter
        with self.together():
            return [self.says(each, chat=chat, **more) for each in (*pieces, piece)]

    def replies(self, to: int, text: str, *, chat: int = 1, quote: str | None = None, **more: Any) -> int:
        """Somebody replies to a message, maybe quoting some of its words; returns the reply's id.

        A message that was deleted meanwhile is left out, and the reply arrives as if it were none.
        """
        with self.world.changes.looking():
            earlier = self.world.chats[chat].messages.get(to) if chat in self.world.chats else None
        if earlier is not None:
            more["reply_to_message"] = without_reply(earlier)
            more.setdefault("chat_type", earlier["chat"]["type"])
            if earlier.get("is_topic_message"):
                more = {"message_thread_id": earlier["message_thread_id"], "is_topic_message": True} | more
            elif earlier["chat"]["type"] == "supergroup":  # Every chain of replies has a thread id, topic or not.
                more.setdefault("message_thread_id", to)
        if earlier is not None and quote is not None:
            position = units(earlier["text"].partition(quote)[0])
            more["quote"] = {"text": quote, "position": position, "is_manual": True}
        return self.says(text, chat=chat, **more)

    def edits(self, message: int, text: str, *, chat: int = 1) -> None:
        """Somebody changes the text of their message."""
        with self.world.changes.making():
            found = self.world.chats[chat].messages[message]
            found |= {"text": text, "entities": entities_of(text), "edit_date": self.world.now()}
            self.world.updates.push({"edited_message": dict(found)})

    def deletes(self, message: int, *, chat: int = 1) -> None:
        """Somebody deletes a message; no bot hears of it."""
        with self.world.changes.making():
            del self.world.chats[chat].messages[message]

    def sends_photo(self, *, caption: str = "", **more: Any) -> int:
        photo = [{"file_id": "photo", "file_unique_id": "photo", "width": 90, "height": 90}]
        return self._sends({"photo": photo}, caption, more)

    def sends_voice(self, *, caption: str = "", **more: Any) -> int:
        return self._sends({"voice": {"file_id": "voice", "file_unique_id": "voice", "duration": 3}}, caption, more)

    def sends_document(self, *, caption: str = "", name: str = "letter.pdf", **more: Any) -> int:
        document = {"file_id": "letter", "file_unique_id": "letter", "file_name": name}
        return self._sends({"document": document}, caption, more)

    def sends_sticker(self, **more: Any) -> int:
        size = {"width": 512, "height": 512, "is_animated": False, "is_video": False, "type": "regular"}
        return self.posts(sticker={"file_id": "sticker", "file_unique_id": "sticker"} | size, **more)

    def presses(self, message: int, button: str, *, chat: int = 1, sender: int = 5, stale: bool = False) -> str:
        """Somebody presses a button, named by its words or its data; returns the id of the press.

        A button with an address or a text to copy tells the bot nothing: that text is returned. `stale`: it was
        pressed on an older state of the message, and needn't stand there any more.

        Raises:
            LookupError: no such button stands there now.

        """
        with self.world.changes.making():
            found = self.world.chats[chat].messages[message]
            pressed: dict[str, Any] = {"callback_data": button} if stale else _button(found, button)
            if "callback_data" not in pressed:
                return str(pressed.get("url") or pressed["copy_text"]["text"])
            query = str(next(self._query_ids))
            self.world.toasts[query] = None
            user = self.world.user(sender).told()
            content = {"id": query, "from": user, "chat_instance": str(chat), "data": pressed["callback_data"]}
            self.world.updates.push({"callback_query": content | {"message": dict(found)}})
        return query

    def adds_bot(self, *, chat: int, sender: int = 5, chat_type: str = "supergroup", status: str = MEMBER) -> None:
        """Somebody takes the bot into a group, or unblocks it."""
        self._moves_bot(chat, chat_type, sender, status)

    def removes_bot(self, *, chat: int, sender: int = 5, chat_type: str = "supergroup") -> None:
        """Somebody removes the bot from a group."""
        self._moves_bot(chat, chat_type, sender, KICKED)

    def blocks(self, *, chat: int = 1, sender: int = 5) -> None:
        """Somebody blocks the bot in their private chat."""
        self._moves_bot(chat, "private", sender, KICKED)

    def posts(
        self, *, chat: int = 1, chat_type: str = "private", sender: int = 5, topic: int | None = None, **content: Any
    ) -> int:
        """Somebody posts anything; returns its id."""
        with self.world.changes.making():
            place = self.world.chat(chat, chat_type)
            if topic is not None:
                content |= {"message_thread_id": topic, "is_topic_message": True}
            message = self.world.post(place, self.world.user(sender), content)
            self.world.updates.push({"message": dict(message)})
        return int(message["message_id"])

    def pushes(self, update: dict[str, Any]) -> int:
        """Any update, also one that can't be read, or of a kind that the bot didn't ask for; returns its id."""
        with self.world.changes.making():
            self.world.learn(update)
            number = self.world.updates.push(update, whatever=True)
        assert number is not None
        return number

    def repeats(self, update: int) -> None:
        """Telegram delivers an update once more that was confirmed already."""
        self.world.updates.repeat(update)

    def _sends(self, content: dict[str, Any], caption: str, more: dict[str, Any]) -> int:
        words = {"caption": caption, "caption_entities": entities_of(caption)} if caption else {}
        return self.posts(**(content | words | more))

    def _moves_bot(self, chat: int, chat_type: str, sender: int, status: str) -> None:
        with self.world.changes.making():
            new = chat not in self.world.chats
            place = self.world.chat(chat, chat_type)
            before = LEFT if new and chat_type != "private" else place.bot_is
            place.bot_is = status if status in {KICKED, LEFT} else MEMBER
            place.members[self.world.bot.id] = status
            self.world.updates.push({"my_chat_member": self._move(place, sender, before, status)})

    def _move(self, place: Chat, sender: int, before: str, after: str) -> dict[str, Any]:
        bot = self.world.bot.told()
        return {
            "chat": place.told(),
            "from": self.world.user(sender).told(),
            "date": self.world.now(),
            "old_chat_member": member(before, bot),
            "new_chat_member": member(after, bot),
        }


def buttons_of(message: Message) -> list[dict[str, Any]]:
    """The buttons under a message as it stands now."""
    return [button for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


def _button(message: Message, name: str) -> dict[str, Any]:
    buttons = buttons_of(message)
    for key in ("callback_data", "text"):
        for button in buttons:
            if button.get(key) == name:
                return button
    standing = ", ".join(f"{button['text']!r}" for button in buttons) or "none"
    raise LookupError(f"There is no button {name!r} under message {message['message_id']}; there are: {standing}.")
