"""The ledger `versions.yaml`: which text each version of a file stands for, so that no text changes unnoticed.

It also keeps what each sentence must fill in. `footnote prompts check --accept` writes it; nobody else does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.prompts.texts import Entry, Faults, read_text, read_yaml

NAME = "versions.yaml"
HEAD = """\
# Which text each version of a prompt or wording file stands for, and what each sentence fills in.
# Written by `footnote prompts check --accept`; please don't edit it.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamp:
    """A file as it is: its name (`compose`, `wording/en`), its version, and the digest of its text."""

    name: str
    version: int
    digest: str
    path: Path
    line: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """Digests by name and version, and the variables of each sentence."""

    versions: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    sentences: Mapping[str, frozenset[str]] = field(default_factory=dict)


def read_ledger(folder: Path, faults: Faults) -> Ledger | None:
    """The folder's ledger; None where it has none, or one that can't be read."""
    path = folder / NAME
    if not path.exists():
        return None
    text = read_text(path, faults)
    root = None if text is None else read_yaml(text, path, faults)
    if root is None:
        return None
    try:
        parts = _mapping(root)
        versions = {
            name: {int(version): digest.text for version, digest in _mapping(entry).items()}
            for name, entry in _mapping(parts["versions"]).items()
        }
        sentences = {
            key: frozenset(item.text for item in entry.value if isinstance(item, Entry))
            for key, entry in (_mapping(parts["sentences"]) if "sentences" in parts else {}).items()
            if isinstance(entry.value, list)
        }
    except (KeyError, TypeError, ValueError):
        faults.note(path, 1, "the ledger of versions can't be read.", "Run `footnote prompts check --accept`.")
        return None
    return Ledger(versions=versions, sentences=sentences)


def check_stamps(stamps: Iterable[Stamp], ledger: Ledger, faults: Faults) -> None:
    """Note each text that changed while its version stayed."""
    for stamp in stamps:
        known = ledger.versions.get(stamp.name, {})
        newest = max(known, default=0)
        if known.get(stamp.version, stamp.digest) == stamp.digest and (
            stamp.version in known or stamp.version > newest
        ):
            continue
        problem = f"the text of {stamp.name} changed, but its version is still {stamp.version}."
        if stamp.version < newest:
            problem = f"{stamp.name} has version {stamp.version}, but version {newest} was there already."
        faults.note(stamp.path, stamp.line, problem, f"Write version: {newest + 1}.")


def pending(stamps: Iterable[Stamp], ledger: Ledger) -> list[Stamp]:
    """The versions that the ledger doesn't know yet."""
    return [stamp for stamp in stamps if stamp.version not in ledger.versions.get(stamp.name, {})]


def write_ledger(folder: Path, stamps: Iterable[Stamp], sentences: Mapping[str, frozenset[str]]) -> Path:
    """Add the present versions to the folder's ledger, in one step; what stands there stays. Raises OSError."""
    import yaml

    old = read_ledger(folder, Faults()) or Ledger()
    versions = {name: dict(known) for name, known in old.versions.items()}
    for stamp in stamps:
        versions.setdefault(stamp.name, {})[stamp.version] = stamp.digest
    content: dict[str, object] = {"versions": {name: dict(sorted(versions[name].items())) for name in sorted(versions)}}
    if sentences:
        needed = {**old.sentences, **sentences}
        content["sentences"] = {key: sorted(needed[key]) for key in sorted(needed)}
    path = folder / NAME
    fresh = path.with_suffix(".new")
    fresh.write_text(
        HEAD + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, default_flow_style=None, width=200),
        encoding="utf-8",
    )
    fresh.replace(path)
    return path


def _mapping(entry: Entry) -> Mapping[str, Entry]:
    if not isinstance(entry.value, Mapping):
        raise TypeError("expected a mapping")
    return entry.value
