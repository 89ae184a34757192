"""What the bot says of itself: welcome, help, what it is, what it keeps."""

from collections import Counter
from collections.abc import Sequence

from telegram import Message, Update

from bot.channels.keeping import describe_kept
from bot.channels.rendering import RichText
from bot.channels.telegram.affairs import Affairs
from bot.channels.telegram.audience import scope_of
from bot.channels.telegram.keyboards import audience_keyboard
from bot.channels.telegram.messages import is_private, place_of, user_of
from bot.channels.telegram.office import Office
from bot.channels.telegram.passages import answer_linked, show_linked
from bot.domain.documents import CuratedDocument, ReviewStatus
from bot.prompts import Wording


async def start(office: Office, _: Update, message: Message, arguments: str) -> None:
    """`/start`: welcome, and at the first time who is reading; or the sources that a link from a group leads to."""
    if is_private(message) and (answer_id := answer_linked(arguments)) is not None:
        await show_linked(office, message, answer_id)
        return
    if not is_private(message):
        await office.delivery.send(place_of(message), office.sentence("command.start_group"))
        return
    welcome, keyboard = office.sentence("command.start"), None
    if await office.readers.audience(scope_of(message.chat.id, user_of(message), private=True)) is None:
        welcome = RichText(text=f"{welcome.text}\n\n{office.wording.say('audience.ask')}")
        keyboard = audience_keyboard(office.wording)
    await office.delivery.send(place_of(message), welcome, keyboard=keyboard)


async def help_(office: Office, _: Update, message: Message, __: str) -> None:
    """`/help`."""
    await office.delivery.send(place_of(message), office.sentence("command.help"))


async def unknown(office: Office, update: Update, message: Message, arguments: str) -> None:
    """A command that doesn't exist, or not for this user: help in a private chat; a group isn't disturbed."""
    if is_private(message):
        await help_(office, update, message, arguments)


async def about(office: Office, _: Update, message: Message, __: str) -> None:
    """`/about`: what it is, how an answer is made, what it reads, who writes, where its limits are."""
    affairs = office.affairs
    parts = [
        office.wording.say("command.about", version=affairs.version, topic=office.wording.say("topic")),
        office.wording.say("command.about_how"),
        describe_library(affairs.documents(), office.wording),
        _writers(affairs.models, office.wording),
        office.wording.say("command.about_limits"),
    ]
    await office.delivery.send(place_of(message), RichText(text="\n\n".join(parts)))


async def privacy(office: Office, _: Update, message: Message, __: str) -> None:
    """`/privacy`: what is kept, why, how long, who sees it, how it is deleted."""
    say = office.wording.say
    kept = "\n".join(describe_kept(office.wording, office.retention_days))
    parts = [say("privacy.text"), kept, say("privacy.cleared"), say("privacy.who")]
    parts += [describe_models(office.affairs, office.wording), say("privacy.delete")]
    await office.delivery.send(place_of(message), RichText(text="\n\n".join(parts)))


def describe_models(affairs: Affairs, wording: Wording) -> str:
    """What goes to language models, and whether they run elsewhere."""
    if not affairs.models:
        return wording.say("privacy.no_model")
    where = "privacy.model_external" if affairs.external else "privacy.model_own"
    return f"{wording.say('privacy.model', model=', '.join(affairs.models))} {wording.say(where)}"


def describe_library(documents: Sequence[CuratedDocument], wording: Wording) -> str:
    """How many documents there are, how far they are reviewed, and how new the newest is."""
    if not documents:
        return wording.say("command.about_empty")
    newest = max((document.year for document in documents if document.year), default=None)
    return wording.say(
        "command.about_library" if newest else "command.about_library_undated",
        documents=count_documents(documents, wording),
        statuses=count_statuses(documents, wording),
        newest=newest,
    )


def count_documents(documents: Sequence[CuratedDocument], wording: Wording) -> str:
    """How many documents there are, in words."""
    key = "command.one_document" if len(documents) == 1 else "command.many_documents"
    return wording.say(key, count=len(documents))


def count_statuses(documents: Sequence[CuratedDocument], wording: Wording) -> str:
    """How many documents have which review status, those that are furthest first."""
    counted = Counter(document.review_status for document in documents)
    order = (ReviewStatus.APPROVED, ReviewStatus.UNDER_REVIEW, ReviewStatus.SUBMITTED)
    return ", ".join(f"{counted[status]} {wording.say(f'status.{status}')}" for status in order if counted[status])


def _writers(models: Sequence[str], wording: Wording) -> str:
    if not models:
        return wording.say("command.about_no_model")
    return wording.say("command.about_model", model=", ".join(models))
