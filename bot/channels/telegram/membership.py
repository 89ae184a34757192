"""Which chats are served: all of them, or those on a list; groups that aren't on it are left."""

from collections.abc import Collection
from contextlib import suppress

from telegram import ChatMember, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError

from bot.channels.telegram.calls import persist, tell_pressed
from bot.channels.telegram.messages import place_of
from bot.channels.telegram.office import Office

TRIES = 4
PRESENT = {ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR}


def admits(update: Update, *, admins: Collection[int], allowed_chats: Collection[int]) -> bool:
    """May this chat be served? Without a list each may; administrators always may, in their private chat."""
    chat = update.effective_chat
    if not allowed_chats:
        return True
    if chat is None:
        return False
    return chat.id in allowed_chats or (chat.type == ChatType.PRIVATE and chat.id in admins)


async def changed(office: Office, update: Update) -> None:
    """The bot was added to a chat, or somebody wrote in one that isn't served."""
    chat, member = update.effective_chat, update.my_chat_member
    if chat is None:
        return
    if member is not None and (
        chat.type == ChatType.PRIVATE or not _was_added(member.old_chat_member, member.new_chat_member)
    ):
        return
    if not admits(update, admins=office.admins, allowed_chats=office.allowed_chats):
        await _turn_away(office, update, is_private=chat.type == ChatType.PRIVATE)
    elif member is not None and chat.type != ChatType.CHANNEL:
        await _say(office, chat.id, "command.start_group", topic=office.wording.say("topic"))


def _was_added(before: ChatMember, now: ChatMember) -> bool:
    return now.status in PRESENT and before.status not in PRESENT


async def _turn_away(office: Office, update: Update, *, is_private: bool) -> None:
    """Say in one sentence why there is no answer; leave a group."""
    chat = update.effective_chat
    assert chat is not None  # Its caller has looked.
    if update.callback_query is not None:
        await tell_pressed(update.callback_query, office.wording.say("command.old_button"), alert=True)
    elif is_private and update.message is not None:
        await office.delivery.send(place_of(update.message), office.sentence("command.not_allowed", chat=chat.id))
    if not is_private:
        await _say(office, chat.id, "command.group_left", chat=chat.id)
        with suppress(TelegramError):  # Already gone, or the chat is.
            await persist(lambda: office.bot.leave_chat(chat.id), tries=TRIES)


async def _say(office: Office, to: int, key: str, **values: object) -> None:
    """A sentence that replies to nothing. Where the bot may not write, it stays unsaid."""
    text = office.wording.say(key, **values)
    with suppress(TelegramError):
        await persist(lambda: office.bot.send_message(to, text), tries=TRIES)
