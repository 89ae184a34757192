"""Sends a user what is kept about them, as a file."""

import json

from telegram import Message, Update

from bot.channels.keeping import described
from bot.channels.rich_text import RichText
from bot.channels.telegram.messages import is_private, place_of, user_of
from bot.channels.telegram.office import Office

FILE = "footnote.json"


async def export(office: Office, _: Update, message: Message, __: str) -> None:
    """`/export`: in a private chat only, since a group would read along."""
    place = place_of(message)
    if not is_private(message):
        await office.delivery.send(place, office.sentence("privacy.export_private"))
        return
    held = await office.exporting.everything_of(user_of(message), message.chat.id)
    if not any(held.values()):
        await office.delivery.send(place, office.sentence("privacy.export_nothing"))
        return
    counted = [
        office.wording.say("privacy.counted", kind=office.wording.say(f"privacy.kind.{kind}"), count=len(records))
        for kind, records in held.items()
        if records
    ]
    said = "\n".join([office.wording.say("privacy.export"), *counted])
    body = json.dumps(described(held, office.wording), ensure_ascii=False, indent=2).encode("utf-8", "replace")
    await office.delivery.send_file(place, FILE, body, RichText(text=said))
