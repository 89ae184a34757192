"""Who is reading: chosen by each user for their private chat, in a group by its administrators for all."""

from telegram import Message, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError

from bot.channels.rich_text import RichText
from bot.channels.telegram.calls import persist
from bot.channels.telegram.keyboards import again_keyboard, audience_keyboard
from bot.channels.telegram.messages import is_private, place_of, user_of
from bot.channels.telegram.office import Office
from bot.channels.telegram.pressed import Pressed
from bot.domain.answers import Answer
from bot.domain.messages import Audience

TRIES = 3


def scope_of(chat: int, user: str, *, private: bool) -> str:
    """Under which name a choice is kept: the user's own in private, the group's in a group."""
    return f"user:{user}" if private else f"chat:{chat}"


async def audience(office: Office, _: Update, message: Message, __: str) -> None:
    """`/audience`: who is reading at present, and the choice."""
    place, may_choose = place_of(message), is_private(message) or _is_anonymous_administrator(message)
    if not may_choose and message.from_user is not None:
        may_choose = await is_administrator(office, place.chat, message.from_user.id)
    chosen = await office.readers.audience(scope_of(place.chat, user_of(message), private=is_private(message)))
    present = office.wording.say(
        "audience.present", audience=office.wording.say(f"audience.name.{chosen or Audience.OTHER}")
    )
    more = office.wording.say("audience.ask" if may_choose else "audience.only_administrators")
    keyboard = audience_keyboard(office.wording, chosen) if may_choose else None
    await office.delivery.send(place, RichText(text=f"{present}\n\n{more}"), keyboard=keyboard)


async def choose(pressed: Pressed) -> None:
    """A button of the choice was pressed: keep it, and offer the last answer once more."""
    office, place = pressed.office, pressed.place
    if pressed.value not in set(Audience):
        await pressed.refuse()
        return
    if not pressed.is_private and not await is_administrator(office, place.chat, pressed.query.from_user.id):
        await pressed.tell("audience.only_administrators", alert=True)
        return
    chosen = Audience(pressed.value)
    scope = scope_of(place.chat, pressed.user, private=pressed.is_private)
    await office.readers.choose(scope, chosen, office.now())
    await pressed.tell("audience.chosen", audience=office.wording.say(f"audience.name.{chosen}"))
    await office.delivery.dress(place, place.message, audience_keyboard(office.wording, chosen))
    await _offer_again(pressed, chosen)


async def is_administrator(office: Office, chat: int, user: int) -> bool:
    """Does this user run this group? Where Telegram doesn't say, the answer is no."""
    try:
        member = await persist(lambda: office.bot.get_chat_member(chat, user), tries=TRIES)
    except TelegramError:
        return False
    return member.status in {ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR}


def _is_anonymous_administrator(message: Message) -> bool:
    """Does somebody write in the name of the group? Only its administrators can."""
    sender = message.sender_chat
    return sender is not None and sender.id == message.chat.id and sender.type != ChatType.CHANNEL


async def _offer_again(pressed: Pressed, chosen: Audience) -> None:
    office, place = pressed.office, pressed.place
    last = await office.messages.last_spoken(place.chat) if pressed.is_private and place.topic is None else None
    answer_id = await office.messages.last_answer(place.chat, last[0] if last else None, place.topic)
    reply = await office.answers.get(answer_id) if answer_id else None
    if answer_id is None or reply is None or not isinstance(reply.outcome, Answer):
        return
    text = office.sentence("audience.chosen_again", audience=office.wording.say(f"audience.name.{chosen}"))
    await office.delivery.send(place, text, keyboard=again_keyboard(answer_id, chosen, office.wording))
