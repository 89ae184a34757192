"""What the bot sets in the process that it runs in: signals, what libraries may say, errors that nobody waits for."""

import asyncio
import logging
import os
import signal
import sys
import warnings
from contextlib import suppress
from typing import Any

from bot.channels.logs import log_failure

NEVER = logging.CRITICAL + 1
logger = logging.getLogger(__name__)


def stop_on_signals() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows has no handlers; Ctrl-C raises KeyboardInterrupt there.
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def quiet_libraries() -> None:
    """Keep what the libraries log of addresses and messages out of the log."""
    # httpx logs every URL, and the token is in it; the library's own logs hold tracebacks and whole messages.
    for name, level in (("httpx", logging.WARNING), ("httpcore", logging.WARNING), ("telegram", NEVER)):
        logging.getLogger(name).setLevel(level)
    # The library warns of its future at every flood control unless it is told that the future is welcome.
    os.environ.setdefault("PTB_TIMEDELTA", "true")


def prepare_loop() -> None:
    """Log without its text what fails in a task that nobody waits for, and nothing of what libraries warn of."""
    asyncio.get_running_loop().set_exception_handler(_note_unhandled)
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # Libraries warn of odd values, and print them.


def _note_unhandled(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What nobody waited for has failed. asyncio itself would write a traceback, which may hold words."""
    error = context.get("exception")
    if isinstance(error, BaseException):
        log_failure(logger, "Something failed that nobody waited for", error)
    else:
        logger.error("Something failed that nobody waited for")
