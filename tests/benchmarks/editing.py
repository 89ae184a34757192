"""How soon a running bot answers from an edited file, and what watching costs meanwhile; printed as JSON.

    python -m tests.benchmarks.editing LIBRARY DATA

The index must be up to date. One document of the library gets a sentence more, and loses it again.
"""

import json
import sys
import time
from pathlib import Path

from tests.benchmarks.machine import memory_mb, peak_mb

PATIENCE_S = 600.0
LOOKS = 20
ADDED = "\nThis sentence was added to see how soon it is found.\n"


def measure(folder: Path, data: Path) -> dict[str, float]:
    """Seconds until an edit is adopted, milliseconds of processor time of one look at the files, and memory."""
    from bot.bootstrap.library import open_library
    from bot.bootstrap.library_watch import LibraryWatch
    from bot.bootstrap.watching import watched
    from bot.knowledge.signature import sign_library
    from bot.settings import load_settings

    began = time.perf_counter()
    library = open_library(load_settings().model_copy(update={"knowledge": folder, "data": data}))
    opening = time.perf_counter() - began
    used = time.process_time()
    for _ in range(LOOKS):
        sign_library(folder)
    look = (time.process_time() - used) / LOOKS
    library.embedder.embed_query("a question, so that the model is there")
    before = memory_mb()["rss"]
    edited = next(path for path in sorted(folder.rglob("made-*.md")) or sorted(folder.rglob("*.*")))
    text = edited.read_text(encoding="utf-8")
    said: list[str] = []
    with watched({"library": LibraryWatch(folder, data, library, said.append)}, said.append):
        took = []
        for content in (text + ADDED, text):
            fingerprint = library.fingerprint
            edited.write_text(content, encoding="utf-8")
            started = time.perf_counter()
            while library.fingerprint == fingerprint:
                if time.perf_counter() - started > PATIENCE_S or said:
                    raise SystemExit(f"the edit wasn't taken up: {said}")
                time.sleep(0.05)
            took.append(time.perf_counter() - started)
    return {
        "opening_s": opening,
        "look_ms": look * 1000,
        "edit_s": max(took),
        "memory_mb": before,
        "peak_mb": peak_mb(),
    }


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), Path(sys.argv[2]))))
