"""A running bot's look at the Chroma server that it shares: what is missing there is put there, without a restart."""

import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from threading import Event

from bot.bootstrap.library import Library, Notice, Progress, chroma_address, quiet
from bot.bootstrap.watching import StoppedError
from bot.domain.errors import ConfigurationError
from bot.knowledge.chroma_server import (
    PREFIX,
    ChromaServer,
    CollectionGoneError,
    ServerAddress,
    ServerAwayError,
    Standing,
)
from bot.knowledge.generations import Generations
from bot.knowledge.sharing import USED_EVERY_S, Patience, sharing_on, told
from bot.settings import Settings

EVERY_S = 5.0
WHILE_LOOKING_S = 5.0


class ChromaWatch:
    """Looks every few seconds. `say` hears once of a server that can't be used, and once when it can again."""

    def __init__(
        self,
        library: Library,
        server: ServerAddress,
        say: Notice,
        *,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._library = library
        self._server = server
        self._say = say
        self._patience = patience
        self._clock = clock
        self._next = self._share_next = 0.0
        self._is_troubled = False
        self._stopped = Event()

    def look(self) -> None:
        """See whether the server can be used. Put there what it lost; tell it now and then that this is in use."""
        if self._clock() < self._next:
            return
        self._next = self._clock() + EVERY_S
        fault = self._library.index.look()
        if isinstance(fault, CollectionGoneError) or (fault is None and self._clock() >= self._share_next):
            share_index(self._library, progress=self._go_on, patience=self._patience)
            self._share_next = self._clock() + USED_EVERY_S
            fault = self._library.index.look()
        if fault is not None and not self._is_troubled:
            self._say(told(self._server, str(fault)))
        if fault is None and self._is_troubled:
            self._say(f"The Chroma server {self._server} is used again.")
        self._is_troubled = fault is not None

    def _go_on(self, *_: int) -> None:
        if self._stopped.is_set():
            raise StoppedError

    def stop(self) -> None:
        """End soon; what is being put there stays half done."""
        self._stopped.set()


def share_index(
    library: Library, *, progress: Progress = quiet, notice: Notice = quiet, patience: Patience | None = None
) -> None:
    """See to it that the vectors of the index in use are on the server that is shared, if there is one."""
    generation, server = library.index.generation, library.index.server
    if server is None:
        return
    with sharing_on(
        server,
        fingerprint=generation.manifest.fingerprint,
        dimension=library.embedder.dimension,
        progress=progress,
        notice=notice,
        patience=patience,
    ) as sharing:
        sharing.share(generation.store)


def look_at_server(settings: Settings) -> str:
    """What there is to tell of the Chroma server. Raises ConfigurationError where it can't be used."""
    server = chroma_address(settings)
    if server is None:
        return "none set; the index is in the data folder"
    try:
        with closing(ChromaServer(server, WHILE_LOOKING_S)) as opened:
            version, collections = opened.version(), opened.collections()
    except ServerAwayError as error:
        raise ConfigurationError(
            f"The Chroma server {server} can't be used: {error}.",
            remedy="Start it, or mend FOOTNOTE_CHROMA_URL and FOOTNOTE_CHROMA_TOKEN. Until then each replica searches "
            "its own copy, and answers stay the same.",
        ) from error
    current = Generations(settings.data).current()
    fingerprint = current.manifest.fingerprint if current else ""
    own = PREFIX + fingerprint
    if own not in {each.name for each in collections if each.is_complete}:
        raise ConfigurationError(
            f"The Chroma server {server} answers, but doesn't hold the whole index in use ({fingerprint[:15]}).",
            remedy="Run `footnote index`; a running bot does so by itself.",
        )
    held = ", ".join(_shown(each, is_own=each.name == own) for each in sorted(collections, key=lambda each: -each.used))
    secrecy = "" if server.url.startswith("https:") else "; the connection isn't encrypted"
    return f"{server} answers (API {version}){secrecy}; {len(collections)} of Footnote's collections: {held}"


def _shown(standing: Standing, *, is_own: bool) -> str:
    used = datetime.fromtimestamp(standing.used, UTC)
    state = f"{standing.passages} passages" if standing.is_complete else "being filled"
    ours = "in use, " if is_own else ""
    return f"{standing.name.removeprefix(PREFIX)[:15]} ({ours}{state}, last used {used:%Y-%m-%d %H:%M} UTC)"
