"""`make audit`: hashes, licences and known vulnerabilities of everything in requirements.lock, by supply-chain.toml.

    python -m tests.tools.audit [PIP-AUDIT'S OPTIONS ...]

Exit codes: 0 all is well; 1 something isn't; 3 what could be checked here is well, but who knows of vulnerabilities
couldn't be reached, or not for every package.
"""

import json
import re
import subprocess
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from tests.tools.licences import faults_of_data, faults_of_packages, licences_of, read_policy, tracked
from tests.tools.locked import LOCK, read_lock

FAULTS, UNREACHED = 1, 3


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of vulnerabilities: by package the ids of each one, and the packages that nobody could tell of."""

    found: tuple[tuple[str, tuple[str, ...]], ...] = ()
    untold: tuple[str, ...] = ()
    failure: str = ""


def faults_of_lock(text: str) -> Iterator[str]:
    """Each line of the lock that isn't a package of one version with hashes, and so could fetch something else."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("-") or "://" in line:
            yield f"requirements.lock:{number}: {line.strip()[:60]}: options and addresses have no place in it"
    for name, entries in read_lock(text).items():
        for entry in entries:
            if "==" not in entry.splitlines()[0] or not re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry):
                yield f"{name}: isn't pinned to one version with its hashes; run `make lock`"


def ask_for_vulnerabilities(options: list[str]) -> Known:
    """What pip-audit is told of the packages that the lock gives this Python."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(LOCK), "--require-hashes", "--disable-pip"]
    command += ["--format", "json", "--aliases", "on", "--progress-spinner", "off", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        told = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        reason = (done.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1]
        return Known(failure=reason[:300])
    return Known(
        found=tuple(
            (one["name"], (flaw["id"], *flaw.get("aliases", ()))) for one in told for flaw in one.get("vulns", ())
        ),
        untold=tuple(one["name"] for one in told if "skip_reason" in one),
    )


def faults_of_acceptances(accepted: list[dict[str, Any]], locked: Collection[str], today: date) -> Iterator[str]:
    """Each acceptance that is over, lacks its reason, or is of a package that isn't there."""
    for one in accepted:
        what = f"{one.get('id', 'an acceptance without an id')} of {one.get('package', 'no package')}"
        if not str(one.get("reason", "")).strip() or not isinstance(one.get("until"), date):
            yield f"{what}: needs a reason and a day `until` which it holds"
        elif one["until"] < today:
            yield f"{what}: accepted until {one['until']}; update the package, or decide anew"
        if one.get("package") not in locked:
            yield f"{what}: requirements.lock doesn't hold the package; remove the acceptance"


def faults_of_vulnerabilities(known: Known, accepted: list[dict[str, Any]]) -> Iterator[str]:
    """Each vulnerability that nobody accepted."""
    for name, ids in known.found:
        if not any(one.get("package") == name and one.get("id") in ids for one in accepted):
            yield f"{name}: {', '.join(ids)}: update it (`make lock`), or accept it in supply-chain.toml with a reason"


def main(options: list[str]) -> int:
    """Print what was found."""
    policy, lock = read_policy(), LOCK.read_text(encoding="utf-8")
    accepted, locked = policy["vulnerabilities"]["accepted"], read_lock(lock)
    today = datetime.now(UTC).date()
    known = ask_for_vulnerabilities(options)
    parts = {
        "hashes": list(faults_of_lock(lock)),
        "licences of packages": list(faults_of_packages(licences_of(policy))),
        "licences of data": list(faults_of_data(policy, tracked())),
        "accepted vulnerabilities": list(faults_of_acceptances(accepted, locked, today)),
        "vulnerabilities": list(faults_of_vulnerabilities(known, accepted)),
    }
    for part, faults in parts.items():
        print(f"{'FAIL' if faults else 'ok  '}  {part}")
        for fault in faults:
            print(f"      {fault}")
    if known.failure or known.untold:
        why = known.failure or f"it could not tell of {len(known.untold)} packages, such as {known.untold[0]}"
        print(f"????  vulnerabilities: the database was not reached for all, so none known means little. {why}")
    if any(parts.values()):
        return FAULTS
    return UNREACHED if known.failure or known.untold else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
