"""What the bot does when a button is pressed: each verb has one who handles it."""

from collections.abc import Awaitable, Callable, Mapping

from telegram import CallbackQuery

from bot.channels.rich_text import RichText
from bot.channels.telegram import audience, feedback, forgetting, passages
from bot.channels.telegram.arrivals import place_of_button
from bot.channels.telegram.calls import tell_pressed
from bot.channels.telegram.keyboards import Verb, offered
from bot.channels.telegram.messages import Place, language_of
from bot.channels.telegram.office import Asked, Office
from bot.channels.telegram.pressed import Pressed, PressedOnAnswer
from bot.domain.inbox import Claimed
from bot.domain.messages import Audience

SHOWN = 0
"""The part of a button's row in the inbox that stands for the question that it posted."""


async def press(office: Office, claimed: Claimed, query: CallbackQuery, data: str) -> None:
    """Hand a pressed button to its handler; one of another chat, or that nobody knows any more, does nothing."""
    place = place_of_button(query)
    verb, _, rest = data.partition(":")
    if place is None or verb not in set(Verb):
        await tell_pressed(query, office.wording.say("command.old_button"), alert=True)
    elif (alone := ALONE.get(Verb(verb))) is not None:
        await alone(Pressed(office=office, claimed=claimed, query=query, place=place, value=rest))
    else:
        answer_id, _, value = rest.partition(":")
        reply = await passages.answer_for(office, answer_id, place.chat)
        given_here = reply is not None and await office.messages.chat_of_answer(answer_id) == place.chat
        if reply is None or not (given_here or verb in FROM_ELSEWHERE):
            await tell_pressed(query, office.wording.say("command.old_button"), alert=True)
            return
        await ON_ANSWER[Verb(verb)](
            PressedOnAnswer(office=office, claimed=claimed, query=query, place=place, value=value, reply=reply)
        )


async def _more_detail(pressed: PressedOnAnswer) -> None:
    await pressed.tell()
    await _ask(pressed, pressed.reply.standalone_question, detail=True)


async def _other_words(pressed: PressedOnAnswer) -> None:
    if pressed.value not in set(Audience):
        await pressed.refuse()
        return
    await pressed.tell()
    await _ask(pressed, pressed.reply.standalone_question, audience=Audience(pressed.value))


async def _again(pressed: PressedOnAnswer) -> None:
    await pressed.tell()
    await _ask(pressed, pressed.reply.standalone_question)


async def _follow(pressed: PressedOnAnswer) -> None:
    """Post the suggested question for all to see, then answer it as the presser's own."""
    questions = offered(pressed.reply.outcome)
    number = pressed.number
    if not 0 < number <= len(questions):
        await pressed.refuse()
        return
    await pressed.tell()
    question = questions[number - 1]
    office, place, row = pressed.office, pressed.place, pressed.claimed.arrival.id
    standing = await office.inbox.shown(row)
    if standing:
        posted = standing[SHOWN]
    else:
        text = RichText(text=office.wording.say("command.asked", question=question))
        posted = await office.delivery.begin(row, SHOWN, place, text)
    await office.threads.note(place, posted, pressed.reply.conversation)
    await _ask(pressed, question, under=posted)


async def _ask(
    pressed: PressedOnAnswer,
    text: str,
    *,
    audience: Audience | None = None,
    detail: bool = False,
    under: int | None = None,
) -> None:
    """Put a question in line, to be answered under the message with the button, or `under` another."""
    place = pressed.place
    asked = Asked(
        place=Place(chat=place.chat, topic=place.topic, message=under or place.message),
        conversation=pressed.reply.conversation,
        text=text,
        user=pressed.user,
        is_private=pressed.is_private,
        said_at=pressed.claimed.arrival.received_at,
        audience=audience,
        detail=detail,
        language=language_of(pressed.query),
    )
    await pressed.office.ask(pressed.claimed, asked)


async def _edited(pressed: Pressed) -> None:
    """Answer a question as it was edited."""
    language = language_of(pressed.query)
    refusal = await pressed.office.ask_edited(pressed.number, pressed.place.chat, pressed.user, language)
    await pressed.tell(refusal, alert=bool(refusal))


async def _continue(pressed: Pressed) -> None:
    """Back to the conversation that was spoken of before the one to which the message with the button belongs."""
    office, place = pressed.office, pressed.place
    note = await office.messages.about(place.chat, place.message)
    before = await office.messages.spoken_before(place.chat, note.conversation) if note and pressed.is_private else None
    if before is None:
        await pressed.refuse()
        return
    await pressed.tell()
    sent = await office.delivery.send(place, office.sentence("command.continue"))
    await office.threads.note(place, sent, before, by_user=True, user=pressed.user)


ALONE: Mapping[Verb, Callable[[Pressed], Awaitable[None]]] = {
    Verb.EDITED: _edited,
    Verb.AUDIENCE: audience.choose,
    Verb.CONTINUE: _continue,
    Verb.FORGET: forgetting.delete,
    Verb.KEEP: forgetting.keep,
}
ON_ANSWER: Mapping[Verb, Callable[[PressedOnAnswer], Awaitable[None]]] = {
    Verb.SOURCE: passages.turn_to,
    Verb.DETAIL: _more_detail,
    Verb.WORDS: _other_words,
    Verb.AGAIN: _again,
    Verb.UP: feedback.vote_up,
    Verb.DOWN: feedback.vote_down,
    Verb.REASON: feedback.give_reason,
    Verb.COMMENT: feedback.say_more,
    Verb.FOLLOW: _follow,
    Verb.REPORT: feedback.report,
}
FROM_ELSEWHERE = {Verb.SOURCE, Verb.REPORT}
"""What may be pressed in a private chat under a source that was opened by a link from a group."""
