"""`python -m tests.fuzz [target …] --runs N`: N inputs to each target; what breaks a promise is told, with its input.

Where atheris is installed (`pip install atheris`; it has wheels for Linux on x86_64 only),
inputs are led by which lines
of the program they reach. Without it they are mutated seeds, the same every time; `--seed` makes others. An input that
broke something is written to `--keep FOLDER`, and runs again with `--input FILE`.
"""

import argparse
import hashlib
import importlib.util
import logging
import os
import random
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from tests.fuzz.target import Target

LIMIT_S = 1.0
"""Seconds of the processor that one input may take."""
ENOUGH = 20
"""Different findings after which a target is given up."""


class Watched:
    """Runs inputs and gathers what breaks, once for each place."""

    def __init__(self, target: "Target", limit: float, keep: Path | None) -> None:
        self.target, self.limit, self.keep = target, limit, keep
        self.runs = 0
        self.slowest = 0.0
        self.findings: dict[str, str] = {}

    def __call__(self, data: bytes) -> None:
        from tests.fuzz.target import limited

        self.runs += 1
        begin = time.process_time()
        try:
            with limited(self.limit):
                self.target.run(data)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is a finding
            self._note(error, data)
        self.slowest = max(self.slowest, time.process_time() - begin)

    def _note(self, error: BaseException, data: bytes) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if f"{os.sep}bot{os.sep}" in frame.filename] or list(frames)
        place = f"{type(error).__name__} in {Path(own[-1].filename).name}, {own[-1].name}"
        known = f"{place}, line {own[-1].lineno}" + (f": {error}" if isinstance(error, AssertionError) else "")
        if known in self.findings or len(self.findings) >= ENOUGH:
            return
        name = hashlib.sha256(data).hexdigest()[:12]
        self.findings[known] = f"{known}\n    {str(error)[:300]}\n    input {name}: {data[:200]!r}"
        print(f"{self.target.name}: {self.findings[known]}", file=sys.stderr, flush=True)
        if self.keep is not None:
            self.keep.mkdir(parents=True, exist_ok=True)
            (self.keep / f"{self.target.name}-{name}").write_bytes(data)

    def row(self, seconds: float) -> str:
        return f"| {self.target.name} | {self.runs} | {len(self.findings)} | {self.slowest:.2f} | {seconds:.0f} |"


def led(watched: Watched, runs: int, seed: int) -> NoReturn:
    """Inputs led by coverage; ends the process."""
    import atheris

    begin = time.monotonic()

    def once(data: bytes) -> None:
        watched(data)
        if watched.runs >= runs:
            finish([watched.row(time.monotonic() - begin)], failed=bool(watched.findings))

    with TemporaryDirectory() as folder:
        corpus = Path(folder, "corpus")
        corpus.mkdir()
        for number, data in enumerate(watched.target.seeds()):
            (corpus / str(number)).write_bytes(data[:8000])
        words = Path(folder, "words")
        pieces = [piece for piece in watched.target.fragments if len(piece) <= 60]
        written = ("".join(f"\\x{byte:02x}" for byte in piece) for piece in pieces)
        words.write_text("".join(f'"{piece}"\n' for piece in written), encoding="ascii")
        options = [
            sys.argv[0],
            str(corpus),
            f"-seed={seed + 1}",
            "-max_len=8000",
            "-timeout=60",
            "-rss_limit_mb=4000",
            "-verbosity=0",
        ]
        atheris.Setup([*options, *([f"-dict={words}"] if pieces else [])], once)
        atheris.Fuzz()
    raise SystemExit


def blind(watched: Watched, runs: int, seed: int) -> None:
    """Mutated seeds, always the same for the same number."""
    from tests.fuzz.target import mutate

    seeds = list(watched.target.seeds())
    for number in range(runs):
        watched(
            seeds[number]
            if number < len(seeds)
            else mutate(seeds, watched.target.fragments, random.Random(f"{seed}/{number}"))
        )


def finish(rows: Sequence[str], *, failed: bool) -> NoReturn:
    """Print the table and end, without waiting for what a library left behind."""
    print("\n".join(rows), flush=True)
    sys.stderr.flush()
    os._exit(int(failed))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", help="all when none is named")
    parser.add_argument("--runs", type=int, default=1000, help="inputs to each target (1000)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--blind", action="store_true", help="mutate seeds only, as without atheris")
    parser.add_argument(
        "--limit", type=float, default=LIMIT_S, help="seconds of the processor that an input may take (1)"
    )
    parser.add_argument("--keep", type=Path, help="a folder for inputs that broke something")
    parser.add_argument("--input", type=Path, help="run this one input, with its error in full")
    given = parser.parse_args()
    guided = importlib.util.find_spec("atheris") is not None and not given.blind and given.input is None
    targets = load(guided=guided and len(given.targets) == 1)
    unknown = [name for name in given.targets if name not in targets]
    if unknown:
        parser.error(f"there is no target {unknown[0]}; choose of: {', '.join(targets)}")
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    chosen = given.targets or list(targets)
    if given.input is not None:
        targets[chosen[0]].run(given.input.read_bytes())
        return
    if guided and len(chosen) > 1:
        sys.exit(one_by_one(chosen, sys.argv[1:]))
    if not guided and not given.blind:
        print("atheris isn't installed, so inputs are mutated without knowing what they reach.", file=sys.stderr)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    rows, failed = ["| target | inputs | findings | slowest (s) | time (s) |", "|---|---|---|---|---|"], False
    for name in chosen:
        watched, begin = Watched(targets[name], given.limit, given.keep), time.monotonic()
        stopped = False
        try:
            (led if guided else blind)(watched, given.runs, given.seed)
        except KeyboardInterrupt:
            stopped = True  # What was measured until then is told.
        rows.append(watched.row(time.monotonic() - begin))
        failed = failed or stopped or bool(watched.findings)
        if stopped:
            break
    finish(rows, failed=failed)


def load(*, guided: bool) -> dict[str, "Target"]:
    """All targets; with coverage, the program's modules are instrumented as they are imported."""
    instrument: Callable[..., Any] = lambda **_: nullcontext()  # noqa: E731
    if guided:
        import atheris

        instrument = atheris.instrument_imports
    with instrument(include=["bot"]):
        from tests.fuzz.registry import TARGETS
    return TARGETS


def one_by_one(names: Sequence[str], given: Sequence[str]) -> int:
    """A process for each, since atheris ends the one that it leads."""
    import subprocess

    options = [word for word in given if word not in names]
    print("| target | inputs | findings | slowest (s) | time (s) |\n|---|---|---|---|---|", flush=True)
    return max(
        subprocess.run([sys.executable, "-m", "tests.fuzz", name, *options], check=False).returncode for name in names
    )


if __name__ == "__main__":
    main()
