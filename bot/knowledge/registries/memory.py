"""What the registries said, kept for thirty days in one file. Deleting it loses nothing but time."""

import json
from contextlib import suppress
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bot.knowledge.fields import NoticeKind
from bot.knowledge.registries.findings import Finding

KEPT = timedelta(days=30)
NAME = "registries.json"


class Memory:
    """Findings by publication, as of `today`."""

    def __init__(self, path: Path, today: date) -> None:
        self._path = path
        self._today = today
        self._known = self._load()

    def get(self, publication: str) -> tuple[Finding, ...] | None:
        """What was found lately; None where it must be asked."""
        entry = self._known.get(publication)
        return entry[1] if entry else None

    def put(self, publication: str, findings: tuple[Finding, ...]) -> None:
        """Keep what was found, but not that nobody knew the publication: that is mended soon."""
        if all(finding.kind is not None for finding in findings):
            self._known[publication] = (self._today, findings)

    def save(self) -> None:
        """Write the file in one step; where that can't be done, everything is asked again next time."""
        written = {
            publication: {"asked": asked.isoformat(), "findings": [asdict(finding) for finding in findings]}
            for publication, (asked, findings) in sorted(self._known.items())
        }
        fresh = self._path.with_suffix(".new")
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_text(json.dumps(written, ensure_ascii=False, indent=1), encoding="utf-8")
            fresh.replace(self._path)

    def _load(self) -> dict[str, tuple[date, tuple[Finding, ...]]]:
        try:
            written: dict[str, Any] = json.loads(self._path.read_text(encoding="utf-8"))
            known = {publication: _read(entry) for publication, entry in written.items()}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return {}
        oldest = self._today - KEPT
        return {publication: entry for publication, entry in known.items() if oldest < entry[0] <= self._today}


def _read(entry: dict[str, Any]) -> tuple[date, tuple[Finding, ...]]:
    findings = (Finding(**values | {"kind": NoticeKind(values["kind"])}) for values in entry["findings"])
    return date.fromisoformat(entry["asked"]), tuple(findings)
