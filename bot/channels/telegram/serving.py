"""The Telegram bot from its token to its stop, by long polling or by webhook."""

import asyncio
import logging
import re
import secrets
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from telegram import LinkPreviewOptions
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import Defaults, ExtBot

from bot.channels.server import HttpServer
from bot.channels.telegram.affairs import Affairs
from bot.channels.telegram.calls import Sleep, redact
from bot.channels.telegram.joining import Options, Parts, Webhook
from bot.channels.telegram.observing import ObservedRequest
from bot.channels.telegram.office import LibraryView, Stores
from bot.channels.telegram.operation import Operation
from bot.channels.telegram.polling import DurableQueue, Poller, PollingRequest
from bot.channels.telegram.process import prepare_loop, quiet_libraries, stop_on_signals
from bot.channels.telegram.profile import introduce
from bot.channels.telegram.turns import Turns
from bot.channels.telegram.waits import first, within
from bot.channels.telegram.webhook import path_of, webhook_app
from bot.channels.telegram.workers import free_the_dead
from bot.domain.addresses import without_credentials
from bot.domain.errors import ChannelError, StoreError
from bot.domain.progress import Respond
from bot.prompts import Words

TOKEN = re.compile(r"\d+:[\w-]+", re.ASCII)
LONGEST_FAULT = 1000
TELEGRAM_API_URL = "https://api.telegram.org"
KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0
# Together under the ten seconds that a container gets between SIGTERM and SIGKILL.
STOP_INTAKE_S, FINISH_S, PLACEHOLDERS_S, CLOSE_S = 2.5, 3.0, 0.5, 1.0

logger = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


async def serve(
    token: str,
    *,
    respond: Respond,
    stores: Stores,
    library: LibraryView,
    affairs: Affairs,
    words: Words,
    options: Options,
    api_url: str = TELEGRAM_API_URL,
    announce: Callable[[str], None] | None = None,
    operation: Operation | None = None,
) -> None:
    """Run the bot until SIGTERM or SIGINT. Raises ChannelError when Telegram refuses the token."""
    bot = TelegramBot(
        token,
        respond=respond,
        stores=stores,
        library=library,
        affairs=affairs,
        words=words,
        options=options,
        api_url=api_url,
        announce=announce,
        operation=operation,
    )
    prepare_loop()
    await bot.serve(stop_on_signals())


class TelegramBot:
    """The bot, built and not yet connected."""

    def __init__(
        self,
        token: str,
        *,
        respond: Respond,
        stores: Stores,
        library: LibraryView,
        affairs: Affairs,
        words: Words,
        options: Options | None = None,
        api_url: str = TELEGRAM_API_URL,
        announce: Callable[[str], None] | None = None,
        operation: Operation | None = None,
        sleep: Sleep = asyncio.sleep,
        now: Callable[[], datetime] = _now,
    ) -> None:
        """Everything that the bot needs, as plain arguments.

        `announce` takes one line for the operator; `now` is the time, with its zone.

        Raises:
            ChannelError: this can't be a token.

        """
        if not TOKEN.fullmatch(token):
            raise _refused(api_url)
        quiet_libraries()
        self.options = options or Options()
        self._token = token
        self._api_url = api_url.rstrip("/")
        self._inbox = stores.inbox
        self._announce = announce or _print
        self._sleep = sleep
        self._now = now
        self._words = words
        self._telling: set[asyncio.Task[None]] = set()
        self._affairs = affairs
        operation = operation or Operation()
        self._leaving = operation.leaving
        self._turns = Turns(operation.lease, announce=self._announce, told=operation.turn)
        self._polling = PollingRequest(operation.observe)
        self._bot: ExtBot[None] = ExtBot(
            token,
            base_url=f"{self._api_url}/bot",
            base_file_url=f"{self._api_url}/file/bot",
            request=ObservedRequest(256, operation.observe),
            get_updates_request=self._polling,
            defaults=Defaults(link_preview_options=LinkPreviewOptions(is_disabled=True)),
        )
        self.parts = Parts(
            self._bot,
            respond=respond,
            stores=stores,
            library=library,
            affairs=replace(affairs, silent=self._silent),
            words=words,
            options=self.options,
            sleep=sleep,
            now=now,
        )
        self._poller = Poller(
            self._bot,
            self._polling,
            DurableQueue(self.parts.intake.take),
            kinds=KINDS,
            announce=self._announce,
            on_error=self._tell,
            is_held_up=lambda: self.parts.intake.is_waiting_for_store,
        )
        self._server: HttpServer | None = None
        self._secret = ""

    async def serve(self, stop: asyncio.Event) -> None:
        """Answer until `stop` is set, then leave within ten seconds; what isn't finished waits for the next start.

        Without a network it tries again for ever, with one announced line a try.

        Raises:
            ChannelError: Telegram refuses the token, now or later.
            ConfigurationError: the webhook's address can't be listened on.

        """
        if self.options.webhook is not None:
            self._server = self._open_webhook(self.options.webhook)
        try:
            if await self._persist(self._bot.initialize, stop):
                await self._work(stop)
        except InvalidToken:
            raise _refused(self._api_url) from None
        finally:
            await self._stop()
        if self._polling.refused.is_set():
            raise _refused(self._api_url)

    async def _work(self, stop: asyncio.Event) -> None:
        """Everything at once, from the first update to the stop."""
        await self._free_the_dead()
        ends: list[Awaitable[object]] = [
            stop.wait(),
            self._polling.refused.wait(),
            self.parts.desk.run(),
        ]
        loop = asyncio.get_running_loop()
        self._affairs.hear(lambda fault: loop.call_soon_threadsafe(self._tell_admins, fault))
        introducing = asyncio.create_task(introduce(self._bot, self._words, self.options.admins))
        try:
            await first(*ends, self._receive(stop))
        finally:
            introducing.cancel()

    async def _free_the_dead(self) -> None:
        with suppress(StoreError):  # Their claims run out by themselves.
            await free_the_dead(self._inbox, self.parts.worker)

    def _tell_admins(self, fault: str) -> None:
        """Words that were edited and can't be used concern those who look after the bot."""
        for admin in sorted(self.options.admins):
            self._telling.add(telling := asyncio.create_task(self._tell_admin(admin, fault)))
            telling.add_done_callback(self._telling.discard)

    async def _tell_admin(self, admin: int, fault: str) -> None:
        try:
            await self._bot.send_message(admin, fault[:LONGEST_FAULT])
        except TelegramError as error:  # An administrator who never wrote to the bot has no chat with it.
            logger.warning("An administrator could not be told of a fault: %s", type(error).__name__)

    async def _receive(self, stop: asyncio.Event) -> None:
        """Let updates come, by the one way or the other."""
        webhook, server = self.options.webhook, self._server
        if webhook is None or server is None:
            await self._turns.run(self._poll, self._poller.stop)
            return
        serving = server.start()
        await self._persist(
            lambda: self._bot.set_webhook(
                webhook.url, allowed_updates=KINDS, secret_token=self._secret, max_connections=1
            ),
            stop,
        )
        address = without_credentials(redact(webhook.url, self._token))
        self._announce(f"Footnote answers as @{self._bot.username} at {address}. Press Ctrl-C to stop.")
        await asyncio.shield(serving)

    async def _poll(self) -> None:
        """Fetch updates; what another process had in work that polled before and is gone, is taken up at once."""
        await self._free_the_dead()
        await self._poller.start()
        self._announce(f"Footnote answers as @{self._bot.username}. Press Ctrl-C to stop.")
        await self._poller.watch()

    def _open_webhook(self, webhook: Webhook) -> HttpServer:
        self._secret = webhook.secret or secrets.token_urlsafe(32)
        app = webhook_app(self.parts.intake.keep, path=path_of(webhook.url), secret=self._secret, bot=self._bot)
        return HttpServer(app, webhook.listen, setting="FOOTNOTE_WEBHOOK_LISTEN")

    async def _persist(self, call: Callable[[], Awaitable[object]], stop: asyncio.Event) -> bool:
        """Call Telegram until it works; False when the bot was stopped before. Raises InvalidToken."""
        pause = FIRST_PAUSE_S
        while not stop.is_set():
            try:
                await call()
            except InvalidToken:
                raise
            except TelegramError as error:
                reason = redact(str(error), self._token)
                self._announce(f"Telegram can't be reached ({reason}). Trying again in {pause:.0f} s.")
            else:
                return True
            await first(stop.wait(), self._sleep(pause))
            pause = min(2 * pause, LONGEST_PAUSE_S)
        return False

    def _silent(self) -> timedelta | None:
        """How long ago Telegram last gave word; by webhook it does so only when somebody writes."""
        return None if self._server is not None else timedelta(seconds=time.monotonic() - self._polling.heard_at)

    def _tell(self, error: TelegramError) -> None:
        if isinstance(error, Conflict):
            self._announce("Another program receives this bot's messages. Stop it; Footnote keeps trying.")
        else:
            self._announce(f"Telegram can't be reached ({redact(str(error), self._token)}). Footnote keeps trying.")

    async def _stop(self) -> None:
        """Take in no more, finish or put back the work in hand, close."""
        self._leaving()
        await within(STOP_INTAKE_S, self._poller.stop() if self._server is None else self._server.stop())
        await within(CLOSE_S, self._turns.end())
        if left := await self.parts.desk.stop(FINISH_S):
            logger.warning("Stopped with %s updates in work; they are answered after the next start", left)
        await self.parts.placeholders.stop(PLACEHOLDERS_S)
        self.parts.delivery.close()
        await within(CLOSE_S, self._bot.shutdown())


def _refused(api_url: str) -> ChannelError:
    where = (
        ""
        if api_url.rstrip("/") == TELEGRAM_API_URL
        else f" and that {without_credentials(api_url)} is a Bot API server"
    )
    return ChannelError(
        "Telegram refused the token.",
        remedy=f"Copy it again from @BotFather into FOOTNOTE_TELEGRAM_TOKEN{where}.",
    )


def _print(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
