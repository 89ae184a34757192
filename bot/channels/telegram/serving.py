"""The Telegram bot from its token to its stop, by long polling."""

import asyncio
import logging
import os
import re
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime

from telegram import LinkPreviewOptions
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import Application, Defaults
from telegram.request import HTTPXRequest

from bot.channels.telegram.calls import Sleep, redact
from bot.channels.telegram.delivery import Delivery
from bot.channels.telegram.handlers import BotApplication, Handlers
from bot.channels.telegram.polling import PollingRequest
from bot.channels.telegram.threads import Messages, Threads
from bot.conversation.dispatcher import Dispatcher
from bot.domain.errors import ChannelError
from bot.domain.progress import Respond
from bot.prompts import Words

TOKEN = re.compile(r"\d+:[\w-]+", re.ASCII)
TELEGRAM_API_URL = "https://api.telegram.org"
KINDS = ("message",)
POLL_S = 10
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0
# Together under the ten seconds that a container gets between SIGTERM and SIGKILL.
STOP_POLLING_S, FINISH_S, STOP_S, APOLOGISE_S, CLOSE_S = 2.0, 3.0, 1.0, 1.5, 1.0

logger = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


async def serve(
    token: str,
    *,
    respond: Respond,
    messages: Messages,
    wording: Words,
    dispatcher: Dispatcher,
    api_url: str = TELEGRAM_API_URL,
) -> None:
    """Run the bot until SIGTERM or SIGINT. Raises ChannelError when Telegram refuses the token."""
    bot = TelegramBot(
        token,
        respond=respond,
        messages=messages,
        wording=wording,
        dispatcher=dispatcher,
        api_url=api_url,
    )
    await bot.serve(stop_on_signals())


class TelegramBot:
    """The bot, built and not yet connected. `update_queue` is where updates wait between Telegram and the handlers."""

    def __init__(
        self,
        token: str,
        *,
        respond: Respond,
        messages: Messages,
        wording: Words,
        dispatcher: Dispatcher,
        api_url: str = TELEGRAM_API_URL,
        update_queue: asyncio.Queue[object] | None = None,
        announce: Callable[[str], None] | None = None,
        time_limit: float = 120.0,
        sleep: Sleep = asyncio.sleep,
        now: Callable[[], datetime] = _now,
    ) -> None:
        """Everything that the bot needs, as plain arguments.

        `messages` remembers which conversation each message belongs to; `announce` takes one line for the operator;
        `time_limit` is how many seconds one answer may take; `now` is the time, with its zone.

        Raises:
            ChannelError: this can't be a token.

        """
        if not TOKEN.fullmatch(token):
            raise _refused(api_url)
        _quiet_libraries()
        self._token = token
        self._api_url = api_url.rstrip("/")
        self._announce = announce or _print
        self._sleep = sleep
        self._dispatcher = dispatcher
        self._polling = PollingRequest()
        self.application = self._build(update_queue or asyncio.Queue())
        self._handlers = Handlers(
            respond=respond,
            threads=Threads(messages, now),
            wording=wording,
            dispatcher=dispatcher,
            delivery=Delivery(self.application.bot, sleep=sleep),
            time_limit=time_limit,
        )
        self._handlers.register(self.application)

    async def serve(self, stop: asyncio.Event) -> None:
        """Answer until `stop` is set, then finish the work in hand and leave within ten seconds.

        Without a network it tries again for ever, with one announced line a try.

        Raises:
            ChannelError: Telegram refuses the token, now or later.

        """
        try:
            if await self._connect(stop) and await self._poll(stop):
                self._announce(f"Footnote answers as @{self.application.bot.username}. Press Ctrl-C to stop.")
                await _first(stop.wait(), self._polling.refused.wait())
        finally:
            await self._stop()
        if self._polling.refused.is_set():
            raise _refused(self._api_url)

    def _build(self, update_queue: asyncio.Queue[object]) -> BotApplication:
        builder = Application.builder().token(self._token).job_queue(None).update_queue(update_queue)
        builder = builder.base_url(f"{self._api_url}/bot").base_file_url(f"{self._api_url}/file/bot")
        builder = builder.request(HTTPXRequest(connection_pool_size=256)).get_updates_request(self._polling)
        return builder.defaults(Defaults(link_preview_options=LinkPreviewOptions(is_disabled=True))).build()

    async def _connect(self, stop: asyncio.Event) -> bool:
        pause = FIRST_PAUSE_S
        while not stop.is_set():
            try:
                await self.application.initialize()
            except InvalidToken:
                raise _refused(self._api_url) from None
            except TelegramError as error:
                reason = redact(str(error), self._token)
                self._announce(f"Telegram can't be reached ({reason}). Trying again in {pause:.0f} s.")
            else:
                return True
            await _first(stop.wait(), self._sleep(pause))
            pause = min(2 * pause, LONGEST_PAUSE_S)
        return False

    async def _poll(self, stop: asyncio.Event) -> bool:
        updater = self.application.updater
        assert updater is not None
        await self.application.start()
        starting = updater.start_polling(
            timeout=POLL_S, bootstrap_retries=-1, allowed_updates=KINDS, error_callback=self._tell
        )
        try:
            await _first(starting, stop.wait())
        except InvalidToken:
            raise _refused(self._api_url) from None
        return not stop.is_set()

    def _tell(self, error: TelegramError) -> None:
        if isinstance(error, Conflict):
            self._announce("Another program receives this bot's messages. Stop it; Footnote keeps trying.")
        else:
            self._announce(f"Telegram can't be reached ({redact(str(error), self._token)}). Footnote keeps trying.")

    async def _stop(self) -> None:
        updater = self.application.updater
        assert updater is not None
        if updater.running:
            await _within(STOP_POLLING_S, updater.stop())
        if self.application.running:
            await _within(STOP_S, self.application.stop())
            if left := await self._dispatcher.drain(FINISH_S):
                logger.error("Stopped with %s questions unanswered; those who asked are told", left)
            await _within(APOLOGISE_S, self._handlers.apologise())
        await _within(CLOSE_S, self.application.shutdown())
        # The application leaves the connections of a bot open that never became ready.
        await _within(CLOSE_S, self.application.bot.shutdown())


async def _first(*waits: Awaitable[object]) -> None:
    """Wait for the first to end, cancel the others, and raise what the first raised."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


async def _within(seconds: float, step: Awaitable[object]) -> None:
    """One step of the stop; neither its failure nor its slowness keeps the next ones from happening."""
    try:
        await asyncio.wait_for(step, seconds)
    except Exception as error:  # noqa: BLE001 - the stop goes on
        logger.warning("A step of the stop failed: %s", type(error).__name__)


def stop_on_signals() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows has no handlers; Ctrl-C raises KeyboardInterrupt there.
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _refused(api_url: str) -> ChannelError:
    where = "" if api_url.rstrip("/") == TELEGRAM_API_URL else f" and that {api_url} is a Bot API server"
    return ChannelError(
        "Telegram refused the token.",
        remedy=f"Copy it again from @BotFather into FOOTNOTE_TELEGRAM_TOKEN{where}.",
    )


def _quiet_libraries() -> None:
    # httpx logs every URL, and the token is in it; the library's own logs hold tracebacks and whole messages.
    for name, level in (("httpx", logging.WARNING), ("httpcore", logging.WARNING), ("telegram", logging.CRITICAL)):
        logging.getLogger(name).setLevel(level)
    # The library warns of its future at every flood control unless it is told that the future is welcome.
    os.environ.setdefault("PTB_TIMEDELTA", "true")


def _print(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
