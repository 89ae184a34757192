"""Whether a library's files are the very ones that were indexed, told without opening them.

Path, size, inode and times of every file: an edit changes at least one. Only a library without faults is remembered,
so that a broken file is named at each start.
"""

import hashlib
import json
import os
from pathlib import Path

from bot.knowledge.embeddings import Embedder
from bot.knowledge.index import IndexReport, current_report
from bot.knowledge.readers import READER_VERSION

NAME = "library.json"


def sign_library(folder: Path) -> str:
    """A digest of what the file system says of the files; empty where they can't be listed."""
    lines = [READER_VERSION, str(folder.resolve())]
    try:
        for place, folders, names in os.walk(folder, followlinks=True):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                status = Path(place, name).stat()
                lines.append(
                    f"{place}/{name} {status.st_size} {status.st_ino} {status.st_mtime_ns} {status.st_ctime_ns}"
                )
                if len(lines) > MOST_FILES:
                    return ""
    except OSError:
        return ""
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


MOST_FILES = 200_000
"""A folder of links that lead in circles has no end; reading it names the fault."""


def remembered(data: Path, signature: str, embedder: Embedder, *, shared: bool = False) -> IndexReport | None:
    """The report on the index in use, when it was made from files with this signature."""
    try:
        kept = json.loads((data / "index" / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    report = current_report(data, embedder, shared=shared)
    if not signature or report is None or kept != {"signature": signature, "fingerprint": report.fingerprint}:
        return None
    return report


def remember(data: Path, signature: str, report: IndexReport) -> None:
    """Keep the signature beside the index, in one step."""
    path = data / "index" / NAME
    fresh = path.with_suffix(f".{os.getpid()}")
    try:
        fresh.write_text(json.dumps({"signature": signature, "fingerprint": report.fingerprint}), encoding="utf-8")
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
