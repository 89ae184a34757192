"""An edit of the library reaches a running bot.

A search keeps the generation that it began with, and the next one is published whole: nobody sees a half-built index.
"""

from dataclasses import replace
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING

from bot.bootstrap.library import Library, Notice
from bot.bootstrap.watching import StoppedError
from bot.domain.documents import CuratedDocument
from bot.domain.errors import FootnoteError

if TYPE_CHECKING:
    from bot.knowledge.documents import Library as Files

LONGEST_WAIT = 60
"""Looks that are passed over at the most before a rebuild that failed is tried again."""


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
        self._building = Lock()

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
            faults = self._rebuild()
        except FootnoteError as error:
            faults = frozenset({str(error)})
            self._failures += 1
            self._wait = min(2**self._failures, LONGEST_WAIT)
        else:
            self._failures = 0
        for fault in sorted(faults - self._told):
            self._say(f"The library changed; of what can't be read the last good text is kept: {fault}")
        self._told = faults

    def reload(self) -> tuple[str, ...]:
        """Read the library now, changed or not; gives the faults of the files that can't be read.

        Raises FootnoteError where the index can't be built; the one in use stays.
        """
        faults = self._rebuild()
        self._told, self._failures, self._wait = faults, 0, 0
        return tuple(sorted(faults))

    def _rebuild(self) -> frozenset[str]:
        """Index what can be read, and of a file that can't what was indexed before; gives what is wrong."""
        from bot.knowledge.upkeep import keep_up

        with self._building:
            kept = keep_up(
                self._folder,
                self._data,
                self._library.embedder,
                keep=self._keep,
                progress=self._go_on,
                notice=self._say,
                server=self._library.index.server,
            )
            self._library.index.refresh()
            self._indexed = kept.signature
            return frozenset(map(str, kept.faults))

    def _keep(self, read: "Files") -> list[CuratedDocument]:
        """What is indexed of the files that can't be read."""
        self._library.index.refresh()
        known = self._indexed_of({fault.path for fault in read.faults})
        ids = {document.id for document in read.documents}
        held = self._library.index.documents() if known else ()
        ids |= {document.id for document in held if document.path in read.unchanged}
        return [document for document in known if document.id not in ids]

    def _indexed_of(self, paths: set[str]) -> list[CuratedDocument]:
        index = self._library.index
        return [replace(one, passages=index.passages_of(one.path)) for one in index.documents() if one.path in paths]

    def _go_on(self, *_: int) -> None:
        if self._stopped.is_set():
            raise StoppedError

    def stop(self) -> None:
        """End soon; a rebuild under way is given up."""
        self._stopped.set()
