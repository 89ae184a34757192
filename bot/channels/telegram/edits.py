"""What the bot does when somebody changes a question that it has answered, or is about to."""

from telegram import Update

from bot.channels.telegram.keyboards import edited_keyboard
from bot.channels.telegram.messages import place_of
from bot.channels.telegram.office import Office
from bot.domain.inbox import Claimed

OFFER = "offer"


async def edited(office: Office, claimed: Claimed, update: Update) -> None:
    """Offer to answer the new version; never answer it unasked."""
    message = update.edited_message
    assert message is not None
    place = place_of(message)
    about = await office.messages.about(place.chat, place.message)
    if about is None or not about.by_user:
        return
    row = claimed.arrival.id
    offer = office.sentence("telegram.edited")
    for sent in await office.delivery.show(claimed, place, [offer], edited_keyboard(row, office.wording)):
        await office.threads.note(place, sent, about.conversation, purpose=OFFER)
    await office.inbox.offer(row)
