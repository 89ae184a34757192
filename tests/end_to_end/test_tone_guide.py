"""“Change the tone in ten minutes” is followed to the letter: commands are run, files written, texts edited."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.places import shipped

ROOT = Path(__file__).resolve().parents[2]
STEP = re.compile(
    r"^```(?P<kind>sh|yaml)\n(?P<text>.*?)^```$"
    r"|^- In `(?P<file>[^`]+)` change `(?P<old>[^`]+)` to `(?P<new>[^`]+)`\.$"
    r"|into `(?P<into>my-words/[^`]+)`",
    re.MULTILINE | re.DOTALL,
)


def section() -> str:
    guide = (shipped("prompts") / "README.md").read_text(encoding="utf-8")
    found = re.search(r"^## Change the tone in ten minutes\n(.*?)^## ", guide, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def follow(guide: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Do step after step; gives each command with what it printed."""
    into = ""
    for step in STEP.finditer(guide):
        if step["into"]:
            into = step["into"]
        elif step["kind"] == "yaml":
            assert into, "a file without a name"
            (folder / into).write_text(step["text"], encoding="utf-8")
            into = ""
        elif step["file"]:
            path = folder / step["file"]
            text = path.read_text(encoding="utf-8")
            assert text.count(step["old"]) == 1, step["old"]
            path.write_text(text.replace(step["old"], step["new"]), encoding="utf-8")
        else:
            yield from ((line, shell(line, folder)) for line in step["text"].strip().splitlines())


def shell(line: str, folder: Path) -> str:
    """One line as a maintainer types it; `export` holds for those after it, as in a terminal."""
    kept = folder / "exported"
    before = kept.read_text(encoding="utf-8") if kept.exists() else ""
    if line.startswith("export "):
        kept.write_text(f"{before}{line}\n", encoding="utf-8")
        return ""
    done = subprocess.run(
        ["bash", "-ec", f"{before}{line}"], cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the shipped prompts in it, and `footnote` as a command."""
    shutil.copytree(shipped("prompts"), tmp_path / "prompts")
    command = tmp_path / "bin" / "footnote"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m bot "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{command.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("FOOTNOTE_DATA", str(tmp_path / "data"))
    return tmp_path


def test_the_guide_does_what_it_says(folder: Path) -> None:
    told = list(follow(section(), folder))
    commands = [line for line, _ in told]
    assert sum(line.startswith("footnote prompts check") for line in commands) == 2
    assert sum(line.startswith("footnote eval --compare") for line in commands) == 2
    outputs = {line: output for line, output in told if line.startswith("footnote")}
    first = outputs["footnote eval --only no-answer-for-a-parent"]
    assert re.search(r"^Facts said +0\.00", first, re.MULTILINE), first
    tried = outputs["footnote prompts try compose --case dose-of-rituximab"]
    assert "one sentence in plain, warm English" in tried
    assert "I am sorry" in next(output for line, output in told if line.startswith("footnote ask"))
    compared = outputs["footnote eval --compare prompts my-words"]
    assert "is worse" not in compared
    log, page = compared.strip().splitlines()[-2:]
    assert "I am sorry" in Path(page).read_text(encoding="utf-8")
    records = [json.loads(line) for line in Path(log).read_text(encoding="utf-8").splitlines()[1:]]
    mine = {one["side"]: one for one in records if one["case"] == "no-answer-for-a-parent"}
    facts = {side: [s["value"] for s in one["scores"] if s["metric"] == "facts"] for side, one in mine.items()}
    assert facts == {"prompts": [0.0], "my-words": [1.0]}


def test_the_guide_names_only_what_is_there() -> None:
    for name in re.findall(r"`(prompts/[\w./-]+)`", section()):
        assert (shipped("prompts").parent / name).exists()
