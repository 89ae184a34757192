"""Joins the parts of the Telegram bot by plain arguments: who answers, who keeps, who handles what."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from telegram import Bot

from bot.channels.rendering import RichText, render_telegram, utf16_length
from bot.channels.telegram import buttons, commands, edits, membership
from bot.channels.telegram.affairs import Affairs
from bot.channels.telegram.arrivals import Me
from bot.channels.telegram.asking import Asking
from bot.channels.telegram.calls import Sleep
from bot.channels.telegram.delivery import Delivery
from bot.channels.telegram.desk import RETRY, Bell, Desk
from bot.channels.telegram.intake import Intake, Limits
from bot.channels.telegram.keyboards import Keyboard, reply_keyboard
from bot.channels.telegram.office import Asked, LibraryView, Office, Stores
from bot.channels.telegram.routing import Router
from bot.channels.telegram.splitting import split
from bot.channels.telegram.threads import Threads
from bot.channels.telegram.workers import this_worker
from bot.domain.keeping import RETENTION_DAYS
from bot.domain.messages import Audience, Reply
from bot.domain.progress import Respond
from bot.prompts import Words


def new_answer_id() -> str:
    """An id that nobody guesses: 96 random bits. Who has it may look at the sources of a group's answer in private."""
    return secrets.token_hex(12)


@dataclass(frozen=True, kw_only=True, slots=True)
class Webhook:
    """Where Telegram calls the bot: the public `url`, and the `listen` address that it leads to."""

    url: str
    listen: str
    secret: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """How the bot behaves. `time_limit` is how many seconds one answer may take."""

    admins: frozenset[int] = frozenset()
    allowed_chats: frozenset[int] = frozenset()
    limits: Limits = field(default_factory=Limits)
    retention_days: int = RETENTION_DAYS
    protect_content: bool = False
    webhook: Webhook | None = None
    at_once: int = 8
    time_limit: float = 120.0
    retry: timedelta = RETRY


class Parts:
    """Everything between the updates that arrive and the messages that leave."""

    def __init__(
        self,
        bot: Bot,
        *,
        respond: Respond,
        stores: Stores,
        library: LibraryView,
        affairs: Affairs,
        words: Words,
        options: Options,
        now: Callable[[], datetime],
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """`bot` need not be connected yet."""
        self._bot = bot
        self._words = words
        self._now = now
        self.worker = this_worker()
        self.delivery = Delivery(bot, stores.inbox, sleep=sleep, protect=options.protect_content)
        threads = Threads(stores.messages, now)
        bell = Bell()
        self.asking = Asking(
            bot=bot,
            respond=respond,
            present=self._present,
            inbox=stores.inbox,
            answers=stores.answers,
            readers=stores.readers,
            threads=threads,
            delivery=self.delivery,
            words=words,
            me=self._me,
            worker=self.worker,
            now=now,
            at_once=options.at_once,
            made=lambda: bell.ring(questions=True),
            time_limit=options.time_limit,
            sleep=sleep,
        )
        self.intake = Intake(
            stores.inbox,
            threads=threads,
            messages=stores.messages,
            asking=self.asking,
            bell=bell,
            limits=options.limits,
            me=self._me,
            worker=self.worker,
            now=now,
            new_id=new_answer_id,
            masked=affairs.masked,
            is_urgent=affairs.is_urgent,
            admits=lambda update: membership.admits(update, admins=options.admins, allowed_chats=options.allowed_chats),
            sleep=sleep,
        )
        self.office = Office(
            bot=bot,
            delivery=self.delivery,
            threads=threads,
            inbox=stores.inbox,
            messages=stores.messages,
            answers=stores.answers,
            readers=stores.readers,
            feedback=stores.feedback,
            reviews=stores.reviews,
            forgetting=stores.forgetting,
            exporting=stores.exporting,
            wording=words.for_language("en"),
            library=library,
            affairs=affairs,
            admins=options.admins,
            allowed_chats=options.allowed_chats,
            retention_days=options.retention_days,
            now=now,
            ask=self.intake.ask,
            ask_edited=self.intake.ask_edited,
            cancel=self.asking.cancel,
        )
        self.router = Router(
            office=self.office,
            words=words,
            me=self._me,
            commands=commands.COMMANDS,
            unknown=commands.UNKNOWN,
            press=buttons.press,
            comment=buttons.comment,
            membership=membership.changed,
            edited=edits.edited,
            question=self.asking.handle,
            question_given_up=self.asking.give_up,
        )
        self.desk = Desk(
            stores.inbox,
            handle=self.router.handle,
            give_up=self.router.give_up,
            worker=self.worker,
            bell=bell,
            at_once=options.at_once,
            is_made=self.asking.is_made,
            retry=options.retry,
            sleep=sleep,
        )

    def _me(self) -> Me:
        return Me(id=self._bot.id, username=self._bot.username)

    def _present(self, reply: Reply, asked: Asked) -> tuple[list[RichText], Keyboard | None]:
        """How a reply looks in Telegram."""
        audience, wording = asked.audience or Audience.OTHER, self._words.for_language(asked.language)
        rich = render_telegram(reply, wording, audience=audience, answered_on=self._now().date())
        if asked.note:
            note = f"\n\n{wording.say(asked.note)}"
            rich = replace(rich, text=rich.text + note, tail=rich.tail + utf16_length(note) if rich.tail else 0)
        keyboard = reply_keyboard(
            reply, wording, audience=audience, username=self._bot.username, private=asked.is_private
        )
        return split(rich), keyboard
