"""What comes with Footnote: nothing without a hash or an allowed licence, and no vulnerability unnoticed."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

import pytest

from tests.tools import audit, locked
from tests.tools.audit import Known, faults_of_acceptances, faults_of_lock, faults_of_vulnerabilities
from tests.tools.licences import (
    allows,
    faults_of_data,
    faults_of_packages,
    is_spdx,
    licence_of,
    licences_of,
    read_policy,
    tracked,
)
from tests.tools.locked import LOCK, closure, left_out, read_lock

POLICY = read_policy()
LICENCES = licences_of(POLICY)
HASH = "--hash=sha256:" + 64 * "a"
TODAY = date(2026, 11, 22)
ACCEPTED = {"id": "GHSA-1", "package": "idna", "reason": "Never called.", "until": date(2026, 12, 31)}


def test_the_lock_holds_packages_with_hashes_and_nothing_else() -> None:
    assert list(faults_of_lock(LOCK.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("lock", "fault"),
    [
        (f"idna==3.20 \\\n    {HASH}\n", ""),
        ("idna==3.20\n", "idna: isn't pinned"),
        (f"idna>=3 \\\n    {HASH}\n", "idna>=3 \\"),
        (f"--index-url https://example.org/simple\nidna==3.20 \\\n    {HASH}\n", "requirements.lock:1: --index-url"),
        (f"idna @ https://example.org/idna.whl \\\n    {HASH}\n", "requirements.lock:1: idna @"),
    ],
)
def test_a_lock_that_could_fetch_something_else_is_told(lock: str, fault: str) -> None:
    assert ("; ".join(faults_of_lock(lock)) or "").startswith(fault)
    assert bool(list(faults_of_lock(lock))) is bool(fault)


def test_what_is_shipped_is_told_from_what_tests() -> None:
    lock = read_lock(LOCK.read_text(encoding="utf-8"))
    shipped, tools = closure(lock), closure(lock, ["dev", "build"])
    assert shipped | tools == set(lock)
    assert {"chromadb", "langgraph", "certifi"} <= shipped
    assert {"pytest", "mypy", "hatchling", "pip-audit"} <= tools - shipped


def test_what_the_image_leaves_out_is_in_the_lock_and_nothing_of_ours_asks_for_it() -> None:
    lock = read_lock(LOCK.read_text(encoding="utf-8"))
    assert set(left_out()) <= closure(lock)
    assert [name for name in left_out() if any(locked.PROJECT in line for line in lock[name][0].splitlines())] == []


def test_every_package_has_a_licence_that_is_let_in() -> None:
    assert list(faults_of_packages(LICENCES)) == []


def test_every_shipped_file_that_is_no_code_has_a_licence() -> None:
    assert list(faults_of_data(POLICY, tracked())) == []


def test_a_file_without_a_licence_and_a_licence_without_a_file_are_told() -> None:
    policy = POLICY | {
        "data": [{"files": ["knowledge"], "licence": "GPL-3.0-only"}, {"files": ["gone"], "licence": "MIT"}]
    }
    assert list(faults_of_data(policy, ["knowledge/page.md", "bot/names.txt", "bot/cli.py"])) == [
        "['knowledge']: GPL-3.0-only isn't under [licences] shipped or data",
        "['gone']: no such file",
        "bot/names.txt: no licence is noted under [[data]]",
    ]


@pytest.mark.parametrize(
    ("expression", "fine"),
    [
        ("MIT", True),
        ("MIT AND Apache-2.0", True),
        ("MIT AND GPL-3.0-only", False),
        ("GPL-3.0-only OR MIT", True),
        ("(GPL-3.0-only OR MIT) AND AGPL-3.0-only", False),
        ("GPL-2.0-only WITH Classpath-exception-2.0", False),
        ("no licence at all", False),
        ("", False),
    ],
)
def test_an_expression_is_allowed_where_each_side_of_and_and_one_of_or_is(expression: str, fine: bool) -> None:
    assert allows(expression, {"MIT", "Apache-2.0"}) is fine


def package(folder: Path, *lines: str) -> Distribution:
    (folder / "METADATA").write_text("\n".join(["Metadata-Version: 2.4", "Name: some-package", "Version: 1", *lines]))
    return Distribution.at(folder)


@pytest.mark.parametrize(
    ("lines", "licence"),
    [
        (["License-Expression: MIT OR Apache-2.0"], "MIT OR Apache-2.0"),
        (["License: Apache License, Version 2.0"], "Apache-2.0"),
        (["License: Ask me", "Classifier: License :: OSI Approved :: MIT License"], "MIT"),
        (["License: Ask me"], ""),
        (["Classifier: License :: Other/Proprietary License"], ""),
    ],
)
def test_a_licence_is_read_from_what_the_package_says(tmp_path: Path, lines: list[str], licence: str) -> None:
    assert licence_of(package(tmp_path, *lines), LICENCES) == licence


def test_the_policy_itself_speaks_spdx() -> None:
    named = [*LICENCES.tests, *LICENCES.read.values(), *LICENCES.names.values(), *POLICY["licences"]["data"]]
    assert [name for name in named if not is_spdx(name)] == []


def test_an_accepted_vulnerability_needs_a_reason_and_an_end() -> None:
    def faults(**changes: Any) -> list[str]:
        return list(faults_of_acceptances([ACCEPTED | changes], {"idna"}, TODAY))

    assert faults() == []
    assert faults(until=TODAY) == []
    assert faults(until=date(2026, 11, 21)) == [
        "GHSA-1 of idna: accepted until 2026-11-21; update the package, or decide anew"
    ]
    needs = ["GHSA-1 of idna: needs a reason and a day `until` which it holds"]
    assert faults(reason=" ") == faults(until="soon") == needs
    assert faults(package="gone") == [
        "GHSA-1 of gone: requirements.lock doesn't hold the package; remove the acceptance"
    ]


def test_only_the_accepted_vulnerability_of_that_package_is_let_pass() -> None:
    known = Known(found=(("idna", ("PYSEC-2", "GHSA-1")), ("rich", ("GHSA-1",))))
    assert [fault.partition(":")[0] for fault in faults_of_vulnerabilities(known, [ACCEPTED])] == ["rich"]


@contextmanager
def database(flaws: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    """A database of vulnerabilities in OSV's form, on this computer."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps({"vulns": flaws.get(asked["package"]["name"], [])}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nobody reads along."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1/query"
        finally:
            server.shutdown()


@pytest.fixture
def small_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two packages are enough to ask for."""
    entries = read_lock(LOCK.read_text(encoding="utf-8"))
    (tmp_path / "requirements.lock").write_text(entries["idna"][0] + entries["mdurl"][0])
    monkeypatch.setattr(audit, "LOCK", tmp_path / "requirements.lock")


FLAW = {
    "id": "GHSA-1",
    "affected": [{"package": {"name": "idna", "ecosystem": "PyPI"}, "versions": ["3.20"], "ranges": []}],
}


@pytest.mark.usefixtures("small_lock")
@pytest.mark.parametrize(("flaws", "code"), [({}, 0), ({"idna": [FLAW]}, 1)])
def test_the_audit_tells_a_vulnerability_from_none(
    flaws: dict[str, list[dict[str, Any]]], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with database(flaws) as address:
        assert audit.main(["--vulnerability-service", "osv", "--osv-url", address]) == code
    said = capsys.readouterr().out
    assert ("idna: GHSA-1" in said) is bool(flaws)
    assert "????" not in said


@pytest.mark.usefixtures("small_lock")
def test_the_audit_says_that_nobody_could_be_asked(capsys: pytest.CaptureFixture[str]) -> None:
    with database({}) as address:
        gone = address
    assert audit.main(["--vulnerability-service", "osv", "--osv-url", gone, "--timeout", "1"]) == audit.UNREACHED
    said = capsys.readouterr().out
    assert "ok    hashes" in said
    assert "ok    licences of packages" in said
    assert "????  vulnerabilities: the database was not reached" in said


@pytest.mark.usefixtures("small_lock")
def test_what_is_wrong_here_counts_for_more_than_what_could_not_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "ask_for_vulnerabilities", lambda options: Known(untold=("idna",)))
    assert audit.main([]) == audit.UNREACHED
    overdue = ACCEPTED | {"until": date(2020, 1, 1)}
    monkeypatch.setattr(audit, "read_policy", lambda: POLICY | {"vulnerabilities": {"accepted": [overdue]}})
    assert audit.main([]) == audit.FAULTS
