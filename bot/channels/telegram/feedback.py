"""What readers say of an answer: a changeable vote, why, their own words, and that a person should look at it."""

from telegram import Message, Update

from bot.channels.telegram.keyboards import PLAIN_READERS, Reason, Verb, reply_keyboard
from bot.channels.telegram.messages import Place, place_of, replied_to, user_of
from bot.channels.telegram.office import Office
from bot.channels.telegram.passages import answer_meant
from bot.channels.telegram.pressed import PressedOnAnswer
from bot.channels.telegram.threads import COMMENT
from bot.domain.inbox import Claimed
from bot.domain.messages import Audience

LONGEST_COMMENT = 2000
"""Characters that are kept."""
UP, WORDS_ALONE, DOWN = 1, 0, -1


async def feedback(office: Office, _: Update, message: Message, arguments: str) -> None:
    """`/feedback`: words about the answer replied to, or about the last one; without words they are asked for."""
    place = place_of(message)
    answer_id = await answer_meant(office, message)
    reply = await office.answers.get(answer_id) if answer_id else None
    if answer_id is None or reply is None:
        await office.delivery.send(place, office.sentence("feedback.no_answer"))
    elif arguments:
        await _keep(office, answer_id, user_of(message), arguments)
        await office.delivery.send(place, office.sentence("feedback.comment"))
    else:
        await _ask(office, place, reply.conversation, answer_id)


async def vote_up(pressed: PressedOnAnswer) -> None:
    """👍"""
    await pressed.office.feedback.vote(pressed.answer_id, pressed.user, UP, pressed.office.now())
    await pressed.tell("feedback.thanks")
    await _dress(pressed, UP, explaining=False)


async def vote_down(pressed: PressedOnAnswer) -> None:
    """👎, which asks why."""
    await pressed.office.feedback.vote(pressed.answer_id, pressed.user, DOWN, pressed.office.now())
    await pressed.tell("feedback.why")
    await _dress(pressed, DOWN, explaining=True)


async def give_reason(pressed: PressedOnAnswer) -> None:
    """Why the answer was no good; whoever says so has voted."""
    if pressed.value not in set(Reason):
        await pressed.refuse()
        return
    office = pressed.office
    await office.feedback.vote(pressed.answer_id, pressed.user, DOWN, office.now())
    await office.feedback.explain(pressed.answer_id, pressed.user, reason=pressed.value)
    await pressed.tell("feedback.noted")
    if not pressed.is_private:  # The others of the group see their buttons again.
        await _dress(pressed, DOWN, explaining=False)


async def say_more(pressed: PressedOnAnswer) -> None:
    """Ask for the reader's own words."""
    await pressed.tell()
    await _ask(pressed.office, pressed.place, pressed.reply.conversation, pressed.answer_id)


async def comment(office: Office, _: Claimed, message: Message) -> None:
    """The reply to a message that asked for words about an answer."""
    asked = replied_to(message)
    note = await office.messages.about(message.chat.id, asked) if asked is not None else None
    place, words = place_of(message), (message.text or message.caption or "").strip()
    answer_id = note.answer_id if note is not None and note.purpose == COMMENT else None
    if answer_id is None or await office.answers.get(answer_id) is None:
        await office.delivery.send(place, office.sentence("feedback.no_answer"))
    elif not words:
        await office.delivery.send(place, office.sentence("telegram.not_text"))
    else:
        await _keep(office, answer_id, user_of(message), words)
        await office.delivery.send(place, office.sentence("feedback.comment"))


async def report(pressed: PressedOnAnswer) -> None:
    """Ask for a review by a person. A second report would undo what the first one led to, so there is none."""
    reviews, answer_id = pressed.office.reviews, pressed.answer_id
    review = await reviews.get(answer_id, asking=pressed.user)
    if review is not None and (review.decision is None or review.reported_by == pressed.user):
        await pressed.tell("feedback.reported_before", alert=True)
        return
    opinions = await pressed.office.feedback.of(answer_id, asking=pressed.user)
    own = next((one for one in opinions if one.user == pressed.user), None)
    reason = ": ".join(part for part in (own.reason, own.comment) if part) if own else ""
    await reviews.report(answer_id, reason, pressed.user)
    await pressed.tell("feedback.reported", alert=True)


async def _ask(office: Office, place: Place, conversation: str, answer_id: str) -> None:
    sent = await office.delivery.send(place, office.sentence("feedback.ask"), force_reply=True)
    await office.threads.note(place, sent, conversation, answer_id=answer_id, purpose=COMMENT)


async def _keep(office: Office, answer_id: str, user: str, words: str) -> None:
    words = office.affairs.without_identifiers(words)[:LONGEST_COMMENT]
    if not await office.feedback.explain(answer_id, user, comment=words):
        await office.feedback.vote(answer_id, user, WORDS_ALONE, office.now())
        await office.feedback.explain(answer_id, user, comment=words)


async def _dress(pressed: PressedOnAnswer, vote: int, *, explaining: bool) -> None:
    """Show the vote, in private, and the reasons or the questions. A source's page keeps its own buttons."""
    keyboard = reply_keyboard(
        pressed.reply,
        pressed.office.wording,
        audience=_shown_for(pressed),
        username=pressed.office.bot.username,
        private=pressed.is_private,
        vote=vote if pressed.is_private else 0,
        explaining=explaining,
    )
    if keyboard is not None:
        await pressed.office.delivery.dress(pressed.place, pressed.place.message, keyboard)


def _shown_for(pressed: PressedOnAnswer) -> Audience:
    """For whom the answer was worded, which its button for the other wording tells."""
    other = f"{Verb.WORDS}:{pressed.answer_id}:"
    offered = next((data.removeprefix(other) for data in pressed.buttons if data.startswith(other)), "")
    return Audience.CLINICIAN if offered in set(PLAIN_READERS) else Audience.FAMILY
