"""Reads what Telegram sent: what somebody wants, whose turn it is, and what is asked. Nothing here waits or keeps."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from telegram import Bot, CallbackQuery, Message, MessageEntity, Update
from telegram.ext import filters

from bot.channels.rich_text import utf16_length
from bot.channels.telegram.messages import Place, is_for, is_private, language_of, place_of, question_of, user_of
from bot.channels.telegram.office import Asked
from bot.channels.telegram.payload import payload_of
from bot.channels.telegram.polling import HIGHEST
from bot.channels.telegram.profile import FOR_ADMINS, FOR_EVERYONE
from bot.conversation.without_evidence import POLICY
from bot.domain.inbox import Arrival, ArrivalKind
from bot.domain.messages import Audience

logger = logging.getLogger(__name__)

OURS = frozenset((*FOR_EVERYONE, *FOR_ADMINS))
"""Commands that are understood in a group without naming the bot."""
FRAGMENT = 3800
"""UTF-16 units: a text this long may be the first part of one that the sender's app has cut."""
FRAGMENT_WAIT = timedelta(seconds=1.5)
AT_ONCE = timedelta(seconds=2)
"""Between the times of two parts, which Telegram gives in whole seconds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Me:
    """Who the bot is."""

    id: int
    username: str


def kind_of(update: Update, me: Me) -> ArrivalKind | None:
    """What somebody wants with this update; None for what isn't meant for the bot and leaves no trace."""
    if update.message is not None:
        return _kind_of_message(update.message, me)
    if update.edited_message is not None:
        message = update.edited_message
        return ArrivalKind.EDIT if asks(message, me) else None
    if update.callback_query is not None:
        return None if update.callback_query.message is None else ArrivalKind.BUTTON
    if update.my_chat_member is not None:
        return ArrivalKind.MEMBERSHIP
    return ArrivalKind.UNREADABLE if update.to_dict().keys() == {"update_id"} else None


def understood_as(update: Update, me: Me, received_at: datetime) -> ArrivalKind | None:
    """`kind_of`, after the update went through all that is done with one: what can't be kept is UNREADABLE.

    It would be tried for ever otherwise, with every update behind it waiting.
    """
    try:
        kind = kind_of(update, me)
        if kind is None:
            return None
        row = arrival_of(update, kind, answer_id="", received_at=received_at, masked=str)
        if kind is not ArrivalKind.UNREADABLE and kind_of(update_in(row.payload, None), me) is not kind:
            return ArrivalKind.UNREADABLE
        if kind is ArrivalKind.QUESTION and update.message is not None:
            put_asked(asked_in(update.message, "", me))
        if kind is ArrivalKind.BUTTON and update.callback_query is not None:
            place_of_button(update.callback_query)
        numbers = (row.chat, row.message or 0)
        sound = all(-HIGHEST < number < HIGHEST for number in numbers)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it, the updates behind it must arrive
        # No traceback: it would hold what somebody wrote.
        logger.warning("Update %s can't be understood: %s", update.update_id, type(error).__name__)
        return ArrivalKind.UNREADABLE
    return kind if sound else ArrivalKind.UNREADABLE


def _kind_of_message(message: Message, me: Me) -> ArrivalKind | None:
    if filters.StatusUpdate.ALL.check_update(Update(0, message=message)):
        return None
    if (command := command_of(message, me)) is not None:
        return ArrivalKind.QUESTION if _asked_by_command(*command) else ArrivalKind.COMMAND
    if _begins_with_command(message) or not is_for(message, me.id, me.username):
        return None
    return ArrivalKind.QUESTION if message.text or message.caption else ArrivalKind.OTHER


def asks(message: Message, me: Me) -> bool:
    """Does this message ask the bot something?"""
    return _kind_of_message(message, me) is ArrivalKind.QUESTION


def command_of(message: Message, me: Me) -> tuple[str, str] | None:
    """The command that a message begins with, and what stands behind it; None where it isn't for this bot."""
    if not _begins_with_command(message):
        return None
    text = message.text or ""
    first = text.split(maxsplit=1)[0]
    name, _, addressed = first.removeprefix("/").partition("@")
    name = name.lower()
    names_me = addressed.casefold() == me.username.casefold()
    mine = names_me if addressed else is_private(message) or name in OURS
    return (name, text[len(first) :].strip()) if mine else None


def _begins_with_command(message: Message) -> bool:
    return any(entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0 for entity in message.entities)


def _asked_by_command(name: str, rest: str) -> bool:
    """Is the command answered like a question? `/policy` is, and `/ask` when something is asked."""
    return f"/{name}" == POLICY or (name == "ask" and bool(rest))


def begins_anew(update: Update, me: Me) -> bool:
    """Is this `/new`? What is said after it doesn't belong to what was said before, however fast it comes."""
    command = None if update.message is None else command_of(update.message, me)
    return command is not None and command[0] == "new"


def asked_in(message: Message, conversation: str, me: Me) -> Asked:
    """What a message asks."""
    command = command_of(message, me)
    note = ""
    if command is None:
        text = question_of(message, me.id, me.username)
        note = "" if message.text else "telegram.only_caption"
    else:
        text = POLICY if f"/{command[0]}" == POLICY else command[1]
    return Asked(
        place=place_of(message),
        conversation=conversation,
        text=text,
        user=user_of(message),
        is_private=is_private(message),
        said_at=message.edit_date or message.date,
        note=note,
        language=language_of(message),
    )


def lane_of(place: Place, conversation: str, *, private: bool) -> str:
    """What is answered one after the other: a private chat or topic of it, a conversation of a group."""
    if not private:
        return conversation
    return f"telegram:{place.chat}" if place.topic is None else f"telegram:{place.chat}:{place.topic}"


def arrival_of(
    update: Update,
    kind: ArrivalKind,
    *,
    conversation: str = "",
    answer_id: str,
    received_at: datetime,
    masked: Callable[[str], str],
) -> Arrival:
    """The row of the inbox for an update. `conversation` is where a question belongs; `masked` covers identifiers."""
    if kind is ArrivalKind.UNREADABLE:
        update = Update(update.update_id)
    message = update.message or update.edited_message
    lane, not_before = f"now:{update.update_id}", None
    if message is not None and kind is ArrivalKind.QUESTION:
        lane = lane_of(place_of(message), conversation, private=is_private(message))
        if is_long(message.text):
            not_before = received_at + FRAGMENT_WAIT
    chat = update.effective_chat
    return Arrival(
        id=update.update_id,
        kind=kind,
        lane=lane,
        chat=chat.id if chat else 0,
        user=user_in(update),
        message=_message_id(update),
        payload="" if kind is ArrivalKind.UNREADABLE else payload_of(update, masked),
        answer_id=answer_id,
        received_at=received_at,
        not_before=not_before,
    )


def is_long(text: str | None) -> bool:
    """May the sender's app have cut this text off?"""
    return text is not None and utf16_length(text) >= FRAGMENT


def goes_on(before: Message, after: Message) -> bool:
    """Is `after` the next part of a text that the sender's app has cut?

    The parts come from one sender, one after the other, within the same moment.
    """
    return (
        is_long(before.text)
        and bool(after.text)
        and not _begins_with_command(after)
        and after.message_id == before.message_id + 1
        and user_of(after) == user_of(before)
        and after.date - before.date <= AT_ONCE
    )


def update_in(payload: str, bot: Bot | None) -> Update:
    """The update of a row."""
    return Update.de_json(json.loads(payload), bot)


ASKED, REFUSED = "asked", "refused"


def put_asked(asked: Asked) -> str:
    """A question that no update holds, as a row's payload."""
    return json.dumps({ASKED: asdict(asked) | {"said_at": asked.said_at.isoformat()}})


def get_asked(payload: str) -> Asked | None:
    """The question of such a row; None for a row that holds an update."""
    fields: Mapping[str, Any] | None = json.loads(payload).get(ASKED)
    if fields is None:
        return None
    return Asked(
        **dict(fields)
        | {
            "place": Place(**fields["place"]),
            "said_at": datetime.fromisoformat(fields["said_at"]),
            "audience": Audience(fields["audience"]) if fields["audience"] else None,
        }
    )


def place_in(update: Update) -> Place | None:
    """Where somebody wrote or pressed a button; None where an update tells of neither."""
    message = update.message or update.edited_message
    if message is not None:
        return place_of(message)
    return None if update.callback_query is None else place_of_button(update.callback_query)


def put_refused(place: Place, key: str, language: str) -> str:
    """A sentence that is said instead of an answer, as a row's payload."""
    return json.dumps({REFUSED: {"place": asdict(place), "key": key, "language": language}})


def get_refused(payload: str) -> tuple[Place, str, str] | None:
    """Where to say which sentence in which language; None for a row that holds something else."""
    fields = json.loads(payload).get(REFUSED)
    return None if fields is None else (Place(**fields["place"]), fields["key"], fields["language"])


def place_of_button(query: CallbackQuery) -> Place | None:
    """Where the message stands whose button was pressed."""
    message = query.message
    if message is None:
        return None
    return (
        place_of(message)
        if isinstance(message, Message)
        else Place(chat=message.chat.id, topic=None, message=message.message_id)
    )


def user_in(update: Update) -> str:
    """Who is behind an update, such as `telegram:5`; empty where nobody is."""
    message = update.message or update.edited_message
    if message is not None:
        return user_of(message)
    return f"telegram:{update.effective_user.id}" if update.effective_user else ""


def _message_id(update: Update) -> int | None:
    message = update.message or update.edited_message
    if message is not None:
        return message.message_id
    pressed = update.callback_query.message if update.callback_query else None
    return pressed.message_id if pressed else None
