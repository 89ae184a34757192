"""The methods of the Bot API about messages: each checks its arguments like the real one and changes the world."""

import itertools
import time
from typing import Any

from bot.demo.limits import TOAST, checked_caption, checked_length, checked_markup, checked_text
from bot.demo.refusals import bad_request
from bot.demo.world import Chat, Message, World, without_reply

ACTIONS = frozenset(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note".split()
)
REACTIONS = frozenset("👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🎉 🙏 👌 👀 💯 ⚡ ✍ 🤝 😴 🤓 😢 🫡 🆒".split())
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
Arguments = dict[str, Any]


class MessageMethods:
    """What a bot does in chats. Every method raises RefusalError where the real server refuses."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._file_ids = itertools.count(1)

    def on_send_message(self, arguments: Arguments) -> Message:
        chat = self.world.known_chat(arguments.get("chat_id"))
        return self._post(chat, arguments, checked_text(arguments))

    def on_send_document(self, arguments: Arguments) -> Message:
        chat = self.world.known_chat(arguments.get("chat_id"))
        document = arguments.get("document")
        if isinstance(document, tuple):
            name, body = document
            file_id = f"document-{next(self._file_ids)}"
            self.world.files[file_id] = body
        elif str(document) in self.world.files:
            file_id, name, body = str(document), "file", self.world.files[str(document)]
        else:
            raise bad_request("wrong file identifier/HTTP URL specified" if document else "there is no document")
        about = {"file_id": file_id, "file_unique_id": file_id, "file_name": name, "file_size": len(body)}
        return self._post(chat, arguments, {"document": about} | checked_caption(arguments))

    def on_edit_message_text(self, arguments: Arguments) -> Message:
        chat, message = self._own(arguments, "edit")
        chat.acting = ("", 0.0)
        return self._edit(message, checked_text(arguments), checked_markup(arguments, inline_only=True))

    def on_edit_message_reply_markup(self, arguments: Arguments) -> Message:
        _, message = self._own(arguments, "edit")
        return self._edit(message, {}, checked_markup(arguments, inline_only=True))

    def on_delete_message(self, arguments: Arguments) -> bool:
        chat, message = self.world.found(arguments, "delete")
        if chat.type != "private" and not message["from"]["is_bot"]:
            raise bad_request("message can't be deleted")
        with self.world.changes.making():
            del chat.messages[message["message_id"]]
        return True

    def on_send_chat_action(self, arguments: Arguments) -> bool:
        chat = self.world.known_chat(arguments.get("chat_id"))
        if arguments.get("action") not in ACTIONS:
            raise bad_request("wrong parameter action in request")
        with self.world.changes.making():
            chat.acting = (str(arguments["action"]), time.time())
        return True

    def on_set_message_reaction(self, arguments: Arguments) -> bool:
        chat, message = self.world.found(arguments, "react")
        reactions = arguments.get("reaction") or []
        if len(reactions) > 1:
            raise bad_request("REACTIONS_TOO_MANY")
        if any(each.get("type") != "emoji" or each.get("emoji") not in REACTIONS for each in reactions):
            raise bad_request("REACTION_INVALID")
        with self.world.changes.making():
            chat.reactions[message["message_id"]] = [each["emoji"] for each in reactions]
        return True

    def on_answer_callback_query(self, arguments: Arguments) -> bool:
        query = str(arguments.get("callback_query_id", ""))
        if self.world.toasts.get(query, {}) is not None:
            raise bad_request(TOO_OLD)
        checked_length(str(arguments.get("text", "")), TOAST, "MESSAGE_TOO_LONG")
        with self.world.changes.making():
            self.world.toasts[query] = dict(arguments)
        return True

    def on_get_file(self, arguments: Arguments) -> Arguments:
        file_id = str(arguments.get("file_id", ""))
        if file_id not in self.world.files:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        size = len(self.world.files[file_id])
        return {"file_id": file_id, "file_unique_id": file_id, "file_size": size, "file_path": f"documents/{file_id}"}

    def _post(self, chat: Chat, arguments: Arguments, content: Arguments) -> Message:
        if markup := checked_markup(arguments):
            content["reply_markup"] = markup
        if reply := arguments.get("reply_parameters"):
            known = chat.messages.get(int(reply["message_id"]))
            if known is not None:
                content["reply_to_message"] = without_reply(known)
            elif not reply.get("allow_sending_without_reply"):
                raise bad_request("message to be replied not found")
        if topic := arguments.get("message_thread_id"):
            content |= {"message_thread_id": int(topic), "is_topic_message": True}
        with self.world.changes.making():
            message = self.world.post(chat, self.world.bot, content)
            chat.acting = ("", 0.0)
            if (arguments.get("reply_markup") or {}).get("force_reply"):
                chat.asks[message["message_id"]] = arguments["reply_markup"]
        return message

    def _own(self, arguments: Arguments, purpose: str) -> tuple[Chat, Message]:
        chat, message = self.world.found(arguments, purpose)
        if not message["from"]["is_bot"]:
            raise bad_request("message can't be edited")
        return chat, message

    def _edit(self, message: Message, content: Arguments, markup: Arguments | None) -> Message:
        """An edit replaces the keyboard as well: one that isn't given is taken away."""
        new = content | ({"reply_markup": markup} if markup else {})
        if all(message.get(key) == new.get(key) for key in {*content, "reply_markup"}):
            raise bad_request(NOT_MODIFIED)
        with self.world.changes.making():
            message.pop("reply_markup", None)
            message.update(new | {"edit_date": self.world.now()})
        return message
