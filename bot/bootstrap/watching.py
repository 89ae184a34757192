"""Edits reach a running bot: each thing that may change is looked at again and again, by a thread of its own."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from bot.bootstrap.library import Notice, quiet

if TYPE_CHECKING:
    from bot.bootstrap.library_watch import LibraryWatch
    from bot.bootstrap.words_watch import WordsWatch

EVERY_S, SELDOM_S = 1.0, 4.0
"""Seconds between two looks: the latter where files are so many that looking itself costs."""
RESTS = 25
"""So many times as long as a look took nobody looks again, up to SELDOM_S: it costs at most 4 % of a processor."""


class StoppedError(Exception):
    """The bot ends while what was seen is being taken up; what is in use stays."""


class Watch(Protocol):
    """Something that is looked at again and again, by one thread of its own."""

    def look(self) -> None:
        """Take up what changed and has stayed the same since the last look."""
        ...

    def stop(self) -> None:
        """Give up what is under way, if that takes long."""
        ...


@dataclass(frozen=True, kw_only=True)
class Watches:
    """What follows the files of a running bot."""

    library: "LibraryWatch"
    words: "WordsWatch"


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
            say(
                f"The {name} isn't watched any more ({type(error).__name__}): restart Footnote to take up what changes."
            )
            return
        pause = min(SELDOM_S, max(EVERY_S, RESTS * (monotonic() - began)))
