"""Reads requirements.lock: what is shipped, what builds and tests, what the image leaves out.

    python tests/tools/locked.py [GROUP ...] [--image]

prints the part of the lock that the project itself needs, or a dependency group, for `pip install --require-hashes -r`;
with --image without what supply-chain.toml leaves out of the image.
Nothing but the standard library, because nothing is installed yet where it is used.
"""

import argparse
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK, POLICY = ROOT / "requirements.lock", ROOT / "supply-chain.toml"
PROJECT = "footnote (pyproject.toml"


def read_lock(text: str) -> dict[str, list[str]]:
    """Every entry with its hashes and its reasons, by package; a package may have one for each Python."""
    entries: dict[str, list[str]] = {}
    for entry in re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]:
        entries.setdefault(entry.partition("==")[0], []).append(entry)
    return entries


def asked_by(entry: str) -> list[str]:
    """Who asks for it: packages, and `footnote (pyproject.toml)` or with a group `footnote (pyproject.toml:dev)`."""
    _, _, reasons = entry.partition("# via")
    return [line.strip(" #") for line in reasons.splitlines() if line.strip(" #")]


def closure(lock: Mapping[str, list[str]], groups: Iterable[str] = ("",), without: Collection[str] = ()) -> set[str]:
    """The packages of the project itself (the group "") or of a group, with all that these ask for."""
    asks = {f"{PROJECT}:{group})" if group else f"{PROJECT})" for group in groups}
    found: set[str] = set()
    while True:
        more = {
            name
            for name, entries in lock.items()
            if name not in found and name not in without and any((asks | found) & set(asked_by(one)) for one in entries)
        }
        if not more:
            return found
        found |= more


def main() -> None:
    """Print the entries."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("groups", nargs="*", default=[""])
    parser.add_argument("--image", action="store_true")
    arguments = parser.parse_args()
    lock = read_lock(LOCK.read_text(encoding="utf-8"))
    for name in sorted(closure(lock, arguments.groups, left_out() if arguments.image else ())):
        print("".join(lock[name]), end="")


def left_out() -> dict[str, str]:
    """What stays out of the image, and why."""
    reasons: dict[str, str] = tomllib.loads(POLICY.read_text(encoding="utf-8"))["image"]["left_out"]
    return reasons


if __name__ == "__main__":
    main()
