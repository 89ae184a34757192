"""Earlier prompts and sentences: what Git remembers of a file, and the words of a folder, a file or a revision."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from bot.domain.errors import ConfigurationError
from bot.git import ask_git
from bot.prompts.texts import Faults, digest, read_text
from bot.prompts.versions import NAME as LEDGER

MOST_COMMITS = 500
VERSION = re.compile(r"^version:[ \t]*(\d{1,9})[ \t]*(?:#.*)?$", re.MULTILINE)
KINDS = {".md", ".yaml"}


@dataclass(frozen=True, kw_only=True, slots=True)
class PastText:
    """A file's text as it came in with a commit; `commit` is empty for what isn't committed."""

    text: str
    commit: str = ""
    author: str = ""
    written: datetime | None = None

    @property
    def version(self) -> str:
        """The version that the text states; empty where it states none."""
        found = VERSION.search(self.text)
        return found.group(1) if found else ""

    @property
    def digest(self) -> str:
        """Tells the text from every other."""
        return digest(self.text)


def read_past(path: Path) -> list[PastText]:
    """The texts that a file has had, the newest first; the present one alone where Git knows nothing of it."""
    present = read_text(path, Faults())
    texts = [PastText(text=present)] if present is not None else []
    for past in _committed(path):
        if texts and texts[-1].digest == past.digest:
            texts[-1] = past
        else:
            texts.append(past)
    return texts


def words_of(named: str, home: Path) -> dict[str, str]:
    """The texts of a folder of prompts, of one file, or of a Git revision of `home` (`HEAD~3`), by their names.

    Raises ConfigurationError where it's none of these.
    """
    path = Path(named)
    if path.is_dir():
        files = sorted(one for one in (*path.glob("*"), *path.glob("*/*")) if _holds_words(one.name) and one.is_file())
        return {one.relative_to(path).as_posix(): _text(one) for one in files}
    if path.is_file():
        return {path.name: _text(path)}
    found = None if named.startswith("-") else ask_git(home, "ls-tree", "-r", "-z", "--name-only", named, ".")
    names = [name for name in (found or b"").decode("utf-8", "replace").split("\0") if _holds_words(name)]
    if not names:
        raise ConfigurationError(
            f"{named} is no folder, no file, and no revision with prompts.",
            remedy="Name a folder of prompts, a file, or a revision such as HEAD~1.",
        )
    texts = {name: ask_git(home, "show", f"{named}:./{name}") for name in names}
    return {name: _plain(content) for name, content in texts.items() if content is not None}


def alike(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """One file beside what answers to it: the other file, or in a folder the one of its name."""
    single, others = (before, after) if len(before) == 1 else (after, before)
    (name,) = single
    found = {other: text for other, text in others.items() if len(others) == 1 or PurePosixPath(other).name == name}
    same = {name: next(iter(found.values()))} if found else {}
    return (dict(single), same) if single is before else (same, dict(single))


def _committed(path: Path) -> Iterator[PastText]:
    told = "--format=%x01%H%x02%an%x02%aI"
    listed = ask_git(path.parent, "log", "--follow", "--name-only", "-z", told, f"-{MOST_COMMITS}", "--", path.name)
    for entry in (listed or b"").decode("utf-8", "replace").split("\x01")[1:]:
        head, _, names = entry.partition("\0")
        commit, author, written = head.split("\x02")
        name = names.strip("\0\n")
        content = ask_git(path.parent, "cat-file", "blob", f"{commit}:{name}")
        if content is not None:
            when = datetime.fromisoformat(written.strip())
            yield PastText(text=_plain(content), commit=commit, author=author, written=when)


def _holds_words(name: str) -> bool:
    """Is it written by hand?"""
    path = PurePosixPath(name)
    return path.suffix in KINDS and path.name != LEDGER


def _text(path: Path) -> str:
    faults = Faults()
    text = read_text(path, faults)
    faults.raise_first()
    return text or ""


def _plain(content: bytes) -> str:
    return content.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
