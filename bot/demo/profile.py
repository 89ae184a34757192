"""The methods of the Bot API about the bot itself and about the chats it is in."""

import re
from typing import Any

from bot.demo.limits import checked_length
from bot.demo.refusals import bad_request
from bot.demo.world import LEFT, World

Arguments = dict[str, Any]
Command = dict[str, str]
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
COMMANDS, COMMAND_WORDS = 100, 256
NAME, DESCRIPTION, SHORT_DESCRIPTION = 64, 512, 120
SCOPES = frozenset(
    "default all_private_chats all_group_chats all_chat_administrators chat chat_administrators chat_member".split()
)


class ProfileMethods:
    """Commands per scope and language, descriptions per language, and who is in a chat."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._commands: dict[tuple[str, str], list[Command]] = {}
        self._words: dict[tuple[str, str], str] = {}

    def on_get_me(self, _: Arguments) -> Arguments:
        able = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
        return self.world.bot.told() | able

    def on_set_my_commands(self, arguments: Arguments) -> bool:
        commands = arguments.get("commands") or []
        if len(commands) > COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not COMMAND.fullmatch(str(command.get("command", ""))):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(str(command.get("description", ""))) <= COMMAND_WORDS:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        with self.world.changes.making():
            self._commands[_place(arguments)] = list(commands)
        return True

    def on_get_my_commands(self, arguments: Arguments) -> list[Command]:
        return self._commands.get(_place(arguments), [])

    def on_delete_my_commands(self, arguments: Arguments) -> bool:
        with self.world.changes.making():
            self._commands.pop(_place(arguments), None)
        return True

    def commands_for(self, chat: int, user: int) -> list[Command]:
        """What this person sees when typing `/` in this chat: the narrowest scope, their own language first."""
        in_private = self.world.chat(chat).type == "private"
        scopes = [f"chat_member {chat} {user}", f"chat {chat}"]
        scopes += ["all_private_chats" if in_private else "all_group_chats", "default"]
        for scope in scopes:
            for language in (self.world.user(user).language_code, ""):
                if commands := self._commands.get((scope, language)):
                    return commands
        return []

    def on_set_my_name(self, arguments: Arguments) -> bool:
        return self._say(arguments, "name", NAME)

    def on_get_my_name(self, arguments: Arguments) -> Arguments:
        return {"name": self.word(arguments, "name") or self.world.bot.first_name}

    def on_set_my_description(self, arguments: Arguments) -> bool:
        return self._say(arguments, "description", DESCRIPTION)

    def on_get_my_description(self, arguments: Arguments) -> Arguments:
        return {"description": self.word(arguments, "description")}

    def on_set_my_short_description(self, arguments: Arguments) -> bool:
        return self._say(arguments, "short_description", SHORT_DESCRIPTION)

    def on_get_my_short_description(self, arguments: Arguments) -> Arguments:
        return {"short_description": self.word(arguments, "short_description")}

    def word(self, arguments: Arguments, name: str) -> str:
        """What the bot calls itself, or says of itself, in a language; in none, if nothing was said in that one."""
        return self._words.get((name, str(arguments.get("language_code", "")))) or self._words.get((name, ""), "")

    def on_get_chat(self, arguments: Arguments) -> Arguments:
        chat = self.world.known_chat(arguments.get("chat_id"))
        gifts = dict.fromkeys(
            "unlimited_gifts limited_gifts unique_gifts premium_subscription gifts_from_channels".split(), False
        )
        return chat.told() | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}

    def on_get_chat_member(self, arguments: Arguments) -> Arguments:
        chat = self.world.known_chat(arguments.get("chat_id"))
        number = int(arguments.get("user_id") or 0)
        if number not in self.world.users:
            raise bad_request("PARTICIPANT_ID_INVALID")
        default = chat.bot_is if number == self.world.bot.id else "left"
        return member(chat.members.get(number, default), self.world.users[number].told())

    def on_get_chat_administrators(self, arguments: Arguments) -> list[Arguments]:
        chat = self.world.known_chat(arguments.get("chat_id"))
        if chat.type == "private":
            raise bad_request("there are no administrators in the private chat")
        leading = [
            (number, status) for number, status in chat.members.items() if status in {"creator", "administrator"}
        ]
        return [member(status, self.world.user(number).told()) for number, status in leading]

    def on_leave_chat(self, arguments: Arguments) -> bool:
        chat = self.world.known_chat(arguments.get("chat_id"))
        if chat.type == "private":
            raise bad_request("chat member status can't be changed in private chats")
        with self.world.changes.making():
            chat.bot_is = LEFT
        return True

    def _say(self, arguments: Arguments, name: str, limit: int) -> bool:
        said = checked_length(str(arguments.get(name, "")), limit, f"{name} is too long")
        with self.world.changes.making():
            self._words[name, str(arguments.get("language_code", ""))] = said
        return True


def member(status: str, user: Arguments) -> Arguments:
    """Somebody's place in a chat, with the fields that its kind must have."""
    told: Arguments = {"status": status, "user": user}
    if status == "kicked":
        told["until_date"] = 0
    if status == "creator":
        told["is_anonymous"] = False
    if status == "administrator":
        rights = (
            "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats "
            "can_restrict_members can_promote_members can_change_info can_invite_users can_post_stories "
            "can_edit_stories can_delete_stories"
        )
        told |= dict.fromkeys(rights.split(), False)
    return told


def _place(arguments: Arguments) -> tuple[str, str]:
    """Scope and language under which commands are kept."""
    scope = arguments.get("scope") or {"type": "default"}
    if scope.get("type") not in SCOPES:
        raise bad_request("unsupported scope specified")
    told = [str(scope["type"]), *(str(scope[key]) for key in ("chat_id", "user_id") if key in scope)]
    return " ".join(told), str(arguments.get("language_code") or "")
