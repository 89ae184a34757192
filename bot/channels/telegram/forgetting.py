"""Deletes what is kept about somebody, once they have confirmed it."""

from telegram import Message, Update

from bot.channels.rich_text import RichText
from bot.channels.telegram.keyboards import forget_keyboard
from bot.channels.telegram.messages import place_of
from bot.channels.telegram.office import Office
from bot.channels.telegram.pressed import Pressed
from bot.domain.forgetting import Forgotten
from bot.prompts import Wording


async def forget(office: Office, _: Update, message: Message, __: str) -> None:
    """`/forget`: asks first."""
    keyboard = forget_keyboard(office.wording)
    await office.delivery.send(place_of(message), office.sentence("privacy.confirm"), keyboard=keyboard)


async def delete(pressed: Pressed) -> None:
    """Confirmed: delete, and say what was deleted."""
    if not _is_asker(pressed):
        await pressed.tell("privacy.not_yours", alert=True)
        return
    office, place = pressed.office, pressed.place
    private = place.chat if pressed.is_private else pressed.query.from_user.id  # Telegram gives both one number.
    await pressed.tell()
    await office.cancel(private, None)
    forgotten = await office.forgetting.forget_user(pressed.user, private)
    said = RichText(text=describe(forgotten, office.wording))
    if not await office.delivery.edit(place, place.message, said):
        await office.delivery.send(place, said)


async def keep(pressed: Pressed) -> None:
    """Not confirmed."""
    if not _is_asker(pressed):
        await pressed.tell("privacy.not_yours", alert=True)
        return
    await pressed.tell()
    await pressed.office.delivery.edit(
        pressed.place, pressed.place.message, pressed.office.sentence("privacy.kept_all")
    )


def describe(forgotten: Forgotten, wording: Wording) -> str:
    """What was deleted, by kind and number."""
    counted = [
        wording.say("privacy.counted", kind=wording.say(f"privacy.kind.{kind}"), count=count)
        for kind, count in forgotten.counts.items()
        if count
    ]
    if not counted:
        return f"{wording.say('privacy.deleted_nothing')} {wording.say('privacy.noted')}"
    told = [wording.say("privacy.deleted_later"), wording.say("privacy.noted")]
    return "\n".join([wording.say("privacy.deleted"), *counted, "", *told])


def _is_asker(pressed: Pressed) -> bool:
    """Did who presses also write the command? In a group everybody sees the button."""
    if pressed.is_private:
        return True
    shown = pressed.query.message
    command = shown.reply_to_message if isinstance(shown, Message) else None
    return command is not None and command.from_user is not None and command.from_user == pressed.query.from_user
