"""An edit of the library or of the words reaches a running bot: the files are looked at every second.

A search keeps the generation that it began with, and the next one is published whole: nobody sees a half-built index.
An answer keeps the words that it began with in the same way.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from bot.bootstrap.library import Library, Notice, quiet
from bot.domain.documents import CuratedDocument
from bot.domain.errors import FootnoteError
from bot.prompts import Checked, PromptSet

if TYPE_CHECKING:
    from bot.knowledge.documents import Library as Files

EVERY_S, SELDOM_S = 1.0, 4.0
"""Seconds between two looks: the latter where files are so many that looking itself costs."""
RESTS = 25
"""So many times as long as a look took nobody looks again, up to SELDOM_S: it costs at most 4 % of a processor."""
LONGEST_WAIT = 60
"""Looks that are passed over at the most before a rebuild that failed is tried again."""


class StoppedError(Exception):
    """The bot ends while the index is being built; the one in use stays."""


class Watch(Protocol):
    """Something whose files are looked at every second, by one thread."""

    def look(self) -> None:
        """Take up what changed and has stayed the same since the last look."""
        ...

    def stop(self) -> None:
        """Give up what is under way, if that takes long."""
        ...


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


class WordsWatch:
    """Follows prompts and sentences. A good set is taken up whole; over a broken one the last good one is kept.

    `check` reads the files, `renew` takes a set up; `say` hears of what was taken up, `on_fault` of each fault, once.
    """

    def __init__(
        self,
        folders: tuple[Path, ...],
        *,
        words: PromptSet,
        check: Callable[[], Checked],
        renew: Callable[[PromptSet], None],
        say: Notice,
        on_fault: Notice,
    ) -> None:
        self._folders = folders
        self._digests = words.digests
        self._check = check
        self._renew = renew
        self._say = say
        self._on_fault = on_fault
        self._read = self._seen = sign_words(folders)
        self._told: frozenset[str] = frozenset()
        self._reading = Lock()

    def look(self) -> None:
        """Take up the files where they changed and have stayed the same since the last look."""
        before, self._seen = self._seen, sign_words(self._folders)
        if self._seen in ("", self._read) or self._seen != before:
            return
        self._read = self._seen
        self.reload()

    def reload(self) -> tuple[str, ...]:
        """Read the words now, changed or not; gives what is wrong with them."""
        with self._reading:
            return self._take_up(self._check())

    def _take_up(self, checked: Checked) -> tuple[str, ...]:
        faults = frozenset(map(str, checked.faults))
        if checked.words is not None and checked.words.digests != self._digests:
            try:
                self._renew(checked.words)
            except FootnoteError as error:
                faults = frozenset({str(error)})
            else:
                changed = {name for name, _ in checked.words.digests.items() ^ self._digests.items()}
                self._digests = checked.words.digests
                self._say(f"From now on answers are made with the new {', '.join(sorted(changed))}.")
        for fault in sorted(faults - self._told):
            self._on_fault(f"The words changed; the last good ones are kept: {fault}")
        if self._told and not faults:
            self._say("The prompts and sentences are in order again.")
        self._told = faults
        return tuple(sorted(faults))

    def stop(self) -> None:
        """Nothing takes long here."""


def sign_words(folders: tuple[Path, ...]) -> str:
    """What the file system says of the files with words; empty where they can't be listed."""
    lines = []
    try:
        for folder in folders:
            for path in sorted((*folder.glob("*.*"), *(folder / "wording").glob("*.*"))):
                status = path.stat()
                lines.append(f"{path} {status.st_size} {status.st_ino} {status.st_mtime_ns} {status.st_ctime_ns}")
    except OSError:
        return ""
    return "\n".join(lines)


@dataclass(frozen=True, kw_only=True)
class Watches:
    """What follows the files of a running bot."""

    library: LibraryWatch
    words: WordsWatch


@contextmanager
def watched(watches: Mapping[str, Watch], say: Notice = quiet) -> Iterator[None]:
    """Each is looked at by a thread of its own as long as this is open; the key says what it is."""
    with ExitStack() as stack:
        for name, watch in watches.items():
            stopped = Event()
            thread = Thread(target=_follow, args=(name, watch, stopped, say), name=f"{name}-watch", daemon=True)
            thread.start()
            stack.callback(thread.join)
            stack.callback(watch.stop)
            stack.callback(stopped.set)
        yield


def _follow(name: str, watch: Watch, stopped: Event, say: Notice) -> None:
    """Look every second until stopped, less often where that takes long."""
    pause = EVERY_S
    while not stopped.wait(pause):
        began = monotonic()
        try:
            watch.look()
        except StoppedError:
            return
        except Exception as error:  # noqa: BLE001 - whatever breaks here, the bot goes on with what it has
            say(f"The {name} can't be looked at ({type(error).__name__}); restart to read it anew.")
            return
        pause = min(SELDOM_S, max(EVERY_S, RESTS * (monotonic() - began)))
