"""Shows the passages behind an answer, one source at a time: where it was given, or by a link from a group."""

import re

from telegram import Message, Update

from bot.channels.rich_text import RichText
from bot.channels.telegram.calls import tell_pressed
from bot.channels.telegram.keyboards import Button, Keyboard, Verb, source_keyboard, sources_link
from bot.channels.telegram.messages import Place, is_private, place_of, replied_to
from bot.channels.telegram.office import Office
from bot.channels.telegram.pressed import PressedOnAnswer
from bot.channels.telegram.source_page import copyable, link_to, source_page
from bot.domain.answers import Answer
from bot.domain.messages import Reply

LINKED = re.compile(r"src_([0-9a-f]{4,40})")
SOURCE = "source"
"""The purpose of a message that shows a source."""


def answer_linked(arguments: str) -> str | None:
    """The answer that a link to the bot names; None where it names none."""
    found = LINKED.fullmatch(arguments.strip())
    return found[1] if found else None


async def show_linked(office: Office, message: Message, answer_id: str) -> None:
    """The sources of an answer that a link from a group leads to."""
    place = place_of(message)
    reply = await answer_for(office, answer_id, message.chat.id) if is_private(message) else None
    if reply is None or not isinstance(reply.outcome, Answer):
        await office.delivery.send(place, office.sentence("command.link_refused"))
        return
    await send_source(office, place, reply, reply.outcome.citations[0].number)


async def sources(office: Office, _: Update, message: Message, __: str) -> None:
    """`/sources`: of the answer that this replies to, or of the last one of this conversation."""
    place = place_of(message)
    answer_id = await answer_meant(office, message)
    reply = await office.answers.get(answer_id) if answer_id else None
    if reply is None or not isinstance(reply.outcome, Answer):
        await office.delivery.send(place, office.sentence("command.no_sources"))
    elif is_private(message):
        await send_source(office, place, reply, reply.outcome.citations[0].number)
    else:
        link = sources_link(office.bot.username, reply.provenance.answer_id)
        keyboard = Keyboard(((Button(office.wording.say("button.sources"), url=link),),))
        await office.delivery.send(place, office.sentence("command.sources_in_private"), keyboard=keyboard)


async def answer_meant(office: Office, message: Message) -> str | None:
    """The id of the answer that a command is about: the one replied to, or the last of its conversation."""
    place = place_of(message)
    if (earlier := replied_to(message)) is not None:
        note = await office.messages.about(place.chat, earlier)
        return note.answer_id if note else None
    if place.topic is not None:
        return await office.messages.last_answer(place.chat, topic=place.topic)
    if is_private(message) and (last := await office.messages.last_spoken(place.chat)) is not None:
        return await office.messages.last_answer(place.chat, last[0])
    return await office.messages.last_answer(place.chat)


async def answer_for(office: Office, answer_id: str, chat: int) -> Reply | None:
    """An answer that may be looked at in this chat: given here, or in a group and looked at in private."""
    given_in = await office.messages.chat_of_answer(answer_id)
    if given_in is None or not (given_in == chat or (given_in < 0 < chat)):
        return None
    if given_in != chat and office.allowed_chats and given_in not in office.allowed_chats:
        return None  # Its group isn't served any more.
    return await office.answers.get(answer_id, chat=chat)


async def send_source(office: Office, place: Place, reply: Reply, number: int) -> bool:
    """Show a source in a message of its own; False where the answer has no source of this number."""
    page = _page(office, reply, number)
    if page is None:
        return False
    rich, keyboard = page
    sent = await office.delivery.send(place, rich, keyboard=keyboard)
    # A page that a link opened in another chat belongs to no conversation there.
    if await office.messages.chat_of_answer(reply.provenance.answer_id) == place.chat:
        await office.threads.note(place, sent, reply.conversation, answer_id=reply.provenance.answer_id, purpose=SOURCE)
    return True


async def turn_to(pressed: PressedOnAnswer) -> None:
    """Show the source whose button was pressed: under an answer as a new message, on such a page in its place."""
    office, place = pressed.office, pressed.place
    number = pressed.number
    page = _page(office, pressed.reply, number)
    if page is None:
        await pressed.refuse()
    elif not pressed.is_private:
        await tell_pressed(pressed.query, url=sources_link(office.bot.username, pressed.answer_id))
    elif any(data.startswith((f"{Verb.UP}:", f"{Verb.DOWN}:")) for data in pressed.buttons) or not pressed.buttons:
        await pressed.tell()
        await send_source(office, place, pressed.reply, number)
    else:
        await pressed.tell()
        rich, keyboard = page
        await office.delivery.edit(place, place.message, rich, keyboard=keyboard)


def _page(office: Office, reply: Reply, number: int) -> tuple[RichText, Keyboard] | None:
    """A source of an answer with its buttons; None where it has no source of this number."""
    answer = reply.outcome
    if not isinstance(answer, Answer):
        return None
    citation = next((one for one in answer.citations if one.number == number), None)
    if citation is None:
        return None
    held = office.library.passage(citation.document, citation.passage)
    document = held.document if held else None
    keyboard = source_keyboard(
        reply.provenance.answer_id,
        number,
        [one.number for one in answer.citations],
        office.wording,
        citation=copyable(citation, document),
        link=link_to(document),
    )
    return source_page(citation, held, office.wording), keyboard
