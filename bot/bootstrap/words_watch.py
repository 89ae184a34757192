"""An edit of prompts and sentences reaches a running bot. An answer keeps the words that it began with."""

from collections.abc import Callable
from pathlib import Path
from threading import Lock

from bot.bootstrap.library import Notice
from bot.domain.errors import FootnoteError
from bot.prompts import Checked, PromptSet


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
