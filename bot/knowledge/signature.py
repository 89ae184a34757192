"""Whether a library's files are the very ones that were indexed, told without opening them.

Path, size, inode and times of every file: an edit changes at least one. Only a library without faults is remembered,
so that a broken file is named at each start.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.knowledge.embeddings import Embedder
from bot.knowledge.indexing import IndexReport, current_report
from bot.knowledge.readers import READER_VERSION

NAME = "library.json"


def stamp_files(folder: Path) -> dict[str, str] | None:
    """What the file system says of each file, by path in the library; None where a file can't be looked at.

    A folder that can't be opened is passed over: reading the library names the fault.
    """
    stamps: dict[str, str] = {}
    waiting, folders = [(str(folder), "")], 0
    try:
        while waiting:
            place, before = waiting.pop()
            folders += 1
            for entry in _entries(place):
                if not entry.is_dir():
                    status = entry.stat()
                    stamps[f"{before}{entry.name}"] = (
                        f"{status.st_size} {status.st_ino} {status.st_mtime_ns} {status.st_ctime_ns}"
                    )
                elif not entry.name.startswith("."):
                    waiting.append((entry.path, f"{before}{entry.name}/"))
            if len(stamps) + folders > MOST_FILES:
                return None
    except OSError:
        return None
    return stamps


def _entries(place: str) -> "list[os.DirEntry[str]]":
    try:
        with os.scandir(place) as found:
            return list(found)
    except OSError:
        return []


MOST_FILES = 200_000
"""A folder of links that lead in circles has no end; reading it names the fault."""


def sign(folder: Path, stamps: Mapping[str, str]) -> str:
    """A digest of these stamps."""
    lines = [READER_VERSION, str(folder.resolve()), *(f"{name} {stamps[name]}" for name in sorted(stamps))]
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


def sign_library(folder: Path) -> str:
    """A digest of what the file system says of the files; empty where they can't be listed."""
    stamps = stamp_files(folder)
    return "" if stamps is None else sign(folder, stamps)


@dataclass(frozen=True, kw_only=True, slots=True)
class Remembered:
    """From which files the index was made.

    `signature` tells all files, empty where one had a fault; `files` the stamp of each that had none. `repeated` as in
    `documents.Library`; `reader` and `folder` say who read them where.
    """

    fingerprint: str
    signature: str
    repeated: str
    reader: str
    folder: str
    files: Mapping[str, str]


def recall(data: Path) -> Remembered | None:
    """What was remembered last; None where there's nothing that can be read."""
    try:
        return Remembered(**json.loads((data / "index" / NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def remembered(data: Path, signature: str, embedder: Embedder, *, shared: bool = False) -> IndexReport | None:
    """The report on the index in use, when it was made from files with this signature."""
    kept = recall(data)
    if not signature or kept is None or kept.signature != signature:
        return None
    report = current_report(data, embedder, shared=shared)
    return report if report and report.fingerprint == kept.fingerprint else None


def remember(data: Path, files: Remembered) -> None:
    """Keep it beside the index, in one step."""
    path = data / "index" / NAME
    fresh = path.with_suffix(f".{os.getpid()}")
    try:
        fresh.write_text(json.dumps(asdict(files)), encoding="utf-8")
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
