"""An edit of the library reaches a running bot: the files are looked at every second, the index follows.

A search keeps the generation that it began with, and the next one is published whole: nobody sees a half-built index.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

from bot.bootstrap.library import Library, Notice
from bot.domain.documents import CuratedDocument
from bot.domain.errors import FootnoteError

EVERY_S = 1.0
LONGEST_WAIT = 60
"""Looks that are passed over at the most before a rebuild that failed is tried again."""


class _StoppedError(Exception):
    """The bot ends while the index is being built; the one in use stays."""


class LibraryWatch:
    """Follows the files of one library. `say` hears of a fault once, until it's mended. One thread looks."""

    def __init__(self, folder: Path, data: Path, library: Library, say: Notice) -> None:
        self._folder = folder
        self._data = data
        self._library = library
        self._say = say
        self._indexed = self._seen = library.signature
        self._told = frozenset(map(str, library.faults))
        self._failures = self._wait = 0
        self._stopped = Event()

    def look(self) -> None:
        """Bring the index up to date where files changed and have stayed the same since the last look."""
        from bot.knowledge.signature import sign_library

        before, self._seen = self._seen, sign_library(self._folder)
        if self._seen in ("", self._indexed) or self._seen != before:
            return
        if self._wait:
            self._wait -= 1
            return
        try:
            faults = self._rebuild(self._seen)
        except FootnoteError as error:
            faults = frozenset({str(error)})
            self._failures += 1
            self._wait = min(2**self._failures, LONGEST_WAIT)
        else:
            self._indexed, self._failures = self._seen, 0
        for fault in sorted(faults - self._told):
            self._say(f"The library changed; of what can't be read the last good text is kept: {fault}")
        self._told = faults

    def _rebuild(self, signature: str) -> frozenset[str]:
        """Index what can be read, and of a file that can't what was indexed before; gives what is wrong."""
        from bot.knowledge.documents import read_library
        from bot.knowledge.index import build_index
        from bot.knowledge.signature import remember

        read = read_library(self._folder)
        self._library.index.refresh()
        ids = {document.id for document in read.documents}
        kept = [one for one in self._indexed_of({fault.path for fault in read.faults}) if one.id not in ids]
        report = build_index(
            self._data, [*read.documents, *kept], self._library.embedder, progress=self._go_on, notice=self._say
        )
        if not read.faults:
            remember(self._data, signature, report)
        self._library.index.refresh()
        return frozenset(map(str, read.faults))

    def _indexed_of(self, paths: set[str]) -> list[CuratedDocument]:
        index = self._library.index
        return [replace(one, passages=index.passages_of(one.path)) for one in index.documents() if one.path in paths]

    def _go_on(self, *_: int) -> None:
        if self._stopped.is_set():
            raise _StoppedError

    def follow(self) -> None:
        """Look every second until stopped."""
        while not self._stopped.wait(EVERY_S):
            try:
                self.look()
            except _StoppedError:
                return
            except Exception as error:  # noqa: BLE001 - whatever breaks here, the bot goes on with the index it has
                self._say(f"The library can't be looked at ({type(error).__name__}); restart to read it anew.")
                return

    def stop(self) -> None:
        """End soon; a rebuild under way is given up."""
        self._stopped.set()


@contextmanager
def watched(folder: Path, data: Path, library: Library, say: Notice) -> Iterator[None]:
    """The library follows its files as long as this is open."""
    watch = LibraryWatch(folder, data, library, say)
    thread = Thread(target=watch.follow, name="library-watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        watch.stop()
        thread.join()
