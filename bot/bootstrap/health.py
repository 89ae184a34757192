"""Finds out how the running bot is: its database, its index, Telegram, its language models. Costs no token."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from bot.bootstrap.measuring import OK, Measuring
from bot.channels.status.health import Finding, Health, Part, State
from bot.domain.errors import FootnoteError, ModelFault, StoreError
from bot.settings import EXTRACTIVE, Settings

if TYPE_CHECKING:
    from bot.bootstrap.library import Library
    from bot.channels.telegram.ports import Inbox

T = TypeVar("T")
PATIENCE_S = 2.0
"""Seconds that a part may take to show that it works."""
SILENT = timedelta(seconds=90)
"""A poll is answered within ten seconds; after a minute the bot begins anew by itself."""
KNOWN_FOR_S = 1.0
"""Who asks often gets the same answer, so that asking can't become a load."""


@dataclass(kw_only=True)
class TelegramSeen:
    """What this process has seen of Telegram. `is_standby`: another process polls, and this one would take over.

    `is_leaving`: it stops, and takes in no more.
    """

    by_webhook: bool
    now: Callable[[], float] = time.monotonic
    heard_at: float | None = None
    is_set: bool = False
    is_standby: bool = False
    is_leaving: bool = False

    def called(self, method: str, outcome: str) -> None:
        """A call has ended."""
        if outcome == OK:
            self.heard_at = self.now() if method == "getUpdates" or self.by_webhook else self.heard_at
            self.is_set = self.is_set or method == "setWebhook"

    def finding(self) -> Finding:
        """How it is."""
        if self.is_leaving:
            return _failed(
                Part.TELEGRAM, "this process is stopping", "Nothing is lost; another one or the next goes on."
            )
        if self.by_webhook:
            return _webhook(is_set=self.is_set)
        if self.is_standby:
            return _fine(Part.TELEGRAM, "another process polls; this one takes over when that one stops")
        if self.heard_at is None:
            return _failed(Part.TELEGRAM, "no poll has been answered yet", "Run `footnote doctor` if this lasts.")
        silent = self.now() - self.heard_at
        if silent > SILENT.total_seconds():
            remedy = "Check the network and FOOTNOTE_TELEGRAM_TOKEN; updates wait at Telegram meanwhile."
            return _failed(Part.TELEGRAM, f"no poll has been answered for {silent:.0f} s", remedy)
        return _fine(Part.TELEGRAM, f"the last poll was answered {silent:.0f} s ago")


@dataclass(kw_only=True)
class HealthChecks:
    """Looks at every part, at most once a second."""

    settings: Settings
    library: "Library"
    inbox: "Inbox"
    telegram: TelegramSeen
    measuring: Measuring
    _known: Health | None = field(default=None, init=False)
    _looked_at: float = field(default=0.0, init=False)
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "health"), init=False)
    """Its own: those that answer questions may all be busy, which is no illness."""

    async def look(self) -> Health:
        """How everything is. Never raises."""
        async with self._looking:
            if self._known is None or self.telegram.is_leaving or time.monotonic() - self._looked_at > KNOWN_FOR_S:
                parts = (self._database(), self._index(), self._telegram(), self._model())
                self._known = Health(findings=await asyncio.gather(*parts))
                self._looked_at = time.monotonic()
            return self._known

    async def expose(self) -> bytes:
        """The metrics with what only looking can tell."""
        metrics, now = self.measuring.metrics, datetime.now(UTC)
        health = await self.look()
        metrics.found(health, documents=await self._documents())
        try:
            depth, oldest = await _within_patience(self.inbox.depth())
        except (StoreError, TimeoutError):
            metrics.inbox(None, None, now)
        else:
            metrics.inbox(depth, oldest, now)
        return metrics.exposed()

    def close(self) -> None:
        """Look at nothing more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _database(self) -> Finding:
        async def ask() -> Finding:
            depth, _ = await self.inbox.depth()
            return _fine(Part.DATABASE, f"answers; {depth} in the inbox")

        return await _tried(Part.DATABASE, ask, "Check that the database runs and isn't overloaded.")

    async def _index(self) -> Finding:
        async def ask() -> Finding:
            if await self._aside(lambda: self.library.is_barred):
                remedy = "Have documents reviewed (`footnote review`), or unset FOOTNOTE_ONLY_APPROVED."
                return _failed(Part.INDEX, "no document may be quoted today", remedy)
            if not (number := await self._documents()):
                return _failed(Part.INDEX, "the library is empty", "Put documents into FOOTNOTE_KNOWLEDGE.")
            fault = await self._aside(self.library.index.look)
            if not await self._aside(self._search):
                return _failed(Part.INDEX, "a search found nothing", "Run `footnote index`.")
            if fault is not None:
                says = f"the Chroma server can't be used: {fault}; passages are searched here"
                remedy = "Start the server or mend FOOTNOTE_CHROMA_URL; what it lost is put back by itself."
                return _degraded(Part.INDEX, says, remedy)
            return _fine(Part.INDEX, f"{number} documents can be searched")

        return await _tried(Part.INDEX, ask, "Run `footnote doctor`; deleting the data folder's index/ loses nothing.")

    def _search(self) -> bool:
        from bot.domain.documents import SearchQuery

        title = next(iter(self.library.documents())).title
        return bool(self.library.retriever.retrieve([SearchQuery(text=title)], 1))

    async def _documents(self) -> int:
        try:
            return len(await self._aside(self.library.documents))
        except FootnoteError:
            return 0

    async def _aside(self, step: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, step)

    async def _telegram(self) -> Finding:
        return self.telegram.finding()

    async def _model(self) -> Finding:
        """What the last call told; for a server of one's own also whether anybody listens. Nothing is asked of it."""
        if self.settings.model == EXTRACTIVE:
            return _fine(Part.MODEL, "none is set; answers quote the documents")
        remedy = "Answers quote the documents meanwhile. `footnote doctor` asks the model for a word."
        url = self.settings.model_url.get_secret_value()
        if url and not await _listens(url):
            return _degraded(Part.MODEL, "nobody listens at FOOTNOTE_MODEL_URL", remedy)
        last = self.measuring.last.get("writer")
        if last is None:
            return _fine(Part.MODEL, "not asked yet")
        if last in {OK, ModelFault.SPENT.value, ModelFault.REFUSED.value}:
            return _fine(Part.MODEL, "the last call was answered")
        return _degraded(Part.MODEL, f"the last call failed: {last}", remedy)


async def _within_patience(asked: Coroutine[Any, Any, T]) -> T:
    """What is asked for. Raises TimeoutError on time: what is given up ends by itself, which may take longer still."""
    asking = asyncio.create_task(asked)
    await asyncio.wait([asking], timeout=PATIENCE_S)
    if asking.done():
        return asking.result()
    asking.cancel()
    asking.add_done_callback(lambda over: None if over.cancelled() else over.exception())
    raise TimeoutError


async def _tried(part: Part, ask: Callable[[], Coroutine[Any, Any, Finding]], remedy: str) -> Finding:
    try:
        return await _within_patience(ask())
    except TimeoutError:
        slow = f"no answer within {PATIENCE_S:g} s"
        # An index is a few files: where a search is slow, answers keep the processor busy.
        return _degraded(part, slow, remedy) if part is Part.INDEX else _failed(part, slow, remedy)
    except FootnoteError as error:
        return _failed(part, error.problem, error.remedy or remedy)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a part, the look at the others goes on
        return _failed(part, f"it failed: {type(error).__name__}", remedy)


async def _listens(url: str) -> bool:
    parts = urlsplit(url)
    try:
        async with asyncio.timeout(PATIENCE_S):
            _, writer = await asyncio.open_connection(
                parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
            )
    except (OSError, TimeoutError, ValueError):
        return False
    writer.close()
    return True


def _webhook(*, is_set: bool) -> Finding:
    if is_set:
        return _fine(Part.TELEGRAM, "Telegram has taken the webhook's address")
    return _failed(Part.TELEGRAM, "Telegram hasn't taken the webhook's address yet", "Run `footnote doctor`.")


def _fine(part: Part, says: str) -> Finding:
    return Finding(part=part, state=State.FINE, says=says)


def _degraded(part: Part, says: str, remedy: str) -> Finding:
    return Finding(part=part, state=State.DEGRADED, says=says, remedy=remedy)


def _failed(part: Part, says: str, remedy: str) -> Finding:
    return Finding(part=part, state=State.FAILED, says=says, remedy=remedy)
