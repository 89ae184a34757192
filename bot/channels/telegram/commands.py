"""What the bot does with each command. `/policy`, and `/ask` with a question, are answered like questions."""

from collections.abc import Mapping

from telegram import Message, Update

from bot.channels.telegram import admins, audience, exporting, feedback, forgetting, information, passages
from bot.channels.telegram.keyboards import continue_keyboard
from bot.channels.telegram.messages import is_private, place_of, user_of
from bot.channels.telegram.office import Command, Office

ASK = "ask"
"""The purpose of a message to which a reply is a question."""


async def _ask(office: Office, _: Update, message: Message, __: str) -> None:
    """`/ask` without a question."""
    place = place_of(message)
    conversation = await office.threads.join(message)
    sent = await office.delivery.send(place, office.sentence("command.ask"), force_reply=True)
    await office.threads.note(place, sent, conversation, purpose=ASK)


async def _new(office: Office, _: Update, message: Message, __: str) -> None:
    """`/new`: what is said next, or as a reply to this, has nothing to do with what was said."""
    place = place_of(message)
    conversation = await office.threads.begin(message)
    may_go_back = is_private(message) and place.topic is None
    before = await office.messages.spoken_before(place.chat, conversation) if may_go_back else None
    keyboard = continue_keyboard(office.wording) if before else None
    sent = await office.delivery.send(place, office.sentence("telegram.new"), keyboard=keyboard)
    await office.threads.note(place, sent, conversation)


async def _cancel(office: Office, _: Update, message: Message, __: str) -> None:
    """`/cancel`: the questions of this user in this chat, waiting or in work."""
    count = await office.cancel(message.chat.id, user_of(message))
    key = {0: "command.cancelled_none", 1: "command.cancelled_one"}.get(count, "command.cancelled_many")
    await office.delivery.send(place_of(message), office.sentence(key, count=count))


UNKNOWN: Command = information.unknown
COMMANDS: Mapping[str, Command] = {
    "start": information.start,
    "help": information.help_,
    "ask": _ask,
    "new": _new,
    "sources": passages.sources,
    "audience": audience.audience,
    "about": information.about,
    "privacy": information.privacy,
    "export": exporting.export,
    "forget": forgetting.forget,
    "feedback": feedback.feedback,
    "cancel": _cancel,
    "status": admins.for_admins(admins.tell_status),
    "review": admins.for_admins(admins.tell_reviews),
    "gaps": admins.for_admins(admins.tell_gaps),
    "reload": admins.for_admins(admins.tell_reload),
}
