"""Where the index lies on disk, and how a new one replaces the old one in one step.

    index/current               the name of the generation in use; replaced in one step
    index/000007/               manifest.json  passages.sqlite  chroma/  tantivy/
    index/embeddings.sqlite     vectors computed once
    index/lock                  held by the one process that builds

A generation is never changed once `current` has named it. What a killed run leaves behind has no name and is swept.
"""

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from errno import ENOSPC
from pathlib import Path
from typing import IO, TYPE_CHECKING

from bot.domain.errors import IndexUnavailableError

if TYPE_CHECKING:
    from types import ModuleType

fcntl: "ModuleType | None"
try:
    import fcntl
except ImportError:  # Windows has no such locks: there, one builder at a time is up to the operator
    fcntl = None

FORMAT = 3
POLL_SECONDS = 0.2


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """What a generation was made from."""

    format: int
    model: str
    model_digest: str
    fingerprint: str
    documents: int
    passages: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Generation:
    """One complete index in its folder."""

    folder: Path
    manifest: Manifest

    @property
    def passages(self) -> Path:
        """The passage store."""
        return self.folder / "passages.sqlite"

    @property
    def chroma(self) -> Path:
        """The vectors."""
        return self.folder / "chroma"

    @property
    def tantivy(self) -> Path:
        """The words."""
        return self.folder / "tantivy"


class Generations:
    """The folder `index` of a data folder."""

    def __init__(self, data: Path) -> None:
        self.folder = data / "index"
        self.pointer = self.folder / "current"

    def current(self) -> Generation | None:
        """The generation in use; None where there is none. Raises IndexUnavailableError where it's broken."""
        try:
            folder = self.folder / self.pointer.read_text(encoding="utf-8").strip()
            values = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            return Generation(folder=folder, manifest=Manifest(**values))
        except FileNotFoundError:
            if not self.pointer.exists():
                return None
            raise broken(self.folder, "its manifest is missing") from None
        except (OSError, ValueError, TypeError) as error:
            raise broken(self.folder, str(error)) from error

    def stamp(self) -> tuple[int, int] | None:
        """Changes when another generation is published; costs one look at a file."""
        try:
            status = self.pointer.stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns

    def begin(self) -> Path:
        """A fresh folder for the next generation, after removing what killed runs left. Only for the builder."""
        folders, used = self._folders(), self._used()
        for folder in folders:
            if folder.name > used:
                discard(folder)
        fresh = self.folder / f"{max((int(folder.name) for folder in folders), default=0) + 1:06d}"
        fresh.mkdir(parents=True)
        return fresh

    def publish(self, generation: Generation) -> None:
        """Make a finished generation the one in use."""
        write_durably(generation.folder / "manifest.json", json.dumps(asdict(generation.manifest), indent=1))
        fresh = self.folder / "current.new"
        write_durably(fresh, generation.folder.name)
        fresh.replace(self.pointer)

    def sweep(self) -> None:
        """Remove generations that are neither in use, nor the one before, nor open in any process."""
        used = self._used()
        for folder in [folder for folder in self._folders() if folder.name < used][:-1]:
            discard(folder)

    def _used(self) -> str:
        return self.pointer.read_text(encoding="utf-8").strip() if self.pointer.exists() else ""

    def _folders(self) -> list[Path]:
        found = self.folder.iterdir() if self.folder.is_dir() else iter(())
        return sorted(folder for folder in found if folder.name.isdigit() and folder.is_dir())

    @contextmanager
    def building(self, patience: float = 0.0) -> Iterator[None]:
        """Hold the lock of the one builder; it falls when the process ends, however it ends."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("a") as file:
            deadline = time.monotonic() + patience
            while not take(file, exclusive=True):
                if time.monotonic() >= deadline:
                    raise IndexUnavailableError(
                        "Another process is building the index right now.", remedy="Wait for it to end, then try again."
                    )
                time.sleep(POLL_SECONDS)
            yield


@contextmanager
def lease(folder: Path, *, exclusive: bool = False) -> Iterator[None]:
    """Hold a generation so that no builder removes it. Raises BlockingIOError where somebody else holds it alone."""
    with (folder / "manifest.json").open() as file:
        if not take(file, exclusive=exclusive):
            raise BlockingIOError
        yield


def discard(folder: Path) -> None:
    """Remove a generation's folder, unless a process has it open."""
    with suppress(OSError), ExitStack() as stack:
        if (folder / "manifest.json").exists():
            stack.enter_context(lease(folder, exclusive=True))
        shutil.rmtree(folder, ignore_errors=True)


def take(file: IO[str], *, exclusive: bool) -> bool:
    """Lock a file without waiting, for as long as it's open."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(file, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def write_durably(path: Path, text: str) -> None:
    """Write a small file so that it's whole on the disk before anything points at it."""
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def broken(folder: Path, reason: str) -> IndexUnavailableError:
    """The error for an index that can't be read."""
    return IndexUnavailableError(
        f"The index in {folder} is broken: {reason}.",
        remedy=f"Delete {folder} and start again: it's built anew from the library, and nothing is lost.",
    )


def is_full(error: Exception) -> bool:
    """Does this say that the disk is full?"""
    text = str(error).lower()
    return getattr(error, "errno", None) == ENOSPC or "is full" in text or "no space" in text
