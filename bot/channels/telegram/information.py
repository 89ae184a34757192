"""What the bot says of itself: welcome, help, what it is, what it keeps."""

from contextlib import nullcontext

from telegram import Message, Update

from bot.channels.about import Facts, introduce, sections
from bot.channels.keeping import describe_kept
from bot.channels.rich_text import EntityKind, RichText, RichTextBuilder
from bot.channels.telegram.affairs import Affairs
from bot.channels.telegram.audience import scope_of
from bot.channels.telegram.keyboards import audience_keyboard
from bot.channels.telegram.messages import is_private, place_of, user_of
from bot.channels.telegram.office import Office
from bot.channels.telegram.passages import answer_linked, show_linked
from bot.channels.telegram.splitting import split
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
    """`/about`: what it is for, how an answer is made, what it reads, who writes, its limits, what was measured."""
    affairs, page = office.affairs, RichTextBuilder()
    page.line(introduce(affairs.version, office.wording))
    facts = Facts(
        version=affairs.version,
        models=affairs.models,
        external=affairs.external,
        documents=affairs.documents(),
        figures=affairs.figures(),
    )
    for section in sections(facts, office.wording):
        page.line()
        page.line(section.title, EntityKind.BOLD)
        # A phone shows what decides whether to ask at all; the rest unfolds at a tap.
        with page.block(EntityKind.EXPANDABLE_BLOCKQUOTE) if section.folded else nullcontext():
            page.add(section.text)
        page.line()
    for part in split(page.build()):
        await office.delivery.send(place_of(message), part)


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
