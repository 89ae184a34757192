"""What Telegram shows of the bot before anybody writes: its commands, its description, its short description."""

import logging
from collections.abc import Awaitable, Callable, Collection, Sequence

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import TelegramError

from bot.channels.telegram.calls import persist
from bot.prompts import Wording, Words

logger = logging.getLogger(__name__)

FOR_EVERYONE = (
    "ask", "new", "sources", "audience", "feedback", "cancel", "help", "policy", "about", "privacy", "export", "forget",
    "start",
)  # fmt: skip
"""The order in which Telegram lists them: what is used most stands first."""
IN_GROUPS = tuple(name for name in FOR_EVERYONE if name != "start")
FOR_ADMINS = ("status", "review", "gaps", "reload")
TRIES = 4
ENGLISH = "en"


async def introduce(bot: Bot, words: Words, admins: Collection[int]) -> int:
    """Bring what Telegram shows up to date; gives how many things were written.

    Telegram limits how often this may be written, so what is right already stays. What can't be brought up to date is
    logged and left: an administrator who never wrote to the bot has no chat yet in which commands could stand.
    """
    scopes: list[tuple[BotCommandScope, Sequence[str]]] = [
        (BotCommandScopeAllPrivateChats(), FOR_EVERYONE),
        (BotCommandScopeAllGroupChats(), IN_GROUPS),
        *((BotCommandScopeChat(admin), (*FOR_EVERYONE, *FOR_ADMINS)) for admin in sorted(admins)),
    ]
    steps: list[Callable[[], Awaitable[bool]]] = []
    # English is told for all languages, and for its own: what an earlier owner of the token left there would hide it.
    for code in (None, *words.languages):
        wording = words.for_language(code or ENGLISH)
        steps += [_commands(bot, scope, _described(names, wording), code) for scope, names in scopes]
        topic = wording.say("topic")
        steps.append(_description(bot, wording.say("command.description", topic=topic), code))
        steps.append(_short_description(bot, wording.say("command.short_description", topic=topic), code))
    return sum([await _done(step) for step in steps])


def _described(names: Sequence[str], wording: Wording) -> list[BotCommand]:
    return [BotCommand(name, wording.say(f"command.menu.{name}")) for name in names]


def _commands(
    bot: Bot, scope: BotCommandScope, wanted: list[BotCommand], language: str | None
) -> Callable[[], Awaitable[bool]]:
    async def step() -> bool:
        shown = await bot.get_my_commands(scope=scope, language_code=language)
        if list(shown) == wanted:
            return False
        return await bot.set_my_commands(wanted, scope=scope, language_code=language)

    return step


def _description(bot: Bot, wanted: str, language: str | None) -> Callable[[], Awaitable[bool]]:
    async def step() -> bool:
        shown = await bot.get_my_description(language_code=language)
        return shown.description != wanted and await bot.set_my_description(wanted, language_code=language)

    return step


def _short_description(bot: Bot, wanted: str, language: str | None) -> Callable[[], Awaitable[bool]]:
    async def step() -> bool:
        shown = await bot.get_my_short_description(language_code=language)
        return shown.short_description != wanted and await bot.set_my_short_description(wanted, language_code=language)

    return step


async def _done(step: Callable[[], Awaitable[bool]]) -> bool:
    """Did this step write something? Its failure keeps the others from nothing."""
    try:
        return await persist(step, tries=TRIES)
    except TelegramError as error:
        logger.warning("A part of the bot's profile could not be set: %s", type(error).__name__)
        return False
