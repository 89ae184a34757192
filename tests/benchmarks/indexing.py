"""What indexing costs as the library grows, first and after an edit, as a table and a plot.

    python -m tests.benchmarks.indexing [--documents 100 1000 10000] [--real-up-to 1000] [--keep FOLDER]

Libraries are made of the shipped one's parts, ten passages a document (`made_library`). Up to `--real-up-to` documents
passages are embedded by the model; with more they get mixtures of real vectors, so that what is measured is all the
rest of indexing. `--keep` keeps the libraries; `--write` puts table and plot into a folder.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.growth import row, run
from tests.benchmarks.machine import describe_machine
from tests.benchmarks.made_index import Made
from tests.benchmarks.plots import Axis, Series, draw

SIZES = (100, 1_000, 10_000)
SEEN_WITHIN_S = 10.0
"""Seconds in which an edit has to be seen."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One library: its first index, a second run over it, and what an edit costs a running bot."""

    first: Made
    again: Made
    edit: float
    look: float
    opening: float
    memory: float
    peak: float
    disk: float
    is_real: bool


def measure(folder: Path, documents: int, *, real: bool) -> Measured:
    """Make the library, index it twice and edit it, each in a process of its own."""
    shutil.rmtree(folder / "data", ignore_errors=True)
    making = [str(folder), str(documents), *(["--real"] if real else [])]
    first, again = (Made(**run("tests.benchmarks.made_index", *making)) for _ in range(2))
    told = run("tests.benchmarks.editing", str(folder / "library"), str(folder / "data"))
    return Measured(
        first=first,
        again=again,
        edit=told["edit_s"],
        look=told["look_ms"],
        opening=told["opening_s"],
        memory=told["memory_mb"],
        peak=told["peak_mb"],
        disk=sum(path.stat().st_size for path in (folder / "data").rglob("*") if path.is_file()) / 2**20,
        is_real=real,
    )


def tabulate(found: Sequence[Measured], title: str, command: str) -> str:
    """The figures as Markdown."""
    head = "| | " + " | ".join(f"{one.first.documents:,} documents" for one in found) + " |"
    lines = [f"# {title}", "", f"{describe_machine()}.", f"`{command}`", "", head, "|---" * (len(found) + 1) + "|"]
    row(lines, "passages", [f"{one.first.passages:,}" for one in found])
    row(lines, "vectors", ["the model's own" if one.is_real else "mixed" for one in found])
    row(lines, "first: reading the files, s", [f"{one.first.reading:.1f}" for one in found])
    row(lines, "first: embedding, s", [f"{one.first.embedding:.1f}" for one in found])
    row(lines, "first: all the rest, s", [f"{one.first.rest:.1f}" for one in found])
    row(lines, "first: processor time of it all, s", [f"{one.first.processor:.1f}" for one in found])
    row(lines, "first: most memory, MB", [f"{one.first.peak_mb:.0f}" for one in found])
    total = [one.again.reading + one.again.embedding + one.again.rest for one in found]
    row(lines, "again, nothing changed, s", [f"{seconds:.2f}" for seconds in total])
    row(lines, "one look at the files, processor time, ms", [f"{one.look:.1f}" for one in found])
    row(lines, "an edit is answered from after, s", [f"{one.edit:.1f}" for one in found])
    row(lines, "opening the library, s", [f"{one.opening:.2f}" for one in found])
    row(lines, "memory of the watching process, before / most, MB", [f"{a.memory:.0f} / {a.peak:.0f}" for a in found])
    row(lines, "data folder, MB", [f"{one.disk:.0f}" for one in found])
    return "\n".join(lines) + "\n"


def plot(found: Sequence[Measured]) -> str:
    """Seconds over the number of documents."""
    parts = (
        ("reading", [one.first.reading for one in found]),
        ("embedding" if all(one.is_real for one in found) else "vectors", [one.first.embedding for one in found]),
        ("all the rest", [one.first.rest for one in found]),
        ("an edit", [one.edit for one in found]),
    )
    sizes = [one.first.documents for one in found]
    series = [Series(name=name, points=list(zip(sizes, values, strict=True))) for name, values in parts]
    seconds = Axis(label="seconds", is_log=True)
    return draw("Indexing", Axis(label="documents", is_log=True), seconds, series, limit=SEEN_WITHIN_S)


def main() -> None:
    """Measure each size, print the table, and write it with the plot where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--real-up-to", type=int, default=1_000)
    parser.add_argument("--keep", type=Path, help="where the libraries stay")
    parser.add_argument("--write", type=Path, help="the folder for table and plot")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        found = []
        for size in args.documents:
            folder = (args.keep or Path(passing)) / f"{size}-documents"
            found.append(measure(folder, size, real=size <= args.real_up_to))
            print(f"{size:,} documents measured", file=sys.stderr, flush=True)
    today = datetime.now(UTC).date().isoformat()
    sizes = " ".join(map(str, args.documents))
    command = f"python -m tests.benchmarks.indexing --documents {sizes} --real-up-to {args.real_up_to}"
    table = tabulate(found, f"Indexing as the library grows, {today}", command)
    print(table)
    if args.write:
        (args.write / f"indexing-{today}.md").write_text(table, encoding="utf-8")
        (args.write / f"indexing-{today}.svg").write_text(plot(found), encoding="utf-8")


if __name__ == "__main__":
    main()
