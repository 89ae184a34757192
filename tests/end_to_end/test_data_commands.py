"""`footnote export`, `backup` and `restore`, as an operator types them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app

PAGE = "# Rituximab\n\n## Dose\n\nRituximab was given at 375 mg/m² weekly for 4 consecutive weeks in JDM.\n"


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "rituximab.md").write_text(PAGE, encoding="utf-8")
    monkeypatch.setenv("FOOTNOTE_KNOWLEDGE", str(tmp_path / "library"))
    monkeypatch.setenv("FOOTNOTE_DATA", str(tmp_path / "data"))


def run(*arguments: str, **more: str) -> Result:
    return CliRunner().invoke(app, arguments, **more)  # type: ignore[arg-type]


def exported() -> dict[str, dict[str, object]]:
    done = run("export")
    assert done.exit_code == 0, done.output
    held: dict[str, dict[str, object]] = json.loads(done.stdout)
    return held


def test_what_was_asked_at_the_terminal_is_exported_copied_and_put_back(tmp_path: Path) -> None:
    assert exported() == {}
    assert run("ask", "What is the dose of rituximab?").exit_code == 0
    held = exported()
    assert set(held) == {"turns"}
    assert "What is the dose of rituximab?" in json.dumps(held)

    copy = tmp_path / "copy"
    assert run("backup", str(copy)).stdout == f"Written: {copy}\nWritten: {copy}.key\n"
    for file in (tmp_path / "data").glob("footnote.sqlite*"):
        file.unlink()
    assert exported() == {}
    refused = run("restore", str(copy), input="n\n")
    assert refused.exit_code == 1
    assert exported() == {}
    done = run("restore", str(copy), "--yes")
    assert done.exit_code == 0, done.output
    assert "0 records" in done.stdout
    assert exported() == held
