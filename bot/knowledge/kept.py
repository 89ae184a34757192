"""The passages that were read from the disk last, kept: reading one costs more than finding it."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from threading import Lock

from bot.knowledge.store import StoredPassage

Load = Callable[[Sequence[str]], Mapping[str, StoredPassage]]


class KeptPassages:
    """At most `most` passages of one generation, the longest unused one forgotten first. Any thread may use it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[str, StoredPassage] = OrderedDict()
        self._lock = Lock()

    def load(self, ids: Sequence[str], load: Load) -> dict[str, StoredPassage]:
        """The passages with these ids; those that aren't kept come from `load`, which may know fewer."""
        with self._lock:
            found = {name: self._held[name] for name in ids if name in self._held}
            for name in found:
                self._held.move_to_end(name)
        missing = [name for name in ids if name not in found]
        if missing:
            fresh = load(missing)
            with self._lock:
                self._held.update(fresh)
                while len(self._held) > self._most:
                    self._held.popitem(last=False)
            found |= fresh
        return found
