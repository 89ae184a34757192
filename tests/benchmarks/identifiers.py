"""How many identifiers are found, and how many clinical facts stay: `python -m tests.benchmarks.identifiers`.

Printed by half of the labelled set, by kind and by language, with Wilson's 95 % intervals, and what one message costs.
What was missed or lost is listed of the tuning half only: the test half is there to be measured.
"""

import math
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bot.answering.identifiers import IdentifierFinder, redact
from bot.bootstrap.identifiers import open_finder
from bot.knowledge.documents import read_library
from bot.knowledge.glossary import load_glossary
from bot.places import shipped
from tests.safety_data import Half, private_messages

Z = 1.96


@dataclass(kw_only=True)
class Measured:
    """What a half of the set gave."""

    identifiers: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    lost: int = 0
    bare: int = 0
    bare_touched: int = 0
    milliseconds: list[float] = field(default_factory=list)
    misses: list[str] = field(default_factory=list, repr=False)

    @property
    def found_share(self) -> float:
        """Of the identifiers."""
        return 1 - self.left["all"] / self.identifiers["all"]

    @property
    def kept_share(self) -> float:
        """Of the parts that have to stay."""
        return 1 - self.lost / self.kept


@cache
def shipped_finder() -> IdentifierFinder:
    """The embedded finder as it is opened for the shipped library."""
    folder: Path = shipped("knowledge")
    documents = read_library(folder).documents
    library: Any = SimpleNamespace(
        glossary=load_glossary(folder / "glossary.yaml"), documents=lambda: documents, fingerprint="shipped"
    )
    return open_finder("embedded", library)


def measure(half: Half) -> Measured:
    """Redact every message of a half and count."""
    finder, measured = shipped_finder(), Measured()
    for message in private_messages():
        if message.half is not half:
            continue
        started = time.process_time()
        redacted = redact(message.text, finder)
        measured.milliseconds.append((time.process_time() - started) * 1000)
        left, lost = message.left_in(redacted.text), message.lost_from(redacted.text)
        for found in message.identifiers:
            measured.identifiers.update(("all", f"kind {found.kind}", f"language {message.language}"))
        for found in left:
            measured.left.update(("all", f"kind {found.kind}", f"language {message.language}"))
        measured.kept += len(message.keep)
        measured.lost += len(lost)
        measured.bare += not message.identifiers
        measured.bare_touched += not message.identifiers and bool(redacted.found)
        if left or lost:
            measured.misses.append(f"{message.text!r} -> {redacted.text!r}: left {[f.text for f in left]}, lost {lost}")
    return measured


def interval(hits: int, of: int) -> str:
    """A share with Wilson's interval."""
    share = hits / of
    middle = (share + Z * Z / (2 * of)) / (1 + Z * Z / of)
    half = Z * math.sqrt(share * (1 - share) / of + Z * Z / (4 * of * of)) / (1 + Z * Z / of)
    return f"{hits}/{of} = {share:.1%} ({max(0.0, middle - half):.1%} to {min(1.0, middle + half):.1%})"


def main() -> None:
    shipped_finder().find("The first message pays for what is compiled once.")
    for half in Half:
        measured = measure(half)
        print(f"{half} half")
        for name, of in sorted(measured.identifiers.items()):
            print(f"  found, {name}: {interval(of - measured.left[name], of)}")
        print(f"  clinical facts intact: {interval(measured.kept - measured.lost, measured.kept)}")
        alone = interval(measured.bare - measured.bare_touched, measured.bare)
        print(f"  messages without identifiers left alone: {alone}")
        times = sorted(measured.milliseconds)
        most = times[len(times) * 95 // 100]
        print(f"  milliseconds of processor a message: median {statistics.median(times):.2f}, 95 of 100 {most:.2f}")
        if half is Half.TUNING:
            print(*(f"  missed: {miss}" for miss in measured.misses), sep="\n")


if __name__ == "__main__":
    main()
