"""A large library with its index, as growth and indexing measure it.

    python -m tests.benchmarks.made_index FOLDER DOCUMENTS [--real] [--corpus corpus.jsonl]

FOLDER gets `library` and `data`. The shipped library is part of it; the rest is made of its parts (`made_library`), or
read from a corpus, one JSON object a line (`_id`, `title`, `text`). Vectors are mixtures (`mixed_vectors`) unless
`--real` asks for the model's own, at some ten milliseconds of processor time a passage.
"""

import argparse
import json
import re
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

from tests.benchmarks.machine import peak_mb

P = ParamSpec("P")
T = TypeVar("T")
SECTIONS = 9
"""Of a made document: with the passage about itself it has ten."""


@dataclass(frozen=True, kw_only=True)
class Made:
    """What was indexed; seconds of reading files, of embedding, of the rest, and of processor time for all of it."""

    documents: int
    passages: int
    reading: float
    embedding: float
    rest: float
    processor: float
    peak_mb: float


def write_library(folder: Path, documents: int, corpus: Path | None = None) -> list[str]:
    """Bring a library to this many made documents (besides the shipped ones); gives questions it has answers to."""
    from bot.knowledge.glossary import load_glossary
    from bot.places import shipped
    from tests.benchmarks.made_library import bring_shipped, gather_parts, write, write_document

    questions = bring_shipped(folder)
    if corpus is not None:
        lines = corpus.read_text(encoding="utf-8").splitlines()[:documents]
        for entry in map(json.loads, lines):
            name = re.sub(r"[^a-z0-9]+", "-", str(entry["_id"]).casefold())
            write(folder / f"corpus-{name}.txt", f"{entry['title']}\n\n{entry['text']}\n")
        return questions
    parts = gather_parts(load_glossary(shipped("knowledge") / "glossary.yaml"))
    for number in range(documents):
        write_document(folder, number, SECTIONS, parts)
    return questions


class Watch:
    """Seconds that went into some calls."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def around(self, call: Callable[P, T]) -> Callable[P, T]:
        """The same call, timed."""

        def timed(*args: P.args, **kwargs: P.kwargs) -> T:
            started = time.perf_counter()
            try:
                return call(*args, **kwargs)
            finally:
                self.seconds += time.perf_counter() - started

        return timed


def make_index(folder: Path, *, real: bool) -> Made:
    """Bring the index of the library in `folder` up to date."""
    from bot.knowledge import upkeep
    from bot.knowledge.documents import read_library
    from bot.knowledge.embeddings import MiniLmEmbedder
    from tests.benchmarks.mixed_vectors import open_mixing

    embedder = MiniLmEmbedder() if real else open_mixing()
    reading, embedding = Watch(), Watch()
    setattr(embedder, "embed_passages", embedding.around(embedder.embed_passages))  # noqa: B010 - mypy knows it as a method
    setattr(upkeep, "read_library", reading.around(read_library))  # noqa: B010 - likewise
    started, used = time.perf_counter(), time.process_time()
    try:
        kept = upkeep.keep_up(
            folder / "library", folder / "data", embedder, progress=lambda *_: None, notice=lambda _: None
        )
    finally:
        setattr(upkeep, "read_library", read_library)  # noqa: B010 - likewise
    if kept.faults:
        raise SystemExit(f"the library has faults: {kept.faults[0]}")
    total = time.perf_counter() - started
    return Made(
        documents=kept.report.documents,
        passages=kept.report.passages,
        reading=reading.seconds,
        embedding=embedding.seconds,
        rest=total - reading.seconds - embedding.seconds,
        processor=time.process_time() - used,
        peak_mb=peak_mb(),
    )


def main() -> None:
    """Make it and print what it cost, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("documents", type=int)
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--corpus", type=Path)
    args = parser.parse_args()
    write_library(args.folder / "library", args.documents, args.corpus)
    print(json.dumps(asdict(make_index(args.folder, real=args.real))))


if __name__ == "__main__":
    main()
